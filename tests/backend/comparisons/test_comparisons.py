"""Comparisons over HTTP, with a worker whose child brings a result that was made before."""

from __future__ import annotations

import io
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from backend.comparisons.handling import ComparisonHandler
from backend.jobs.dispatcher import JobDispatcher
from backend.jobs.kept_results import NOT_READABLE
from backend.jobs.leasing import LeaseLost
from backend.model_registry import service as registry
from tests.support.accounts import events
from tests.support.explainer import ColourZoo, checkpoint_info
from tests.support.people import ADMINISTRATOR, COORDINATOR, become
from tests.support.postgres_server import server_on_postgres
from tests.support.server import API, UNKNOWN_ID, assert_error, resources_of, stored_files
from tests.support.short_jobs import ShortJobs

COMPARE, COMPARISONS = f"{API}/models/compare", f"{API}/comparisons"
ONE, TWO, THREE, BUSI = "ab" * 16, "cd" * 16, "ef" * 16, "12" * 16


def body(**changes: Any) -> dict[str, Any]:
    return {"a": ONE, "b": TWO, "dataset_id": "synthetic-dermoscopy"} | changes


def start(client: TestClient, **changes: Any) -> dict[str, Any]:
    answer = client.post(COMPARE, json=body(**changes))
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def read(client: TestClient, comparison_id: str) -> dict[str, Any]:
    answer = client.get(f"{COMPARISONS}/{comparison_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def newest(client: TestClient, **query: str) -> Any:
    return client.get(COMPARE, params={"a": ONE, "b": TWO} | query)


def told(client: TestClient, action: str) -> list[Any]:
    """What the trail says of each."""
    return [json.loads(event.after or "null") for event in events(client, action)]


def test_what_was_asked_for_waits(client: TestClient, jobs: ShortJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(JobDispatcher, "wake", lambda _self: woken.append(1))
    found = start(client, split="all", drawn=64, seed=5)
    assert woken == [1]
    wanted = {
        "a": {"id": ONE, "name": "one", "active": True}, "b": {"id": TWO, "name": "two", "active": False},
        "dataset_id": "synthetic-dermoscopy", "split": "all", "drawn": 64, "seed": 5, "status": "queued",
        "position": 1, "summary": None, "created_by": {"id": ADMINISTRATOR.id, "name": "Admin"},
    }  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted
    assert read(client, found["id"]) == found | {"result": None}
    assert_error(client.get(f"{COMPARISONS}/{found['id']}/changed/0"), 404, "picture_not_found")
    assert told(client, "comparison.created") == [
        {"a": ONE, "b": TWO, "dataset": "synthetic-dermoscopy", "settings": {"split": "all", "drawn": 64, "seed": 5}}
    ]


@pytest.mark.parametrize(("changes", "status", "code", "words"), [
    ({"b": ONE}, 400, "models_not_comparable", "the same version"),
    ({"b": BUSI}, 400, "models_not_comparable", "only B has normal, benign, malignant"),
    ({"a": UNKNOWN_ID}, 404, "model_not_found", "GET /api/v1/models"),
    ({"dataset_id": "nothing"}, 404, "dataset_not_found", ""),
    ({"drawn": 63}, 422, "validation_failed", "drawn"), ({"split": "some"}, 422, "validation_failed", "split"),
])  # fmt: skip
def test_what_cannot_be_compared_is_refused_at_once(
    client: TestClient, jobs: ShortJobs, changes: dict[str, Any], status: int, code: str, words: str
) -> None:
    assert words in assert_error(client.post(COMPARE, json=body(**changes)), status, code)
    assert client.get(COMPARISONS).json() == {"items": []}


def test_a_model_that_cannot_be_read_is_refused(client: TestClient, jobs: ShortJobs, zoo: ColourZoo) -> None:
    zoo.editing_error = ValueError("cut off")
    assert_error(client.post(COMPARE, json=body()), 503, "model_unavailable")


def test_a_comparison_that_is_not_there(client: TestClient) -> None:
    for path in ("", "/changed/0"):
        assert_error(client.get(f"{COMPARISONS}/{UNKNOWN_ID}{path}"), 404, "comparison_not_found")
    assert_error(client.post(f"{COMPARISONS}/{UNKNOWN_ID}/cancel"), 404, "comparison_not_found")
    assert_error(newest(client), 404, "comparison_not_found")
    assert_error(client.get(COMPARE, params={"a": ONE}), 422, "validation_failed")


def test_an_equal_one_that_waits_or_runs_is_the_answer(client: TestClient, jobs: ShortJobs) -> None:
    first = start(client)
    assert start(client) == first
    claim = jobs.claim()
    assert start(client)["id"] == first["id"]
    others = [start(client, **changes)["id"] for changes in ({"a": TWO, "b": ONE}, {"seed": 1}, {"split": "all"})]
    assert len({first["id"], *others}) == 4
    jobs.fail(claim, "No memory.")
    assert start(client)["id"] not in {first["id"], *others}


def test_only_so_many_short_jobs_may_wait(client: TestClient, jobs: ShortJobs) -> None:
    for seed in range(20):
        start(client, seed=seed)
    assert_error(client.post(COMPARE, json=body(seed=20)), 503, "queue_full")


def test_the_newest_of_two_versions(client: TestClient, jobs: ShortJobs) -> None:
    done = start(client, drawn=64)["id"]
    jobs.do()
    assert newest(client).json()["id"] == done
    assert newest(client).json() == read(client, done)
    later = start(client)["id"]  # whatever its status
    assert (newest(client).json()["id"], newest(client).json()["result"]) == (later, None)
    assert newest(client, dataset_id="synthetic-dermoscopy").json()["id"] == later
    for query in ({"split": "all"}, {"a": TWO, "b": ONE}, {"b": THREE}, {"dataset_id": "other"}):
        assert_error(newest(client, **query), 404, "comparison_not_found")
    reverse, third = start(client, a=TWO, b=ONE, split="all")["id"], start(client, b=THREE)["id"]
    assert newest(client, a=TWO, b=ONE, split="all").json()["id"] == reverse

    def listed(**query: str) -> list[str]:
        return [each["id"] for each in client.get(COMPARISONS, params=query).json()["items"]]

    assert listed() == [third, reverse, later, done]
    assert listed(model_version_id=TWO) == [reverse, later, done]
    assert listed(model_version_id=THREE) == [third]
    assert listed(model_version_id=BUSI) == []


def test_a_result_with_its_pictures(client: TestClient, jobs: ShortJobs) -> None:
    comparison = start(client)["id"]
    assert jobs.do() == comparison
    become(client, COORDINATOR)
    found = read(client, comparison)
    result = found["result"]
    assert (found["status"], found["error"]) == ("succeeded", None)
    assert found["summary"] == result["comparison"]["summary"]
    changed = result["changed"]
    assert 0 < len(changed) <= 48
    kinds = [["broken", "fixed", "changed-wrong"].index(each["kind"]) for each in changed]
    assert kinds == sorted(kinds)
    for number, each in enumerate(changed):
        assert each["path"] == f"/comparisons/{comparison}/changed/{number}"
        assert each["a"]["predicted"] != each["b"]["predicted"]
        for side in (each["a"], each["b"]):
            assert max(side["probabilities"], key=side["probabilities"].get) == side["predicted"]
            assert 0 < len(side["contributions"]) <= 5
    first = client.get(f"{API}{changed[0]['path']}")
    assert first.headers["content-type"] == "image/jpeg"
    assert first.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert Image.open(io.BytesIO(first.content)).size == (3 * changed[0]["tile_size"], changed[0]["tile_size"])
    again = client.get(f"{API}{changed[0]['path']}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert_error(client.get(f"{COMPARISONS}/{comparison}/changed/9999"), 404, "picture_not_found")
    assert result["ranks_a"] == []
    assert result["ranks_b"] == [{"epoch": n, "train": 5.0 + n, "validation": 4.0} for n in (1, 2)]
    (ended,) = told(client, "comparison.finished")
    assert (ended["status"], ended["sentence"]) == ("succeeded", found["summary"])
    assert ended["changed"] == len(result["comparison"]["changed"])


class Killed(Exception):
    """The worker is gone just before its commit."""


def _die() -> None:
    raise Killed


def test_a_worker_that_is_lost_at_the_end_leaves_nothing_and_the_next_one_ends_it(
    client: TestClient, jobs: ShortJobs
) -> None:
    comparison = start(client)["id"]
    claim = jobs.claim()
    content = jobs.prepare(claim)
    jobs.run(content)
    before = stored_files(client)
    with pytest.raises(Killed):
        jobs.finish(claim, content, _die)
    assert stored_files(client) == before
    jobs.finish(claim, content)
    assert read(client, comparison)["result"] is not None
    with pytest.raises(LeaseLost):
        jobs.finish(claim, content)
    assert len(told(client, "comparison.finished")) == 1
    assert not Path(content["out"]).exists()


def test_cancelling_one_that_waits_and_one_that_runs(client: TestClient, jobs: ShortJobs) -> None:
    running, waiting = start(client)["id"], start(client, seed=1)["id"]
    claim = jobs.claim()
    content = jobs.prepare(claim)
    jobs.run(content)
    for comparison in (running, waiting):
        assert client.post(f"{COMPARISONS}/{comparison}/cancel").json()["status"] == "cancelled"
        assert_error(client.post(f"{COMPARISONS}/{comparison}/cancel"), 409, "job_ended")
    with pytest.raises(LeaseLost):
        jobs.finish(claim, content)
    assert [name for name in stored_files(client) if name.startswith("comparisons/")] == []
    assert told(client, "comparison.cancelled") == [{"status": "cancelled"}] * 2


def test_failures_are_told_in_words(client: TestClient, jobs: ShortJobs, zoo: ColourZoo) -> None:
    first = start(client)["id"]
    jobs.run = lambda _content: None
    jobs.do()
    assert read(client, first)["error"] == NOT_READABLE.format(what="comparison")
    second = start(client, seed=1)["id"]
    (zoo.checkpoints[1].folder / "config.json").unlink()
    jobs.do()
    assert read(client, second)["error"] == (
        "The files of the model two are gone; put them back, or compare another version."
    )
    assert [each["status"] for each in told(client, "comparison.finished")] == ["failed", "failed"]


def test_files_that_are_gone_are_said(client: TestClient, jobs: ShortJobs) -> None:
    comparison = start(client)["id"]
    jobs.do()
    resources_of(client).storage.delete_all(f"comparisons/{comparison}")
    for answer in (client.get(f"{COMPARISONS}/{comparison}"), newest(client)):
        assert "compare the models again" in assert_error(answer, 404, "file_missing")


def test_on_postgres_as_well(tmp_path: Path, made: Path) -> None:
    with server_on_postgres(tmp_path) as client:
        resources_of(client).inference.wait_until_registered()
        info = checkpoint_info(tmp_path / "two", "two", digest="cd" * 32)
        resources_of(client).editable._zoo.checkpoints.append(info)  # type: ignore[attr-defined]
        with resources_of(client).database.writing() as session:
            registry.add(session, info)
        become(client, ADMINISTRATOR)
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: start(client), range(4)))
        assert len({each["id"] for each in found}) == 1
        jobs = ShortJobs(client, ComparisonHandler(), lambda content: _copy(made, content))
        assert jobs.do() == found[0]["id"]
        assert newest(client).json()["result"]["changed"]
        assert [each["id"] for each in client.get(COMPARISONS).json()["items"]] == [found[0]["id"]]


def _copy(made: Path, content: dict[str, Any]) -> None:
    shutil.copytree(made, content["out"])
