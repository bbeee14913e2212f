"""What the process of a measurement does, with a tiny model."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from backend.evidence import running
from backend.evidence.results import read_made
from backend.jobs.handling import JobRefused
from backend.jobs.kinds import JobKind
from models.checkpoint import read_checkpoint
from models.data.adapters.registry import find_adapter
from models.data.importing import ImportOptions, import_dataset
from models.experiments.evidence.settings import EvidenceConfig
from tests.support.checkpoints import drawn_checkpoint, drawn_here
from tests.support.datasets import folder_per_class
from worker.child import RUNNERS
from worker.words import AGAIN

QUICK = partial(EvidenceConfig, resamples=100, deletion_images=2, random_images=8, foreign_images=10)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a checkpoint."""
    return drawn_checkpoint(tmp_path_factory.mktemp("checkpoint"))


@pytest.fixture
def order(tiny: Path, tmp_path: Path) -> dict[str, Any]:
    """Of a measurement of it."""
    return {
        "model": str(tiny),
        "model_version_id": read_checkpoint(tiny).weights_digest()[:32],
        "dataset": "synthetic-dermoscopy",
        "split": "test",
        "drawn": 64,
        "seed": 0,
        "out": str(tmp_path / "job" / "result"),
    }


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(running, "EvidenceConfig", QUICK)
    with drawn_here():
        yield


def refused(order: dict[str, Any]) -> str:
    with pytest.raises(JobRefused) as caught:
        running.run_measurement(order, lambda *_: None)
    return caught.value.reason


def test_what_it_leaves(order: dict[str, Any], tiny: Path) -> None:
    told: list[str] = []
    running.run_measurement(order, lambda stage, *_: told.append(stage))
    out = Path(order["out"])
    assert [path.name for path in out.iterdir()] == ["evidence.json"]
    found = read_made(out)
    assert found.weights_digest == read_checkpoint(tiny).weights_digest()
    assert (found.tested_on.dataset, found.tested_on.images) == ("synthetic-dermoscopy", 64)
    assert found.command == "Measured in the application: synthetic-dermoscopy, split test, seed 0."
    assert told[-1] == "Questions"
    assert not (tiny / "evidence.json").exists()  # a registered folder is left as it is


def test_an_import_without_concepts_masks_or_other_images(order: dict[str, Any], tmp_path: Path) -> None:
    """What they do not allow is said in words, and the rest is measured all the same."""
    source = folder_per_class(tmp_path / "pets", ("mel", "nv"), count=16)
    imported = import_dataset(find_adapter("folder"), source, tmp_path / "import", "pets", ImportOptions(workers=1))
    running.run_measurement(order | {"dataset": str(imported.folder), "split": "all"}, lambda *_: None)
    found = read_made(Path(order["out"]))
    assert found.tested_on.synthetic is False
    assert {concept.reliability for concept in found.concepts} == {"unverified"}
    tests = {test.key: test for test in found.tests}
    assert (tests["localization"].verdict, tests["localization"].figures) == ("unmeasured", [])
    assert "no other images" in tests["calibration"].answer
    assert any("not recorded" in limit for limit in found.limits)
    assert any("No image has a mask" in limit for limit in found.limits)


def test_what_an_earlier_attempt_left_is_gone(order: dict[str, Any], tmp_path: Path) -> None:
    out = Path(order["out"])
    out.mkdir(parents=True)
    (out / "evidence.json").write_text("half")
    refused(order | {"model": str(tmp_path / "nothing")})
    assert list(out.iterdir()) == []


def test_other_weights_than_registered_are_refused(order: dict[str, Any]) -> None:
    assert "other weights" in refused(order | {"model_version_id": "0" * 32})


def test_a_folder_that_is_no_checkpoint_is_refused(order: dict[str, Any], tiny: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(tiny, broken)
    (broken / "config.json").write_text("{}")
    assert "cannot be read" in refused(order | {"model": str(broken)})


def test_data_that_does_not_fit_is_refused_in_words(order: dict[str, Any], tmp_path: Path) -> None:
    source = folder_per_class(tmp_path / "pets", ("cat", "dog"), count=6)
    imported = import_dataset(find_adapter("folder"), source, tmp_path / "import", "pets", ImportOptions(workers=1))
    words = refused(order | {"dataset": str(imported.folder)})
    assert words.startswith("The model cannot be measured on this data: ")
    assert "cat" in words
    gone = refused(order | {"dataset": str(tmp_path / "gone")})
    assert str(tmp_path / "gone") in gone


def test_the_worker_knows_the_kind() -> None:
    assert JobKind.EVIDENCE in RUNNERS
    assert set(AGAIN) == set(JobKind) == set(RUNNERS)
