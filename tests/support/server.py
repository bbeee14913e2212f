"""Names that tests of the HTTP interface share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from backend.resources import Resources

API = "/api/v1"
StartServer = Callable[..., TestClient]
Upload = Callable[..., dict[str, Any]]
Predict = Callable[..., dict[str, Any]]

UNKNOWN_ID = "0" * 32


def resources_of(client: TestClient) -> Resources:
    """What the server behind this client works with."""
    found: Resources = client.app.state.resources  # type: ignore[attr-defined]
    return found


def stored_files(client: TestClient) -> set[str]:
    """Every file in the storage, relative to it."""
    root: Path = resources_of(client).settings.storage_dir
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def assert_error(answer: Response, status: int, code: str) -> str:
    """The answer is this error, in the contract's form; returns the sentence."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"error", "detail"}
    assert body["error"] == code
    detail: str = body["detail"]
    assert len(detail) > 15
    return detail
