"""/health says what is the matter."""

from __future__ import annotations

import threading
import time

import pytest
from fastapi.testclient import TestClient

from backend import app
from backend.health.service import app_version
from backend.intake.confinement.service import offered
from tests.support.explainer import ColourZoo
from tests.support.images import png
from tests.support.server import API, StartServer, resources_of


def health(client: TestClient) -> dict[str, object]:
    answer = client.get(f"{API}/health")
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


def settled(client: TestClient) -> dict[str, object]:
    """Once nothing is loading any more."""
    end = time.monotonic() + 5
    while (found := health(client))["status"] == "starting" or resources_of(client).inference.state == "starting":
        assert time.monotonic() < end
        time.sleep(0.01)
    return found


def test_ok(client: TestClient) -> None:
    settled(client)
    assert health(client) == {
        "status": "ok",
        "version": app_version(),
        "database": "ok",
        "queue": "off",
        "active_models": 1,
        "max_upload_bytes": resources_of(client).settings.max_upload_bytes,
        "decoding": offered().confinement,
    }


def test_starting(start_server: StartServer, zoo: ColourZoo) -> None:
    zoo.loading_gate = threading.Event()
    client = start_server()
    assert health(client)["status"] == "starting"  # also before the models are known
    resources_of(client).inference.wait_until_registered()
    assert health(client)["status"] == "starting"
    zoo.loading_gate.set()
    assert settled(client)["status"] == "ok"


def test_degraded_without_a_model(start_server: StartServer) -> None:
    client = start_server(zoo=ColourZoo([]))
    found = settled(client)
    assert (found["status"], found["active_models"]) == ("degraded", 0)


def test_degraded_when_the_model_does_not_load(start_server: StartServer, zoo: ColourZoo) -> None:
    zoo.loading_error = ValueError("damaged")
    assert settled(start_server())["status"] == "degraded"


def test_degraded_when_the_database_is_gone(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    settled(client)
    monkeypatch.setattr(type(resources_of(client).database), "is_available", lambda _: False)
    found = health(client)
    assert (found["status"], found["database"]) == ("degraded", "unavailable")


def test_it_answers_while_every_thread_is_busy(
    start_server: StartServer, zoo: ColourZoo, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setattr(app, "REQUEST_THREADS", 2)
    client = start_server()
    settled(client)
    zoo.explainer.gate = threading.Event()

    case = client.post(f"{API}/cases", files={"file": ("a.png", png())}).json()
    threads = [threading.Thread(target=client.post, args=(f"{API}/cases/{case['id']}/predictions",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    while resources_of(client).inference.waiting < 1:
        time.sleep(0.01)
    assert health(client)["status"] == "ok"
    zoo.explainer.gate.set()
    for thread in threads:
        thread.join()
