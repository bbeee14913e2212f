"""Queries on studies, their members, and what a design refers to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, contains_eager, defer, load_only

from backend.access.principal import current
from backend.access.rules import changeable_cases
from backend.db.job_tables import JobRow
from backend.db.study_tables import (
    ReaderStudy,
    StudyAssignment,
    StudyCase,
    StudyItem,
    StudyMember,
    StudyProtocol,
    StudyQuery,
    StudyReader,
    StudyResponse,
)
from backend.db.tables import Case, CaseShare, Dataset, Label, Membership, ModelVersion, User

_SOME = 500  # ids in one statement; SQLite takes 32,766 parameters, older ones 999
_LOOKED_AT = Case.review != "waiting"  # images that may name the patient are for no reader


class CaseClass(NamedTuple):
    """What somebody says a case shows."""

    case_id: str
    class_key: str
    concept_set_digest: str


class Counts(NamedTuple):
    """Of one study: readers, and answers and assignments of those that were not withdrawn."""

    readers: int = 0
    answered: int = 0
    expected: int = 0
    open_queries: int = 0
    protocol_version: int = 0


def get(session: Session, study_id: str) -> ReaderStudy | None:
    return session.get(ReaderStudy, study_id)


def lock(session: Session, study_id: str) -> ReaderStudy | None:
    """The row as it is now; nobody else changes it until the transaction ends."""
    query = select(ReaderStudy).where(ReaderStudy.id == study_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def list_run(session: Session, user_id: str | None) -> Sequence[ReaderStudy]:
    """Those that somebody owns or is a member of; None: all. Newest first."""
    query = select(ReaderStudy).order_by(ReaderStudy.created_at.desc(), ReaderStudy.id)
    if user_id is not None:
        member = select(StudyMember.study_id).where(StudyMember.user_id == user_id)
        query = query.where(or_(ReaderStudy.owner_id == user_id, ReaderStudy.id.in_(member)))
    return session.scalars(query).all()


def roles(session: Session, study_ids: Iterable[str], user_id: str) -> dict[str, str]:
    """What somebody is in each study, owners apart."""
    query = select(StudyMember.study_id, StudyMember.role).where(StudyMember.user_id == user_id)
    return dict(session.execute(query.where(StudyMember.study_id.in_(set(study_ids)))).all())


def members(session: Session, study_id: str) -> Sequence[StudyMember]:
    return session.scalars(select(StudyMember).where(StudyMember.study_id == study_id)).all()


def member(session: Session, study_id: str, user_id: str) -> StudyMember | None:
    return session.get(StudyMember, (study_id, user_id))


def account(session: Session, user_id: str) -> User | None:
    return session.get(User, user_id)


def is_reading(session: Session, study_id: str, user_id: str) -> bool:
    """Whether somebody is a reader who has neither finished nor been withdrawn."""
    query = select(StudyReader.id).where(StudyReader.study_id == study_id, StudyReader.user_id == user_id)
    return session.scalar(query.where(StudyReader.status.in_(("invited", "reading")))) is not None


def reader_ids(session: Session, study_id: str) -> list[str]:
    """Accounts of its readers that were not withdrawn; simulated ones apart."""
    query = select(StudyReader.user_id).where(StudyReader.study_id == study_id, StudyReader.status != "withdrawn")
    return [user_id for user_id in session.scalars(query) if user_id is not None]


def current_design(session: Session, study_id: str) -> dict[str, Any] | None:
    """Of the protocol in force, the highest version; None before publication. Its items are not read."""
    query = select(StudyProtocol.document["design"]).where(StudyProtocol.study_id == study_id)
    return session.scalar(query.order_by(StudyProtocol.version.desc()).limit(1))


def protocol_hash(session: Session, study_id: str) -> str | None:
    """Of the protocol in force."""
    query = select(StudyProtocol.hash).where(StudyProtocol.study_id == study_id)
    return session.scalar(query.order_by(StudyProtocol.version.desc()).limit(1))


def job(session: Session, job_id: str) -> JobRow | None:
    return session.get(JobRow, job_id, populate_existing=True)


def counts(session: Session, study_ids: Iterable[str]) -> dict[str, Counts]:
    """Of each study; without reading any answer."""
    wanted = sorted(set(study_ids))
    counted = StudyReader.status != "withdrawn"
    readers = select(StudyReader.study_id, func.count()).where(StudyReader.study_id.in_(wanted), counted)
    expected = select(StudyAssignment.study_id, func.count()).join(
        StudyReader, StudyReader.id == StudyAssignment.reader_id
    )
    answered = select(StudyResponse.study_id, func.count()).join(StudyReader, StudyReader.id == StudyResponse.reader_id)
    asked = select(StudyQuery.study_id, func.count()).where(StudyQuery.study_id.in_(wanted), StudyQuery.reply.is_(None))
    versions = select(StudyProtocol.study_id, func.max(StudyProtocol.version)).where(StudyProtocol.study_id.in_(wanted))
    found = [
        dict(session.execute(query.group_by(column)).all())
        for query, column in (
            (readers, StudyReader.study_id),
            (answered.where(StudyResponse.study_id.in_(wanted), counted), StudyResponse.study_id),
            (expected.where(StudyAssignment.study_id.in_(wanted), counted), StudyAssignment.study_id),
            (asked, StudyQuery.study_id),
            (versions, StudyProtocol.study_id),
        )
    ]
    return {study_id: Counts(*(each.get(study_id, 0) for each in found)) for study_id in wanted}


def items(session: Session, study_id: str) -> Sequence[StudyItem]:
    """By number, with their images; without what they show, which is some kilobytes each."""
    query = select(StudyItem).join(StudyItem.study_case).options(contains_eager(StudyItem.study_case))
    query = query.options(defer(StudyItem.content, raiseload=True))
    return session.scalars(query.where(StudyItem.study_id == study_id).order_by(StudyItem.number)).all()


def study_cases(session: Session, study_id: str) -> Sequence[StudyCase]:
    """Of a published study, in the order of its design."""
    return session.scalars(select(StudyCase).where(StudyCase.study_id == study_id).order_by(StudyCase.number)).all()


def study_case(session: Session, study_id: str, number: int) -> StudyCase | None:
    query = select(StudyCase).where(StudyCase.study_id == study_id, StudyCase.number == number)
    return session.scalars(query).one_or_none()


def cases(session: Session, ids: Iterable[str]) -> dict[str, Case]:
    """Of those that one sees, and whose pixels nobody must look at first."""
    found: dict[str, Case] = {}
    for some in _chunks(ids):
        query = select(Case).where(Case.id.in_(some), _LOOKED_AT)
        found.update((case.id, case) for case in session.scalars(query))
    return found


def matching_cases(session: Session, dataset: str | None, search: str) -> Sequence[Case]:
    """Those that one sees, and whose pixels nobody must look at first; newest first."""
    query = select(Case).where(_LOOKED_AT, *_matching(dataset, search)).order_by(Case.created_at.desc(), Case.id.desc())
    return session.scalars(query).all()


def said_classes(session: Session, ids: Iterable[str]) -> list[CaseClass]:
    """What people have marked as the true class of these cases."""
    found: list[CaseClass] = []
    for some in _chunks(ids):
        query = select(Label.case_id, Label.class_key, Label.concept_set_digest)
        query = query.where(Label.case_id.in_(some), Label.class_key.is_not(None))
        found += [CaseClass(case_id, str(key), digest) for case_id, key, digest in session.execute(query)]
    return found


def known_cases(session: Session, ids: Iterable[str], user_ids: Iterable[str]) -> set[str]:
    """Those of the cases that one of these people sees in Vitrine, whoever asks; administrators apart."""
    people = set(user_ids)
    groups = select(Membership.group_id).where(Membership.user_id.in_(people))
    shared = select(CaseShare.case_id).where(CaseShare.group_id.in_(groups))
    seen = or_(
        Case.owner_id.in_(people), Case.visibility == "open", (Case.visibility == "groups") & Case.id.in_(shared)
    )
    found: set[str] = set()
    for some in _chunks(ids if people else ()):
        found.update(session.scalars(select(Case.id).where(Case.id.in_(some), seen)))
    return found


def account_roles(session: Session, user_ids: Iterable[str]) -> dict[str, str]:
    """``access.permissions.Role`` of each of the people."""
    return dict(session.execute(select(User.id, User.role).where(User.id.in_(set(user_ids)))).all())


def datasets(session: Session, ids: Iterable[str]) -> dict[str, Dataset]:
    """By id; of those that one sees."""
    return {row.id: row for row in session.scalars(select(Dataset).where(Dataset.id.in_(set(ids))))}


def models(session: Session, ids: Iterable[str]) -> dict[str, ModelVersion]:
    """Without their cards."""
    needed = load_only(
        ModelVersion.name,
        ModelVersion.folder,
        ModelVersion.weights_digest,
        ModelVersion.concept_set,
        ModelVersion.concept_set_digest,
        ModelVersion.synthetic,
    )
    query = select(ModelVersion).where(ModelVersion.id.in_(set(ids))).options(needed)
    return {row.id: row for row in session.scalars(query)}


def concept_sets(session: Session, digests: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The concept sets of models, by digest."""
    query = select(ModelVersion.concept_set_digest, ModelVersion.concept_set)
    return dict(session.execute(query.where(ModelVersion.concept_set_digest.in_(set(digests)))).all())


def _matching(dataset: str | None, search: str) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [] if dataset is None else [Case.dataset == dataset]
    if search:
        wanted.append(
            or_(
                Case.pseudonym.icontains(search, autoescape=True),
                Case.notes.icontains(search, autoescape=True),
                Case.filename.icontains(search, autoescape=True) & changeable_cases(current()),
            )
        )
    return wanted


def _chunks(ids: Iterable[str]) -> Iterable[list[str]]:
    wanted = sorted(set(ids))
    return (wanted[start : start + _SOME] for start in range(0, len(wanted), _SOME))
