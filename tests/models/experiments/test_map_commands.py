"""Commands about maps, from the settings to the files, on an untrained model and drawn images."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from PIL import Image
from typer.testing import CliRunner, Result

from backend.cli.main import app
from models.experiments import subjects as subjects_module
from models.experiments.deletion import measures as deletion_module
from models.experiments.images import ExperimentImages, read_images
from models.experiments.localization import random_weights as random_module
from models.experiments.panels.content import chosen_rows
from models.experiments.registry import experiment_named
from models.experiments.surroundings import ExperimentCancelled, ExperimentError, Surroundings
from models.train.data import Split
from tests.support.checkpoints import drawn_here

SHARED = {"dataset": "synthetic-dermoscopy", "split": "test", "drawn": 64, "resamples": 100}
OWN: dict[str, dict[str, Any]] = {
    "localization": {"random_seeds": 1, "random_images": 8},
    "deletion": {"images": 3, "steps": 2},
    "concept-metrics": {"permutations": 100},
    "panels": {"images": 2},
}
WRITTEN = {
    "localization": ["localization.csv", "localization-groups.csv", "localization-sanity.csv", "localization.png"],
    "deletion": ["deletion.csv", "deletion-curves.csv", "deletion.png", "deletion.svg"],
    "concept-metrics": [
        "concept-importance.csv",
        "concept-existence.csv",
        "concept-location.csv",
        "concept-options.csv",
    ],
    "panels": ["panels-index.png", "panels-gradcam.png"],
}
# What must not be run again.
PASSES = ((subjects_module, "run"), (random_module, "run"), (deletion_module, "image_curves"))


def run(name: str, model: Path, folder: Path, models: int = 1, **changes: Any) -> Result:
    path = folder / "settings.yaml"
    path.write_text(yaml.safe_dump({"models": [str(model)] * models, **SHARED, **OWN[name], **changes}))
    with drawn_here():
        return CliRunner().invoke(app, ["experiment", name, str(path), "--out", str(folder / "out")])


@pytest.mark.parametrize("name", OWN)
def test_a_command_and_its_second_run(
    name: str, drawn_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(name, drawn_model, tmp_path)
    assert result.exit_code == 0, result.output
    assert "Not for diagnosis" in result.stdout
    out = tmp_path / "out"
    assert {*WRITTEN[name], f"{name}.json"} <= {path.name for path in out.iterdir()}
    for picture in out.glob("*.png"):
        with Image.open(picture) as opened:
            assert len(np.unique(np.asarray(opened.convert("L")))) > 10
    document = json.loads((out / f"{name}.json").read_text("utf-8"))
    assert document["test"]["dataset"] == "synthetic-dermoscopy"
    assert [len(one["weights_digest"]) for one in document["models"]] == [64]
    assert document["sentences"]

    for module, function in PASSES:
        monkeypatch.setattr(module, function, lambda *_: pytest.fail("the images were passed again"))
    again = run(name, drawn_model, tmp_path)
    assert again.exit_code == 0, again.output
    assert json.loads((out / f"{name}.json").read_text("utf-8"))["models"] == document["models"]


@pytest.mark.parametrize("name", OWN)
def test_several_models_are_one_figure(name: str, drawn_model: Path, tmp_path: Path) -> None:
    result = run(name, drawn_model, tmp_path, models=2)
    assert result.exit_code == 0, result.output
    document = json.loads((tmp_path / "out" / f"{name}.json").read_text("utf-8"))
    assert len(document["models"]) == 2
    if name == "localization":
        assert document["spread"]["gradcam"]["pointing"]["sd"] == 0.0  # twice the same model
        assert document["spread"]["gradcam"]["pointing"]["n"] == 2


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("localization", {"random_seeds": -1}, "random_seeds"),
        ("deletion", {"steps": 1}, "steps"),
        ("deletion", {"blur": 0}, "blur"),
        ("concept-metrics", {"alphas": [13]}, "alphas"),
        ("concept-metrics", {"top": []}, "top"),
        ("panels", {"colormap": "rainbow"}, "colormap"),
        ("panels", {"keys": ["test/99999"]}, "test/99999 is not among the images; they are named like test/00000"),
    ],
    ids=["seeds", "steps", "blur", "alphas", "top", "colormap", "keys"],
)
def test_settings_that_do_not_fit_are_named(
    name: str, changes: dict[str, Any], words: str, drawn_model: Path, tmp_path: Path
) -> None:
    result = run(name, drawn_model, tmp_path, **changes)
    assert result.exit_code == 2
    assert words in " ".join(result.output.split())


@pytest.mark.parametrize("name", ["localization", "deletion"])
def test_somebody_can_stop_it_and_go_on(name: str, drawn_model: Path, tmp_path: Path) -> None:
    kind, work = experiment_named(name).load()
    settings = kind.model_validate({"models": ["m"], **SHARED, **OWN[name]})
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 5

    with drawn_here():
        with pytest.raises(ExperimentCancelled):
            work(settings, Surroundings(lambda _: drawn_model, str, tmp_path, cancelled=cancelled))
        kept = {path.name for path in (tmp_path / "kept").rglob("*.npz")}
        assert kept
        work(settings, Surroundings(lambda _: drawn_model, str, tmp_path))
    assert kept < {path.name for path in (tmp_path / "kept").rglob("*.npz")}


@pytest.mark.parametrize(
    ("name", "words"),
    [("localization", "where maps point is not measured"), ("concept-metrics", "has no concept labels")],
    ids=["masks", "labels"],
)
def test_what_cannot_be_measured_is_said(
    name: str, words: str, drawn_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bare(*arguments: Any, **rest: Any) -> ExperimentImages:
        images = read_images(*arguments, **rest)
        data = images.data
        unknown = np.full_like(data.options, -1)
        return ExperimentImages(
            images.dataset, True, images.keys, Split(data.images, data.classes, unknown, None), images.per_image,
            images.clusters,
        )  # fmt: skip

    monkeypatch.setattr(subjects_module, "read_images", bare)
    kind, work = experiment_named(name).load()
    settings = kind.model_validate({"models": ["m"], **SHARED, **OWN[name]})
    with drawn_here():
        findings = work(settings, Surroundings(lambda _: drawn_model, str))
    assert any(words in sentence for sentence in findings.sentences)
    assert not findings.drawings
    json.dumps(findings.document, allow_nan=False)


def test_images_are_chosen_from_every_class_in_turn() -> None:
    classes = np.array([0] * 10 + [1] * 3 + [2] * 3)
    data = Split(np.zeros((16, 2, 2, 3), np.uint8), classes, np.zeros((16, 1), np.int64), None)
    keys = tuple(f"k{place}" for place in range(16))
    images = ExperimentImages("made", True, keys, data, np.ones((16, 1), np.bool_), np.arange(16))
    rows = chosen_rows(images, (), 6, 0)
    assert sorted(classes[rows].tolist()) == [0, 0, 1, 1, 2, 2]
    assert len(set(rows.tolist())) == 6
    assert chosen_rows(images, ("k3", "k1"), 6, 0).tolist() == [3, 1]
    with pytest.raises(ExperimentError, match="k99"):
        chosen_rows(images, ("k99",), 6, 0)
