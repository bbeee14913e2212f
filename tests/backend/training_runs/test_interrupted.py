"""What was interrupted at an awkward moment comes to its end, and what was told of it stays true."""

from __future__ import annotations

import errno
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.access.principal import SYSTEM, acting_as
from backend.core.errors import AppError
from backend.datasets.errors import DatasetDamaged, DatasetNotFound
from backend.db.tables import ModelVersion
from backend.jobs.handling import JobRefused
from backend.jobs.leasing import Claim
from backend.training_runs.figures import latest_course
from backend.training_runs.handling import DATA_GONE
from models.checkpoint import read_checkpoint
from tests.support.server import resources_of
from tests.support.training import Bench, Killed, Recorder, parent_id, read_run, start_run


def trained(bench: Bench) -> tuple[Claim, dict[str, Any]]:
    """A run whose training has ended, and nothing more."""
    claim = bench.claim()
    content = bench.prepare(claim)
    bench.train(claim, content)
    return claim, content


def epochs_of(recorder: Recorder) -> list[int]:
    return [event["report"]["epoch"] for event in recorder.events if event["event"] == "epoch"]


def at_epoch(number: int, event: dict[str, Any]) -> bool:
    return bool(event["event"] == "epoch" and event["report"]["epoch"] == number)


def lose_data(monkeypatch: pytest.MonkeyPatch, error: AppError) -> None:
    def find(*_: object) -> None:
        raise error

    monkeypatch.setattr("backend.training_runs.sources.find", find)


def test_a_finished_training_needs_neither_its_data_nor_its_parent(
    client: TestClient, bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run = start_run(client)
    claim, _ = trained(bench)
    bench.lose(claim)
    with acting_as(SYSTEM), resources_of(client).database.writing() as session:
        row = session.get(ModelVersion, parent_id(client))
        assert row is not None
        row.folder = str(tmp_path / "gone")
    lose_data(monkeypatch, DatasetNotFound())
    recorder = bench.do()
    assert recorder.lines() == ["The model was made in an earlier attempt; it only has to be registered."]
    assert read_run(client, run["id"])["status"] == "succeeded"


@pytest.mark.parametrize(
    ("error", "words"), [(DatasetNotFound(), DATA_GONE), (DatasetDamaged(), DatasetDamaged.summary)]
)
def test_what_is_wrong_with_the_data_is_said_as_it_is(
    client: TestClient, bench: Bench, monkeypatch: pytest.MonkeyPatch, error: AppError, words: str
) -> None:
    start_run(client)
    lose_data(monkeypatch, error)
    with pytest.raises(JobRefused) as refused:
        bench.prepare(bench.claim())
    assert refused.value.reason == words


def test_a_model_that_is_gone_before_it_was_registered_is_made_again(client: TestClient, bench: Bench) -> None:
    run = start_run(client)
    claim, content = trained(bench)
    shutil.rmtree(Path(content["work"]) / "model")
    bench.lose(claim)
    recorder = bench.do()
    assert recorder.lines()[0].startswith("The model that an earlier attempt made is gone")
    assert epochs_of(recorder) == [1, 2]
    found = read_run(client, run["id"])
    assert (found["status"], found["model"]["name"]) == ("succeeded", "tiny-2")


@pytest.mark.parametrize("moment", ["copying", "renaming", "removing"])
def test_killed_while_the_model_is_copied_to_another_file_system(
    client: TestClient, bench: Bench, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    run = start_run(client)
    claim, content = trained(bench)
    work, place = Path(content["work"]) / "model", resources_of(client).settings.models_dir / "tiny-2"
    rename, copytree, rmtree = Path.rename, shutil.copytree, shutil.rmtree
    killed = False

    def die() -> None:
        nonlocal killed
        if not killed:
            killed = True
            raise Killed

    def across(self: Path, target: Path) -> Path:
        if self == work:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        if moment == "renaming":
            die()
        return rename(self, target)

    def copy(source: Path, target: Path) -> None:
        copytree(source, target)
        if moment == "copying":
            (target / "weights.safetensors").unlink(missing_ok=True)
            die()

    def remove(folder: Path, *, ignore_errors: bool = False) -> None:
        if moment == "removing" and folder == work:
            (folder / "weights.safetensors").unlink(missing_ok=True)
            die()
        rmtree(folder, ignore_errors=ignore_errors)

    monkeypatch.setattr(Path, "rename", across)
    monkeypatch.setattr("backend.training_runs.placing.shutil.copytree", copy)
    monkeypatch.setattr("backend.training_runs.placing.shutil.rmtree", remove)
    with pytest.raises(Killed):
        bench.finish(claim, content)
    assert place.exists() == (moment == "removing")  # under its name only as a whole
    monkeypatch.setattr("backend.training_runs.placing.shutil.copytree", copytree)
    bench.lose(claim)
    bench.do()
    found = read_run(client, run["id"])
    assert (found["status"], found["model"]["id"]) == ("succeeded", read_checkpoint(place).weights_digest()[:32])
    assert [path.name for path in place.parent.iterdir()] == ["tiny-2"]
    assert not work.exists()


def test_epochs_of_a_training_that_begins_again_are_told_again(client: TestClient, bench: Bench) -> None:
    """Twice interrupted: what the first attempt told of the second epoch is not taken for that of the last."""
    run = start_run(client, {"mode": "full", "epochs": 3})
    for until in (2, 1):
        claim = bench.claim()
        content = bench.prepare(claim)
        with pytest.raises(Killed):
            bench.train(claim, content, kill=partial(at_epoch, until))
        found = read_run(client, run["id"])
        assert [epoch["epoch"] for epoch in found["epochs"]] == list(range(1, until + 1))
        assert found["epochs_done"] == until
        if until == 2:
            (Path(content["work"]) / "model" / ".training" / "state.safetensors").write_bytes(b"damaged")
        bench.lose(claim)
    recorder = bench.do()
    assert epochs_of(recorder) == [2, 3]
    assert read_run(client, run["id"])["status"] == "succeeded"


def test_epochs_are_told_again_where_the_state_is_gone(client: TestClient, bench: Bench) -> None:
    start_run(client, {"mode": "full", "epochs": 2})
    claim = bench.claim()
    content = bench.prepare(claim)
    with pytest.raises(Killed):
        bench.train(claim, content, kill=lambda event: event["event"] == "epoch")
    (Path(content["work"]) / "model" / ".training" / "state.safetensors").unlink()
    bench.lose(claim)
    assert epochs_of(bench.do()) == [1, 2]


def test_the_later_report_of_an_epoch_counts() -> None:
    told = [{"epoch": 1, "of": "a"}, {"epoch": 2, "of": "a"}, {"epoch": 1, "of": "b"}]
    assert latest_course(told) == [{"epoch": 1, "of": "b"}]
    assert latest_course([*told, {"epoch": 2, "of": "b"}]) == [{"epoch": 1, "of": "b"}, {"epoch": 2, "of": "b"}]


def test_a_parent_whose_folder_holds_other_weights_is_refused(client: TestClient, bench: Bench) -> None:
    start_run(client)
    claim = bench.claim()
    content = bench.prepare(claim)
    content["lineage"]["parent"]["id"] = "0" * 32
    with pytest.raises(JobRefused, match="holds other weights than when the model was registered"):
        bench.train(claim, content)
