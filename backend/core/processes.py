"""Child processes that never outlive the server, whatever ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress


def end_with_parent() -> None:
    """To be called in a child that leads its own group and whose standard input is a pipe that the server holds open.

    The pipe ends with the server, also when that is killed; then this process ends, and with it all that it started.
    """
    threading.Thread(target=_wait_for_the_end, name="end-with-parent", daemon=True).start()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Ends a child that leads its own group, and all that it started.

    To be called before the child is waited for: until then nobody else can have its number.
    """
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def wait_for_end(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Until a child has ended by itself, or the time is over. It is not waited for: ``kill_group`` still finds it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return
        time.sleep(0.01)


def _wait_for_the_end() -> None:
    # The file descriptor itself: a thread that waits inside sys.stdin would block the interpreter's end.
    while os.read(0, 1024):
        continue
    os.killpg(0, signal.SIGKILL)
