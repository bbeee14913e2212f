"""A filter of system calls (seccomp(2)): what decoding never needs fails with EPERM from now on.

A list of what is denied, not of what is allowed: decoders, Python and the C library change, and a call that one of them
begins to use must not make every upload fail. What the kernel got after this list was made is denied, though.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from typing import Final, NamedTuple

from backend.intake.confinement.calls import syscall
from backend.intake.confinement.tables import BY_ARGUMENT, DENIED, NEW_ALLOWED, NEW_FROM, OWN, SELF_ONLY

_SET_MODE_FILTER, _GET_ACTION_AVAILABLE = 1, 2
_ALLOW, _KILL_PROCESS = 0x7FFF0000, 0x80000000
_REFUSE: Final = 0x00050000 | errno.EPERM
_NOT_THERE: Final = 0x00050000 | errno.ENOSYS  # libraries then take the older call
# Instructions of the filter (linux/filter.h).
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
# Where things stand in struct seccomp_data. Of an argument only the lower half: the rest of a number is not looked at
# by the calls that are decided by one.
_NUMBER, _PROCESSOR, _ARGUMENTS = 0, 4, 16

_X32 = 0x40000000  # a second set of numbers on x86-64
_TMPFILE = 0o20000000  # a file without a name, which nobody could find
_OTHERS_SIGNALS = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX: the kernel would send signals to any process
_TERMINALS = (0x5412, 0x541C, 0x8901, 0x8902)  # TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP


class _Processor(NamedTuple):
    column: int  # in the tables
    audit: int  # AUDIT_ARCH_… of linux/audit.h


_PROCESSORS: Final = {"x86_64": _Processor(0, 0xC000003E), "aarch64": _Processor(1, 0xC00000B7)}


def number(table: dict[str, tuple[int | None, int | None]], name: str) -> int | None:
    """Of a call on this processor."""
    processor = _processor()
    return None if processor is None else table[name][processor.column]


def offered() -> bool:
    """Whether this kernel filters calls, and this processor's numbers are known."""
    call = number(OWN, "seccomp")
    if call is None:
        return False
    try:
        syscall(call, _GET_ACTION_AVAILABLE, 0, ctypes.create_string_buffer(struct.pack("=I", _REFUSE & 0xFFFF0000), 4))
    except OSError:
        return False
    return True


def install() -> None:
    """Filters all calls of this process from now on. Needs ``no_new_privs``, and one thread.

    Raises:
        OSError: the kernel refuses.
    """
    content = program(platform.machine(), os.getpid())
    steps = ctypes.create_string_buffer(content, len(content))
    # struct sock_fprog: a length, room up to the next address, an address.
    told = ctypes.create_string_buffer(struct.pack("@HP", len(content) // 8, ctypes.addressof(steps)))
    call = number(OWN, "seccomp")
    if call is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    syscall(call, _SET_MODE_FILTER, 0, told)


def program(machine: str, own: int) -> bytes:
    """The filter, instructions of eight bytes each.

    Args:
        machine: a key of the processors that are known.
        own: number of the process that it is for.
    """
    column, audit = _PROCESSORS[machine]
    steps = [_step(_LOAD, _PROCESSOR), _step(_EQUAL, audit, 1, 0), _step(_RETURN, _KILL_PROCESS)]
    steps += [_step(_LOAD, _NUMBER)]
    if machine == "x86_64":
        steps += [_step(_AT_LEAST, _X32, 0, 1), _step(_RETURN, _NOT_THERE)]
    for name, argument, refused in (("fcntl", 1, _OTHERS_SIGNALS), ("ioctl", 1, _TERMINALS)):
        steps += _refuse_values(BY_ARGUMENT[name][column], argument, refused)
    for name, argument in (("open", 1), ("openat", 2)):
        steps += _refuse_bits(BY_ARGUMENT[name][column], argument, _TMPFILE)
    for name, numbers in SELF_ONLY.items():
        steps += _allow_values(numbers[column], (own, 0) if name == "prlimit64" else (own,))
    for numbers in NEW_ALLOWED.values():
        steps += _answer(numbers[column], _ALLOW)
    steps += [_step(_AT_LEAST, NEW_FROM, 0, 1), _step(_RETURN, _NOT_THERE)]
    for numbers in DENIED.values():
        steps += _answer(numbers[column], _REFUSE)
    return b"".join([*steps, _step(_RETURN, _ALLOW)])


def _processor() -> _Processor | None:
    # A 32-bit program on a 64-bit kernel has other numbers.
    return _PROCESSORS.get(platform.machine()) if sys.platform == "linux" and sys.maxsize > 1 << 32 else None


def _step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)


def _answer(call: int | None, answer: int) -> list[bytes]:
    return [] if call is None else [_step(_EQUAL, call, 0, 1), _step(_RETURN, answer)]


def _refuse_values(call: int | None, argument: int, refused: tuple[int, ...]) -> list[bytes]:
    inner = [part for value in refused for part in _answer(value, _REFUSE)]
    return _by_argument(call, argument, [*inner, _step(_RETURN, _ALLOW)])


def _refuse_bits(call: int | None, argument: int, bits: int) -> list[bytes]:
    inner = [_step(_ANY_BIT, bits, 0, 1), _step(_RETURN, _REFUSE), _step(_RETURN, _ALLOW)]
    return _by_argument(call, argument, inner)


def _allow_values(call: int | None, allowed: tuple[int, ...]) -> list[bytes]:
    inner = [part for value in allowed for part in _answer(value, _ALLOW)]
    return _by_argument(call, 0, [*inner, _step(_RETURN, _REFUSE)])


def _by_argument(call: int | None, argument: int, inner: list[bytes]) -> list[bytes]:
    """Steps for one call; they must end with an answer, since the number is loaded no more."""
    if call is None:
        return []
    return [_step(_EQUAL, call, 0, 1 + len(inner)), _step(_LOAD, _ARGUMENTS + 8 * argument), *inner]
