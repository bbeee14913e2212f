"""Labels of reviewed cases in a retraining: of cases one may see, in terms of the edited set, always the same ones."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from backend.jobs.handling import JobRefused
from backend.training_runs import label_files
from tests.support.accounts import events
from tests.support.datasets import blobs
from tests.support.people import ADMINISTRATOR, COORDINATOR, OTHER_READER, RESEARCHER, Person, become
from tests.support.server import API, StartServer, assert_error, resources_of
from tests.support.training import RUNS, Bench, Killed, concept_set_id, read_run, run_body, start_run

LABELS = {"include_labels": True}


def case_of(client: TestClient, seed: int, visibility: str = "open") -> tuple[str, str]:
    """A case of the administrator's with its prediction."""
    become(client, ADMINISTRATOR)
    content = io.BytesIO()
    blobs(seed).save(content, "PNG")
    case = client.post(f"{API}/cases", files={"file": ("a.png", content.getvalue())}).json()["id"]
    client.put(f"{API}/cases/{case}/sharing", json={"visibility": visibility})
    return case, client.post(f"{API}/cases/{case}/predictions").json()["id"]


def label(client: TestClient, prediction: str, person: Person, class_key: str | None, **options: str | None) -> None:
    become(client, person)
    body = {"class_key": class_key, "options": options}
    answer = client.put(f"{API}/predictions/{prediction}/label", json=body)
    assert answer.status_code == 200, answer.text


def table(work: Path) -> dict[str, dict[str, str]]:
    """The rows that the training reads, by case."""
    with (work / "labels" / "labels.csv").open(newline="") as file:
        return {Path(row["image"]).stem: row for row in csv.DictReader(file)}


def edited_revision(client: TestClient, gone: str) -> str:
    """A revision of the set without an option."""
    become(client, RESEARCHER)
    sets = f"{API}/concept-sets/{concept_set_id(client)}"
    latest = client.get(sets).json()["latest"]["id"]
    content = client.get(f"{API}/concept-set-revisions/{latest}").json()["content"]
    group, _, option = gone.partition(".")
    for each in content["groups"]:
        if each["key"] == group:
            each["options"] = [kept for kept in each["options"] if kept["key"] != option]
    for row in content["class_options"].values():
        if row.get(group) == option:
            del row[group]
    body = {"content": content, "reason": "no longer asked for", "parent_revision_id": latest}
    answer = client.post(f"{sets}/revisions", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_they_join_the_training_in_terms_of_the_edited_set(client: TestClient, bench: Bench) -> None:
    (one, first), (two, second), (_, third), (_, fourth) = (case_of(client, seed) for seed in range(4))
    label(client, first, RESEARCHER, "mel", border="border.sharp", color="color.pink_brown")
    for person, option in ((RESEARCHER, "sharp"), (COORDINATOR, "fading"), (OTHER_READER, "sharp")):
        label(client, second, person, "nv", border=f"border.{option}")
    label(client, third, RESEARCHER, None, border="border.sharp")
    label(client, fourth, RESEARCHER, "mel")
    label(client, fourth, COORDINATOR, "nv")
    revision = edited_revision(client, "color.pink_brown")
    assert client.post(f"{RUNS}/estimate", json=run_body(client)).json()["labelled_cases"] == 2
    run = start_run(client, LABELS, concept_set_revision_id=revision)
    (event,) = events(client, "labels.exported")
    assert (event.actor, '"cases":2' in (event.after or "").replace(" ", "")) == (RESEARCHER.email, True)

    claim = bench.claim()
    content = bench.prepare(claim)
    recorder = bench.train(claim, content)
    work = Path(content["work"])
    rows = table(work)
    assert set(rows) == {one, two}
    assert (rows[one]["label"], rows[one]["option:border"], rows[one]["option:color"]) == ("mel", "sharp", "")
    assert (rows[two]["label"], rows[two]["option:border"]) == ("nv", "sharp")
    bench.finish(claim, content)
    found = read_run(client, run["id"])
    labels = found["lineage"]["labels"]
    assert (labels["corrected"], labels["added"], labels["left_out"]) == (0, 2, 0)
    assert "Labels of people: 0 training images corrected, 2 added" in " ".join(recorder.lines())
    # No copy of a case's image stays behind.
    assert not [path for path in work.iterdir() if "label" in path.name]


def labelled_run(client: TestClient) -> dict[str, Any]:
    for seed, key in enumerate(("mel", "nv")):
        label(client, case_of(client, seed)[1], RESEARCHER, key)
    become(client, RESEARCHER)
    return start_run(client, LABELS)


def test_nothing_of_labelled_images_lies_outside_the_jobs_folder(client: TestClient, bench: Bench) -> None:
    labelled_run(client)
    claim = bench.claim()
    content = bench.prepare(claim)
    bench.train(claim, content)
    work, cache = Path(content["work"]), resources_of(client).settings.data_dir / "cache"
    assert list(work.glob("label-files/tokens/*/tokens.npy"))
    # Two were added; the other tokens are of 64 drawn images each.
    assert {len(np.load(path, mmap_mode="r")) for path in cache.glob("tokens/*/tokens.npy")} == {64}


def leave_copies(work: Path) -> None:
    """As processes that were killed while they copied."""
    for name in (".labels.making-1", "labels", "label-files/vitrine-labels-x"):
        (work / name).mkdir(parents=True, exist_ok=True)
        (work / name / "a.png").write_bytes(b"")


def test_copies_of_killed_processes_go_with_the_rest(client: TestClient, bench: Bench) -> None:
    labelled_run(client)
    claim = bench.claim()
    content = bench.prepare(claim)
    work = Path(content["work"])
    (work / ".labels.making-1").mkdir()
    bench.train(claim, content)
    assert not (work / ".labels.making-1").exists()  # also where the run then fails
    leave_copies(work)
    bench.finish(claim, content)
    assert not [path for path in work.iterdir() if "label" in path.name]


def test_a_start_removes_what_a_lost_worker_left_of_runs_that_have_succeeded(
    client: TestClient, bench: Bench, start_server: StartServer
) -> None:
    done, waiting = labelled_run(client), start_run(client, LABELS)
    bench.do()
    known = resources_of(client)
    for run in (done, waiting):
        leave_copies(known.settings.jobs_dir / run["id"])
    start_server(device="cpu")
    left = {run["id"]: (known.settings.jobs_dir / run["id"] / "labels").exists() for run in (done, waiting)}
    assert left == {done["id"]: False, waiting["id"]: True}
    assert label_files.sweep(known.database, known.settings.jobs_dir) == 0


def test_a_run_whose_labels_are_gone_says_what_to_do(client: TestClient, bench: Bench) -> None:
    run = labelled_run(client)
    (resources_of(client).settings.jobs_dir / run["id"] / "labels.json").unlink()
    with pytest.raises(JobRefused, match=r"labels that were kept for this run are gone.*Start a new run"):
        bench.prepare(bench.claim())


def test_every_attempt_has_the_same(client: TestClient, bench: Bench) -> None:
    (one, first), (two, second), (_, late) = (case_of(client, seed) for seed in range(3))
    label(client, first, RESEARCHER, "mel")
    label(client, second, RESEARCHER, "nv")
    become(client, RESEARCHER)
    start_run(client, LABELS)
    claim = bench.claim()
    content = bench.prepare(claim)
    with pytest.raises(Killed):
        bench.train(claim, content, kill=lambda event: event["event"] == "epoch")
    label(client, late, RESEARCHER, "bcc")
    label(client, first, RESEARCHER, "df")
    bench.lose(claim)
    claim = bench.claim()
    content = bench.prepare(claim)
    recorder = bench.train(claim, content)
    assert {case: row["label"] for case, row in table(Path(content["work"])).items()} == {one: "mel", two: "nv"}
    assert [e["report"]["epoch"] for e in recorder.events if e["event"] == "epoch"] == [2]


def test_cases_that_one_may_not_see_are_not_trained_on(client: TestClient) -> None:
    for seed, key in enumerate(("mel", "nv")):
        label(client, case_of(client, seed, "private")[1], ADMINISTRATOR, key)
    counted: dict[str, Any] = {}
    for person in (ADMINISTRATOR, RESEARCHER):
        become(client, person)
        counted[person.email] = client.post(f"{RUNS}/estimate", json=run_body(client)).json()["labelled_cases"]
    assert counted == {ADMINISTRATOR.email: 2, RESEARCHER.email: 0}
    answer = client.post(RUNS, json=run_body(client, LABELS))
    assert "No reviewed case has labels" in assert_error(answer, 400, "bad_training_run")


def test_a_case_that_is_deleted_before_the_training_begins(client: TestClient, bench: Bench) -> None:
    cases = [case_of(client, seed) for seed in range(3)]
    for (_, prediction), key in zip(cases, ("mel", "nv", "bcc"), strict=True):
        label(client, prediction, RESEARCHER, key)
    become(client, RESEARCHER)
    run = start_run(client, LABELS)
    become(client, ADMINISTRATOR)
    assert client.delete(f"{API}/cases/{cases[0][0]}").status_code == 204
    recorder = bench.do()
    assert "1 labelled cases were deleted since the run was started; they are left out." in recorder.lines()
    assert read_run(client, run["id"])["lineage"]["labels"]["added"] == 2


def test_labels_of_one_class_alone(client: TestClient) -> None:
    label(client, case_of(client, 0)[1], RESEARCHER, "mel")
    become(client, RESEARCHER)
    answer = client.post(RUNS, json=run_body(client, LABELS))
    assert "All 1 labelled cases are of the class mel" in assert_error(answer, 400, "bad_training_run")


def test_nothing_is_copied_where_the_run_is_not_kept(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed, key in enumerate(("mel", "nv")):
        label(client, case_of(client, seed)[1], RESEARCHER, key)
    become(client, RESEARCHER)
    body = run_body(client, LABELS)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr("backend.training_runs.service.record", fail)
    assert client.post(RUNS, json=body).status_code == 500
    jobs = resources_of(client).settings.jobs_dir
    assert list(jobs.glob("*")) == []
