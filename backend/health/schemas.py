"""What /health answers."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from backend.core.schemas import Read


class HealthStatus(StrEnum):
    """``starting``: models are being found and loaded. ``degraded``: predictions are not possible; see the log."""

    OK = "ok"
    STARTING = "starting"
    DEGRADED = "degraded"


class HealthRead(Read):
    """State of the server and of what it stands on."""

    status: HealthStatus
    version: str
    database: Literal["ok", "unavailable"]
    queue: Literal["ok", "unavailable", "off"] = Field(
        description="`unavailable`: jobs wait until it is back. `off`: this server has none; jobs wait."
    )
    active_models: int
    max_upload_bytes: int = Field(description="The largest file that an upload may have.")
    decoding: Literal["full", "partial", "limits_only"] = Field(
        description="How far the kernel confines what decodes uploads. Not `full`: the log says what is missing."
    )
