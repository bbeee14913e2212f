"""Sessions done, the one that comes now, and when it opens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.reader_studies.reader_repository import SessionCount
from backend.reader_studies.standing import opening, standing_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_before_publication_there_is_nothing_to_do() -> None:
    found = standing_of([], 28, NOON)
    assert (found.done, found.total, found.number, found.opens_at, found.complete) == (0, 0, 1, None, False)
    assert found.current is None


@pytest.mark.parametrize(
    ("done", "number", "opens_at", "complete"),
    [
        ((0, 0, 0), 1, None, False),
        ((3, 0, 0), 1, None, False),
        ((4, 0, 0), 2, NOON + 27 * DAY, False),
        ((4, 1, 0), 2, None, False),
        ((4, 4, 0), 3, NOON + 27 * DAY, False),
        ((4, 4, 4), 3, None, True),
    ],
)
def test_the_session_that_comes_now(
    done: tuple[int, ...], number: int, opens_at: datetime | None, complete: bool
) -> None:
    counts = [SessionCount(place, each, 4, NOON - DAY if each else None) for place, each in enumerate(done, 1)]
    found = standing_of(counts, 28, NOON)
    assert (found.number, found.opens_at, found.complete) == (number, opens_at, complete)
    assert (found.done, found.total) == (sum(done), 12)
    assert found.current is not None
    assert found.current.number == number
    assert [each.opens_at for each in found.sessions if each.number != number] == [None, None]


@pytest.mark.parametrize(
    ("last", "washout", "opens_at"),
    [
        (NOON, 1, NOON + DAY),
        (NOON - DAY, 1, None),  # to the second
        (NOON - DAY + timedelta(seconds=1), 1, NOON + timedelta(seconds=1)),
        (NOON, 0, None),
        (None, 28, None),
    ],
)
def test_the_washout_begins_with_the_last_answer(
    last: datetime | None, washout: int, opens_at: datetime | None
) -> None:
    assert opening(last, washout, NOON) == opens_at
