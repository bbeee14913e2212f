"""A process beside the server that is kept alive: started by this server, or found, since an earlier one started it."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from backend.core import processes
from backend.core.settings import ROOT

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
LONG_LIFE = 60.0  # who has lived so long has not failed at the start


class Servant:
    """One process that is kept alive.

    Args:
        name: for the log.
        lock: file that it holds while it lives.
        command: what it is.
        environment: variables beside the server's own.
        output: file for its output; None: where the server's errors go.
    """

    def __init__(
        self,
        name: str,
        lock: Path,
        command: tuple[str, ...],
        environment: Mapping[str, str] | None = None,
        output: Path | None = None,
    ) -> None:
        self.name = name
        self.lock = lock
        self.failures = 0
        self._command = command
        self._environment = dict(environment or {})
        self._output = output
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._not_before = 0.0
        self._to_end = False

    def lives(self) -> bool:
        """Started by us or by an earlier server."""
        if self._process is not None:
            if self._process.poll() is None:
                return True
            self._note_end(self._process.returncode)
        return processes.is_held(self.lock)

    def keep(self) -> None:
        """Starts it if it does not live, at growing intervals if it does not stay alive."""
        if self.lives() or time.monotonic() < self._not_before:
            return
        self._started, self._to_end = time.monotonic(), False
        command = [sys.executable, "-P", "-m", "backend.core.processes", str(self.lock), *self._command]
        with (self._output or Path(os.devnull)).open("wb") as output:
            self._process = subprocess.Popen(
                command,
                env={**os.environ, "PYTHONPATH": _python_path(), **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=output if self._output else sys.stderr,
                stderr=output if self._output else None,
                start_new_session=True,  # the terminal's Ctrl+C is for the server, which then stops it in order
            )

    def send(self, number: int) -> None:
        """A signal that ends it, if it lives."""
        self._to_end = True
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
        else:
            processes.signal_holder(self.lock, number)

    def end(self, seconds: float) -> None:
        """Waits for its end, for which ``send`` has asked; after this time it is killed."""
        until = time.monotonic() + seconds
        while self.lives() and time.monotonic() < until:
            time.sleep(0.02)
        if self.lives():
            logger.warning("%s did not end within %.0f s and was killed", self.name, seconds)
            self.send(signal.SIGKILL)
            while self.lives() and time.monotonic() < until + 5:
                time.sleep(0.02)

    def _note_end(self, code: int) -> None:
        self._process = None
        if code == processes.HELD_ALREADY:
            return
        lived = time.monotonic() - self._started
        self.failures = 0 if lived > LONG_LIFE else self.failures + 1
        pause = min(FIRST_PAUSE * 2 ** min(self.failures, 10), LONGEST_PAUSE) if self.failures else 0.0
        self._not_before = time.monotonic() + pause
        if not self._to_end:
            logger.warning("%s ended with %d after %.0f s; starting it again", self.name, code, lived)


def _python_path() -> str:
    """So that our own packages are found from any working directory, which relative settings may depend on."""
    return os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
