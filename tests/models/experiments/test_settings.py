"""Settings of experiments, and which experiments there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.experiments.registry import EXPERIMENTS, experiment_named
from models.experiments.settings import AnalysisConfig, load_settings
from models.experiments.surroundings import ExperimentCancelled, ExperimentError, Surroundings


def test_all_is_every_split() -> None:
    config = AnalysisConfig(models=("a",), dataset="busi", split="all")
    assert config.splits == ("train", "validation", "test")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("models: []\ndataset: busi", "models: "),
        ("models: [a]", "dataset: Field required"),
        ("models: [a]\ndataset: busi\nresample: 5", "resample: Extra inputs"),
        ("models: [a]\ndataset: busi\nsplit: holdout", "split: "),
        ("[", "cannot be read"),
        ("", "file: "),
    ],
    ids=["no model", "no data", "typing mistake", "no such split", "no YAML", "empty"],
)
def test_settings_that_cannot_be_used(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text(text)
    with pytest.raises(ExperimentError, match=r"settings\.yaml") as error:
        load_settings(AnalysisConfig, path)
    assert fault in str(error.value)


def test_settings_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="cannot be read"):
        load_settings(AnalysisConfig, tmp_path / "none.yaml")


@pytest.mark.parametrize("known", EXPERIMENTS, ids=lambda known: known.name)
def test_every_experiment_can_be_loaded(known: object) -> None:
    found = experiment_named(known.name)  # type: ignore[attr-defined]
    settings, run = found.load()
    assert settings.model_json_schema()["properties"]
    assert callable(run)
    assert found.question.endswith("?")


@pytest.mark.parametrize(
    "path", sorted((Path("models/experiments/recipes")).glob("*.yaml")), ids=lambda path: path.stem
)
def test_every_recipe_can_be_read(path: Path) -> None:
    """Its command stands in its opening comment."""
    name = next(
        line.split("vitrine experiment ", 1)[1].split()[0]
        for line in path.read_text("utf-8").splitlines()
        if "vitrine experiment " in line
    )
    settings, _ = experiment_named(name).load()
    assert isinstance(load_settings(settings, path), settings)


def test_a_stop_is_noticed() -> None:
    around = Surroundings(Path, Path, cancelled=lambda: True)
    with pytest.raises(ExperimentCancelled):
        around.check()
