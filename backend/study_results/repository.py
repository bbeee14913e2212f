"""Queries for results: few, and of columns rather than rows, since a study may have tens of thousands of answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.db.study_tables import (
    ReaderStudy,
    ResponseAmendment,
    StudyAssignment,
    StudyCase,
    StudyItem,
    StudyProtocol,
    StudyReader,
    StudyResponse,
)

Rows = Sequence[Any]


def get(session: Session, study_id: str) -> ReaderStudy | None:
    """A study."""
    return session.scalar(select(ReaderStudy).where(ReaderStudy.id == study_id))


def list_studies(session: Session) -> Sequence[ReaderStudy]:
    """Newest first."""
    return session.scalars(select(ReaderStudy).order_by(ReaderStudy.created_at.desc(), ReaderStudy.id)).all()


def count_answers(session: Session) -> dict[str, int]:
    """By study; those of withdrawn readers too."""
    query = select(StudyResponse.study_id, func.count()).group_by(StudyResponse.study_id)
    return dict(session.execute(query).all())


def state(session: Session, study_id: str) -> Rows:
    """One row with all that tells whether results are still the same: three counts, and the newest protocol.

    Answers and amendments are only ever added, and a protocol is never changed.
    """
    answers = select(func.count()).select_from(StudyResponse).where(StudyResponse.study_id == study_id)
    amendments = select(func.count()).select_from(ResponseAmendment).where(ResponseAmendment.study_id == study_id)
    version = select(func.max(StudyProtocol.version)).where(StudyProtocol.study_id == study_id)
    return session.execute(
        select(answers.scalar_subquery(), amendments.scalar_subquery(), version.scalar_subquery())
    ).all()


def list_reader_states(session: Session, study_id: str) -> Rows:
    """Slot and status of each reader."""
    query = select(StudyReader.slot, StudyReader.status, StudyReader.joined_at)
    return session.execute(query.where(StudyReader.study_id == study_id).order_by(StudyReader.slot)).all()


def list_protocols(session: Session, study_id: str) -> Sequence[StudyProtocol]:
    """Oldest first."""
    query = select(StudyProtocol).where(StudyProtocol.study_id == study_id)
    return session.scalars(query.order_by(StudyProtocol.version)).all()


def list_readers(session: Session, study_id: str) -> Sequence[StudyReader]:
    """By slot, withdrawn ones too."""
    query = select(StudyReader).where(StudyReader.study_id == study_id)
    return session.scalars(query.order_by(StudyReader.slot)).all()


def list_items(session: Session, study_id: str) -> Rows:
    """Items with number and data set of their image, by number."""
    query = (
        select(StudyItem, StudyCase.number.label("case_number"), StudyCase.dataset)
        .join(StudyCase, StudyCase.id == StudyItem.study_case_id)
        .where(StudyItem.study_id == study_id)
        .order_by(StudyItem.number)
    )
    return session.execute(query).all()


def list_places(session: Session, study_id: str) -> Rows:
    """Every reader's order."""
    query = (
        select(
            StudyAssignment.reader_id,
            StudyAssignment.session,
            StudyAssignment.position,
            StudyItem.number.label("item"),
            StudyAssignment.repeated,
        )
        .join(StudyItem, StudyItem.id == StudyAssignment.item_id)
        .where(StudyAssignment.study_id == study_id)
        .order_by(StudyAssignment.reader_id, StudyAssignment.session, StudyAssignment.position)
    )
    return session.execute(query).all()


def list_answers(session: Session, study_id: str) -> Rows:
    """Locked answers with their places, in the order in which they were given."""
    query = (
        select(
            StudyResponse.id,
            StudyResponse.reader_id,
            StudyItem.number.label("item"),
            StudyAssignment.session,
            StudyAssignment.position,
            StudyAssignment.repeated,
            StudyResponse.answers,
            StudyResponse.cannot_judge,
            StudyResponse.comment,
            StudyResponse.active_ms,
            StudyResponse.idle_ms,
            StudyResponse.opened_at,
            StudyResponse.submitted_at,
            StudyResponse.protocol_version,
        )
        .join(StudyAssignment, StudyAssignment.id == StudyResponse.assignment_id)
        .join(StudyItem, StudyItem.id == StudyAssignment.item_id)
        .where(StudyResponse.study_id == study_id)
        .order_by(
            StudyResponse.submitted_at, StudyResponse.reader_id, StudyAssignment.session, StudyAssignment.position
        )
    )
    return session.execute(query).all()


def list_amendments(session: Session, study_id: str) -> Rows:
    """Corrections, oldest first."""
    query = select(
        ResponseAmendment.response_id,
        ResponseAmendment.answers,
        ResponseAmendment.cannot_judge,
        ResponseAmendment.reason,
        ResponseAmendment.created_at,
    ).where(ResponseAmendment.study_id == study_id)
    return session.execute(query.order_by(ResponseAmendment.created_at, ResponseAmendment.id)).all()
