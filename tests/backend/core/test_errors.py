"""Errors in the contract's form."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from backend.cases.errors import CaseNotFound
from backend.core.errors import AppError, PayloadTooLarge, error_responses
from backend.predictions.errors import PredictionNotFound
from tests.support.server import API, Upload, assert_error


def test_errors_of_one_status_are_declared_together() -> None:
    declared = error_responses(CaseNotFound, PredictionNotFound, PayloadTooLarge)
    assert list(declared) == [404, 413]
    assert "case_not_found" in declared[404]["description"]
    assert "prediction_not_found" in declared[404]["description"]


def subclasses(kind: type[AppError]) -> list[type[AppError]]:
    found = kind.__subclasses__()
    return found + [deeper for child in found for deeper in subclasses(child)]


@pytest.mark.parametrize("error", subclasses(AppError), ids=lambda error: error.code)
def test_every_error_says_what_it_is(error: type[AppError]) -> None:
    assert error.code.replace("_", "").isalnum()
    assert error.code == error.code.lower()
    assert error.summary.endswith(".")
    assert 400 <= error.status < 600


def test_codes_are_not_shared() -> None:
    codes = [error.code for error in subclasses(AppError)]
    assert len(codes) == len(set(codes))


def test_invalid_fields_are_named_and_not_echoed(client: TestClient, upload: Upload) -> None:
    answer = client.patch(f"{API}/cases/{upload()['id']}", json={"pseudonym": "secret" * 100, "colour": 1})
    detail = assert_error(answer, 422, "validation_failed")
    assert "pseudonym" in detail
    assert "colour" in detail
    assert "secret" not in detail


def test_many_faults_make_a_short_sentence(client: TestClient, upload: Upload) -> None:
    answer = client.patch(f"{API}/cases/{upload()['id']}", json={f"field{number}": 1 for number in range(100)})
    assert len(assert_error(answer, 422, "validation_failed")) < 1001


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'{"notes": "\\ud800"}', b"[]", b"null", b'"x"', b"1e999"])
def test_broken_json(client: TestClient, upload: Upload, content: bytes) -> None:
    answer = client.patch(
        f"{API}/cases/{upload()['id']}", content=content, headers={"content-type": "application/json"}
    )
    assert 400 <= answer.status_code < 500
    assert set(answer.json()) == {"error", "detail"}


def test_field_names_with_lone_surrogates(client: TestClient, upload: Upload) -> None:
    answer = client.patch(
        f"{API}/cases/{upload()['id']}", content=b'{"\\ud800": 1}', headers={"content-type": "application/json"}
    )
    assert 400 <= answer.status_code < 500
