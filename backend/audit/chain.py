"""How events hang together.

An event's hash is SHA-256 over the hash of the event before it and its own content as canonical JSON. So whoever
changes, removes, inserts or swaps events has to change the hashes of all later ones too, and those are noted outside
the database (``heads``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

GENESIS = "0" * 64


class Content(NamedTuple):
    """What an event says. ``before`` and ``after`` are canonical JSON, or None."""

    sequence: int
    at: str
    actor: str
    address: str
    request_id: str
    action: str
    subject: str
    before: str | None
    after: str | None


def canonical(value: Mapping[str, Any]) -> str:
    """The one way to write a JSON object: sorted keys, no blanks.

    Raises:
        ValueError: for a NaN or an infinity, which JSON cannot hold.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def link(previous: str, content: Content) -> str:
    """The hash (64 hexadecimal digits) of an event that follows ``previous``."""
    return hashlib.sha256(f"{previous}\n{canonical(content._asdict())}".encode()).hexdigest()
