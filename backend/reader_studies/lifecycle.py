"""Closing, reopening and deleting studies."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backend.access.permissions import Role
from backend.audit.service import Subject, record
from backend.db.base import now
from backend.db.session import on_commit
from backend.db.study_tables import ReaderStudy
from backend.reader_studies import accounts, reader_repository, repository
from backend.reader_studies.errors import StudyFrozen, StudyNotOpen
from backend.reader_studies.following import code_of
from backend.reader_studies.job_order import FOLDER
from backend.reader_studies.members import require_runner
from backend.reader_studies.schemas import StatusChange, StudyRead
from backend.reader_studies.service import read_study
from backend.resources import Resources

NOT_OPEN = "Only an open study can be closed; this one is in the state '{status}'."
NOT_CLOSED = "Only a closed study can be reopened; this one is in the state '{status}'."
SAW = (
    "{codes} could see results, items and classes since the study was closed, and has answers left to give. "
    "Withdraw them first, then reopen the study."
)
PREPARING = "The study is being prepared. Stop that first, then delete it."
STAYS = "The study is published, and its answers must stay findable; close it instead."


def delete(session: Session, resources: Resources, study_id: str) -> None:
    """A draft, or a demonstration, with everything that belongs to it.

    Raises:
        StudyNotFound, StudyNotYours: as ``members.require_runner``.
        StudyFrozen: it is published and no demonstration, or just being prepared.
    """
    study = require_runner(session, study_id, lock=True)
    if study.status == "publishing":
        raise StudyFrozen(PREPARING)
    if study.status != "draft" and not study.demonstration:
        raise StudyFrozen(STAYS)
    told = {"title": study.title, "status": study.status}
    record(session, "reader_study.deleted", Subject("reader_study", study.id), before=told)
    session.delete(study)
    session.flush()
    on_commit(session, lambda: resources.storage.delete_all(f"{FOLDER}/{study_id}"))


def close(session: Session, study_id: str, body: StatusChange) -> StudyRead:
    """Ends reading.

    Raises:
        StudyNotFound, StudyNotYours: as ``members.require_runner``.
        StudyNotOpen: it is not open.
    """
    study = require_runner(session, study_id, lock=True)
    if study.status != "open":
        raise StudyNotOpen(NOT_OPEN.format(status=study.status))
    study.status, study.closed_at = "closed", now()
    told = {"status": "closed", "reason": body.reason}
    record(session, "reader_study.closed", Subject("reader_study", study.id), {"status": "open"}, told)
    return read_study(session, study)


def reopen(session: Session, study_id: str, body: StatusChange) -> StudyRead:
    """Lets readers go on.

    Raises:
        StudyNotFound, StudyNotYours: as ``members.require_runner``.
        StudyNotOpen: it is not closed, or somebody would read on who could see its results meanwhile.
    """
    study = require_runner(session, study_id, lock=True)
    if study.status != "closed":
        raise StudyNotOpen(NOT_CLOSED.format(status=study.status))
    saw = _could_see(session, study)
    if saw:
        raise StudyNotOpen(SAW.format(codes=", ".join(saw)))
    study.status, study.closed_at = "open", None
    told = {"status": "open", "reason": body.reason}
    record(session, "reader_study.reopened", Subject("reader_study", study.id), {"status": "closed"}, told)
    return read_study(session, study)


def _could_see(session: Session, study: ReaderStudy) -> list[str]:
    """Codes of readers with items left who run or observe the study, or administer the server: closed, it hid nothing
    from them.
    """
    readers = [
        reader
        for reader in reader_repository.list_readers(session, study.id)
        if reader.user_id is not None and reader.status in ("invited", "reading")
    ]
    people = accounts.of_readers(session, [reader.user_id for reader in readers if reader.user_id])
    inside = {study.owner_id, *(member.user_id for member in repository.members(session, study.id))}
    inside |= {user.id for user in people.values() if user.role == Role.ADMINISTRATOR.value}
    return [code_of(reader) for reader in readers if reader.user_id in inside]
