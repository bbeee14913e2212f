"""Two gigabytes at the door: a real server and a real connection, and neither memory nor disk takes them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import uvicorn

from backend.access.dependencies import SESSION_COOKIE
from backend.app import create_app
from backend.core.settings import MIB, Settings
from tests.support.explainer import ColourZoo
from tests.support.people import READER
from tests.support.server import API

TOTAL = 2048 * MIB
LIMIT = 50 * MIB  # the default
PART = b"\0" * MIB
HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n\x89PNG\r\n\x1a\n'
# The limit, as much again that is thrown away so that the client hears the answer, and what lies in sockets.
MOST_TAKEN = 2 * LIMIT + 32 * MIB
MOST_MEMORY = 48 * MIB
MOST_DISK = LIMIT + 4 * MIB


@pytest.fixture
def address(settings: Settings, zoo: ColourZoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a server whose temporary files lie below ``tmp_path`` as well."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(create_app(settings, zoo), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(30)


class Held:
    """The most memory and disk that were taken meanwhile, beyond what was before."""

    memory = disk = 0


@contextmanager
def watched(folder: Path) -> Iterator[Held]:
    held, done = Held(), threading.Event()
    memory, disk = _memory(), _disk(folder)

    def look() -> None:
        while not done.wait(0.01):
            held.memory = max(held.memory, _memory() - memory)
            held.disk = max(held.disk, _disk(folder) - disk)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield held
    finally:
        done.set()
        watcher.join()


def _memory() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096


def _disk(folder: Path) -> int:
    """What lies in a folder, and what this process has open there without a name, as spooled uploads are."""
    total = 0
    for path in [*folder.rglob("*"), *Path("/proc/self/fd").iterdir()]:
        with suppress(OSError):
            inside = path.is_relative_to(folder) or str(path.readlink()).startswith(str(folder))
            if inside and path.is_file():
                total += path.stat().st_blocks * 512
    return total


def send(port: int, framing: str) -> tuple[int, bytes]:
    """Sends two gigabytes, or as much as is taken; how much that was, and the answer."""
    told = f"Content-Length: {TOTAL}" if framing == "declared" else "Transfer-Encoding: chunked"
    head = (
        f"POST {API}/cases HTTP/1.1\r\nHost: localhost\r\n{told}\r\nX-Vitrine: 1\r\n"
        f"Cookie: {SESSION_COOKIE}={READER.secret}\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n"
    )
    sent = 0
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(head.encode())
        with suppress(ConnectionError):
            for part in parts(framing):
                connection.sendall(part)
                sent += len(part)
        answer = b""
        with suppress(ConnectionError):
            while more := connection.recv(65536):
                answer += more
    return sent, answer


def parts(framing: str) -> Iterator[bytes]:
    for part in (HEAD, *([PART] * (TOTAL // len(PART)))):
        yield part if framing == "declared" else b"%x\r\n%b\r\n" % (len(part), part)
    if framing == "chunked":
        yield b"0\r\n\r\n"


@pytest.mark.parametrize("framing", ["declared", "chunked"])
def test_two_gigabytes(address: int, settings: Settings, tmp_path: Path, framing: str) -> None:
    assert settings.max_upload_bytes == LIMIT
    with watched(tmp_path) as held:
        sent, answer = send(address, framing)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"payload_too_large" in answer
    assert b"50 MiB" in answer
    assert sent <= MOST_TAKEN
    assert held.memory <= MOST_MEMORY
    assert held.disk <= MOST_DISK
    assert not settings.intake_dir.exists() or list(settings.intake_dir.iterdir()) == []
    assert _disk(tmp_path / "temporary") == 0
