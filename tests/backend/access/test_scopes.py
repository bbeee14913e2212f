"""A token for cases alone: what takes a model as well refuses it, rather than fail for want of one."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.access.permissions import Permission
from tests.support.accounts import add_token
from tests.support.people import ADMINISTRATOR, become
from tests.support.server import API, Predict, Upload, assert_error

RECOMPUTES: list[tuple[str, str, dict[str, Any] | None]] = [
    ("GET", "/agreement", None),
    ("GET", "/predictions/{}/checks", None),
    ("POST", "/predictions/{}/counterfactuals", {"wanted_class": "nv"}),
    ("POST", "/predictions/{}/interventions/preview", {"edits": []}),
]


@pytest.mark.parametrize(("method", "path", "body"), RECOMPUTES)
def test_what_takes_a_model(
    client: TestClient, upload: Upload, predict: Predict, method: str, path: str, body: dict[str, Any] | None
) -> None:
    prediction = predict(upload()["id"])["id"]
    assert client.put(f"{API}/predictions/{prediction}/label", json={"class_key": "nv"}).status_code == 200
    alone, both = (
        add_token(client, ADMINISTRATOR, [Permission.CASES_READ, *more]) for more in ((), (Permission.MODELS_READ,))
    )
    become(client, None)
    address = API + path.format(prediction)
    assert_error(client.request(method, address, json=body, headers=alone), 403, "not_allowed")
    assert client.request(method, address, json=body, headers=both).status_code == 200
