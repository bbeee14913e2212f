"""Tables of reader studies: design, frozen protocol, items, readers, stored orders, answers. Relationships as in
``tables``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.db.base import Base, UtcDateTime, new_id, now


class ReaderStudy(Base):
    """A reader study. While it is a draft its design changes; publishing freezes it as a protocol."""

    __tablename__ = "reader_studies"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'publishing', 'open', 'closed')", name="status_known"),
        CheckConstraint("status NOT IN ('open', 'closed') OR published_at IS NOT NULL", name="published_dated"),
        Index("ix_reader_studies_created_at_id", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(16), default="draft")
    # backend.reader_studies.design.StudyDesign. After publication it stays what it was; amendments are protocols.
    design: Mapped[dict[str, Any]] = mapped_column(JSON)
    # Raised with every change of the draft, so that two who edit at once notice.
    revision: Mapped[int] = mapped_column(default=1)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    # The job that prepares what readers will see; the last one.
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id"), index=True)
    demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StudyMember(Base):
    """Somebody who runs a study beside its owner, or may only see what it found."""

    __tablename__ = "study_members"
    __table_args__ = (CheckConstraint("role IN ('coordinator', 'observer')", name="role_known"),)

    study_id: Mapped[str] = mapped_column(ForeignKey("reader_studies.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(16))


class StudyProtocol(Base):
    """What a study says from some moment on: number 1 at publication, further ones are amendments.

    Written once: a trigger refuses every change (migration 0008).
    """

    __tablename__ = "study_protocols"
    __table_args__ = (CheckConstraint("version > 0", name="version_positive"),)

    study_id: Mapped[str] = mapped_column(ForeignKey("reader_studies.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # The whole protocol; its canonical JSON is what was hashed.
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class StudyCase(Base):
    """One image of a published study. The study keeps its own copy of the pixels."""

    __tablename__ = "study_cases"
    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    study_id: Mapped[str] = mapped_column(ForeignKey("reader_studies.id", ondelete="CASCADE"))
    number: Mapped[int]
    # None: an image of a data set. A case of a study cannot be deleted (cases.service).
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    dataset: Mapped[str | None] = mapped_column(String(64))
    # How the coordinator finds it again: {"case_id"} or {"dataset_id", "split", "image"}, and what it is called.
    source: Mapped[dict[str, Any]] = mapped_column(JSON)
    truth_class: Mapped[str | None] = mapped_column(String(64))
    practice: Mapped[bool]
    synthetic: Mapped[bool]
    width: Mapped[int]
    height: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    image_key: Mapped[str] = mapped_column(String(200))


class StudyItem(Base):
    """One thing to judge: an image under one arm of one task. The same for every reader who gets it."""

    __tablename__ = "study_items"
    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    study_id: Mapped[str] = mapped_column(ForeignKey("reader_studies.id", ondelete="CASCADE"))
    number: Mapped[int]
    study_case_id: Mapped[str] = mapped_column(ForeignKey("study_cases.id", ondelete="CASCADE"), index=True)
    task_key: Mapped[str] = mapped_column(String(32))
    arm_key: Mapped[str] = mapped_column(String(32))
    # Items of one unit differ in their arm alone: same task, image and concept. What paired tests pair.
    unit: Mapped[int]
    practice: Mapped[bool]
    # Of the model's concept set; None where no concept is asked about.
    option_id: Mapped[str | None] = mapped_column(String(140))
    # What the reader sees beside the image: backend.reader_studies.items.ItemContent.
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    # What no reader sees: backend.reader_studies.items.ItemTruth.
    truth: Mapped[dict[str, Any]] = mapped_column(JSON)

    study_case: Mapped[StudyCase] = relationship(lazy="raise")


class StudyReader(Base):
    """Somebody who reads in a study."""

    __tablename__ = "study_readers"
    __table_args__ = (
        CheckConstraint("status IN ('invited', 'reading', 'finished', 'withdrawn')", name="status_known"),
        UniqueConstraint("study_id", "user_id"),
        UniqueConstraint("study_id", "slot"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    study_id: Mapped[str] = mapped_column(ForeignKey("reader_studies.id", ondelete="CASCADE"))
    # None: a simulated reader of a demonstration.
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    # From 0, in the order of invitation: decides the counterbalancing.
    slot: Mapped[int]
    status: Mapped[str] = mapped_column(String(16), default="invited")
    # Who they are as raters (GRRAS 12), as they said at the start: backend.readings.schemas.ReaderProfile.
    profile: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # SHA-256 of the stored order; None before publication.
    order_digest: Mapped[str | None] = mapped_column(String(64))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When they saw the last reminder.
    reminder_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StudyAssignment(Base):
    """An item at a place in a reader's order. Its id is all that the reader's browser knows of the item."""

    __tablename__ = "study_assignments"
    __table_args__ = (UniqueConstraint("reader_id", "session", "position"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    study_id: Mapped[str] = mapped_column(ForeignKey("reader_studies.id", ondelete="CASCADE"), index=True)
    reader_id: Mapped[str] = mapped_column(ForeignKey("study_readers.id", ondelete="CASCADE"))
    item_id: Mapped[str] = mapped_column(ForeignKey("study_items.id", ondelete="CASCADE"), index=True)
    # Sessions from 1, positions from 0 within a session.
    session: Mapped[int]
    position: Mapped[int]
    # The second showing of an item that the reader has had already (intra-reader reliability).
    repeated: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What was given so far: backend.readings.schemas.DraftUpdate; gone once submitted.
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    item: Mapped[StudyItem] = relationship(lazy="raise")


class StudyResponse(Base):
    """A locked answer. A trigger refuses every change of it (migration 0008)."""

    __tablename__ = "study_responses"
    __table_args__ = (
        CheckConstraint("active_ms >= 0 AND idle_ms >= 0", name="times_positive"),
        UniqueConstraint("assignment_id"),
        Index("ix_study_responses_study_id_submitted_at", "study_id", "submitted_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    study_id: Mapped[str] = mapped_column(ForeignKey("reader_studies.id", ondelete="CASCADE"))
    reader_id: Mapped[str] = mapped_column(ForeignKey("study_readers.id", ondelete="CASCADE"), index=True)
    assignment_id: Mapped[str] = mapped_column(ForeignKey("study_assignments.id", ondelete="CASCADE"))
    # By key of the question; empty when it could not be judged.
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    cannot_judge: Mapped[bool]
    comment: Mapped[str] = mapped_column(Text)
    # As the browser measured it, and when the server saw it.
    active_ms: Mapped[int]
    idle_ms: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    protocol_version: Mapped[int]

    assignment: Mapped[StudyAssignment] = relationship(lazy="raise")


class ResponseAmendment(Base):
    """A reader's correction of a locked answer, with a reason. The answer itself stays, and results use it."""

    __tablename__ = "study_response_amendments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    study_id: Mapped[str] = mapped_column(ForeignKey("reader_studies.id", ondelete="CASCADE"), index=True)
    response_id: Mapped[str] = mapped_column(ForeignKey("study_responses.id", ondelete="CASCADE"), index=True)
    reader_id: Mapped[str] = mapped_column(ForeignKey("study_readers.id", ondelete="CASCADE"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    cannot_judge: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class StudyQuery(Base):
    """What a reader asks about an item, and what the coordinator replies."""

    __tablename__ = "study_queries"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    study_id: Mapped[str] = mapped_column(ForeignKey("reader_studies.id", ondelete="CASCADE"), index=True)
    reader_id: Mapped[str] = mapped_column(ForeignKey("study_readers.id", ondelete="CASCADE"), index=True)
    # None: about the study as a whole.
    assignment_id: Mapped[str | None] = mapped_column(ForeignKey("study_assignments.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    reply: Mapped[str | None] = mapped_column(Text)
    replied_by_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the reader saw the reply.
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
