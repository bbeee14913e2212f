"""Cursors: what was given out comes back, everything else is refused."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.cases.cursors import decode_cursor, encode_cursor
from backend.cases.errors import BadCursor

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
IDS = st.text("0123456789abcdef", min_size=32, max_size=32)


@given(MOMENTS, IDS)
def test_round_trip(moment: datetime, case_id: str) -> None:
    assert decode_cursor(encode_cursor(moment, case_id)) == (moment, case_id)


@given(st.text(max_size=100))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_anything_else_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(cursor)


@given(st.integers(), IDS)
def test_moments_beyond_the_calendar(microseconds: int, case_id: str) -> None:

    cursor = base64.urlsafe_b64encode(f"{microseconds}.{case_id}".encode()).decode()
    try:
        moment, found = decode_cursor(cursor)
    except BadCursor:
        return
    assert found == case_id
    assert moment.year < 10000
