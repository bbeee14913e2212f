"""Computed once, kept for a while, and never more at once than was said."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from backend.core.computed import Computed
from backend.core.errors import ServerBusy


def test_what_is_known_is_not_computed_again_and_the_oldest_goes() -> None:
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        return key.upper()

    kept = Computed(keep=2)
    for key in ("a", "b", "a", "c", "a", "b"):
        assert kept.get(key, partial(make, key)) == key.upper()
    assert made == ["a", "b", "c", "b"]


def test_nothing_is_kept_of_what_failed_and_the_slot_is_free_again() -> None:
    kept = Computed()

    def fail() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        kept.get("a", fail)
    assert kept.get("a", lambda: "yes") == "yes"


def test_two_who_ask_for_the_same_wait_for_one_computation() -> None:
    kept, begun, go, made = Computed(), threading.Event(), threading.Event(), []

    def slow() -> int:
        made.append(1)
        begun.set()
        assert go.wait(10)
        return 7

    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(kept.get("a", slow))) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    go.set()
    for thread in threads:
        thread.join()
    assert (found, made) == ([7, 7, 7], [1])


def test_what_is_known_is_given_while_something_is_computed_and_a_crowd_is_sent_away() -> None:
    kept, begun, go = Computed(waiting=0), threading.Event(), threading.Event()
    kept.get("known", lambda: 1)

    def slow() -> int:
        begun.set()
        assert go.wait(10)
        return 2

    computing = threading.Thread(target=lambda: kept.get("slow", slow))
    computing.start()
    assert begun.wait(10)
    assert kept.get("known", lambda: 3) == 1
    with pytest.raises(ServerBusy):
        kept.get("other", lambda: 4)
    go.set()
    computing.join()
    assert kept.get("slow", lambda: 5) == 2
