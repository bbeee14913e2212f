"""Whatever is sent, by whomever, the server answers as the contract says and never with a 5xx.

``test_contract_known`` does the same with ids that exist, in a file of its own so that two processes share the work.
"""

from __future__ import annotations

import json
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
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

from backend.access.dependencies import PAGE_HEADER, SESSION_COOKIE
from backend.app import create_app
from backend.auth.secrets import digest
from backend.core.settings import Settings
from backend.db.base import new_id, now
from backend.db.session import Database
from backend.db.tables import UserSession
from backend.openapi import render_openapi
from models.data.adapters.registry import find_adapter
from models.data.importing import import_dataset
from tests.support.datasets import folder_per_class
from tests.support.explainer import ColourZoo, checkpoint_info
from tests.support.images import png
from tests.support.people import ADMINISTRATOR, COORDINATOR, READER, RESEARCHER, TEAM, Person
from tests.support.server import API

CONTRACT = schemathesis.openapi.from_dict(json.loads(render_openapi()))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


ROLES = (ADMINISTRATOR, RESEARCHER, COORDINATOR, READER)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live") / "data"


@pytest.fixture(scope="module")
def live(data_dir: Path, migrated_database: Path) -> Iterator[str]:
    """A real server on a port of its own: in process, every request would run the lifespan again."""
    folder = data_dir.parent
    data_dir.mkdir()
    shutil.copy(migrated_database, data_dir)
    source, out = folder_per_class(folder / "pets", count=4), data_dir / "datasets" / "pets"
    import_dataset(find_adapter("folder"), source, out, "pets")
    app = create_app(
        Settings(
            data_dir=data_dir,
            frontend_dir=folder / "none",
            log_level="WARNING",
            prepare_examples=False,
            embedded_worker=False,
        ),
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


def signed_in(data_dir: Path, person: Person) -> dict[str, str]:
    """The headers of a browser with a new session."""
    secret, later = new_id(), now() + timedelta(hours=1)
    row = UserSession(user_id=person.id, token_hash=digest(secret), method="password", address="", browser="")
    row.expires_at = later
    database = Database(f"sqlite:///{data_dir / 'vitrine.sqlite3'}")
    with database.writing() as session:
        session.add(row)
    database.close()
    return {"cookie": f"{SESSION_COOKIE}={secret}", PAGE_HEADER: "1"}


@pytest.fixture(scope="module")
def known(live: str, data_dir: Path) -> dict[str, str]:
    """Ids that exist and that everybody sees, so that not every request ends at "not found"."""
    with httpx.Client(base_url=live + API, headers=signed_in(data_dir, ADMINISTRATOR)) as client:
        case = client.post("/cases", files={"file": ("a.png", png())}).json()["id"]
        client.put(f"/cases/{case}/sharing", json={"visibility": "open"})
        prediction = client.post(f"/cases/{case}/predictions").json()["id"]
        intervention = client.post(f"/predictions/{prediction}/interventions", json={"edits": []}).json()["id"]
        model = client.get("/models").json()["items"][0]["id"]
        concepts = client.get("/concept-sets").json()["items"][0]["latest"]
        invited = {"email": "new@hospital.example", "name": "New", "role": "reader"}
        person = client.post("/people", json=invited).json()["person"]["id"]
    return {
        "case_id": case,
        "prediction_id": prediction,
        "intervention_id": intervention,
        "model_version_id": model,
        "concept_set_id": concepts["concept_set_id"],
        "revision_id": concepts["id"],
        "other_id": concepts["id"],
        "key": "dermoscopy-nv-1",
        "dataset_id": "synthetic-ultrasound",
        "person_id": person,
        "group_id": TEAM,
    }


@pytest.fixture
def headers(live: str, person: Person | None, data_dir: Path) -> dict[str, str]:
    """Of a session of its own: some requests end the session that they come with."""
    return signed_in(data_dir, person) if person else {}


def bounded(examples: int) -> settings:
    """So many random requests, the same at each run."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def name_of(person: Person | None) -> str:
    return person.role.value if person else "stranger"


# The roles between differ in what they may, not in what is read of a request: test_contract_known has them all.
@pytest.mark.parametrize("person", [ADMINISTRATOR, READER, None], ids=name_of)
@CONTRACT.parametrize()
@bounded(6)
def test_any_request(case: schemathesis.Case, live: str, headers: dict[str, str], person: Person | None) -> None:
    case.call_and_validate(base_url=live, checks=CHECKS, headers=headers, timeout=20)


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
def test_odd_bodies(live: str, data_dir: Path, path: str, headers: dict[str, str], content: bytes) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    encoded |= {name: value.encode() for name, value in signed_in(data_dir, ADMINISTRATOR).items()}
    answer = httpx.post(live + API + path, headers=encoded, content=content)
    assert 400 <= answer.status_code < 500, answer.text
    assert set(answer.json()) == {"error", "detail"}


def test_too_large_bodies_get_an_answer_over_a_real_connection(live: str, data_dir: Path) -> None:
    def stream() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        for _ in range(60):
            yield b"\0" * 1024 * 1024

    for body in ({"content": b"\0" * (60 * 1024 * 1024)}, {"content": stream()}):
        options: dict[str, Any] = {
            "headers": {**signed_in(data_dir, ADMINISTRATOR), "content-type": "multipart/form-data; boundary=b"}
        } | body
        answer = httpx.post(f"{live}{API}/cases", timeout=60, **options)
        assert answer.status_code == 413
        assert answer.json()["error"] == "payload_too_large"
        options["headers"] = {"content-type": "multipart/form-data; boundary=b"}
        assert httpx.post(f"{live}{API}/cases", timeout=60, **options).status_code == 401  # and nothing was kept


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
