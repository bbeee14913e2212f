"""What every job says of itself over HTTP."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from backend.auth.schemas import PersonRef
from backend.core.schemas import Read, Timestamp


class JobStatus(StrEnum):
    """``queued`` waits for its turn; the last three are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobProgress(Read):
    """How far it is."""

    stage: str = Field(description="In words, such as `Images`, `Tokens`, `Epoch 3 of 12`.")
    done: int
    total: int = Field(description="0 where nobody knows.")


class JobRead(Read):
    """Common to all jobs."""

    id: str
    status: JobStatus
    position: int | None = Field(description="Place in its queue, 1 is next. Null unless queued.")
    attempts: int = Field(description="How often a worker has begun it; more than 1 after a worker was lost.")
    error: str | None = Field(description="Why it failed, and what to do.")
    progress: JobProgress | None = Field(description="Null unless it runs.")
    created_at: Timestamp
    created_by: PersonRef | None
    started_at: Timestamp | None = Field(description="Of the last attempt.")
    finished_at: Timestamp | None
