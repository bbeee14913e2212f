"""What the server and the process that decodes say to each other, a line of JSON each way."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from backend.intake.limits import Limits

MAX_ANSWER: Final = 4 * 1024 * 1024  # bytes: the longest table takes half a million, a header's lines 100 each
NO_ROOM: Final = "storage_full"


class Order(BaseModel):
    """One file to decode.

    Attributes:
        source: of the file.
        folder: for what comes out, empty and nobody else's.
        secret: of the site, in hexadecimal digits.
        seconds: after which it is killed.
        memory_bytes: of address space.
        output_bytes: of one file that it writes.
        total_bytes: of all of them.
    """

    model_config = ConfigDict(frozen=True)

    source: Path
    folder: Path
    secret: str
    limits: Limits
    seconds: float
    memory_bytes: int
    output_bytes: int
    total_bytes: int


class Answer(BaseModel):
    """How it went. What a decoder itself says (``said``) is to be checked: the file may have taken it over.

    Attributes:
        said: one JSON object, as text.
        late: it was killed, since its time was over.
        flooded: it was killed, since it wrote more than allowed.
        signal: that ended it; 0: it ended by itself.
    """

    model_config = ConfigDict(frozen=True)

    said: str
    late: bool
    flooded: bool
    signal: int


def said_account(account: dict[str, Any]) -> dict[str, Any]:
    """What a decoder says when all went well."""
    return {"account": account}


def said_error(code: str, detail: str, fault: str | None = None) -> dict[str, Any]:
    """What it says when not. ``fault``: where in our code an error came from that nobody had thought of."""
    return {"error": code, "detail": detail, "fault": fault}
