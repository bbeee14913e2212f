"""The processes that decode, seen from the server: started when they are needed, asked one file at a time, ended."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
import time

from backend.core.processes import kill_group
from backend.core.settings import ROOT
from backend.intake.order import MAX_ANSWER, Answer, Order

# For importing everything, once, and for what the process does around decoding.
_GRACE_SECONDS = 30.0
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "SYSTEMROOT")


class DecoderGone(Exception):
    """It ended without an answer: killed by the system, or by ``Decoder.kill``."""


class Decoder:
    """One process; from one thread at a time, but for ``kill``."""

    def __init__(self) -> None:
        # Without the environment of the server, which may hold passwords.
        passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "backend.intake.child"],
            env={**passed_on, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # decoders complain about files there, at length
            start_new_session=True,
            bufsize=0,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def lives(self) -> bool:
        return self._process.poll() is None

    def ask(self, order: Order) -> Answer:
        """Decodes a file. Raises ``DecoderGone``."""
        pipe = self._process.stdin
        if pipe is None:
            raise DecoderGone
        try:
            pipe.write(order.model_dump_json().encode() + b"\n")
            pipe.flush()
        except OSError as error:
            raise DecoderGone from error
        return Answer.model_validate_json(self._read_line(time.monotonic() + order.seconds + _GRACE_SECONDS))

    def kill(self) -> None:
        """At once, with all that it started; also from another thread, while it is asked."""
        kill_group(self._process)
        self._process.wait()

    def end(self) -> None:
        """``kill``, and closes what led to it."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _read_line(self, end: float) -> bytes:
        pipe = self._process.stdout
        if pipe is None:
            raise DecoderGone
        line = bytearray()
        # Text within JSON within JSON: quotes and backslashes grow.
        while not line.endswith(b"\n") and len(line) <= 8 * MAX_ANSWER:
            if not select.select([pipe], [], [], max(0.0, end - time.monotonic()))[0]:
                break
            part = os.read(pipe.fileno(), 1 << 20)
            if not part:
                break
            line += part
        if not line.endswith(b"\n"):
            raise DecoderGone
        return bytes(line)


class Decoders:
    """Those that are free, and those that work. As many at once as are asked at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: list[Decoder] = []
        self._busy: set[Decoder] = set()
        self._stopped = False

    def take(self) -> Decoder:
        """A free one, or a new one. Raises ``DecoderGone`` when all have been stopped."""
        with self._lock:
            if self._stopped:
                raise DecoderGone
            while self._free:
                decoder = self._free.pop()
                if decoder.lives():
                    break
                decoder.end()
            else:
                decoder = Decoder()
            self._busy.add(decoder)
            return decoder

    def give_back(self, decoder: Decoder, *, fit: bool) -> None:
        """After a file.

        Args:
            decoder: from ``take``.
            fit: for the next file.
        """
        with self._lock:
            self._busy.discard(decoder)
            fit = fit and not self._stopped
            if fit:
                self._free.append(decoder)
        if not fit:
            decoder.end()

    def stop(self) -> None:
        """Ends all, also those that work: whoever waits for one gets ``DecoderGone``."""
        with self._lock:
            self._stopped = True
            free, busy = list(self._free), list(self._busy)
            self._free.clear()
        for decoder in free:
            decoder.end()
        for decoder in busy:
            decoder.kill()  # whoever has it ends it

    def pids(self) -> list[int]:
        """Of all processes."""
        with self._lock:
            return [decoder.pid for decoder in (*self._free, *self._busy)]
