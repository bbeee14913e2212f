"""What a decoder gives up, as far as this kernel can: files, other processes, the network, programs, rights of root."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
import sysconfig
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from backend.intake.confinement import landlock, seccomp
from backend.intake.confinement.calls import (
    PR_CAPBSET_DROP,
    PR_SET_CHILD_SUBREAPER,
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    prctl,
    syscall,
)
from backend.intake.confinement.tables import OWN

_PACKAGE: Final = Path(__file__).resolve().parents[2]
# Codecs and encodings are loaded when a file first needs them.
_SYSTEM: Final = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/usr/share/zoneinfo",
    "/dev/null", "/dev/urandom",
)  # fmt: skip
_CAPABILITIES_VERSION = 0x20080522
_CAPABILITIES = 64
# Kept if the server has them: reaching folders that belong to somebody else. Landlock still says which.
_KEPT = (1 << 1) | (1 << 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


class Confinement(StrEnum):
    """How much of it this kernel can do; limits on memory, time and files are always there."""

    FULL = "full"
    PARTIAL = "partial"
    LIMITS_ONLY = "limits_only"


class Offered(NamedTuple):
    """What the kernel says it can do: the version of Landlock (0: none), and whether it filters system calls."""

    landlock: int
    seccomp: bool

    @property
    def confinement(self) -> Confinement:
        if self.landlock and self.seccomp:
            return Confinement.FULL
        return Confinement.PARTIAL if self.landlock or self.seccomp else Confinement.LIMITS_ONLY

    def in_words(self) -> str:
        """For the log."""
        if self.confinement is Confinement.FULL:
            return (
                f"Uploads are decoded without access to other files, processes and the network "
                f"(Landlock version {self.landlock}, seccomp)."
            )
        missing = []
        if not self.landlock:
            missing.append("no Landlock (Linux 5.13 or later): a decoder can read every file that the server can")
        if not self.seccomp:
            missing.append("no seccomp filter: a decoder can open connections and start programs")
        advice = "Run the server on a kernel, or in a container, that has them; see docs/security.md."
        return f"Decoders of uploads are not fully confined: {'; '.join(missing)}. {advice}"


@cache
def offered() -> Offered:
    """What this kernel can do for processes that are not root. Changes nothing."""
    if sys.platform != "linux":
        return Offered(0, seccomp=False)
    return Offered(landlock.version(), seccomp.offered())


def shield() -> None:
    """For the process that forks: nobody else of the same user looks into it, and orphans of its copies are its own."""
    prctl(PR_SET_DUMPABLE, 0)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_CHILD_SUBREAPER, 1)


@cache
def libraries() -> tuple[Path, ...]:
    """Where code is loaded from: Python's own folders, installed packages, ours and the system's."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    python = [Path(sysconfig.get_path(name)) for name in names] + [Path(sys.base_prefix) / "lib"]
    linked = [Path(each) for each in os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep) if each]
    return tuple(dict.fromkeys([_PACKAGE, *python, *linked, *map(Path, _SYSTEM)]))


def confine(source: Path, folder: Path) -> None:
    """For the copy that decodes one file; cannot be undone. To be called before the file is opened.

    Args:
        source: the file. It can be read, as the libraries can, and nothing else.
        folder: where plain files can be made. Nothing else can be written.

    Raises:
        OSError: the kernel refuses what it said it can do. Nothing may be decoded then.
    """
    can = offered()
    prctl(PR_SET_DUMPABLE, 0)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    _drop_capabilities()
    if can.landlock:
        # Data may lie anywhere, also below a folder with libraries: then that one is closed as well.
        readable = [path for path in libraries() if not folder.is_relative_to(path)]
        landlock.restrict(can.landlock, readable, source, folder)
    if can.seccomp:
        seccomp.install()


def _drop_capabilities() -> None:
    """Of a server that runs as root, as in many containers, or that was given some, such as that to open port 443."""
    get, put = seccomp.number(OWN, "capget"), seccomp.number(OWN, "capset")
    if get is None or put is None:
        return
    for number in range(_CAPABILITIES):
        try:
            prctl(PR_CAPBSET_DROP, number)
        except OSError:  # one that this kernel does not have, or that is gone already
            continue
    header = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITIES_VERSION, 0), 8)
    state = ctypes.create_string_buffer(24)
    syscall(get, header, state)
    effective, permitted, _, *_ = struct.unpack("=6I", state.raw)
    kept = struct.pack("=6I", effective & _KEPT, permitted & _KEPT, 0, 0, 0, 0)
    syscall(put, header, ctypes.create_string_buffer(kept, 24))
