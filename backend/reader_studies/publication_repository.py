"""Queries of publication: items, orders, protocols."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, joinedload

from backend.db.base import new_id
from backend.db.study_tables import (
    ReaderStudy,
    StudyAssignment,
    StudyCase,
    StudyItem,
    StudyProtocol,
    StudyReader,
)


class ItemRow(NamedTuple):
    """What an order needs of an item."""

    id: str
    number: int
    task_key: str
    arm_key: str
    case: int
    practice: bool


def of_job(session: Session, job_id: str) -> ReaderStudy | None:
    """The study that a job prepares, locked."""
    query = select(ReaderStudy).where(ReaderStudy.job_id == job_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def item_rows(session: Session, study_id: str) -> list[ItemRow]:
    """By number."""
    query = (
        select(
            StudyItem.id, StudyItem.number, StudyItem.task_key, StudyItem.arm_key, StudyCase.number, StudyItem.practice
        )
        .join(StudyCase, StudyCase.id == StudyItem.study_case_id)
        .where(StudyItem.study_id == study_id)
        .order_by(StudyItem.number)
    )
    return [ItemRow(*row) for row in session.execute(query)]


def add_assignments(
    session: Session, study_id: str, reader_id: str, rows: Iterable[tuple[str, int, int, bool]]
) -> None:
    """Of one reader: (item id, session, position, repeated)."""
    values = [
        {
            "id": new_id(),
            "study_id": study_id,
            "reader_id": reader_id,
            "item_id": item_id,
            "session": number,
            "position": position,
            "repeated": repeated,
        }
        for item_id, number, position, repeated in rows
    ]
    if values:
        session.execute(insert(StudyAssignment), values)


def assignments_with_items(session: Session, reader_id: str) -> Sequence[StudyAssignment]:
    """Of one reader, in their order."""
    query = select(StudyAssignment).where(StudyAssignment.reader_id == reader_id)
    query = query.options(joinedload(StudyAssignment.item))
    return session.scalars(query.order_by(StudyAssignment.session, StudyAssignment.position)).all()


def readers(session: Session, study_id: str) -> Sequence[StudyReader]:
    """In the order of invitation."""
    return session.scalars(select(StudyReader).where(StudyReader.study_id == study_id).order_by(StudyReader.slot)).all()


def add_items(session: Session, values: Sequence[dict[str, object]]) -> None:
    """Many at once, as columns."""
    if values:
        session.execute(insert(StudyItem), list(values))


def protocols(session: Session, study_id: str) -> Sequence[StudyProtocol]:
    """Oldest first."""
    return session.scalars(
        select(StudyProtocol).where(StudyProtocol.study_id == study_id).order_by(StudyProtocol.version)
    ).all()


def latest_protocol(session: Session, study_id: str) -> StudyProtocol | None:
    """That holds now."""
    query = select(StudyProtocol).where(StudyProtocol.study_id == study_id)
    return session.scalars(query.order_by(StudyProtocol.version.desc()).limit(1)).one_or_none()


def waiting_demonstration(session: Session, owner_id: str | None) -> str | None:
    """Id of somebody's demonstration that is being prepared."""
    query = select(ReaderStudy.id).where(
        ReaderStudy.demonstration, ReaderStudy.status == "publishing", ReaderStudy.owner_id == owner_id
    )
    return session.scalars(query.limit(1)).first()
