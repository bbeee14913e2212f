"""Tables of jobs that workers do, and of what they make. Relationships as in ``tables``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.db.base import Base, UtcDateTime, new_id, now


class JobRow(Base):
    """Something that a worker does. The row is the truth about it; the queue only carries its id.

    Whoever works on it holds a lease, which heartbeats renew. Every claim raises ``token`` (a fencing token): what an
    earlier holder still writes is refused. See docs/adr/0046-jobs-and-workers.md.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')", name="status_known"),
        CheckConstraint("status <> 'running' OR lease_expires_at IS NOT NULL", name="running_leased"),
        Index("ix_jobs_status_queue_created_at", "status", "queue", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(32))
    queue: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16), default="queued")
    # How often somebody has claimed it; a stop of the worker by the server does not count.
    attempts: Mapped[int] = mapped_column(default=0)
    token: Mapped[int] = mapped_column(default=0)
    # Who works on it, and on which device: host name, process id; host name, device.
    worker: Mapped[str | None] = mapped_column(String(200))
    device: Mapped[str | None] = mapped_column(String(200))
    lease_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the queue was last told; a lost message is sent again.
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # none_as_null: SQL's NULL, not JSON's.
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JobEvent(Base):
    """Something that happened in a job: what its page shows live, in order and without gaps."""

    __tablename__ = "job_events"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class TrainingRun(Base):
    """A job that makes a model version. Its id is the job's."""

    __tablename__ = "training_runs"

    id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    dataset_id: Mapped[str] = mapped_column(String(64))
    test_dataset_id: Mapped[str | None] = mapped_column(String(64))
    concept_set_revision_id: Mapped[str] = mapped_column(ForeignKey("concept_set_revisions.id"), index=True)
    # None: trained from the encoder's own weights.
    parent_model_version_id: Mapped[str | None] = mapped_column(ForeignKey("model_versions.id"), index=True)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    # What it makes, once it has succeeded.
    model_version_id: Mapped[str | None] = mapped_column(ForeignKey("model_versions.id"), index=True)

    job: Mapped[JobRow] = relationship(lazy="raise")


class DiagnosisRow(Base):
    """A job that looks for concepts that are not worth keeping. Its id is the job's."""

    __tablename__ = "diagnoses"

    id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    model_version_id: Mapped[str] = mapped_column(ForeignKey("model_versions.id"), index=True)
    dataset_id: Mapped[str] = mapped_column(String(64))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    # The folder in the storage that holds result and pictures, once it has succeeded.
    result_key: Mapped[str | None] = mapped_column(String(200))
    # How many flags of each kind, for lists.
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    job: Mapped[JobRow] = relationship(lazy="raise")


class ComparisonRow(Base):
    """A job that compares two model versions on the same images. Its id is the job's."""

    __tablename__ = "comparisons"

    id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    model_a_id: Mapped[str] = mapped_column(ForeignKey("model_versions.id"), index=True)
    model_b_id: Mapped[str] = mapped_column(ForeignKey("model_versions.id"), index=True)
    dataset_id: Mapped[str] = mapped_column(String(64))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    result_key: Mapped[str | None] = mapped_column(String(200))
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    job: Mapped[JobRow] = relationship(lazy="raise")


class EvidenceRow(Base):
    """A job that measures how far a version's explanations can be trusted. Its id is the job's."""

    __tablename__ = "evidence"

    id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    model_version_id: Mapped[str] = mapped_column(ForeignKey("model_versions.id"), index=True)
    dataset_id: Mapped[str] = mapped_column(String(64))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    result_key: Mapped[str | None] = mapped_column(String(200))
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # When it was done: the job has it too, but not for everybody who may see the figures.
    measured_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    job: Mapped[JobRow] = relationship(lazy="raise")


class ModelActivation(Base):
    """A model version came into use for a data set: by whom, why, and in place of which one."""

    __tablename__ = "model_activations"
    __table_args__ = (
        CheckConstraint("kind IN ('first', 'promotion', 'rollback')", name="kind_known"),
        Index("ix_model_activations_dataset_created_at", "dataset", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    dataset: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    model_version_id: Mapped[str] = mapped_column(ForeignKey("model_versions.id"), index=True)
    previous_id: Mapped[str | None] = mapped_column(ForeignKey("model_versions.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
