"""The other end of ``jobs``: what the process of a job does before and after its work."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any, TextIO

from backend.core.processes import end_with_parent

INTERVAL = 0.5  # seconds between two events of the same stage
NICENESS = 10
NO_MEMORY = "The server's memory is full. End other work on it and try again."


class Reporter:
    """Tells of progress: every new stage, and within a stage now and then."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._stage = ""
        self._next = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        moment = time.monotonic()
        if stage == self._stage and moment < self._next:
            return
        self._stage, self._next = stage, moment + INTERVAL
        self.send({"event": "progress", "stage": stage, "done": done, "total": total})

    def log(self, text: str) -> None:
        """A line for the page of the job, in plain words."""
        self.send({"event": "log", "text": text})

    def epoch(self, report: dict[str, Any]) -> None:
        """An epoch of training has ended: the fields of ``EpochRead``, finite numbers or None."""
        self.send({"event": "epoch", "report": report})

    def send(self, event: dict[str, Any]) -> None:
        """One line."""
        print(json.dumps(event), file=self._out, flush=True)


def run_job(work: Callable[[dict[str, Any], Reporter], None], told: tuple[type[Exception], ...]) -> None:
    """One job, from standard input to its last event; ``sys.argv[1]`` is the file descriptor for events.

    Args:
        work: does it.
        told: errors whose message says what to do; any other is a fault of ours.
    """
    os.nice(NICENESS)  # the server's requests go first
    reporter = Reporter(os.fdopen(int(sys.argv[1]), "w"))
    job = json.loads(read_line())
    end_with_parent()
    try:
        work(job, reporter)
    except told as error:
        reporter.send({"event": "failed", "reason": str(error)})
    except MemoryError:
        reporter.send({"event": "failed", "reason": NO_MEMORY})
    except Exception:  # noqa: BLE001 (it ends the process either way; this way the server learns of it)
        traceback.print_exc()
        reporter.send({"event": "broken"})
    else:
        reporter.send({"event": "done"})


def read_line() -> bytes:
    """Of standard input, without taking more than the line: the rest is waited for elsewhere."""
    line = bytearray()
    while not line.endswith(b"\n"):
        part = os.read(0, 65536)
        if not part:
            sys.exit(1)  # the server is gone
        line += part
    return bytes(line)
