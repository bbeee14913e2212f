"""From rows to what readers are sent."""

from __future__ import annotations

from typing import Any

from backend.reader_studies.items import ItemContent
from backend.reader_studies.standing import Standing
from backend.readings.repository import AskedQuery, Given, Seat, Shown
from backend.readings.schemas import (
    DraftRead,
    QueryRead,
    ReaderProfile,
    ReadingItem,
    ReadingRead,
    ReadingSession,
    ReadingStatus,
    ReadingSummary,
    ReadingTask,
    ResponseRead,
)


def status_of(seat: Seat, standing: Standing) -> ReadingStatus:
    """Where the reader stands. A withdrawn one has a closed study before them."""
    if seat.reader.status == "withdrawn":
        return ReadingStatus.CLOSED
    if seat.reader.status == "finished":
        return ReadingStatus.FINISHED
    if seat.study_status != "open":
        return ReadingStatus.CLOSED
    if standing.opens_at is not None:
        return ReadingStatus.WASHOUT
    return ReadingStatus.INVITED if seat.reader.status == "invited" else ReadingStatus.READING


def item_read(study_id: str, shown: Shown) -> ReadingItem:
    """One item. Its image is addressed by the place in this reader's order alone."""
    return ReadingItem(
        id=shown.id,
        session=shown.session,
        number=shown.position + 1,
        practice=shown.practice,
        image=f"/readings/{study_id}/items/{shown.id}/image",
        width=shown.width,
        height=shown.height,
        content=ItemContent.model_validate(shown.content),
        draft=None if shown.draft is None else DraftRead.model_validate(shown.draft),
    )


def summary_read(seat: Seat, standing: Standing, title: str, new_replies: int) -> ReadingSummary:
    """A study in the reader's list."""
    reader = seat.reader
    seen = reader.reminder_seen_at is not None and (
        reader.reminded_at is None or reader.reminder_seen_at >= reader.reminded_at
    )
    status = status_of(seat, standing)
    return ReadingSummary(
        study_id=reader.study_id,
        title=title,
        status=status,
        session=standing.number,
        done=standing.done,
        total=standing.total,
        opens_at=standing.opens_at if status is ReadingStatus.WASHOUT else None,
        reminded_at=None if seen else reader.reminded_at,
        new_replies=new_replies,
        last_answer_at=standing.last_answer_at,
    )


def reading_read(
    summary: ReadingSummary,
    seat: Seat,
    standing: Standing,
    design: dict[str, Any],
    coordinator: str | None,
    practice: int,
) -> ReadingRead:
    """All that a reader knows of a study.

    Args:
        summary: of it.
        seat: of the reader.
        standing: of the reader.
        design: of the current protocol; what readers may know of it is picked here, one by one.
        coordinator: name of the owner.
        practice: practice items in the reader's order.
    """
    reading = design["reading"]
    return ReadingRead(
        **summary.model_dump(),
        question=design["question"],
        instructions=design["instructions"],
        clinical_information=design["grras"]["clinical_information"],
        coordinator=coordinator,
        tasks=[ReadingTask(title=task["title"], instructions=task["instructions"]) for task in design["tasks"]],
        sessions=[ReadingSession(**session.model_dump()) for session in standing.sessions],
        idle_seconds=reading["idle_seconds"],
        show_progress=reading["show_progress"],
        amend_answers=reading["amend_answers"],
        ask_profile=reading["ask_profile"],
        profile=None if seat.reader.profile is None else ReaderProfile.model_validate(seat.reader.profile),
        practice=practice,
    )


def response_read(given: Given) -> ResponseRead:
    """A locked answer, for the one who gave it."""
    response = given.response
    return ResponseRead(
        id=response.id,
        assignment_id=response.assignment_id,
        session=given.session,
        number=given.position + 1,
        practice=given.practice,
        answers=response.answers,
        cannot_judge=response.cannot_judge,
        comment=response.comment,
        submitted_at=response.submitted_at,
        amendments=given.amendments,
    )


def query_read(asked: AskedQuery) -> QueryRead:
    """A question, for the one who asked it."""
    return QueryRead(
        id=asked.query.id,
        session=asked.session,
        number=None if asked.position is None else asked.position + 1,
        text=asked.query.text,
        created_at=asked.query.created_at,
        reply=asked.query.reply,
        replied_at=asked.query.replied_at,
    )
