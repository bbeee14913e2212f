"""Landlock: which files a process may open from now on, and that it reaches no other process and no network.

Linux since 5.13, see landlock(7). Each version of the interface adds rights that can be denied; what an older kernel
does not know stays allowed.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from backend.intake.confinement.calls import syscall

# These numbers are the same on all processors.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_RULE_PATH_BENEATH = 1

_WRITE_FILE, _READ_FILE, _READ_DIR, _MAKE_REG, _TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 8, 1 << 14
# By version: how many rights over files there are.
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NETWORK_SINCE, _CONNECT_AND_BIND = 4, 0b11
_SCOPE_SINCE, _SOCKETS_AND_SIGNALS = 6, 0b11


def version() -> int:
    """Of the interface that this kernel offers; 0: none, or it is switched off."""
    try:
        return syscall(_CREATE_RULESET, 0, 0, _ASK_VERSION)
    except OSError:
        return 0


def restrict(known: int, readable: Sequence[Path], source: Path, folder: Path) -> None:
    """From now on this process, and what it starts, opens only these. Needs ``no_new_privs``.

    Args:
        known: what ``version`` says.
        readable: folders and files that may be read, with all in them; those that are not there are left out.
        source: one file that may be read.
        folder: in which plain files may be made and written. Nothing in it can be read, renamed or removed.

    Raises:
        OSError: the kernel refuses.
    """
    handled = (1 << _FILE_RIGHTS[min(known, max(_FILE_RIGHTS))]) - 1
    network = _CONNECT_AND_BIND if known >= _NETWORK_SINCE else 0
    scopes = _SOCKETS_AND_SIGNALS if known >= _SCOPE_SINCE else 0
    attributes = ctypes.create_string_buffer(struct.pack("=QQQ", handled, network, scopes), 24)
    rules = syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for path in readable:
            with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                _allow(rules, path, _READ_FILE | (_READ_DIR if path.is_dir() else 0))
        _allow(rules, source, _READ_FILE)
        _allow(rules, folder, (_WRITE_FILE | _MAKE_REG | _TRUNCATE) & handled)
        syscall(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: Path, rights: int) -> None:
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, handle), 12)
        syscall(_ADD_RULE, rules, _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(handle)
