"""Asking for batches."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

from tests.support.datasets import wait_for
from tests.support.server import API

BATCHES = f"{API}/intervention-batches"
EDITS = [{"operation": "class_mean", "option_id": "border.fading", "reference_class": "nv"}]


def batch_body(client: TestClient, **changes: Any) -> dict[str, Any]:
    """A batch over the procedural images, with the only model there is."""
    (model,) = client.get(f"{API}/models").json()["items"]
    return {"dataset_id": "synthetic-dermoscopy", "model_version_id": model["id"], "edits": EDITS} | changes


def start_batch(client: TestClient, **changes: Any) -> dict[str, Any]:
    """The batch as it was answered."""
    answer = client.post(BATCHES, json=batch_body(client, **changes))
    assert answer.status_code == 202, answer.text
    started: dict[str, Any] = answer.json()
    return started


def read_batch(client: TestClient, batch: dict[str, Any]) -> dict[str, Any]:
    """As it is now."""
    found: dict[str, Any] = client.get(f"{BATCHES}/{batch['id']}").json()
    return found


def wait_for_end(client: TestClient, batch: dict[str, Any], status: str, seconds: float = 60) -> dict[str, Any]:
    """The batch once it has ended; fails when it ended otherwise."""

    def ended() -> dict[str, Any] | None:
        found = read_batch(client, batch)
        return found if found["status"] not in ("queued", "running") else None

    found: dict[str, Any] = wait_for(ended, seconds)
    assert found["status"] == status, found
    return found
