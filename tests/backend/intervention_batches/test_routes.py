"""What may be asked for, and what comes back."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.intervention_batches.rows import NOTICE, pack, unpack
from tests.support.accounts import events
from tests.support.batches import BATCHES, EDITS, batch_body, start_batch, wait_for_end
from tests.support.fake_batch import HANG, ROWS_OF, SUCCEED
from tests.support.people import ADMINISTRATOR, RESEARCHER, become
from tests.support.server import UNKNOWN_ID, assert_error


def test_what_was_asked_for_is_kept_with_every_field(fake: TestClient) -> None:
    become(fake, RESEARCHER)
    asked = {"split": "all", "predicted_class": "mel", "minimum_probability": 0.9, "limit": 50, "seed": HANG}
    batch = start_batch(fake, **asked)
    assert {name: batch[name] for name in asked} == asked
    assert batch["dataset_id"] == "synthetic-dermoscopy"
    assert batch["created_by"] == {"id": RESEARCHER.id, "name": "Researcher"}
    (edit,) = batch["edits"]
    assert edit == EDITS[0] | dict.fromkeys(("value", "group_key", "keep", "patches"))
    later = start_batch(fake)
    become(fake, ADMINISTRATOR)
    items = fake.get(BATCHES).json()["items"]
    assert [item["id"] for item in items] == [later["id"], batch["id"]]
    assert items[1]["edits"] == batch["edits"]
    (event,) = [e for e in events(fake, "intervention_batch.created") if e.subject.endswith(batch["id"])]
    assert event.actor == RESEARCHER.email


@pytest.mark.parametrize(
    ("changes", "status", "code", "words"),
    [
        ({"edits": [{"operation": "mean", "option_id": "border.none"}]}, 400, "bad_edit", "edit 1: there is no option"),
        (
            {"edits": [*EDITS, {"operation": "set", "option_id": "border.fading"}]},
            400,
            "bad_edit",
            "edit 2: 'set' needs",
        ),
        (
            {"edits": [{"operation": "class_mean", "option_id": "border.fading", "reference_class": "cat"}]},
            400,
            "bad_edit",
            "edit 1: 'class_mean' needs a reference class, one of mel",
        ),
        (
            {"edits": [*EDITS, {"operation": "region", "group_key": "border", "keep": "inside", "patches": [1]}]},
            400,
            "bad_edit",
            "edit 2: a region is of one image",
        ),
        ({"predicted_class": "cat"}, 400, "unknown_class", "it knows mel"),
        ({"dataset_id": "none"}, 404, "dataset_not_found", ""),
        ({"model_version_id": UNKNOWN_ID}, 404, "model_not_found", ""),
        ({"edits": []}, 422, "validation_failed", "edits"),
        ({"split": "half"}, 422, "validation_failed", "split"),
        ({"minimum_probability": 1.5}, 422, "validation_failed", "minimum_probability"),
        ({"limit": 0}, 422, "validation_failed", "limit"),
        ({"seed": -1}, 422, "validation_failed", "seed"),
        ({"images": 3}, 422, "validation_failed", "images"),
    ],
)
def test_what_cannot_be_done_is_refused_at_once(
    fake: TestClient, changes: dict[str, Any], status: int, code: str, words: str
) -> None:
    answer = fake.post(BATCHES, json=batch_body(fake, **changes))
    assert words in assert_error(answer, status, code)
    assert fake.get(BATCHES).json()["items"] == []


def test_a_batch_that_is_not_there(fake: TestClient) -> None:
    for answer in (
        fake.get(f"{BATCHES}/{UNKNOWN_ID}"),
        fake.post(f"{BATCHES}/{UNKNOWN_ID}/cancel"),
        fake.get(f"{BATCHES}/{UNKNOWN_ID}/export"),
    ):
        assert_error(answer, 404, "batch_not_found")


def test_the_rows_as_csv(fake: TestClient) -> None:
    batch = wait_for_end(fake, start_batch(fake, seed=SUCCEED), "succeeded")
    answer = fake.get(f"{BATCHES}/{batch['id']}/export", params={"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert f"vitrine-batch-{batch['id'][:8]}.csv" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [row["image"] for row in rows] == ["'=a.png", "b.png"]  # no spreadsheet takes it for a formula
    assert [(row["class"], row["predicted_after"], row["flipped"]) for row in rows] == [
        ("mel", "mel", "0"),
        ("", "nv", "1"),
    ]
    assert {(row["before:mel"], row["after:mel"], row["synthetic"], row["notice"]) for row in rows} == {
        ("0.75", "0.5", "1", NOTICE)
    }


def test_the_rows_as_json(fake: TestClient) -> None:
    batch = wait_for_end(fake, start_batch(fake, seed=SUCCEED), "succeeded")
    answer = fake.get(f"{BATCHES}/{batch['id']}/export", params={"format": "json"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {"notice": NOTICE, "synthetic": True, "batch": batch, "rows": ROWS_OF}
    fake.get(f"{BATCHES}/{batch['id']}/export", params={"format": "json"})
    told = [event.subject for event in events(fake, "intervention_batch.exported")]
    assert told == [f"intervention_batch/{batch['id']}"] * 2  # unlike a view, each time anew


def test_rows_come_back_as_they_were_kept() -> None:
    content = pack(ROWS_OF)
    assert list(unpack(content)) == ROWS_OF
    assert pack(ROWS_OF) == content
    assert list(unpack(pack([]))) == []
