"""How many pictures are in memory at once."""

from __future__ import annotations

import threading

import pytest

from backend.core.errors import ServerBusy
from backend.core.slots import Slots


def test_never_more_than_the_slots() -> None:
    slots = Slots(2, waiting=20)
    inside, most, lock = 0, 0, threading.Lock()

    def work() -> None:
        nonlocal inside, most
        for _ in range(50):
            with slots:
                with lock:
                    inside += 1
                    most = max(most, inside)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most <= 2
    assert inside == 0


def test_too_many_waiting_are_refused_at_once() -> None:
    slots = Slots(1, waiting=0, wait_seconds=60)
    with slots, pytest.raises(ServerBusy), slots:
        pass
    with slots:
        pass  # given back


def test_waiting_ends() -> None:
    slots = Slots(1, waiting=1, wait_seconds=0.01)
    for _ in range(3):  # a place that was given up is free again
        with slots, pytest.raises(ServerBusy), slots:
            pass


def test_slot_is_given_back_after_an_error() -> None:
    slots = Slots(1, waiting=0)
    with pytest.raises(KeyError), slots:
        raise KeyError
    with slots:
        pass
