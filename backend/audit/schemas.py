"""What goes out of the trail."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from backend.core.schemas import Read, Timestamp


class AuditEventRead(Read):
    """Something that somebody did."""

    sequence: int
    at: Timestamp
    actor: str = Field(description="E-mail of the account, with an API token its name as well; `system`; `anonymous`.")
    address: str = Field(description="Of the machine that asked; - for the server itself.")
    request_id: str = Field(description="As in the answer's X-Request-ID and the log.")
    action: str = Field(description="Such as case.created.")
    subject: str = Field(description="Kind and id of what it was done to, such as case/0f3a…")
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    hash: str


class AuditEventPage(Read):
    """Newest first."""

    items: list[AuditEventRead]
    next_before: int | None = Field(description="Give it back as `before`; null on the last page.")
    total: int = Field(description="Events that match, on all pages.")
    actions: list[str] = Field(description="All actions there are, to filter by.")


class AuditProblem(Read):
    """A sign that somebody tampered with the trail."""

    sequence: int = Field(description="The first event concerned; 0: the file of heads.")
    text: str


class AuditVerification(Read):
    """What `vitrine audit verify` finds."""

    events: int
    problems: list[AuditProblem] = Field(description="At most 100.")
    unbroken: bool


class ExportFormat(StrEnum):
    """``jsonl``: one event a line, each as it was hashed."""

    CSV = "csv"
    JSONL = "jsonl"
