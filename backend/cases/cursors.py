"""Opaque cursors of the case list: where the last page ended."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta

from backend.cases.errors import BadCursor

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CONTENT = re.compile(rb"(\d{1,18})\.([0-9a-f]{32})")


def encode_cursor(moment: datetime, case_id: str) -> str:
    """Microseconds and id, so that cases of the same microsecond are not skipped."""
    microseconds = (moment - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(f"{microseconds}.{case_id}".encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> tuple[datetime, str]:
    """Raises ``BadCursor`` for anything that ``encode_cursor`` did not make."""
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        match = _CONTENT.fullmatch(content)
        if match is None:
            raise BadCursor
        return _EPOCH + timedelta(microseconds=int(match[1])), match[2].decode()
    except (binascii.Error, ValueError, OverflowError) as error:
        raise BadCursor from error
