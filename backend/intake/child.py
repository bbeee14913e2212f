"""The process that decodes: ``python -m backend.intake.child``.

It imports everything once and then only forks: each file gets a fresh copy, made in milliseconds, which sets limits to
itself before it touches the file, and ends with it. The process that forks never reads a byte of any file. It has one
thread, as forking asks for, and ends with the server: then its standard input does.
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
from backend.intake.decoding import NoRoom, decode
from backend.intake.encoding import limit_pillow
from backend.intake.errors import Damaged, IntakeError, TooLarge
from backend.intake.order import MAX_ANSWER, NO_ROOM, Answer, Order, said_account, said_error

_LOOK: Final = 0.25  # seconds between two looks at how much was written
_OPEN_FILES: Final = 128
_NO_MEMORY = "Decoding the image takes more memory than the server gives to one file. Make it smaller and try again."
_LATE_SIGNALS: Final = (signal.SIGXCPU, signal.SIGALRM)


def main() -> None:
    """Orders in, answers out, until standard input ends."""
    answers = os.dup(1)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)  # what libraries print is no answer
    cv2.setNumThreads(1)
    gc.collect()
    gc.freeze()  # so that copies share these pages
    while True:
        order = Order.model_validate_json(read_line())
        _send(answers, _in_a_copy(order, answers).model_dump(mode="json"))


def _send(handle: int, said: dict[str, Any]) -> None:
    line = memoryview(json.dumps(said).encode() + b"\n")
    while line:
        line = line[os.write(handle, line) :]


def _in_a_copy(order: Order, answers: int) -> Answer:
    reader, writer = os.pipe()
    copy = os.fork()
    if copy == 0:
        os.close(reader)
        os.close(answers)
        _work(order, writer)
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
        flooded = len(said) > MAX_ANSWER or _written(order.folder) > order.total_bytes
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


def _written(folder: Path) -> int:
    total = 0
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            total += entry.stat(follow_symlinks=False).st_size
    return total


def _work(order: Order, writer: int) -> NoReturn:
    """All that happens in a copy."""
    said = said_error(Damaged.code, Damaged.summary)
    try:
        _set_limits(order)
        said = _decode(order)
    finally:  # whatever happens, nothing of the process that forked goes on in the copy
        with suppress(BaseException):
            _send(writer, said)
        os._exit(0)


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
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    steps = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {steps}"


if __name__ == "__main__":
    main()
