"""``vitrine retrain``: the command; the retraining itself is tested with the models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

import models.train.retrain
from backend.cli.main import app
from models.checkpoint import Checkpoint, read_checkpoint
from models.concepts import ConceptSet
from models.train import TrainingCancelled
from models.train.retrain import RetrainConfig, RetrainError, Watching


def retrain(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["retrain", *map(str, arguments)])


@pytest.fixture
def edited(untrained: Path, tmp_path: Path) -> Path:
    content = yaml.safe_load((untrained / "concept_set.yaml").read_text())
    del content["groups"][-1]
    for row in content["class_options"].values():
        row.pop("elevation", None)
    path = tmp_path / "edited.yaml"
    path.write_text(yaml.safe_dump(content))
    return path


@pytest.fixture
def started(untrained: Path, monkeypatch: pytest.MonkeyPatch) -> list[RetrainConfig]:
    configs: list[RetrainConfig] = []

    def pretend(parent: Checkpoint, _: ConceptSet, __: Path, config: RetrainConfig, watching: Watching) -> Checkpoint:
        configs.append(config)
        validation = {"class_bmac": 0.5, "concept_bmac": 0.25}
        report = {"epoch": 1, "epochs": 2, "losses": {"total": 1.5}, "validation": validation, "seconds": 3.0}
        assert watching.progress is not None
        watching.staged("Tokens", 64, 64)
        watching.progress(report)
        training = {"best_epoch": 1, "stages": {"images": 1.0, "tokens": 2.0, "training": 3.0}}
        test = {"images": 9, "class_bmac": 0.75, "concept_bmac": None}
        labels = {"corrected": 3, "added": 2, "left_out": 1} if config.labels else None
        return Checkpoint(
            **vars(parent) | {"metrics": {"training": training, "test": test, "lineage": {"labels": labels}}}
        )

    monkeypatch.setattr(models.train.retrain, "retrain", pretend)
    return configs


def test_a_preview_says_what_the_edit_means(untrained: Path, edited: Path, tmp_path: Path) -> None:
    result = retrain(untrained, edited, "--out", tmp_path / "child", "--preview")
    assert result.exit_code == 0, result.output
    assert "kept with the parent's weights: 3" in result.stdout
    assert "groups removed: elevation" in result.stdout
    assert not (tmp_path / "child").exists()


def test_it_tells_how_it_goes(untrained: Path, edited: Path, tmp_path: Path, started: list[RetrainConfig]) -> None:
    arguments = (untrained, edited, "--out", tmp_path / "child-2", "--seed", 7, "--labels", tmp_path)
    result = retrain(*arguments, "--images", 100, 70, 80)
    assert result.exit_code == 0, result.output
    for words in ("epoch 1/2  loss 1.5000", "concept BMAC 0.250", "0.750", "–", "3 images corrected, 2 added, 1 left"):
        assert words in result.stdout
    assert "Tokens" in result.stderr
    (config,) = started
    assert (config.name, config.mode, config.seed, config.labels) == ("child-2", "quick", 7, tmp_path)
    assert config.data is not None
    assert config.data.model_dump(include={"train", "validation", "test"}) == {
        "train": 100,
        "validation": 70,
        "test": 80,
    }


def test_figures_of_other_images_do_not_compare(
    untrained: Path, edited: Path, tmp_path: Path, started: list[RetrainConfig]
) -> None:
    assert read_checkpoint(untrained).metrics["test"]["images"] == 8
    assert "the two do not compare" in retrain(untrained, edited, "--out", tmp_path / "child").stdout
    assert started[0].data is None  # the parent's


def test_an_import_is_named(untrained: Path, edited: Path, tmp_path: Path, started: list[RetrainConfig]) -> None:
    out = ("--out", tmp_path / "child")
    assert retrain(untrained, edited, *out, "--data", tmp_path / "set", "--mode", "full").exit_code == 0
    assert started[0].mode == "full"
    assert getattr(started[0].data, "folder", None) == tmp_path / "set"
    refused = retrain(untrained, edited, *out, "--data", tmp_path, "--images", 100, 70, 80)
    assert refused.exit_code == 2
    assert "--images is for procedural sets" in refused.stderr
    assert "which is drawn" in retrain(untrained, edited, *out, "--test-data", tmp_path).stderr


def test_what_is_wrong_is_one_sentence(untrained: Path, edited: Path, tmp_path: Path) -> None:
    content = yaml.safe_load(edited.read_text())
    content["classes"][0]["key"] = "lentigo"
    content["class_options"].pop("mel")
    edited.write_text(yaml.safe_dump(content))
    for arguments, words in (
        ((untrained, edited, "--out", tmp_path / "child"), "has other classes than the parent: it lacks mel"),
        ((untrained, tmp_path / "none.yaml", "--out", tmp_path / "child"), "none.yaml: no such file"),
        (("nosuch", edited, "--out", tmp_path / "child"), "no model 'nosuch'"),
        ((untrained, edited, "--out", untrained), "holds a model already"),
    ):
        result = retrain(*arguments)
        assert result.exit_code == 2, result.output
        assert words in result.stderr
        assert not (tmp_path / "child").exists()


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (RetrainError("the labels cannot be used"), 2, "the labels cannot be used"),
        (TrainingCancelled("the training was cancelled"), 2, "was cancelled"),
        (FloatingPointError("the training loss is no longer a number"), 1, "no longer a number"),
        (OSError(28, "No space left on device", "/tokens"), 1, "cannot write /tokens: No space left on device"),
        (KeyboardInterrupt(), 130, "no model was written"),
    ],
)
def test_a_run_that_breaks_off_says_so(
    error: BaseException, code: int, words: str, untrained: Path, edited: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    def break_off(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(models.train.retrain, "retrain", break_off)
    result = retrain(untrained, edited, "--out", tmp_path / "child")
    assert result.exit_code == code
    assert words in result.stderr
