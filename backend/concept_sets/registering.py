"""Concept sets that nobody here made: those that come with Vitrine and with models. Known from the start."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from functools import lru_cache

from sqlalchemy.orm import Session

from backend.audit.service import Subject, record
from backend.concept_sets import repository
from backend.db.base import new_id
from backend.db.session import Database
from backend.db.tables import ConceptSetRevision, ConceptSetRow
from backend.model_registry.zoo import CheckpointInfo
from models.concepts import ConceptSet, available_concept_sets, load_concept_set

logger = logging.getLogger(__name__)

SHIPPED = "Comes with Vitrine."


@lru_cache(maxsize=1)
def shipped() -> tuple[ConceptSet, ...]:
    """Read once: it takes half a second."""
    return tuple(load_concept_set(name) for name in available_concept_sets())


def register_shipped(database: Database) -> None:
    """The library. What a new release changed follows on its own last revision, or stands beside what people made."""
    with database.reading() as session:
        missing = _unknown(session, shipped())
    if not missing:
        return
    with database.writing() as session:
        for concept_set in _unknown(session, missing):
            _add(session, concept_set, SHIPPED, may_follow=True)


def register_of_models(session: Session, checkpoints: Sequence[CheckpointInfo]) -> None:
    """Those of models. One that is not known stands beside what people edit and never takes its place."""
    reasons = {info.concept_set.digest(): f"Comes with the model {info.name}." for info in checkpoints}
    for concept_set in _unknown(session, [info.concept_set for info in checkpoints]):
        _add(session, concept_set, reasons[concept_set.digest()], may_follow=False)


def _unknown(session: Session, concept_sets: Iterable[ConceptSet]) -> list[ConceptSet]:
    """Each once: the same digest is the same revision."""
    known = repository.known_digests(session)
    found = {(each.name, each.digest()): each for each in concept_sets}
    return [each for key, each in found.items() if key not in known]


def _add(session: Session, concept_set: ConceptSet, reason: str, *, may_follow: bool) -> None:
    row = repository.find(session, concept_set.name)
    if row is None:
        row = ConceptSetRow(id=new_id(), name=concept_set.name)
        session.add(row)
        session.flush()
    else:
        repository.lock(session, row.id)
    newest = repository.newest(session, row.id).get(row.id)
    follows = may_follow and newest is not None and newest.author_id is None
    revision = ConceptSetRevision(
        id=new_id(),
        concept_set_id=row.id,
        number=repository.last_number(session, row.id) + 1,
        digest=concept_set.digest(),
        content=concept_set.model_dump(mode="json"),
        parent_revision_id=newest.id if newest is not None and follows else None,
        author_id=None,
        reason=reason,
    )
    session.add(revision)
    told = {"name": row.name, "revision": revision.number, "digest": revision.digest, "reason": reason}
    record(session, "concept_set.registered", Subject("concept_set", row.id), after=told)
    logger.info("registered revision %d of the concept set %s", revision.number, row.name)
