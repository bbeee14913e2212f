"""A script's view of a Vitrine server: requests with a token, jobs that are waited for, and a server of one's own."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

SCOPES = ("models:read", "models:activate", "training:write", "concepts:write", "datasets:write")
_ENDS = ("succeeded", "failed", "cancelled")
_POLL = 0.5  # seconds
_READY = re.compile(r"Vitrine is ready:\s+(http\S+)")
_EMAIL = "loop@localhost"
Watch = Callable[[dict[str, Any]], None]


class ApiError(Exception):
    """The server refused, or a job ended badly; the message is the server's."""


class Api:
    """The HTTP API of a server, as anybody with a token may use it.

    Args:
        server: such as http://127.0.0.1:8000.
        token: with ``SCOPES``.
    """

    def __init__(self, server: str, token: str) -> None:
        headers = {"authorization": f"Bearer {token}"}
        self._client = httpx.Client(base_url=f"{server.rstrip('/')}/api/v1", headers=headers, timeout=120)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: TracebackType | None) -> None:
        self._client.close()

    def get(self, path: str, /, **query: Any) -> Any:
        """What a path answers. Raises ``ApiError``."""
        return self._answer(self._client.get(path, params=query))

    def post(self, path: str, /, **body: Any) -> Any:
        """What a path answers to a body. Raises ``ApiError``."""
        return self._answer(self._client.post(path, json=body))

    def wait(self, path: str, watch: Watch = lambda _: None) -> dict[str, Any]:
        """A job or an import, once it has succeeded.

        Args:
            path: of the job, or of the data set.
            watch: is shown what the path answers meanwhile.

        Raises:
            ApiError: it failed, or somebody cancelled it.
        """
        while True:
            found: dict[str, Any] = self.get(path)
            watch(found)
            if found["status"] in ("succeeded", "ready"):
                return found
            if found["status"] in _ENDS:
                raise ApiError(f"{path} {found['status']}: {found.get('error') or 'no reason given'}")
            time.sleep(_POLL)

    @staticmethod
    def _answer(answer: httpx.Response) -> Any:
        if answer.is_success:
            return answer.json()
        try:
            detail = answer.json()["detail"]
        except (ValueError, KeyError):
            detail = answer.text[:500]
        raise ApiError(f"{answer.request.method} {answer.request.url.path}: {answer.status_code}, {detail}")


@contextmanager
def private_server(
    data_dir: Path, import_dir: Path, scopes: Sequence[str] = SCOPES, **variables: str
) -> Iterator[tuple[str, str]]:
    """A server with queue and workers of its own, stopped at the end; its address and a token.

    Args:
        data_dir: of the server; may hold models already.
        import_dir: whose data sets it may import.
        scopes: of the token.
        variables: more settings, as the environment has them.

    Raises:
        ApiError: it does not start; the message has what it said.
    """
    password = secrets.token_urlsafe(24)
    environment = os.environ | {
        "VITRINE_DATA_DIR": str(data_dir),
        "VITRINE_IMPORT_DIRS": str(import_dir),
        "VITRINE_ADMIN_EMAIL": _EMAIL,
        "VITRINE_ADMIN_PASSWORD": password,
        "VITRINE_PREPARE_EXAMPLES": "false",
        "PYTHONUNBUFFERED": "1",
        **variables,
    }
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = data_dir / "server.log"
    command = [sys.executable, "-c", "from backend.cli.main import app; app()", "serve", "--port", "0"]
    with log.open("wb") as stream:
        process = subprocess.Popen(command, env=environment, stdout=stream, stderr=subprocess.STDOUT)
    try:
        address = _address(process, log)
        yield address, _token(address, password, scopes)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(process: subprocess.Popen[bytes], log: Path, patience: float = 120) -> str:
    end = time.monotonic() + patience
    while True:
        told = log.read_text("utf-8", "replace")
        if found := _READY.search(told):
            return found[1]
        if process.poll() is not None or time.monotonic() > end:
            raise ApiError(f"the server does not start: {told[-2000:]}")
        time.sleep(0.1)


def _token(address: str, password: str, scopes: Sequence[str]) -> str:
    """As somebody makes one in the page."""
    body: Mapping[str, Any] = {"name": "benchmark", "scopes": list(scopes), "days": 1}
    with httpx.Client(base_url=f"{address}/api/v1", headers={"x-vitrine": "1"}, timeout=60) as client:
        signed_in = client.post("/auth/login", json={"email": _EMAIL, "password": password})
        made = client.post("/account/tokens", json=body)
    for answer in (signed_in, made):
        if not answer.is_success:
            raise ApiError(f"{answer.request.url.path}: {answer.status_code}, {answer.text[:500]}")
    return str(made.json()["token"])
