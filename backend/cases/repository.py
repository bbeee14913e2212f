"""Queries on cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session, defer

from backend.access.principal import Principal
from backend.access.rules import changeable_cases
from backend.db.tables import Case, CaseShare, Dataset, Group, ModelVersion, Prediction, User

# A table of a file's alone can be a megabyte, and lists show none of it.
_LARGE = tuple(defer(column, raiseload=True) for column in (Case.display, Case.deidentification, Case.found))

Wanted = Sequence[ColumnElement[bool]]


def get(session: Session, case_id: str) -> Case | None:
    return session.get(Case, case_id)


def lock(session: Session, case_id: str) -> Case | None:
    """The row as it is now, kept from being deleted until the transaction ends."""
    query = select(Case).where(Case.id == case_id).with_for_update(key_share=True)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def lock_for_change(session: Session, case_id: str) -> Case | None:
    """The row as it is now; nobody else changes it until the transaction ends."""
    query = select(Case).where(Case.id == case_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def lock_owner(session: Session, owner_id: str | None) -> None:
    """Of two who add cases of the same owner, the second waits until the first one's transaction has ended."""
    session.scalars(select(User.id).where(User.id == owner_id).with_for_update(key_share=True)).one_or_none()


def of_content(session: Session, owner_id: str | None, sha256: str) -> Case | None:
    """The case that somebody has made from this very file; the oldest, from before they were only made once."""
    if owner_id is None:
        return None
    query = select(Case).where(Case.owner_id == owner_id, Case.sha256 == sha256, Case.synthetic.is_(False))
    return session.scalars(query.order_by(Case.created_at, Case.id).limit(1)).one_or_none()


def reviewed(session: Session) -> Sequence[Case]:
    """Cases in whose pixels a person has looked for text."""
    return session.scalars(select(Case).where(Case.review == "done").options(*_LARGE)).all()


def list_page(session: Session, limit: int, after: tuple[datetime, str] | None, wanted: Wanted) -> Sequence[Case]:
    query = select(Case).where(*wanted).order_by(Case.created_at.desc(), Case.id.desc()).limit(limit)
    query = query.options(*_LARGE)
    if after is not None:
        moment, case_id = after
        older = or_(Case.created_at < moment, and_(Case.created_at == moment, Case.id < case_id))
        query = query.where(older)
    return session.scalars(query).all()


def count(session: Session, wanted: Wanted) -> int:
    return session.scalar(select(func.count()).select_from(Case).where(*wanted)) or 0


def matching(principal: Principal, search: str | None, review: str | None) -> Wanted:
    """Of the cases that one may see. File names are searched in those alone that one may change."""
    wanted: list[ColumnElement[bool]] = [] if review is None else [Case.review == review]
    if search:
        named = Case.filename.icontains(search, autoescape=True) & changeable_cases(principal)
        told = (Case.pseudonym, Case.notes)
        wanted.append(or_(*(field.icontains(search, autoescape=True) for field in told), named))
    return wanted


def waiting_of(owner_id: str | None) -> Wanted:
    """Cases of somebody that wait for a look at their pixels."""
    return [Case.owner_id == owner_id, Case.review == "waiting"]


def shares(session: Session, case_ids: Sequence[str]) -> dict[str, list[Group]]:
    """The groups that each case is shared with."""
    found: dict[str, list[Group]] = defaultdict(list)
    query = select(CaseShare.case_id, Group).join(Group, Group.id == CaseShare.group_id)
    for case_id, group in session.execute(query.where(CaseShare.case_id.in_(case_ids)).order_by(Group.name)):
        found[case_id].append(group)
    return found


def set_shares(session: Session, case_id: str, group_ids: Iterable[str]) -> None:
    session.execute(delete(CaseShare).where(CaseShare.case_id == case_id))
    session.add_all([CaseShare(case_id=case_id, group_id=group_id) for group_id in group_ids])
    session.flush()


def knows_dataset(session: Session, name: str) -> bool:
    """Whether a model or a data set has this name."""
    query = select(exists().where(ModelVersion.dataset == name) | exists().where(Dataset.name == name))
    return bool(session.scalar(query))


def existing_ids(session: Session, ids: Iterable[str]) -> set[str]:
    return set(session.scalars(select(Case.id).where(Case.id.in_(list(ids)))))


def latest_predictions(session: Session, case_ids: Sequence[str]) -> dict[str, Prediction]:
    """The newest prediction of each case, in one query and without the large documents."""
    newest_first = (Prediction.created_at.desc(), Prediction.id.desc())
    rank = func.row_number().over(partition_by=Prediction.case_id, order_by=newest_first).label("rank")
    ranked = select(Prediction.id, rank).where(Prediction.case_id.in_(case_ids)).subquery()
    query = select(Prediction).join(ranked, Prediction.id == ranked.c.id).where(ranked.c.rank == 1)
    found = session.scalars(query.options(defer(Prediction.document, raiseload=True)))
    return {prediction.case_id: prediction for prediction in found}
