"""A file that has taken its decoder over: what it then tries is really tried here, in the process that decodes."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import mmap
import os
import platform
import re
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from backend.core.settings import ROOT
from backend.intake import child
from backend.intake.confinement import landlock, seccomp, service, tables
from backend.intake.confinement.calls import syscall
from backend.intake.confinement.service import Confinement, Offered, offered
from backend.intake.order import Answer, said_account
from tests.backend.intake.test_child import ask, order_of, run_with

SCRATCH = "scratch"  # in the folder that may be written
BUFFER = ctypes.create_string_buffer(4096)


class Place(NamedTuple):
    """What lies around a decoder: its file, its folder, and what is none of its business."""

    source: Path
    folder: Path
    secret: Path
    server: int


def call(name: str, *arguments: Any) -> None:
    """A system call by its name, also one that is new and the same everywhere."""
    known = tables.DENIED | tables.SELF_ONLY | {"io_uring_setup": (425, 425), "pidfd_open": (434, 434)}
    number = known[name][0 if platform.machine() == "x86_64" else 1]
    assert number is not None
    syscall(number, *arguments)


def read_memory(place: Place) -> None:
    with Path(f"/proc/{place.server}/mem").open("rb") as file:
        file.read(0)


def nameless(place: Place) -> None:
    os.close(os.open(place.folder, os.O_TMPFILE | os.O_WRONLY))


def hidden_room(place: Place) -> None:
    with (place.folder / SCRATCH).open("wb") as file:
        call("fallocate", file.fileno(), 1, 0, 4096)  # FALLOC_FL_KEEP_SIZE


def start_thread(_: Place) -> None:
    thread = threading.Thread(target=int)
    try:
        thread.start()
    except RuntimeError as error:
        raise OSError(errno.EAGAIN, "") from error
    thread.join()


def start_process(_: Place) -> None:
    if (copy := os.fork()) == 0:
        os._exit(0)
    os.waitpid(copy, 0)


def become_program(_: Place) -> None:
    os.execv("/bin/true", ["true"])


def signals_for_others(place: Place) -> None:
    with (place.folder / SCRATCH).open("wb") as file:
        fcntl.fcntl(file, fcntl.F_SETOWN, place.server)


def connect(_: Place) -> None:
    with socket.socket() as made:
        made.connect_ex(("127.0.0.1", 9))


class Attempt(NamedTuple):
    """Something that is to fail.

    Attributes:
        run: tries it, and raises ``OSError`` if it is denied.
        by: what denies it: ``landlock``, ``seccomp``, or either.
        otherwise: whether it works without them; not known of what depends on the machine or on being root.
    """

    run: Callable[[Place], object]
    by: str
    otherwise: bool = True


ATTEMPTS = {
    "read the database": Attempt(lambda p: p.secret.read_bytes(), "landlock"),
    "list other uploads": Attempt(lambda p: list(p.folder.parent.iterdir()), "landlock"),
    "list one's own folder": Attempt(lambda p: list(p.folder.iterdir()), "landlock"),
    "read passwords in the server's environment": Attempt(
        lambda p: Path(f"/proc/{p.server}/environ").read_bytes(), "landlock"
    ),
    "read the server's memory": Attempt(read_memory, "landlock"),
    "change the upload": Attempt(lambda p: p.source.open("ab").close(), "landlock"),
    "write elsewhere": Attempt(lambda p: (p.folder.parent / "elsewhere").write_bytes(b"x"), "landlock"),
    "make a link": Attempt(lambda p: (p.folder / "link").symlink_to(p.secret), "either"),
    "make a hard link": Attempt(lambda p: os.link(p.secret, p.folder / "hard"), "either"),
    "make a pipe with a name": Attempt(lambda p: os.mkfifo(p.folder / "pipe"), "either"),
    "make a folder": Attempt(lambda p: (p.folder / "inner").mkdir(), "either"),
    "rename": Attempt(lambda p: (p.folder / "known").rename(p.folder / "other"), "either", otherwise=False),
    "remove": Attempt(lambda p: (p.folder / "known").unlink(), "either", otherwise=False),
    "open up the database": Attempt(lambda p: p.secret.chmod(0o666), "seccomp"),
    "make a file without a name": Attempt(nameless, "seccomp"),
    "take room without a size": Attempt(hidden_room, "seccomp"),
    "open a connection": Attempt(connect, "seccomp"),
    "talk to the queue": Attempt(lambda _: socket.socket(socket.AF_UNIX).close(), "seccomp"),
    "signal the server": Attempt(lambda p: os.kill(p.server, 0), "seccomp"),
    "signal everybody": Attempt(lambda _: call("kill", -1, 0), "seccomp"),
    "signal through a file": Attempt(signals_for_others, "seccomp"),
    "limit the server": Attempt(lambda p: resource.prlimit(p.server, resource.RLIMIT_CPU), "seccomp"),
    "slow the server down": Attempt(lambda p: os.setpriority(os.PRIO_PROCESS, p.server, 19), "seccomp", False),
    "start a process": Attempt(start_process, "seccomp", otherwise=False),
    "start a thread": Attempt(start_thread, "seccomp", otherwise=False),
    "start a program": Attempt(become_program, "either", otherwise=False),
    "leave the group": Attempt(lambda _: os.setsid(), "seccomp"),
    "trace the server": Attempt(lambda p: call("ptrace", 16, p.server, 0, 0), "either", otherwise=False),
    "write into the server": Attempt(
        lambda p: call("process_vm_writev", p.server, BUFFER, 0, BUFFER, 0, 0), "seccomp", otherwise=False
    ),
    "take what the server has open": Attempt(lambda p: call("pidfd_open", p.server, 0), "seccomp"),
    "go around the filter": Attempt(lambda _: call("io_uring_setup", 1, BUFFER), "seccomp", otherwise=False),
    "load into the kernel": Attempt(lambda _: call("bpf", 0, BUFFER, 0), "seccomp", otherwise=False),
    "have a world of one's own": Attempt(lambda _: call("unshare", 0), "seccomp"),
    "share memory": Attempt(lambda _: call("shmget", 0, 4096, 0o600), "seccomp", otherwise=False),
    "raise a limit": Attempt(
        lambda _: resource.setrlimit(resource.RLIMIT_CORE, (4096, 4096)), "either", otherwise=False
    ),
}  # fmt: skip


class Told:
    """An account of something else."""

    def __init__(self, found: dict[str, Any]) -> None:
        self._found = found

    def model_dump(self, mode: str) -> dict[str, Any]:
        assert mode == "json"
        return self._found


def said_json(**found: Any) -> str:
    return json.dumps(said_account(found)) + "\n"


def answer_of(folder: Path, attempts: dict[str, Attempt], monkeypatch: pytest.MonkeyPatch) -> Answer:
    secret = folder / "vitrine.sqlite3"
    secret.write_bytes(b"patients")
    server = os.getpid()

    def work(source: Path, out: Path, *_: Any) -> Told:
        place, found = Place(source, out, secret, server), {}
        (out / "known").write_bytes(b"x")
        for name, attempt in attempts.items():
            try:
                attempt.run(place)
                found[name] = "done"
            except ValueError as error:  # so Python tells of a limit that cannot be raised
                found[name] = str(error)
            except OSError as error:
                found[name] = errno.errorcode[error.errno or 0]
        return Told(found)

    return run_with(monkeypatch, folder, work, output_bytes=2**20)


@pytest.fixture(scope="module")
def confined(tmp_path_factory: pytest.TempPathFactory) -> str:
    with pytest.MonkeyPatch.context() as patch:
        return answer_of(tmp_path_factory.mktemp("confined"), ATTEMPTS, patch).said


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> str:
    harmless = {name: attempt for name, attempt in ATTEMPTS.items() if attempt.otherwise}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child, "confine", lambda *_: None)
        return answer_of(tmp_path_factory.mktemp("free"), harmless, patch).said


def needs(by: str) -> None:
    """Skips where the kernel lacks it, with the reason; that is the machine's, not a tool that could be installed."""
    has = {"landlock": offered().landlock > 0, "seccomp": offered().seccomp}
    if any(has.values()) if by == "either" else has[by]:
        return
    pytest.skip(f"this kernel offers no {by}")


@pytest.mark.parametrize("name", ATTEMPTS)
def test_it_is_denied(confined: str, name: str) -> None:
    needs(ATTEMPTS[name].by)
    outcome = re.search(rf'"{re.escape(name)}": "([^"]+)"', confined)
    assert outcome is not None, confined
    assert outcome[1] != "done"


@pytest.mark.parametrize("name", [name for name, attempt in ATTEMPTS.items() if attempt.otherwise])
def test_it_would_work_otherwise(free: str, name: str) -> None:
    """So that the tests above show what confines, not what was never possible."""
    assert f'"{name}": "done"' in free


def test_decoding_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What codecs need: the upload, files in the folder, libraries that are loaded late, memory, dates, the clock."""

    def work(source: Path, folder: Path, *_: Any) -> Told:
        (folder / "image.png").write_bytes(source.read_bytes())
        (folder / "image.png").write_bytes(b"again")
        import colorsys  # noqa: F401, PLC0415
        import zoneinfo  # noqa: PLC0415

        "ä".encode("cp500")  # an encoding that nobody has used before
        mmap.mmap(-1, 4096).close()
        os.urandom(8)
        return Told({"zones": len(zoneinfo.TZPATH) > 0})

    assert run_with(monkeypatch, tmp_path, work).said == said_json(zones=True)


def test_nothing_of_the_server_stays_open(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the process that forks reads orders, with the site's secret in them, and where it answers."""
    more = (tmp_path / "more").open("wb")

    def work(*_: Any) -> Told:
        open_ones = []
        for handle in range(256):
            try:
                open_ones.append(os.fstat(handle).st_mode)
            except OSError:
                continue
        pipes = [mode for mode in open_ones if mode & 0o170000 == 0o010000]
        return Told({"open": len(open_ones), "pipes": len(pipes), "orders": os.read(0, 10).decode()})

    said = run_with(monkeypatch, tmp_path, work).said
    more.close()
    assert said == said_json(open=4, pipes=1, orders="")


def test_no_rights_of_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def work(*_: Any) -> Told:
        header, state = (
            ctypes.create_string_buffer(struct.pack("=Ii", 0x20080522, 0), 8),
            ctypes.create_string_buffer(24),
        )
        syscall(seccomp.number(tables.OWN, "capget") or 0, header, state)
        return Told({"capabilities": struct.unpack("=6I", state.raw)})

    said = run_with(monkeypatch, tmp_path, work).said
    low, permitted, *others = map(int, re.findall(r"\d+", said))
    assert (low | permitted) & ~0b110 == 0  # reading files whoever owns them, within what Landlock allows
    assert others == [0, 0, 0, 0]


def test_nothing_is_decoded_when_the_kernel_refuses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.EPERM, "")

    monkeypatch.setattr(child, "confine", refuse)
    said = run_with(monkeypatch, tmp_path, lambda *_: Told({"decoded": "it"})).said
    assert "damaged_image" in said
    assert "test_confinement.py" in said  # the place, for the log


def test_data_below_a_folder_with_libraries_is_closed_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    needs("landlock")
    known = service.libraries()
    monkeypatch.setattr(service, "libraries", lambda: (tmp_path, *known))
    said = answer_of(tmp_path, {"read": ATTEMPTS["read the database"]}, monkeypatch).said
    assert "EACCES" in said


# A process that decodes, in which a file starts others that outlive it. As where calls are not filtered.
LEAVES_OTHERS = """
import os, resource, sys, time
from pathlib import Path
from backend.intake import child

def decode(source, folder, *_):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            Path(sys.argv[1]).write_text(str(os.getpid()))
            os.closerange(3, 100)
            time.sleep(600)
        os._exit(0)
    while not Path(sys.argv[1]).exists() or not Path(sys.argv[1]).read_text():
        time.sleep(0.01)
    os._exit(0)

child.decode, child.confine = decode, lambda *_: None
allowed = resource.setrlimit
resource.setrlimit = lambda which, most: which == resource.RLIMIT_NPROC or allowed(which, most)
child.main()
"""


def test_no_process_stays_behind(tmp_path: Path) -> None:
    left = tmp_path / "left"
    with subprocess.Popen(
        [sys.executable, "-P", "-c", LEAVES_OTHERS, str(left)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            assert ask(process, order_of(tmp_path, seconds=20.0)).said == ""
            with pytest.raises(ProcessLookupError):
                os.kill(int(left.read_text()), 0)
        finally:
            process.kill()


# The filter of the other processor, which these tests do not run on.
def answer_for(machine: str, call_number: int, *arguments: int, audit: int | None = None) -> int:
    """What the filter answers: the few instructions that it uses, as the kernel runs them."""
    steps = list(struct.iter_unpack("=HBBI", seccomp.program(machine, own=77)))
    audit = seccomp._PROCESSORS[machine].audit if audit is None else audit
    data = struct.pack("=IIQ6Q", call_number, audit, 0, *arguments, *[0] * (6 - len(arguments)))
    at, value = 0, 0
    while True:
        code, then, otherwise, wanted = steps[at]
        at += 1
        if code == 0x20:
            (value,) = struct.unpack_from("=I", data, wanted)
        elif code == 0x06:
            return int(wanted)
        else:
            met = {0x15: value == wanted, 0x35: value >= wanted, 0x45: bool(value & wanted)}[code]
            at += then if met else otherwise


ALLOW, REFUSE, NOT_THERE, KILL = 0x7FFF0000, 0x50001, 0x50026, 0x80000000


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_filter(machine: str) -> None:
    column = seccomp._PROCESSORS[machine].column

    def answer(table: tables.Numbers, name: str, *arguments: int) -> int:
        number = table[name][column]
        assert number is not None
        return answer_for(machine, number, *arguments)

    for name, numbers in tables.DENIED.items():
        assert numbers[column] is None or answer(tables.DENIED, name) == REFUSE
    for name in tables.NEW_ALLOWED:
        assert answer(tables.NEW_ALLOWED, name) == ALLOW
    for name in ("kill", "tkill", "tgkill"):
        assert [answer(tables.SELF_ONLY, name, number) for number in (77, 78, 0, 2**32 - 1)] == [ALLOW] + [REFUSE] * 3
    assert [answer(tables.SELF_ONLY, "prlimit64", number) for number in (0, 77, 1)] == [ALLOW, ALLOW, REFUSE]
    assert [answer(tables.BY_ARGUMENT, "openat", 3, 0, flags) for flags in (0o102, 0o20200002)] == [ALLOW, REFUSE]
    assert [answer(tables.BY_ARGUMENT, "fcntl", 3, what) for what in (1, 8, 10, 15)] == [ALLOW] + [REFUSE] * 3
    assert answer(tables.BY_ARGUMENT, "ioctl", 0, 0x5412) == REFUSE
    read, write, leave = {"x86_64": (0, 1, 231), "aarch64": (63, 64, 94)}[machine]
    assert [answer_for(machine, number) for number in (read, write, leave)] == [ALLOW] * 3
    assert [answer_for(machine, number) for number in (425, 434, 435, 10_000)] == [NOT_THERE] * 4
    assert answer_for(machine, read, audit=0x40000003) == KILL  # a 32-bit program's numbers mean something else
    if machine == "x86_64":
        assert answer_for(machine, 0x40000000 + 41) == NOT_THERE


@pytest.mark.parametrize(
    ("header", "column"),
    [("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", 0), ("/usr/include/asm-generic/unistd.h", 1)],
    ids=["x86_64", "aarch64"],
)
def test_numbers_are_the_kernels(header: str, column: int) -> None:
    if not Path(header).exists():
        pytest.skip("the kernel's headers (linux-libc-dev) are not installed")
    text = Path(header).read_text("utf-8")
    theirs = {name: int(found) for name, found in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\s", text)}
    for table in (tables.DENIED, tables.SELF_ONLY, tables.BY_ARGUMENT, tables.OWN, tables.NEW_ALLOWED):
        for name, numbers in table.items():
            if numbers[column] is not None and name in theirs:
                assert theirs[name] == numbers[column], name


@pytest.mark.parametrize(
    ("found", "confinement", "words"),
    [
        (Offered(3, True), Confinement.FULL, "Landlock version 3, seccomp"),
        (Offered(0, True), Confinement.PARTIAL, "can read every file"),
        (Offered(1, False), Confinement.PARTIAL, "can open connections"),
        (Offered(0, False), Confinement.LIMITS_ONLY, "every file that the server can; no seccomp"),
    ],
    ids=["full", "no-landlock", "no-seccomp", "neither"],
)
def test_what_is_missing_is_said(found: Offered, confinement: Confinement, words: str) -> None:
    assert found.confinement is confinement
    assert words in found.in_words()


@pytest.mark.parametrize("missing", ["landlock", "seccomp", "both"])
def test_decoding_without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: str) -> None:
    """An older kernel, or a container that forbids it: limits and checks are still there, and files are decoded."""
    less = Offered(0 if missing != "seccomp" else offered().landlock, missing == "landlock" and offered().seccomp)
    monkeypatch.setattr(service, "offered", lambda: less)
    said = run_with(monkeypatch, tmp_path, lambda source, *_: Told({"read": len(source.read_bytes()) > 0})).said
    assert said == said_json(read=True)


def test_a_kernel_without_landlock_offers_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> int:
        raise OSError(errno.ENOSYS, "")

    monkeypatch.setattr(landlock, "syscall", refuse)
    monkeypatch.setattr(seccomp, "syscall", refuse)
    assert (landlock.version(), seccomp.offered()) == (0, False)


def test_a_crash_is_still_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """abort() sends a signal to oneself, which stays allowed."""
    assert run_with(monkeypatch, tmp_path, lambda *_: os.abort()).signal == signal.SIGABRT
