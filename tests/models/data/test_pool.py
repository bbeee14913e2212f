"""Work in processes: in order, bounded, stoppable, and not ended by a file that kills its decoder."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from models.data.pool import Cancelled, in_order


def note(folder: Path, task: int) -> int:
    (folder / str(task)).touch()
    return task * task


def fragile(task: int) -> str:
    if task in (5, 30):
        os._exit(1)
    return str(task)


def faulty(task: int) -> int:
    if task == 20:
        raise ZeroDivisionError
    return task


def lost(task: int) -> str:
    return f"lost {task}"


def refuse(task: int) -> int:
    raise AssertionError(task)


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_order_and_not_far_ahead_of_who_takes_them(workers: int, tmp_path: Path) -> None:
    results = in_order(partial(note, tmp_path), range(400), workers, refuse)
    assert next(results) == 0
    time.sleep(0.3)  # were it not bounded, all would be done by now
    assert len(list(tmp_path.iterdir())) <= workers * 3 * 8 + 8
    assert list(results) == [number * number for number in range(1, 400)]
    assert len(list(tmp_path.iterdir())) == 400


def test_a_task_that_kills_its_process_is_named_and_the_others_are_done() -> None:
    found = list(in_order(fragile, range(48), 2, lost))
    assert found == [f"lost {number}" if number in (5, 30) else str(number) for number in range(48)]


def test_the_fault_of_a_task_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_order(faulty, range(40), 2, refuse))


@pytest.mark.parametrize("workers", [1, 2])
def test_it_stops_when_asked(workers: int, tmp_path: Path) -> None:
    asked: list[bool] = []
    results = in_order(partial(note, tmp_path), range(4000), workers, refuse, lambda: len(asked) > 0)
    next(results)
    asked.append(True)
    with pytest.raises(Cancelled):
        list(results)
    assert len(list(tmp_path.iterdir())) < 200


INTERRUPTED = """
import signal, threading
from models.data.pool import in_order

start = threading.Thread.start

def interrupted(thread):
    if type(thread).__name__ == "_ExecutorManagerThread":
        signal.raise_signal(signal.SIGINT)
    start(thread)

before = signal.getsignal(signal.SIGINT)
threading.Thread.start = interrupted
try:
    list(in_order(abs, range(40), 2, abs))
except KeyboardInterrupt:
    print("stopped", signal.getsignal(signal.SIGINT) is before)
"""


def test_ctrl_c_while_processes_start_is_not_lost_in_the_start() -> None:
    """In a process of its own, since it would wait for ever for processes that nobody ends."""
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "stopped True\n"), done.stderr


def test_no_workers_is_refused() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        list(in_order(refuse, [1], 0, refuse))
