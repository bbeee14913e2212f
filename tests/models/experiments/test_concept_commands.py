"""Commands about concepts, from the settings to the files, on an untrained model and drawn images."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner, Result

from backend.cli.main import app
from models.experiments import subjects as subjects_module
from models.experiments.registry import experiment_named
from models.experiments.settings import AnalysisConfig
from models.experiments.subjects import subjects
from models.experiments.surroundings import ExperimentCancelled, Surroundings
from tests.support.checkpoints import drawn_here

SHARED = {"dataset": "synthetic-dermoscopy", "split": "test", "drawn": 64, "resamples": 100}
OWN: dict[str, dict[str, Any]] = {
    "concept-intervention": {"groups": [["border"], ["border", "color"]], "minimum_probability": 0.0},
    "effective-concepts": {"draws": 3},
    "intervention-curve": {"permutations": 3},
    "leakage": {"permutations": 20, "repeats": 1},
}
WRITTEN = {
    "concept-intervention": ["concept-intervention.csv", "concept-intervention-images.csv", "concept-intervention.svg"],
    "effective-concepts": ["effective-concepts.csv", "effective-concepts-curve.csv", "effective-concepts.svg"],
    "intervention-curve": ["intervention-curve.csv", "intervention-curve-points.csv", "intervention-curve.png"],
    "leakage": ["leakage.csv", "leakage-groups.csv", "leakage.png"],
}


@pytest.fixture(scope="module")
def classes(drawn_model: Path) -> tuple[str, str]:
    """The class that the untrained model says most often, and another."""
    config = AnalysisConfig.model_validate({"models": ["m"], **SHARED})
    with drawn_here():
        subject = next(subjects(config, Surroundings(lambda _: drawn_model, str)))
    keys = subject.checkpoint.concept_set.class_keys
    target = keys[int(np.bincount(subject.found.predicted).argmax())]
    return target, next(key for key in keys if key != target)


@pytest.fixture
def settings(drawn_model: Path, classes: tuple[str, str]) -> Callable[..., dict[str, Any]]:
    def made(name: str, **changes: Any) -> dict[str, Any]:
        content = {"models": [str(drawn_model)], **SHARED, **OWN[name], **changes}
        if name == "concept-intervention":
            content = {"target_class": classes[0], "reference_class": classes[1], **content}
        return content

    return made


def run(name: str, content: dict[str, Any], folder: Path) -> Result:
    path = folder / "settings.yaml"
    path.write_text(yaml.safe_dump(content))
    with drawn_here():
        return CliRunner().invoke(app, ["experiment", name, str(path), "--out", str(folder / "out")])


@pytest.mark.parametrize("name", OWN)
def test_a_command_and_its_second_run(
    name: str, settings: Callable[..., dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(name, settings(name), tmp_path)
    assert result.exit_code == 0, result.output
    assert "Not for diagnosis" in result.stdout
    out = tmp_path / "out"
    assert {*WRITTEN[name], f"{name}.json"} <= {path.name for path in out.iterdir()}
    document = json.loads((out / f"{name}.json").read_text("utf-8"))
    assert document["test"]["dataset"] == "synthetic-dermoscopy"
    assert [len(one["weights_digest"]) for one in document["models"]] == [64]
    assert document["sentences"]

    monkeypatch.setattr(subjects_module, "run", lambda *_: pytest.fail("the images were passed again"))
    again = run(name, settings(name), tmp_path)
    assert again.exit_code == 0, again.output
    second = json.loads((out / f"{name}.json").read_text("utf-8"))
    assert second["models"] == document["models"]


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("effective-concepts", {"effective": 99}, "has 34 options, so 99 cannot stay"),
        ("effective-concepts", {"effective": 0}, "effective: Input should be greater than"),
        ("intervention-curve", {"permutations": 0}, "permutations: Input should be greater than"),
        ("leakage", {"tiles": 7}, "64 pixels cannot be cut into 7 equal tiles"),
        ("leakage", {"dataset": "nosuch"}, "nosuch"),
        ("concept-intervention", {"groups": [["bordr"]]}, "no concept group 'bordr'"),
        ("concept-intervention", {"minimum_probability": 1.0}, "the largest probability found is 0."),
    ],
    ids=["too many", "none", "no order", "tiles", "no data", "no group", "none so sure"],
)
def test_what_does_not_fit_ends_with_one_sentence(
    name: str, changes: dict[str, Any], words: str, settings: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    result = run(name, settings(name, **changes), tmp_path)
    assert result.exit_code == 2, result.output
    assert words in result.stderr


@pytest.mark.parametrize("name", OWN)
def test_a_stop_ends_it(name: str, settings: Callable[..., dict[str, Any]], drawn_model: Path) -> None:
    kind, function = experiment_named(name).load()
    around = Surroundings(lambda _: drawn_model, str, cancelled=lambda: True)
    with pytest.raises(ExperimentCancelled):
        function(kind.model_validate(settings(name)), around)
