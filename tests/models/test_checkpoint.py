"""A checkpoint folder survives the round trip and every damage is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch

from models.checkpoint import CheckpointError, load_network, read_checkpoint
from models.train import TrainConfig, initial_checkpoint


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("checkpoint") / "untrained"
    initial_checkpoint(TrainConfig(name="untrained"), path, images=16)
    return path


def _copy(folder: Path, target: Path) -> Path:
    return Path(shutil.copytree(folder, target / "copy"))


def test_round_trip(folder: Path) -> None:
    checkpoint = read_checkpoint(folder)
    assert checkpoint.name == "untrained"
    assert checkpoint.synthetic
    assert checkpoint.concept_set.option_count == 34
    network = load_network(checkpoint)
    assert not network.training
    assert not any(parameter.requires_grad for parameter in network.parameters())
    again = load_network(checkpoint)
    images = torch.randn(1, 3, 224, 224)
    assert torch.equal(network(images).logits, again(images).logits)


def test_the_card_of_an_untrained_model_says_so(folder: Path) -> None:
    card = read_checkpoint(folder).card
    assert "untrained weights" in card
    assert "Not for diagnosis" in card


def test_the_digest_follows_the_weights(folder: Path, tmp_path: Path) -> None:
    copy = _copy(folder, tmp_path)
    assert read_checkpoint(copy).weights_digest() == read_checkpoint(folder).weights_digest()
    with (copy / "weights.safetensors").open("ab") as file:
        file.write(b"x")
    assert read_checkpoint(copy).weights_digest() != read_checkpoint(folder).weights_digest()


def test_a_folder_without_a_config_is_not_a_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"no config\.json"):
        read_checkpoint(tmp_path)


@pytest.mark.parametrize("name", ["statistics.json", "metrics.json", "concept_set.yaml", "MODEL_CARD.md"])
def test_missing_and_garbled_files_are_named(folder: Path, tmp_path: Path, name: str) -> None:
    copy = _copy(folder, tmp_path)
    (copy / name).unlink()
    with pytest.raises(CheckpointError, match=name.split(".", maxsplit=1)[0]):
        read_checkpoint(copy)
    if name != "MODEL_CARD.md":
        (copy / name).write_text("{")
        with pytest.raises(CheckpointError, match="cannot be read"):
            read_checkpoint(copy)


def test_another_format_is_refused(folder: Path, tmp_path: Path) -> None:
    copy = _copy(folder, tmp_path)
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, "format": 99}))
    with pytest.raises(CheckpointError, match="format 99"):
        read_checkpoint(copy)


def test_damaged_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    copy = _copy(folder, tmp_path)
    data = (copy / "weights.safetensors").read_bytes()
    (copy / "weights.safetensors").write_bytes(data[: len(data) // 2])
    with pytest.raises(CheckpointError, match=r"weights\.safetensors cannot be loaded"):
        load_network(read_checkpoint(copy))


def test_statistics_of_another_concept_set_are_refused(folder: Path, tmp_path: Path) -> None:
    copy = _copy(folder, tmp_path)
    statistics = json.loads((copy / "statistics.json").read_text())
    statistics["codes"].pop()
    (copy / "statistics.json").write_text(json.dumps(statistics))
    with pytest.raises(CheckpointError, match="does not fit"):
        read_checkpoint(copy)
