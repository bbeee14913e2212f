"""``vitrine train``: the command; the training itself is tested with the models."""

import errno
import logging
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import models.train
from backend.cli.main import app
from models.checkpoint import read_checkpoint
from models.train import TrainConfig


def train(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["train", *map(str, arguments)])


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.yaml"
    path.write_text("name: tiny\nepochs: 1\ndata: {train: 64, validation: 64, test: 64}\n")
    return path


@pytest.mark.slow
def test_a_settings_file_becomes_a_model(config: Path, tmp_path: Path) -> None:
    result = train(config, "--out", tmp_path / "model")

    assert result.exit_code == 0, result.output
    assert "epoch 1/1  loss" in result.stdout
    assert result.stderr == ""  # nothing of how libraries load a model, and no bar where there is no terminal
    checkpoint = read_checkpoint(tmp_path / "model")
    assert checkpoint.name == "tiny"
    assert "vitrine" in checkpoint.metrics["training"]["command"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("name: [", "cannot be read"),
        ("name: tiny\nepoch: 3\n", "epoch: Extra inputs are not permitted"),
        ("name: tiny\nepochs: 0\n", "epochs: Input should be greater than or equal to 1"),
        ("name: tiny\nconcept_set: nosuch\n", "nosuch: no such concept set"),
        ("name: tiny\nencoder: nosuch\n", "unknown encoder 'nosuch'"),
        ("name: tiny\ndevice: abacus\n", "abacus"),
    ],
)
def test_settings_that_cannot_work_end_with_one_sentence(content: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(content + ("data: {train: 64, validation: 64, test: 64}\n" if "[" not in content else ""))
    result = train(path, "--out", tmp_path / "model")

    assert result.exit_code == 2, result.output
    assert words in result.stderr
    assert not (tmp_path / "model").exists()


def test_a_missing_settings_file_is_named(tmp_path: Path) -> None:
    result = train(tmp_path / "missing.yaml", "--out", tmp_path / "model")
    assert result.exit_code == 2
    assert "missing.yaml" in result.stderr


def test_a_model_is_replaced_only_on_demand(
    config: Path, untrained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = train(config, "--out", untrained)
    assert refused.exit_code == 2
    assert "--overwrite" in refused.stderr

    started: list[TrainConfig] = []

    def pretend(settings: TrainConfig, out: Path, **_: Any) -> Any:
        started.append(settings)
        return read_checkpoint(out)

    monkeypatch.setattr(models.train, "train", pretend)
    assert train(config, "--out", untrained, "--overwrite").exit_code == 0
    assert [settings.name for settings in started] == ["tiny"]


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (FloatingPointError("the training loss is no longer a number"), 1, "no longer a number"),
        (KeyboardInterrupt(), 130, "no model was written"),
    ],
)
def test_a_run_that_breaks_off_says_so(
    error: BaseException, code: int, words: str, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(models.train, "train", break_off)
    result = train(config, "--out", tmp_path / "model")
    assert result.exit_code == code
    assert words in result.stderr


def test_a_full_disk_is_told_in_words(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "model"
    state = models.train.state_path(out)

    def full(*_: Any, **__: Any) -> None:
        state.parent.mkdir(parents=True, exist_ok=True)
        state.touch()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(state))

    monkeypatch.setattr(models.train, "train", full)
    result = train(config, "--out", out)

    assert result.exit_code == 1, result.output
    told = f"cannot write {state}: No space left on device; with room on the disk the same command goes on with it"
    assert told in result.stderr.replace("\n", " ")


def test_only_our_own_messages_are_shown(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def talk(*_: Any, **__: Any) -> None:
        logging.info("Parsing model identifier")  # noqa: LOG015 (as open_clip does)
        logging.getLogger("models.train.data").info("kept the images")
        logging.getLogger("models.train.data").debug("details")
        logging.getLogger("timm").warning("no weights")
        raise ValueError("that was all")

    monkeypatch.setattr(models.train, "train", talk)
    before = logging.getLogger().level, list(logging.getLogger().handlers)
    assert train(config, "--out", tmp_path / "model").stderr == "kept the images\nvitrine: that was all\n"
    assert (logging.getLogger().level, logging.getLogger().handlers) == before
    monkeypatch.setenv("RANK", "1")  # one of several processes that does not lead
    assert train(config, "--out", tmp_path / "model").stderr == "vitrine: that was all\n"
