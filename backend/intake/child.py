"""The process that decodes: ``python -m backend.intake.child``.

It imports everything once and then only forks: each file gets a fresh copy, made in milliseconds, which sets limits to
itself and gives up all rights that decoding does not need (``confinement``) before it touches the file, and ends with
it. The process that forks never reads a byte of any file. It has one thread, as forking asks for, and ends with the
server: then its standard input does.
"""

from __future__ import annotations

import gc
import json
import math
import os
import resource
import select
import signal
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NoReturn

import cv2

from backend.core.child import read_line
from backend.intake.confinement.calls import PR_SET_PDEATHSIG, prctl
from backend.intake.confinement.service import confine, libraries, offered, shield
from backend.intake.decoding import NoRoom, decode
from backend.intake.encoding import limit_pillow
from backend.intake.errors import Damaged, IntakeError, TooLarge
from backend.intake.order import MAX_ANSWER, NO_ROOM, Answer, Order, said_account, said_error

_LOOK: Final = 0.25  # seconds between two looks at how much was written
_OPEN_FILES: Final = 128
_OTHER_FILES: Final = 16  # beside the frames
_BLOCK: Final = 512  # bytes, the unit of st_blocks
_LAST_ANSWERS: Final = 5.0  # seconds in which what a copy left must have ended
_NO_MEMORY = "Decoding the image takes more memory than the server gives to one file. Make it smaller and try again."
_LATE_SIGNALS: Final = (signal.SIGXCPU, signal.SIGALRM)


def main() -> None:
    """Orders in, answers out, until standard input ends."""
    answers = os.dup(1)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)  # what libraries print is no answer
    cv2.setNumThreads(1)
    offered(), libraries()  # asked once, here
    shield()
    gc.collect()
    gc.freeze()  # so that copies share these pages
    while True:
        order = Order.model_validate_json(read_line())
        answer = _in_a_copy(order)
        _end_what_is_left()
        _send(answers, answer.model_dump(mode="json"))


def _send(handle: int, said: dict[str, Any]) -> None:
    line = memoryview(json.dumps(said).encode() + b"\n")
    while line:
        line = line[os.write(handle, line) :]


def _in_a_copy(order: Order) -> Answer:
    reader, writer = os.pipe()
    parent = os.getpid()
    copy = os.fork()
    if copy == 0:
        _work(order, writer, parent)
    os.close(writer)
    said = bytearray()
    late = flooded = False
    end = time.monotonic() + order.seconds
    while True:
        ready = select.select([0, reader], [], [], min(_LOOK, max(0.0, end - time.monotonic())))[0]
        if 0 in ready:  # the server is gone, or sends what it should not
            os.killpg(0, signal.SIGKILL)
        part = os.read(reader, 1 << 16) if reader in ready else None
        if part:
            said += part
        late = time.monotonic() >= end
        flooded = len(said) > MAX_ANSWER or _too_much_in(order)
        if part == b"" or late or flooded:
            break
    os.close(reader)
    late = late and part != b""
    status = _end(copy, kill=part != b"", seconds=end - time.monotonic())
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    late = late or number in _LATE_SIGNALS
    return Answer(said=said.decode("utf-8", "replace"), late=late, flooded=flooded, signal=number)


def _end(copy: int, kill: bool, seconds: float) -> int:
    """Waits for the end of a copy. One that closed its pipe and stays is killed when its time is over."""
    if not kill:
        handle = os.pidfd_open(copy)
        kill = not select.select([handle], [], [], max(0.0, seconds))[0]
        os.close(handle)
    if kill:
        os.kill(copy, signal.SIGKILL)
    return os.waitpid(copy, 0)[1]


def _end_what_is_left() -> None:
    """A copy that a file had taken over may have started others. They are children of this process now."""
    end = time.monotonic() + _LAST_ANSWERS
    while time.monotonic() < end:
        for process in _children():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.001)
    os.killpg(0, signal.SIGKILL)  # faster than can be ended here: the server starts anew


def _children() -> list[int]:
    own, found = str(os.getpid()), []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            if status.read_text("ascii", "replace").rpartition(")")[2].split()[1] == own:
                found.append(int(status.parent.name))
    return found


def _too_much_in(order: Order) -> bool:
    """Whether more lies in the folder than one account needs: bytes, or files, or a folder."""
    total = count = 0
    try:
        with os.scandir(order.folder) as entries:
            for entry in entries:
                status = entry.stat(follow_symlinks=False)
                total += max(status.st_size, status.st_blocks * _BLOCK)
                count += 1
                if entry.is_dir(follow_symlinks=False):
                    return True
    except OSError:  # the folder is gone, or closed: nobody but the copy can have done that
        return True
    return total > order.total_bytes or count > order.limits.max_frames + _OTHER_FILES


def _work(order: Order, writer: int, parent: int) -> NoReturn:
    """All that happens in a copy."""
    said = said_error(Damaged.code, Damaged.summary)
    try:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before this was asked for
            os._exit(1)
        _let_go_of_all_but(writer)
        _set_limits(order)
        confine(order.source, order.folder)
        said = _decode(order)
    except OSError as error:  # not confined: then nothing is decoded
        said = said_error(Damaged.code, Damaged.summary, _place(error))
    finally:  # whatever happens, nothing of the process that forked goes on in the copy
        with suppress(BaseException):
            _send(writer, said)
        os._exit(0)


def _let_go_of_all_but(writer: int) -> None:
    """The orders of later files come in where the process that forks reads, and the answers go out beside it."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):
        os.dup2(nothing, handle)
    os.closerange(3, writer)
    os.closerange(writer + 1, os.sysconf("SC_OPEN_MAX"))


def _set_limits(order: Order) -> None:
    """Nothing here can be raised again by what runs later: the hard limits are set as well."""
    signal.setitimer(signal.ITIMER_REAL, order.seconds + 1.0)  # should the process that forked be gone
    spent = resource.getrusage(resource.RUSAGE_SELF)
    limits = {
        resource.RLIMIT_AS: order.memory_bytes,
        resource.RLIMIT_CPU: math.ceil(spent.ru_utime + spent.ru_stime + order.seconds) + 1,
        resource.RLIMIT_FSIZE: order.output_bytes,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,  # no process and no thread more; not for root, whom the filter of calls stops
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for which, most in limits.items():
        hard = resource.getrlimit(which)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (allowed, allowed))
    limit_pillow(order.limits.max_pixels)


def _decode(order: Order) -> dict[str, Any]:
    try:
        account = decode(order.source, order.folder, order.limits, bytes.fromhex(order.secret))
        return said_account(account.model_dump(mode="json"))
    except IntakeError as error:
        return said_error(error.code, str(error))
    except NoRoom as error:
        return said_error(NO_ROOM, str(error))
    except MemoryError:
        return said_error(TooLarge.code, _NO_MEMORY)
    except BaseException as error:  # noqa: BLE001 (also the panics of decoders in Rust, which are no Exception)
        return said_error(Damaged.code, Damaged.summary, _place(error))


def _place(error: BaseException) -> str:
    """Where it happened, never what it says: that could be from the file."""
    frames = list(traceback.walk_tb(error.__traceback__))[-4:]
    steps = " < ".join(f"{Path(frame.f_code.co_filename).name}:{line}" for frame, line in reversed(frames))
    return f"{type(error).__name__} at {steps}"


if __name__ == "__main__":
    main()
