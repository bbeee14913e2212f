"""Adding to the trail."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from backend.access.principal import SYSTEM, acting_as, current
from backend.audit import repository
from backend.audit.chain import GENESIS, Content, canonical, link, timestamp
from backend.audit.heads import Heads, HeadsDamaged
from backend.core.logging import request_id
from backend.core.request import client_address
from backend.db.base import now
from backend.db.session import Database, on_commit
from backend.db.tables import AuditEvent

logger = logging.getLogger(__name__)

# Under this key a session knows the file of heads; Database puts it there.
HEADS = "audit_heads"


@dataclass(frozen=True)
class Subject:
    """What something was done to: ``case``, ``prediction``, ``dataset``, ``model_version`` … and its id."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.id}"


def record(
    session: Session,
    action: str,
    subject: Subject,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Adds an event to the transaction, so that it is committed with what it tells of, or not at all.

    Args:
        session: a writing one.
        action: such as ``case.created``.
        subject: what it was done to.
        before: what was, JSON-ready; only what changed.
        after: what is.
    """
    session.flush()  # what the event tells of is written first, so its errors come first
    repository.lock(session)
    with acting_as(SYSTEM):  # who acts may not read the trail
        sequence, previous = repository.last(session) or (0, GENESIS)
    content = Content(
        sequence=sequence + 1,
        at=timestamp(now()),
        actor=current().name,
        address=client_address.get(),
        request_id=request_id.get(),
        action=action,
        subject=str(subject),
        before=None if before is None else canonical(before),
        after=None if after is None else canonical(after),
    )
    digest = link(previous, content)
    session.add(AuditEvent(**content._asdict(), previous=previous, hash=digest))
    session.flush()
    heads: Heads | None = session.info.get(HEADS)
    if heads is not None:
        on_commit(session, lambda: heads.append([(content.sequence, digest)]))


def settle(database: Database, heads: Heads) -> int:
    """Notes the heads of events that were committed just before a crash. Returns how many."""
    with database.writing() as session:  # nobody adds an event meanwhile
        repository.lock(session)
        if repository.last(session) is None:
            return 0
        heads.mend()
        try:
            noted = heads.read()
        except HeadsDamaged:
            logger.exception("the audit trail may have been tampered with; run 'vitrine audit verify'")
            return 0
        missing = repository.hashes(session, max(noted, default=0))
        heads.append(missing)
    if missing:
        logger.warning("noted the heads of %d audit events that a crash had left out", len(missing))
    return len(missing)
