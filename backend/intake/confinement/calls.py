"""Linux's own calls that Python has no function for."""

from __future__ import annotations

import ctypes
import os
from typing import Any

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.syscall.restype = ctypes.c_long

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38


def syscall(number: int, *arguments: int | ctypes.Array[Any]) -> int:
    """Calls the kernel.

    Args:
        number: of the call, for this processor.
        arguments: whole numbers, and buffers, of which the address is passed.

    Raises:
        OSError: with the kernel's number of the error.
    """
    given = [ctypes.c_long(each) if isinstance(each, int) else ctypes.byref(each) for each in arguments]
    result: int = _LIBC.syscall(ctypes.c_long(number), *given)
    if result < 0:
        raise _error()
    return result


def prctl(option: int, value: int) -> None:
    """Changes something about this process. Raises ``OSError``."""
    zero = ctypes.c_ulong(0)
    if _LIBC.prctl(option, ctypes.c_ulong(value), zero, zero, zero) < 0:
        raise _error()


def _error() -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number))
