"""Readers of a study: inviting, following, reminding, withdrawing."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backend.audit.service import Subject, record
from backend.db.base import new_id, now
from backend.db.study_tables import ReaderStudy, StudyReader
from backend.reader_studies import accounts, orders, standing
from backend.reader_studies import reader_repository as repository
from backend.reader_studies.errors import CannotInvite, StudyNotOpen, StudyReaderNotFound
from backend.reader_studies.following import code_of, opening_of, read_readers, reminder_words
from backend.reader_studies.members import require_member, require_runner
from backend.reader_studies.schemas import (
    ReaderCandidate,
    ReaderCandidateList,
    ReaderInvite,
    ReaderInvited,
    ReminderRead,
    StatusChange,
    StudyReaderList,
    StudyReaderRead,
)

_OVER = {
    "finished": "{code} has answered everything; there is nothing to be reminded of.",
    "withdrawn": "{code} was withdrawn from the study and is not reminded any more.",
}
_CLOSED = "The study is closed. Reopen it first, then invite further readers."
_WITHDRAWN = (
    "{name} was withdrawn from this study. That cannot be undone: whoever is out may have seen what readers must not."
)


def candidates(session: Session) -> ReaderCandidateList:
    """Active accounts, by name."""
    found = [ReaderCandidate(id=user.id, name=user.name, email=user.email) for user in accounts.active(session)]
    return ReaderCandidateList(items=found)


def list_readers(session: Session, study_id: str) -> StudyReaderList:
    """In the order of invitation. Raises ``StudyNotFound``."""
    return _list(session, require_member(session, study_id))


def invite(session: Session, study_id: str, body: ReaderInvite) -> ReaderInvited:
    """Adds a reader; of an open study they get their order at once.

    Raises:
        StudyNotFound, StudyNotYours: as ``require_runner``.
        UnknownPerson: there is no such account.
        EmailTaken: somebody else made the account at the same moment.
        CannotInvite: the study is closed, or they read in it, or cannot sign in.
    """
    study = require_runner(session, study_id, lock=True)
    if study.status == "closed":
        raise CannotInvite(_CLOSED)
    user, link = accounts.find_or_make(session, body)
    if not user.active:
        raise CannotInvite(f"The account of {user.name} is not active; an administrator can activate it again.")
    present = repository.reader_of_user(session, study_id, user.id)
    if present is not None:
        reason = _WITHDRAWN if present.status == "withdrawn" else "{name} is a reader of this study already."
        raise CannotInvite(reason.format(name=user.name))
    reader = StudyReader(id=new_id(), study_id=study_id, user_id=user.id, slot=repository.next_slot(session, study_id))
    session.add(reader)
    session.flush()
    if study.status == "open":
        orders.assign(session, study, reader)
    _note(session, reader, "study_reader.invited", {"user": user.id})
    return ReaderInvited(reader=_read(session, study, reader), link=link, path=_path(study_id))


def renew_link(session: Session, study_id: str, reader_id: str) -> ReaderInvited:
    """A new link to choose a password with.

    Raises:
        StudyNotFound, StudyNotYours, StudyReaderNotFound: as they say.
        CannotInvite, NotWhileInactive, SignsInElsewhere: the account takes no link.
    """
    study = require_runner(session, study_id)
    reader = _require(session, study_id, reader_id)
    user = accounts.of_readers(session, [reader.user_id]).get(reader.user_id) if reader.user_id else None
    if user is None:
        raise CannotInvite("This reader is simulated and has no account.")
    if reader.status == "withdrawn":
        raise CannotInvite(_WITHDRAWN.format(name=user.name))
    link = accounts.renew_link(session, user)
    return ReaderInvited(reader=_read(session, study, reader), link=link, path=_path(study_id))


def remind(session: Session, study_id: str, reader_id: str) -> ReminderRead:
    """Reminds a reader, who sees it in Vitrine.

    Raises:
        StudyNotFound, StudyNotYours, StudyReaderNotFound: as they say.
        StudyNotOpen: nothing can be read, or this reader has nothing left to read.
    """
    study = require_runner(session, study_id)
    reader = _require(session, study_id, reader_id)
    if study.status != "open":
        raise StudyNotOpen("Readers are reminded of open studies only; publish or reopen the study first.")
    if reader.status in _OVER:
        raise StudyNotOpen(_OVER[reader.status].format(code=code_of(reader)))
    reader.reminded_at, reader.reminder_seen_at = now(), None
    _note(session, reader, "study_reader.reminded")
    read = _read(session, study, reader)
    title = standing.current_designs(session, [study_id])[study_id]["title"]
    text = reminder_words(title, _path(study_id), read, opening_of(read))
    return ReminderRead(reader=read, email=read.email, subject=f"Reader study: {title}", text=text)


def withdraw(session: Session, study_id: str, reader_id: str, body: StatusChange) -> StudyReaderList:
    """Takes a reader out for good. The answers stay.

    Raises ``StudyNotFound``, ``StudyNotYours`` and ``StudyReaderNotFound``.
    """
    study = require_runner(session, study_id)
    reader = _require(session, study_id, reader_id)
    if reader.status != "withdrawn":
        before, reader.status = reader.status, "withdrawn"
        told = {"reader": code_of(reader), "status": "withdrawn", "reason": body.reason}
        subject = Subject("reader_study", study_id)
        record(session, "study_reader.withdrawn", subject, {"reader": code_of(reader), "status": before}, told)
    return _list(session, study)


def _require(session: Session, study_id: str, reader_id: str) -> StudyReader:
    reader = repository.get_reader(session, study_id, reader_id)
    if reader is None:
        raise StudyReaderNotFound
    return reader


def _note(session: Session, reader: StudyReader, action: str, more: dict[str, str] | None = None) -> None:
    told = {"reader": code_of(reader), **(more or {})}
    record(session, action, Subject("reader_study", reader.study_id), after=told)


def _read(session: Session, study: ReaderStudy, reader: StudyReader) -> StudyReaderRead:
    session.flush()
    return read_readers(session, study, [reader])[0]


def _list(session: Session, study: ReaderStudy) -> StudyReaderList:
    return StudyReaderList(items=read_readers(session, study, repository.list_readers(session, study.id)))


def _path(study_id: str) -> str:
    """Where readers read."""
    return f"/readings/{study_id}"
