"""Child processes that never outlive the server, whatever ends it; and processes that do, and are found again.

``python -m backend.core.processes LOCK COMMAND…`` becomes the command, and holds the lock file until that ends: so
whoever comes later sees that it lives, and which number it has.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

# For how long a lock is tried for: somebody may be looking at it just then.
_LOCK_TRIES = 20
_LOCK_PAUSE = 0.05
HELD_ALREADY = 75  # exit code


def end_with_parent(silence: float | None = None) -> None:
    """To be called in a child that leads its own group and whose standard input is a pipe that its parent holds open.

    The pipe ends with the parent, also when that is killed; then this process ends, and with it all that it started.

    Args:
        silence: seconds; if the parent writes nothing for so long, it counts as gone too. None: it need not write.
    """
    threading.Thread(target=_wait_for_the_end, args=(silence,), name="end-with-parent", daemon=True).start()


def hold(path: Path) -> int | None:
    """Takes a lock file and writes the number of this process into it.

    Returns:
        The file descriptor, which holds the lock until it is closed, also by the end of the process; None if somebody
        else has it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    for _ in range(_LOCK_TRIES):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOCK_PAUSE)
        else:
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
            return handle
    os.close(handle)
    return None


def share(path: Path) -> int:
    """Says "I am here" by a lock that many may have at once; the file descriptor, as ``hold``'s."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def is_held(path: Path, *, shared: bool = False) -> bool:
    """Whether a living process has the lock.

    Args:
        path: of the lock file.
        shared: asks for those who ``share`` it, as well.
    """
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if shared else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def holder(path: Path) -> int | None:
    """Number of the process that holds a lock."""
    if not is_held(path):
        return None
    try:
        return int(path.read_text("ascii"))
    except (OSError, ValueError):  # it has only just taken it
        return None


def signal_holder(path: Path, number: int) -> bool:
    """Sends a signal to the process that holds a lock, and never to another one that has got its number since."""
    found = holder(path)
    if found is None:
        return False
    try:
        process = os.pidfd_open(found)
    except OSError:
        return False
    try:
        if holder(path) != found:
            return False
        signal.pidfd_send_signal(process, number)
    except ProcessLookupError:
        return False
    finally:
        os.close(process)
    return True


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


def _wait_for_the_end(silence: float | None) -> None:
    # The file descriptor itself: a thread that waits inside sys.stdin would block the interpreter's end.
    while select.select([0], [], [], silence)[0] and os.read(0, 1024):
        continue
    os.killpg(0, signal.SIGKILL)


def _become(lock: str, command: list[str]) -> None:
    handle = hold(Path(lock))
    if handle is None:
        sys.exit(HELD_ALREADY)
    os.set_inheritable(handle, True)
    os.execvp(command[0], command)  # noqa: S606 (fixed commands of the supervisor)


if __name__ == "__main__":
    _become(sys.argv[1], sys.argv[2:])
