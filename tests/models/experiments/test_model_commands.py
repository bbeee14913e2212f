"""Commands about calibration, familiarity and codes, from the settings to the files, on an untrained model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from backend.cli.main import app
from models.cbm.network import IVQCBM
from models.experiments.registry import experiment_named
from models.experiments.settings import load_settings
from models.experiments.surroundings import ExperimentCancelled, Surroundings
from tests.support.checkpoints import drawn_here

SHARED = {"dataset": "synthetic-dermoscopy", "split": "test", "drawn": 64, "resamples": 100}
OWN: dict[str, dict[str, Any]] = {
    "calibration": {},
    "familiarity": {"foreign": ["synthetic-ultrasound"], "corruptions": ["blur"], "strengths": [1, 5], "most": 10},
    "prototypes": {"permutations": 199},
    "codebook-map": {"tokens": 100, "umap": False},
}
WRITTEN = {
    "calibration": ["calibration.csv", "calibration-concepts.csv", "reliability.png", "reliability.svg"],
    "familiarity": ["familiarity.csv", "familiarity-errors.csv", "familiarity.png", "familiarity.svg"],
    "prototypes": ["prototypes.csv", "prototypes-concepts.csv", "prototypes.png", "prototypes-options.png"],
    "codebook-map": ["codebook-map.csv", "codebook-map.png", "codebook-map.svg"],
}
RECIPES = Path("models/experiments/recipes")


def settings(name: str, model: Path, **changes: Any) -> dict[str, Any]:
    return {"models": [str(model)], **SHARED, **OWN[name], **changes}


def run(name: str, content: dict[str, Any], folder: Path) -> Result:
    path = folder / "settings.yaml"
    path.write_text(yaml.safe_dump(content))
    with drawn_here():
        return CliRunner().invoke(app, ["experiment", name, str(path), "--out", str(folder / "out")])


@pytest.mark.parametrize("name", OWN)
def test_a_command_and_its_second_run(
    name: str, drawn_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(name, settings(name, drawn_model), tmp_path)
    assert result.exit_code == 0, result.output
    assert "Not for diagnosis" in result.stdout
    out = tmp_path / "out"
    assert {*WRITTEN[name], f"{name}.json"} <= {path.name for path in out.iterdir()}
    document = json.loads((out / f"{name}.json").read_text("utf-8"))
    assert document["test"]["dataset"] == "synthetic-dermoscopy"
    assert [len(one["weights_digest"]) for one in document["models"]] == [64]
    assert document["sentences"]

    monkeypatch.setattr(IVQCBM, "forward", lambda *_: pytest.fail("the images were passed again"))
    again = run(name, settings(name, drawn_model), tmp_path)
    assert again.exit_code == 0, again.output
    second = json.loads((out / f"{name}.json").read_text("utf-8"))
    assert second["models"] == document["models"]


def test_several_models_are_repetitions(drawn_model: Path, tmp_path: Path) -> None:
    content = settings("calibration", drawn_model, models=[str(drawn_model)] * 2)
    result = run("calibration", content, tmp_path)
    assert result.exit_code == 0, result.output
    assert "mean ± sd of 2" in result.stdout
    document = json.loads((tmp_path / "out" / "calibration.json").read_text("utf-8"))
    assert document["spread"]["before"]["ece"]["n"] == 2
    assert document["spread"]["before"]["ece"]["sd"] == 0
    assert (tmp_path / "out" / "reliability-2.png").is_file()


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("calibration", {"split": "all"}, "64 of the 192 tested images are among those"),
        ("calibration", {"fitted_split": "all"}, "fitted_split: Input should be"),
        ("familiarity", {"corruptions": ["fog"]}, "corruptions.0: Input should be"),
        ("familiarity", {"strengths": [6]}, "strengths.0: Input should be less"),
        ("familiarity", {"foreign": ["nosuch"]}, "nosuch: holds no imported data set"),
        ("prototypes", {"permutations": 10}, "permutations: Input should be greater"),
        ("codebook-map", {"tokens": 5}, "tokens: Input should be greater"),
    ],
    ids=["tested and fitted", "fitted on all", "no corruption", "no strength", "no data", "few", "few tokens"],
)
def test_what_does_not_fit_ends_with_one_sentence(
    name: str, changes: dict[str, Any], words: str, drawn_model: Path, tmp_path: Path
) -> None:
    result = run(name, settings(name, drawn_model, **changes), tmp_path)
    assert result.exit_code == 2, result.output
    assert words in " ".join(result.stderr.split())


@pytest.mark.parametrize("name", OWN)
def test_a_stop_ends_it(name: str, drawn_model: Path) -> None:
    kind, function = experiment_named(name).load()
    around = Surroundings(lambda _: drawn_model, str, cancelled=lambda: True)
    with pytest.raises(ExperimentCancelled):
        function(kind.model_validate(settings(name, drawn_model)), around)


@pytest.mark.parametrize("name", [*OWN, "duplicates"])
def test_the_recipes_are_settings_of_their_experiment(name: str) -> None:
    kind, _ = experiment_named(name).load()
    recipes = sorted(RECIPES.glob(f"{name}-*.yaml"))
    assert recipes
    for recipe in recipes:
        load_settings(kind, recipe)
        assert f"vitrine experiment {name} {recipe}" in recipe.read_text("utf-8")
