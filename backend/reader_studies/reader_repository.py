"""Queries on the readers of studies, how far they are, and what they ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

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
from backend.db.tables import User


class SessionCount(NamedTuple):
    """How much of one session of one reader is done."""

    number: int
    done: int
    total: int
    last_answer_at: datetime | None


class Pace(NamedTuple):
    """How fast somebody reads."""

    median_ms: float | None
    recent: int


class AskedItem(NamedTuple):
    """The item that a question is about."""

    number: int
    task_key: str
    source: dict[str, Any]


def list_readers(session: Session, study_id: str) -> Sequence[StudyReader]:
    """In the order of invitation."""
    return session.scalars(select(StudyReader).where(StudyReader.study_id == study_id).order_by(StudyReader.slot)).all()


def get_reader(session: Session, study_id: str, reader_id: str) -> StudyReader | None:
    """Locked where the database can, so that no answer is given meanwhile."""
    query = select(StudyReader).where(StudyReader.study_id == study_id, StudyReader.id == reader_id)
    return session.scalars(query.with_for_update()).one_or_none()


def reader_of_user(session: Session, study_id: str, user_id: str) -> StudyReader | None:
    query = select(StudyReader).where(StudyReader.study_id == study_id, StudyReader.user_id == user_id)
    return session.scalars(query).one_or_none()


def reads_elsewhere(session: Session, user_id: str, runner_id: str) -> bool:
    """Whether somebody was invited to a study that somebody else, the runner, neither owns nor coordinates."""
    coordinated = select(StudyMember.study_id).where(
        StudyMember.user_id == runner_id, StudyMember.role == "coordinator"
    )
    query = (
        select(StudyReader.id)
        .join(ReaderStudy, ReaderStudy.id == StudyReader.study_id)
        .where(StudyReader.user_id == user_id, ReaderStudy.id.not_in(coordinated))
        .where(or_(ReaderStudy.owner_id.is_(None), ReaderStudy.owner_id != runner_id))
    )
    return session.scalar(query.limit(1)) is not None


def next_slot(session: Session, study_id: str) -> int:
    """0 for the first reader. Slots of withdrawn readers are not given again."""
    highest = session.scalar(select(func.max(StudyReader.slot)).where(StudyReader.study_id == study_id))
    return 0 if highest is None else highest + 1


def accounts(session: Session, user_ids: Collection[str]) -> dict[str, User]:
    found = session.scalars(select(User).where(User.id.in_(set(user_ids)))).all() if user_ids else ()
    return {user.id: user for user in found}


def active_accounts(session: Session) -> Sequence[User]:
    """By name."""
    return session.scalars(select(User).where(User.active).order_by(User.name, User.email)).all()


def session_counts(session: Session, reader_ids: Collection[str]) -> dict[str, list[SessionCount]]:
    """Of each reader who has an order, by session."""
    query = (
        select(
            StudyAssignment.reader_id,
            StudyAssignment.session,
            func.count(StudyResponse.id),
            func.count(StudyAssignment.id),
            func.max(StudyResponse.submitted_at),
        )
        .outerjoin(StudyResponse, StudyResponse.assignment_id == StudyAssignment.id)
        .where(StudyAssignment.reader_id.in_(set(reader_ids)))
        .group_by(StudyAssignment.reader_id, StudyAssignment.session)
        .order_by(StudyAssignment.reader_id, StudyAssignment.session)
    )
    found: dict[str, list[SessionCount]] = defaultdict(list)
    for reader_id, number, done, total, last in session.execute(query) if reader_ids else ():
        found[reader_id].append(SessionCount(number, done, total, last))
    return found


def paces(session: Session, study_id: str, since: datetime) -> dict[str, Pace]:
    """Of each reader who has answered; ``recent`` ones were given since some moment."""
    place = func.row_number().over(partition_by=StudyResponse.reader_id, order_by=StudyResponse.active_ms)
    total = func.count().over(partition_by=StudyResponse.reader_id)
    ranked = (
        select(StudyResponse.reader_id, StudyResponse.active_ms, place.label("place"), total.label("total"))
        .where(StudyResponse.study_id == study_id)
        .subquery()
    )
    middle = select(ranked.c.reader_id, func.avg(ranked.c.active_ms)).where(
        2 * ranked.c.place >= ranked.c.total, 2 * ranked.c.place <= ranked.c.total + 2
    )
    medians = {reader_id: float(ms) for reader_id, ms in session.execute(middle.group_by(ranked.c.reader_id))}
    recent = select(StudyResponse.reader_id, func.count()).where(
        StudyResponse.study_id == study_id, StudyResponse.submitted_at >= since
    )
    counted = dict(session.execute(recent.group_by(StudyResponse.reader_id)).all())
    return {reader_id: Pace(median, counted.get(reader_id, 0)) for reader_id, median in medians.items()}


def protocol_version(session: Session, study_id: str) -> int:
    """Of the current protocol; 0 before publication."""
    return session.scalar(select(func.max(StudyProtocol.version)).where(StudyProtocol.study_id == study_id)) or 0


def washout_days(session: Session, study_id: str) -> int | None:
    """As the current protocol has it; None before publication."""
    days = StudyProtocol.document["design"]["order"]["washout_days"].as_integer()
    query = select(days).where(StudyProtocol.study_id == study_id).order_by(StudyProtocol.version.desc())
    return session.scalar(query.limit(1))


def current_designs(session: Session, study_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """``StudyDesign`` of each published study, amendments included. Not the items, which a protocol holds besides."""
    newest = (
        select(StudyProtocol.study_id, func.max(StudyProtocol.version).label("version"))
        .where(StudyProtocol.study_id.in_(set(study_ids)))
        .group_by(StudyProtocol.study_id)
        .subquery()
    )
    query = select(StudyProtocol.study_id, StudyProtocol.document["design"]).join(
        newest, (newest.c.study_id == StudyProtocol.study_id) & (newest.c.version == StudyProtocol.version)
    )
    return dict(session.execute(query).all()) if study_ids else {}


def list_queries(session: Session, study_id: str) -> Sequence[StudyQuery]:
    """Open ones first, then newest first."""
    query = select(StudyQuery).where(StudyQuery.study_id == study_id)
    order = (StudyQuery.replied_at.is_not(None), StudyQuery.created_at.desc(), StudyQuery.id)
    return session.scalars(query.order_by(*order)).all()


def get_query(session: Session, study_id: str, query_id: str) -> StudyQuery | None:
    query = select(StudyQuery).where(StudyQuery.study_id == study_id, StudyQuery.id == query_id)
    return session.scalars(query.with_for_update()).one_or_none()


def asked_items(session: Session, assignment_ids: Collection[str]) -> dict[str, AskedItem]:
    """By assignment."""
    query = (
        select(StudyAssignment.id, StudyItem.number, StudyItem.task_key, StudyCase.source)
        .join(StudyItem, StudyItem.id == StudyAssignment.item_id)
        .join(StudyCase, StudyCase.id == StudyItem.study_case_id)
        .where(StudyAssignment.id.in_(set(assignment_ids)))
    )
    return {each: AskedItem(*rest) for each, *rest in session.execute(query)} if assignment_ids else {}
