"""A private PostgreSQL server for tests, from the binaries that are installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_USERS = ("postgres", "nobody")


def require_postgres() -> None:
    """Skips where PostgreSQL is not installed; in CI that is a failure."""
    missing = [name for name in ("initdb", "pg_ctl") if shutil.which(name) is None]
    if not missing:
        return
    reason = f"{' and '.join(missing)} not found: install PostgreSQL and put its binaries on the PATH"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def postgres() -> Iterator[str]:
    """The SQLAlchemy URL of a server that exists as long as the block."""
    folder = Path(tempfile.mkdtemp(prefix="vitrine-postgres-"))
    prefix: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        user = next(name for name in _USERS if _exists(name))
        shutil.chown(folder, user)
        prefix = ["runuser", "-u", user, "--"]
    port = _free_port()
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off"
    try:
        _run([*prefix, "initdb", "-D", f"{folder}/data", "-U", "vitrine", "-A", "trust", "--no-sync"])
        _run([*prefix, "pg_ctl", "-D", f"{folder}/data", "-l", f"{folder}/log", "-o", options, "-w", "start"])
        try:
            yield f"postgresql+psycopg://vitrine@127.0.0.1:{port}/postgres"
        finally:
            _run([*prefix, "pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout}"


def _exists(user: str) -> bool:
    return subprocess.run(["id", user], capture_output=True, check=False).returncode == 0


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
