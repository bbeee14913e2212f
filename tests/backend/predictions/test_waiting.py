"""Who goes next."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from backend.predictions.waiting import Job, WaitingRoom


def _opened() -> AbstractContextManager[Image.Image]:
    return nullcontext(Image.new("L", (1, 1)))


def job(client: str, model: str = "a") -> Job:
    return Job(model, Path(model), _opened, None, client)


def room(*jobs: Job, capacity: int = 100) -> WaitingRoom:
    made = WaitingRoom(capacity)
    assert all(made.enter(each) for each in jobs)
    return made


def names(jobs: list[Job]) -> list[str]:
    return [each.client for each in jobs]


def test_clients_take_turns_and_each_is_answered_in_order() -> None:
    many = [job("anna") for _ in range(4)]
    waiting = room(*many, job("ben"), job("cleo"), job("ben"))
    taken = waiting.next(5)
    assert names(taken) == ["anna", "ben", "cleo", "anna", "ben"]
    assert [each for each in taken if each.client == "anna"] == many[:2]
    assert waiting.next(5) == many[2:]
    assert len(waiting) == 0


def test_what_goes_together_is_for_one_model() -> None:
    waiting = room(job("anna", "a"), job("ben", "b"), job("cleo", "a"), job("ben", "a"))
    assert [(each.client, each.model_version_id) for each in waiting.next(9)] == [("anna", "a"), ("cleo", "a")]
    assert [each.model_version_id for each in waiting.next(9)] == ["b"]  # in order, so the other one waits
    assert [each.model_version_id for each in waiting.next(9)] == ["a"]


def test_a_model_that_many_want_starves_no_other() -> None:
    waiting = room(*(job("anna") for _ in range(20)), job("ben", "b"), *(job("cleo") for _ in range(20)))
    assert names(waiting.next(4)) == ["anna", "cleo", "anna", "cleo"]
    assert names(waiting.next(4)) == ["ben"]


def test_it_is_full_and_then_has_room_again() -> None:
    first, second, third = job("anna"), job("ben"), job("cleo")
    waiting = room(first, second, capacity=2)
    assert not waiting.enter(third)
    waiting.leave(first)
    waiting.leave(first)
    assert waiting.enter(third)
    assert names(waiting.next(9)) == ["ben", "cleo"]
    waiting.leave(second)
    assert len(waiting) == 0


def test_all_can_be_sent_away() -> None:
    waiting = room(job("anna"), job("ben"))
    assert sorted(names(waiting.empty())) == ["anna", "ben"]
    assert waiting.empty() == []


def test_it_is_woken_by_a_job_or_by_a_call() -> None:
    waiting = WaitingRoom(3)
    taken: list[list[Job]] = []
    for change in (lambda: waiting.enter(job("anna")), waiting.wake):
        thread = threading.Thread(target=lambda: taken.append(waiting.next(3)))
        thread.start()
        time.sleep(0.02)
        assert thread.is_alive()
        change()
        thread.join(5)
    assert [names(jobs) for jobs in taken] == [["anna"], []]


def test_being_woken_loses_nobody() -> None:
    waiting = room(job("anna"))
    waiting.wake()
    assert waiting.next(3) == []
    assert names(waiting.next(3)) == ["anna"]


@pytest.mark.parametrize(("most", "least_wait"), [(2, 0.0), (3, 0.3)])
def test_patience_ends_when_there_are_enough(most: int, least_wait: float) -> None:
    waiting = room(job("anna"))
    threading.Timer(0.05, waiting.enter, args=(job("ben"),)).start()
    start = time.monotonic()
    assert names(waiting.next(most, patience=0.3)) == ["anna", "ben"]
    assert least_wait <= time.monotonic() - start < least_wait + 0.25


@given(
    st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("ab")), max_size=30),
    st.integers(1, 7),
)
def test_everybody_is_taken_once_and_in_the_order_of_their_client(wanted: list[tuple[str, str]], most: int) -> None:
    jobs = [job(client, model) for client, model in wanted]
    waiting = room(*jobs)
    taken: list[Job] = []
    while len(waiting):
        together = waiting.next(most)
        assert 1 <= len(together) <= most
        assert len({each.model_version_id for each in together}) == 1
        taken += together
    assert Counter(map(id, taken)) == Counter(map(id, jobs))
    for client in "xyz":
        assert [each for each in taken if each.client == client] == [each for each in jobs if each.client == client]


def test_many_threads_lose_no_job() -> None:
    waiting = WaitingRoom(10_000)
    seen: list[Job] = []

    def come(client: str) -> None:
        for _ in range(200):
            assert waiting.enter(job(client))

    def serve(enough: Callable[[], bool]) -> None:
        while not enough():
            seen.extend(waiting.next(16))

    server = threading.Thread(target=serve, args=(lambda: len(seen) == 1600,))
    server.start()
    threads = [threading.Thread(target=come, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in (*threads, server):
        thread.join(20)
    assert not server.is_alive()
    assert Counter(names(seen)) == {str(number): 200 for number in range(8)}
