"""Interventions as files, over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.interventions.schemas import InterventionRead
from tests.support.accounts import events
from tests.support.explainer import load_concept_set
from tests.support.images import png
from tests.support.pages import text_of
from tests.support.people import READER, become
from tests.support.server import API, UNKNOWN_ID, Predict, Upload, assert_error
from tests.support.world import Relation, World

OPTIONS = load_concept_set("isic2018").option_ids
PATCHES = (60, 61, 62, 74, 75, 76)


def stored(client: TestClient, prediction_id: str, *edits: dict[str, Any], note: str = "") -> str:
    answer = client.post(f"{API}/predictions/{prediction_id}/interventions", json={"edits": edits, "note": note})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.mark.parametrize(
    ("form", "media_type"),
    [("pdf", "application/pdf"), ("json", "application/json"), ("csv", "text/csv; charset=utf-8")],
)
def test_over_http(client: TestClient, upload: Upload, predict: Predict, form: str, media_type: str) -> None:
    prediction = predict(upload(png(size=(90, 60)), pseudonym="Case 7")["id"])
    edits = (
        {"operation": "option", "option_id": OPTIONS[3]},
        {"operation": "region", "group_key": "shape", "keep": "inside", "patches": list(PATCHES)},
    )
    made = stored(client, prediction["id"], *edits, note="why")
    answer = client.get(f"{API}/interventions/{made}/export", params={"format": form})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == media_type
    name = f'attachment; filename="vitrine-intervention-{made[:8]}.{form}"'
    assert answer.headers["content-disposition"] == name
    if form == "pdf":
        assert "What-if report: Case 7" in text_of(answer.content)
        assert client.get(f"{API}/interventions/{made}/export").content == answer.content
    elif form == "json":
        whole = client.get(f"{API}/interventions/{made}").json()
        assert InterventionRead.model_validate(answer.json()["intervention"]) == InterventionRead.model_validate(whole)
    else:
        assert "Case: Case 7" in answer.text
    first, *_ = found = events(client, "intervention.exported")
    assert first.subject == f"intervention/{made}"
    assert json.loads(first.after or "") == {"case": prediction["case_id"], "format": form}
    client.get(f"{API}/interventions/{made}/export", params={"format": form})
    assert len(events(client, "intervention.exported")) == len(found) + 1  # unlike a view, each time anew


def test_it_can_be_taken_when_the_model_is_gone(client: TestClient, upload: Upload, predict: Predict, zoo: Any) -> None:
    made = stored(client, predict(upload()["id"])["id"], {"operation": "option", "option_id": OPTIONS[3]})
    zoo.editing_error = ValueError("gone")
    assert text_of(client.get(f"{API}/interventions/{made}/export").content)


def test_what_one_does_not_see_cannot_be_taken(client: TestClient) -> None:
    world = World(client)
    case, prediction = world.case(Relation.SHARED, READER)
    made = world.intervention(case, prediction)
    become(client, READER)
    assert client.get(f"{API}/interventions/{made}/export").status_code == 200
    hidden = world.intervention(*world.case(Relation.FOREIGN, READER))
    become(client, READER)
    for identifier in (hidden, UNKNOWN_ID):
        for form in ("pdf", "json", "csv"):
            answer = client.get(f"{API}/interventions/{identifier}/export", params={"format": form})
            assert_error(answer, 404, "intervention_not_found")
    assert_error(client.get(f"{API}/interventions/{made}/export", params={"format": "docx"}), 422, "validation_failed")
