"""The contract that is checked in is the one the code has."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import backend
from backend.openapi import render_openapi
from tests.support.server import API

CHECKED_IN = Path(backend.__file__).parent / "openapi.json"


@pytest.fixture(scope="module")
def contract() -> Any:
    return json.loads(render_openapi())


def operations(contract: Any) -> list[tuple[str, Any]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in contract["paths"].items()
        for method, operation in methods.items()
    ]


def test_file_is_not_stale() -> None:
    advice = "run: python -m backend.openapi > backend/openapi.json"
    assert CHECKED_IN.read_text("utf-8") == render_openapi(), advice


def test_the_command_prints_it_whatever_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VITRINE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("VITRINE_HOST", "0.0.0.0")
    printed = subprocess.run([sys.executable, "-m", "backend.openapi"], capture_output=True, check=True, text=True)
    assert printed.stdout == render_openapi()
    assert list(tmp_path.iterdir()) == []  # printing makes no folders


def test_the_server_hands_it_out(client: TestClient) -> None:
    served = client.get(f"{API}/openapi.json").json()
    assert served["paths"] == json.loads(render_openapi())["paths"]


def test_operation_ids_are_short_and_unique(contract: Any) -> None:
    ids = [operation["operationId"] for _, operation in operations(contract)]
    assert len(ids) == len(set(ids))
    assert {"list_cases", "create_case", "create_prediction", "get_prediction_map", "get_health"} <= set(ids)
    assert all(len(name) < 30 and name.islower() for name in ids)


def test_every_operation_has_a_tag_and_declares_errors_in_our_form(contract: Any) -> None:
    for name, operation in operations(contract):
        assert len(operation["tags"]) == 1, name
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert answer["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorRead"), (name, status)
    assert "HTTPValidationError" not in contract["components"]["schemas"]


def test_read_schemas_have_no_defaults(contract: Any) -> None:
    """What clients send may leave fields out, also where the server sends the same back."""
    schemas = contract["components"]["schemas"]
    sent = _reachable(schemas, *(operation.get("requestBody") for _, operation in operations(contract)))
    read = {name: schema for name, schema in schemas.items() if name not in sent and "properties" in schema}
    assert len(read) > 150
    for name, schema in read.items():
        assert set(schema.get("required", ())) == set(schema["properties"]), name


def _reachable(schemas: Any, *roots: Any) -> set[str]:
    """Names of the schemas that something refers to, directly or not."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        names = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(waiting.pop()))) - found
        found |= names
        waiting += [schemas[name] for name in names]
    return found


def test_choices_are_enumerated(contract: Any) -> None:
    schemas = contract["components"]["schemas"]
    assert schemas["MapKind"]["enum"] == ["gradcam", "magnet", "index"]
    assert schemas["Colormap"]["enum"] == ["viridis", "cividis", "inferno", "jet", "gray"]
    assert schemas["MapLayer"]["enum"] == ["overlay", "map"]
    assert schemas["MapFormat"]["enum"] == ["json", "png"]
    assert schemas["SourceFormat"]["enum"] == ["png", "jpeg", "tiff", "webp", "bmp", "jpeg2000", "dicom"]
    assert schemas["HealthStatus"]["enum"] == ["ok", "starting", "degraded"]
