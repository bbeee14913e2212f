"""Labels as a file."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.support.accounts import events
from tests.support.explainer import load_concept_set
from tests.support.labels import Labelled, model_id
from tests.support.people import ADMINISTRATOR, READER, RESEARCHER
from tests.support.server import API, UNKNOWN_ID, assert_error

CONCEPTS = load_concept_set("isic2018")
LABELS = f"{API}/agreement/labels"


@pytest.fixture
def made(client: TestClient) -> dict[str, str]:
    """Two labels of a case whose name a spreadsheet would take for a formula."""
    labelled = Labelled(client, CONCEPTS, model_id(client))
    with labelled.database.writing() as session:
        case = labelled.case(session, ADMINISTRATOR, pseudonym='=HYPERLINK("http://x","y")')
        prediction = labelled.prediction(session, case, (10, 200, 30))
        labelled.label(session, prediction, READER, "nv", {"shape": "shape.round"})
        labelled.label(session, prediction, RESEARCHER, None, {"color": "color.uniform_brown"})
        return {"case": case, "prediction": prediction.id, "class": prediction.predicted_class, "model": labelled.model}


def rows_of(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content)))


def test_a_row_for_each_label(client: TestClient, made: dict[str, str]) -> None:
    answer = client.get(LABELS)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'attachment; filename="vitrine-labels-' in answer.headers["content-disposition"]
    newest, oldest = rows_of(answer.text)
    assert (newest["author"], newest["class_key"], newest["option:color"]) == ("Researcher", "", "color.uniform_brown")
    assert (oldest["author"], oldest["class_key"], oldest["option:shape"]) == ("Reader", "nv", "shape.round")
    assert newest["option:shape"] == ""
    assert oldest["case_id"] == made["case"]
    assert oldest["concept_set_digest"] == CONCEPTS.digest()
    assert oldest["image_sha256"] == "5" * 64
    assert not any(column.startswith("model") for column in oldest)


def test_no_cell_is_a_formula(client: TestClient, made: dict[str, str]) -> None:
    for row in rows_of(client.get(LABELS).text):
        assert row["pseudonym"] == '\'=HYPERLINK("http://x","y")'
        assert not any(value.startswith(("=", "+", "@", "-")) for value in row.values())


def test_with_a_models_answers(client: TestClient, made: dict[str, str]) -> None:
    query = {"model_version_id": made["model"]}
    row = rows_of(client.get(LABELS, params=query).text)[0]
    assert (row["model_prediction_id"], row["model_class_key"]) == (made["prediction"], made["class"])
    keys = [column for column in row if column.startswith("model_option:")]
    assert keys == [f"model_option:{group.key}" for group in CONCEPTS.groups]
    content: dict[str, Any] = client.get(LABELS, params=query | {"format": "json"}).json()
    assert content["notice"] == "Research use only. Not for diagnosis."
    assert content["model"]["name"] == "colour"
    assert content["labels"][1]["options"] == {"shape": "shape.round"}
    said = content["labels"][1]["model"]
    assert said["class_key"] == made["class"]
    assert said["options"] == {key.removeprefix("model_option:"): row[key] for key in keys}


def test_what_is_not_there(client: TestClient) -> None:
    assert rows_of(client.get(LABELS).text) == []
    assert client.get(LABELS, params={"format": "json"}).json()["labels"] == []
    assert_error(client.get(LABELS, params={"model_version_id": UNKNOWN_ID}), 404, "model_not_found")
    assert_error(client.get(LABELS, params={"format": "xml"}), 422, "validation_failed")


def test_taking_them_is_an_event(client: TestClient, made: dict[str, str]) -> None:
    client.get(LABELS, params={"model_version_id": made["model"]})
    client.get(LABELS)
    told = [json.loads(each.after or "") for each in events(client, "labels.exported")]
    assert told == [{"format": "csv", "model_version": made["model"]}, {"format": "csv", "model_version": None}]
