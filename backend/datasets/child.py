"""The process that an import runs in: ``python -m backend.datasets.child <file descriptor>``.

The job comes as a line of JSON on standard input, which then stays open for as long as the server lives: at its end
this process ends itself and its workers, so that nothing is left when the server is killed. Events go as lines of JSON
to the file descriptor: progress, then ``done`` or ``failed`` with the reason.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from typing import Any, TextIO

from backend.core.processes import end_with_parent
from backend.datasets.importing import ImportJob, run_import
from models.data.errors import DataError
from models.data.importing import ImportProgress

INTERVAL = 0.5  # seconds between two events of the same stage
NICENESS = 10


class Reporter:
    """Tells of progress: every new stage, and within a stage now and then."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._stage = ""
        self._next = 0.0

    def __call__(self, progress: ImportProgress) -> None:
        moment = time.monotonic()
        if progress.stage == self._stage and moment < self._next:
            return
        self._stage, self._next = progress.stage, moment + INTERVAL
        self.send({"event": "progress", "stage": progress.stage, "done": progress.done, "total": progress.total})

    def send(self, event: dict[str, Any]) -> None:
        """One line."""
        print(json.dumps(event), file=self._out, flush=True)


def main() -> None:
    """One import."""
    os.nice(NICENESS)  # the server's requests go first
    reporter = Reporter(os.fdopen(int(sys.argv[1]), "w"))
    job = ImportJob(**json.loads(read_line()))
    end_with_parent()
    try:
        run_import(job, reporter)
    except DataError as error:
        reporter.send({"event": "failed", "reason": str(error)})
    except MemoryError:
        reporter.send({"event": "failed", "reason": "The server's memory is full. End other work on it and try again."})
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


if __name__ == "__main__":
    main()
