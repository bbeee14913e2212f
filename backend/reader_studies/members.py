"""Who runs or observes a study."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backend.access.permissions import PERMISSIONS, Permission, Role
from backend.access.principal import SYSTEM, acting_as, current
from backend.audit.service import Subject, record
from backend.db.study_tables import ReaderStudy, StudyMember
from backend.people.errors import UnknownPerson
from backend.people.names import Names
from backend.reader_studies import repository
from backend.reader_studies.errors import CannotInvite, StudyNotFound, StudyNotYours
from backend.reader_studies.schemas import StudyMemberList, StudyMemberRead, StudyMemberUpdate, StudyRole

OWNS = "The owner of a study is its coordinator already, and stays it; choose somebody else."
INACTIVE = "This account is not active; an administrator can activate it again."
MAY_NOT = {
    "coordinator": "This person's role cannot run studies; an administrator can make them a coordinator or researcher.",
    "observer": "This person's role sees no results of studies; an administrator can make them a researcher.",
}


def role_of(session: Session, study: ReaderStudy) -> StudyRole | None:
    """What the one who asks is in the study; None: no member."""
    user_id = current().user_id
    if user_id is None:
        return None
    if study.owner_id == user_id:
        return StudyRole.OWNER
    found = repository.member(session, study.id, user_id)
    return None if found is None else StudyRole(found.role)


def require_member(session: Session, study_id: str) -> ReaderStudy:
    """A study that the one who asks runs or observes, or any for an administrator.

    Readers see the rows of studies that they read in, but nothing of how they are run.

    Raises:
        StudyNotFound: there is none, or they are no member.
    """
    return _member_of(session, repository.get(session, study_id))


def require_runner(session: Session, study_id: str, *, lock: bool = False) -> ReaderStudy:
    """A study that the one who asks runs, or any for an administrator.

    Args:
        session: to look in.
        study_id: of the study.
        lock: nobody else changes the row until the transaction ends.

    Raises:
        StudyNotFound: there is none, or they are no member.
        StudyNotYours: they observe it.
    """
    study = _member_of(session, (repository.lock if lock else repository.get)(session, study_id))
    if role_of(session, study) is StudyRole.OBSERVER and not current().is_administrator:
        raise StudyNotYours
    return study


def list_members(session: Session, study_id: str) -> StudyMemberList:
    """Owner first, then by name. Raises ``StudyNotFound``."""
    return _list(session, require_member(session, study_id))


def set_member(session: Session, study_id: str, body: StudyMemberUpdate) -> StudyMemberList:
    """Makes somebody a coordinator or an observer.

    Raises:
        StudyNotFound, StudyNotYours: as ``require_runner``.
        UnknownPerson: there is no such account.
        CannotInvite: they own it, are not active, or their role does not fit.
    """
    study = require_runner(session, study_id, lock=True)
    _check_account(session, study, body)
    found = repository.member(session, study_id, body.user_id)
    if found is not None and found.role == body.role:
        return _list(session, study)
    before = None if found is None else {"user": body.user_id, "role": found.role}
    if found is None:
        session.add(StudyMember(study_id=study_id, user_id=body.user_id, role=body.role))
    else:
        found.role = body.role
    told = {"user": body.user_id, "role": body.role}
    record(session, "study_member.changed", Subject("reader_study", study_id), before, told)
    return _list(session, study)


def remove(session: Session, study_id: str, user_id: str) -> StudyMemberList:
    """Takes somebody out; nothing happens if they are no member. Raises ``StudyNotFound`` and ``StudyNotYours``."""
    study = require_runner(session, study_id, lock=True)
    found = repository.member(session, study_id, user_id)
    if found is not None:
        before = {"user": user_id, "role": found.role}
        session.delete(found)
        record(session, "study_member.changed", Subject("reader_study", study_id), before, None)
        if user_id == current().user_id and not current().is_administrator:
            return _rest(session, study, user_id)
    return _list(session, study)


def _member_of(session: Session, study: ReaderStudy | None) -> ReaderStudy:
    if study is None or (role_of(session, study) is None and not current().is_administrator):
        raise StudyNotFound
    return study


def _check_account(session: Session, study: ReaderStudy, body: StudyMemberUpdate) -> None:
    with acting_as(SYSTEM):  # accounts are otherwise one's own alone
        account = repository.account(session, body.user_id)
    if account is None:
        raise UnknownPerson
    if account.id == study.owner_id:
        raise CannotInvite(OWNS)
    if not account.active:
        raise CannotInvite(INACTIVE)
    needed = Permission.STUDIES_WRITE if body.role == "coordinator" else Permission.STUDIES_READ
    if needed not in PERMISSIONS[Role(account.role)]:
        raise CannotInvite(MAY_NOT[body.role])


def _list(session: Session, study: ReaderStudy) -> StudyMemberList:
    found = {member.user_id: StudyRole(member.role) for member in repository.members(session, study.id)}
    return _named(session, study, found)


def _rest(session: Session, study: ReaderStudy, left: str) -> StudyMemberList:
    """As it stands once somebody has taken themselves out, who sees it no more."""
    with acting_as(SYSTEM):
        found = {member.user_id: StudyRole(member.role) for member in repository.members(session, study.id)}
    return _named(session, study, {user_id: role for user_id, role in found.items() if user_id != left})


def _named(session: Session, study: ReaderStudy, found: dict[str, StudyRole]) -> StudyMemberList:
    people = ({study.owner_id: StudyRole.OWNER} if study.owner_id else {}) | found
    names = Names(session, people)
    read = [StudyMemberRead(user=names.ref(user_id), role=role) for user_id, role in people.items()]
    read.sort(key=lambda each: (each.role is not StudyRole.OWNER, each.user.name, each.user.id))
    return StudyMemberList(items=read)
