"""Whatever is sent, the server answers as the contract says and never with a 5xx: schemathesis on a live server."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backend.app import create_app
from backend.core.settings import Settings
from backend.openapi import render_openapi
from models.data.adapters.registry import find_adapter
from models.data.importing import import_dataset
from tests.support.datasets import folder_per_class
from tests.support.explainer import ColourZoo, checkpoint_info
from tests.support.images import png
from tests.support.server import API

CONTRACT = schemathesis.openapi.from_dict(json.loads(render_openapi()))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server on a port of its own: in process, every request would run the lifespan again."""
    folder = tmp_path_factory.mktemp("live")
    source, out = folder_per_class(folder / "pets", count=4), folder / "data" / "datasets" / "pets"
    import_dataset(find_adapter("folder"), source, out, "pets")
    app = create_app(
        Settings(data_dir=folder / "data", frontend_dir=folder / "none", log_level="WARNING", prepare_examples=False),
        ColourZoo([checkpoint_info(folder / "model")]),
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def known(live: str) -> dict[str, str]:
    """Ids that exist, so that not every request ends at "not found"."""
    with httpx.Client(base_url=live + API) as client:
        case = client.post("/cases", files={"file": ("a.png", png())}).json()["id"]
        prediction = client.post(f"/cases/{case}/predictions").json()["id"]
        model = client.get("/models").json()["items"][0]["id"]
    return {
        "case_id": case,
        "prediction_id": prediction,
        "model_version_id": model,
        "key": "dermoscopy-nv-1",
        "dataset_id": "synthetic-ultrasound",
    }


@CONTRACT.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_any_request(case: schemathesis.Case, live: str) -> None:
    case.call_and_validate(base_url=live, checks=CHECKS, timeout=20)


@CONTRACT.exclude(method="DELETE").parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_any_request_on_what_exists(case: schemathesis.Case, live: str, known: dict[str, str]) -> None:
    for name, value in known.items():
        if name in case.path_parameters:
            case.path_parameters[name] = value
    case.call_and_validate(base_url=live, checks=CHECKS, timeout=20)


@pytest.mark.parametrize(
    ("path", "headers", "content"),
    [
        ("/cases", {"content-type": "multipart/form-data; boundary=" + "x" * 5000}, b"--x"),
        ("/cases", {"content-type": "application/x-www-form-urlencoded"}, b"file=%ff%fe&notes=%00"),
        ("/cases", {"content-type": "multipart/form-data; boundary=b"}, b"--b\r\n\r\n\r\n--b--"),
        ("/cases", {"content-type": "\xff"}, b""),
        ("/cases/x/predictions", {"content-type": "application/json"}, b"[" * 100_000),
        ("/cases/" + "0" * 32 + "/predictions", {"content-type": "application/json"}, b"[" * 100_000),
    ],
)
def test_odd_bodies(live: str, path: str, headers: dict[str, str], content: bytes) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = httpx.post(live + API + path, headers=encoded, content=content)
    assert 400 <= answer.status_code < 500, answer.text
    assert set(answer.json()) == {"error", "detail"}


def test_too_large_bodies_get_an_answer_over_a_real_connection(live: str) -> None:
    def stream() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        for _ in range(60):
            yield b"\0" * 1024 * 1024

    for body in ({"content": b"\0" * (60 * 1024 * 1024)}, {"content": stream()}):
        options: dict[str, Any] = {"headers": {"content-type": "multipart/form-data; boundary=b"}} | body
        answer = httpx.post(f"{live}{API}/cases", timeout=60, **options)
        assert answer.status_code == 413
        assert answer.json()["error"] == "payload_too_large"


def test_raw_rubbish(live: str) -> None:
    host, port = live.removeprefix("http://").split(":")
    for content in (
        b"\0\0\0",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /api/v1/cases HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    ):
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(4096)
        assert b" 500 " not in answer
    assert httpx.get(f"{live}{API}/health").status_code == 200
