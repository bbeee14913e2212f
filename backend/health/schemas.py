"""What /health answers."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

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
    queue: Literal["none"]
    active_models: int
