"""Amendments of an open study: versions of its protocol."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.audit.chain import timestamp
from backend.audit.service import Subject, record
from backend.db.base import now
from backend.db.study_tables import StudyProtocol
from backend.people.names import Names
from backend.reader_studies import protocols, publication_repository
from backend.reader_studies.design import StudyDesign
from backend.reader_studies.errors import AmendmentEmpty, StudyNotOpen
from backend.reader_studies.members import require_member, require_runner
from backend.reader_studies.schemas import Amendment, ChangeRead, ProtocolList, ProtocolRead, StudyRead
from backend.reader_studies.service import read_study

NOT_OPEN = "Only an open study can be amended; this one is in the state '{status}'."
NO_TASK = "The study has no task '{key}'; amend one of {known}."
NO_FIELD = "GRRAS has no field '{key}'; amend one of {known}."


def list_protocols(session: Session, study_id: str) -> ProtocolList:
    """Oldest first; none before publication. Raises ``StudyNotFound``."""
    study = require_member(session, study_id)
    rows = publication_repository.protocols(session, study.id)
    names = Names(session, (row.author_id for row in rows))
    before: StudyProtocol | None = None
    items = []
    for row in rows:
        items.append(
            ProtocolRead(
                version=row.version,
                hash=row.hash,
                previous_hash=row.document["previous_hash"],
                reason=row.reason,
                author=names.ref_or_none(row.author_id),
                created_at=row.created_at,
                changes=_changes(before, row),
            )
        )
        before = row
    return ProtocolList(items=items)


def amend(session: Session, study_id: str, body: Amendment) -> StudyRead:
    """A new version of the protocol. Items, arms, images and orders stay as they are.

    Raises:
        StudyNotFound, StudyNotYours: as ``members.require_runner``.
        StudyNotOpen: it is not open.
        AmendmentEmpty: it changes nothing, or something that is not there.
    """
    study = require_runner(session, study_id, lock=True)
    before = publication_repository.latest_protocol(session, study.id)
    if study.status != "open" or before is None:
        raise StudyNotOpen(NOT_OPEN.format(status=study.status))
    design = _amended(before.document["design"], body)
    changes = protocols.changes(before.document["design"], design)
    if not changes:
        raise AmendmentEmpty
    moment = now()
    document = protocols.next_document(
        before.document, design, reason=body.reason, amended_at=timestamp(moment), software=protocols.software()
    )
    row = StudyProtocol(
        study_id=study.id,
        version=before.version + 1,
        document=document,
        hash=protocols.hash_of(document),
        reason=body.reason,
        author_id=current().user_id,
        created_at=moment,
    )
    session.add(row)
    study.title = design["title"]
    told = {"version": row.version, "hash": row.hash, "reason": body.reason}
    record(
        session,
        "reader_study.amended",
        Subject("reader_study", study.id),
        before={change.field: change.before for change in changes},
        after=told | {"changes": {change.field: change.after for change in changes}},
    )
    return read_study(session, study)


def _amended(design: dict[str, Any], body: Amendment) -> dict[str, Any]:
    """The design with the amendment, checked as a whole."""
    tasks = {task["key"]: task for task in design["tasks"]}
    _check_known(body.task_instructions, tasks, NO_TASK)
    _check_known(body.grras, design["grras"], NO_FIELD)
    order, reading, access = design["order"], design["reading"], design["access"]
    changed = design | {
        "title": body.title or design["title"],
        "instructions": design["instructions"] if body.instructions is None else body.instructions,
        "grras": design["grras"] | body.grras,
        "tasks": [
            task | {"instructions": body.task_instructions.get(key, task["instructions"])}
            for key, task in tasks.items()
        ],
        "order": order if body.washout_days is None else order | {"washout_days": body.washout_days},
        "reading": reading if body.amend_answers is None else reading | {"amend_answers": body.amend_answers},
        "access": access if body.live_results is None else access | {"live_results": body.live_results},
    }
    return StudyDesign.model_validate(changed).model_dump(mode="json")


def _check_known(given: dict[str, str], known: dict[str, Any], words: str) -> None:
    unknown = next((key for key in given if key not in known), None)
    if unknown is not None:
        raise AmendmentEmpty(words.format(key=unknown, known=", ".join(known)))


def _changes(before: StudyProtocol | None, row: StudyProtocol) -> list[ChangeRead]:
    return [] if before is None else protocols.changes(before.document["design"], row.document["design"])
