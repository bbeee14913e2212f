"""Every variant of the paper's ablations is a config value: it trains, is read back, and explains."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from pydantic import ValidationError

from models.checkpoint import load_network, read_checkpoint
from models.concepts import load_concept_set
from models.predictor import Predictor
from models.train import TrainConfig, train
from models.train.building import prepare_network
from models.train.freezing import FrozenParts
from tests.models.train.conftest import Tiny

GROUPS = 7
VARIANTS: dict[str, dict[str, Any]] = {
    "as published": {},
    "no IVQ": {"regularizer": "none"},
    "no Magnet, class token": {"aggregation": "global"},
    "neither": {"aggregation": "global", "regularizer": "none"},
    "explicit quantization": {"quantization": "explicit"},
    "Barlow Twins": {"regularizer": "barlow_twins"},
    "spectral": {"regularizer": "spectral"},
    "Gram": {"regularizer": "gram"},
    "one code": {"codes": 1},
    "K codes": {"codes": "K"},
    "5K codes": {"codes": "5K"},
    "10K codes": {"codes": "10K"},
    "20K codes": {"codes": "20K"},
    "beta 0": {"beta": 0.0},
    "beta 2": {"beta": 2.0},
    "BCE": {"concept_loss": "bce"},
    "learned temperature": {"learn_temperature": True},
    "exponential decay and average": {"schedule": "exponential", "ema": 0.9, "keep": "last"},
    "frozen": {"freeze": 1},
    "all frozen": {"freeze": "all"},
    "bf16": {"bf16": "on"},
}
CODES = {"one code": 1, "5K codes": 35, "10K codes": 70, "20K codes": 140}


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_trains_and_explains(tiny: Tiny, tmp_path: Path, name: str) -> None:
    checkpoint = train(tiny.config(epochs=1, **VARIANTS[name]), tmp_path)
    report = checkpoint.metrics["epochs"][0]
    assert all(np.isfinite(value) for value in report["losses"].values())
    assert checkpoint.config.codes == CODES.get(name, GROUPS) == len(checkpoint.statistics.codes)
    regularizer = checkpoint.config.regularizer
    assert (regularizer in report["losses"]) == (regularizer != "none")

    predictor = Predictor.from_folder(tmp_path, device="cpu", precision="float32")
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 255, (48, 48, 3), dtype=np.uint8))
    result = predictor.explain(picture)
    np.testing.assert_allclose(result.contributions.sum(0) + result.bias, result.logits, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(result.magnet.sum(0), np.ones(result.grid), rtol=1e-5)
    assert result.gradcam.shape == (34, 4, 4)
    assert result.gradcam.max() > 0
    assert np.isfinite(result.gradcam).all()
    assert result.index_map.shape == (4, 4)
    assert 0 <= result.familiarity.percentile <= 100


def test_without_a_class_token_the_mean_patch_stands_in() -> None:
    config = TrainConfig(name="x", aggregation="global")
    _, model_config = prepare_network(config, load_concept_set("isic2018"))
    assert model_config.aggregation == "mean"


def test_the_class_token_comes_from_the_last_block(tiny: Tiny) -> None:
    network, model_config = prepare_network(tiny.config(aggregation="global"), load_concept_set("isic2018"))
    assert model_config.aggregation == "cls"
    images = torch.randn(2, 3, 32, 32)
    network.eval()
    tokens = network.encoder(images)
    tower = network.encoder.tower
    expected = tower.ln_post(tower.transformer(tower._embeds(images)))
    torch.testing.assert_close(tokens, expected)


def test_frozen_blocks_stay_and_the_rest_moves(tiny: Tiny, tmp_path: Path) -> None:
    config = tiny.config(epochs=1, freeze=1)
    before, _ = prepare_network(config, load_concept_set("isic2018"))
    train(config, tmp_path)
    after = load_network(read_checkpoint(tmp_path)).state_dict()
    moved = {name for name, value in before.state_dict().items() if not torch.equal(value, after[name])}
    first = ("encoder.tower.conv1", "encoder.tower.class_embedding", "encoder.tower.transformer.resblocks.0.")
    assert not [name for name in moved if name.startswith(first)]
    assert [name for name in moved if name.startswith("encoder.tower.transformer.resblocks.1.")]


@pytest.mark.parametrize("encoder", ["vitrine_small", "timm:resnet10t", "vitrine_lite"])
def test_stages_of_other_towers_can_be_frozen(encoder: str) -> None:
    config = TrainConfig(name="x", encoder=encoder, freeze=1)
    network, _ = prepare_network(config, load_concept_set("isic2018"))
    frozen = FrozenParts(network.encoder, 1)
    network.train()
    frozen.hold()
    names = {name for name, parameter in network.encoder.named_parameters() if not parameter.requires_grad}
    first = {
        "vitrine_small": ("tower.trunk.patch_embed.", "tower.trunk.blocks.0.", "tower.trunk.pos_embed"),
        "timm:resnet10t": ("tower.trunk.conv1.", "tower.trunk.bn1.", "tower.trunk.layer1."),
        "vitrine_lite": ("tower.trunk.conv_stem.", "tower.trunk.bn1.", "tower.trunk.blocks.0."),
    }[encoder]
    assert {name for name, _ in network.encoder.named_parameters() if name.startswith(first)} == names
    assert all(any(name.startswith(start) for name in names) for start in first)
    with pytest.raises(ValueError, match="blocks, not 99"):
        FrozenParts(network.encoder, 99)


def test_frozen_normalisation_stays_frozen_when_it_is_replaced_for_several_gpus() -> None:
    network, _ = prepare_network(TrainConfig(name="x", encoder="vitrine_lite"), load_concept_set("isic2018"))
    frozen = FrozenParts(network.encoder, 1)
    torch.nn.SyncBatchNorm.convert_sync_batchnorm(network)
    network.train()
    frozen.hold()
    kinds = {
        name: module.training
        for name, module in network.encoder.named_modules()
        if isinstance(module, torch.nn.SyncBatchNorm)
    }
    assert kinds["tower.trunk.bn1"] is False
    assert all(kinds[name] is False for name in kinds if name.startswith("tower.trunk.blocks.0."))
    assert any(kinds.values())


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"codes": "0K"}, "codes must be"),
        ({"codes": "many"}, "codes must be"),
        ({"codes": -1}, "codes must be"),
        ({"quantization": "explicit", "regularizer": "none"}, "set regularizer: ivq"),
        ({"freeze": -1}, "freeze"),
        ({"accumulate": 64}, "accumulate"),
        ({"augment": "upside-down"}, "augment"),
        ({"data": {"kind": "imported", "folder": "x", "fold": [5, 5]}}, "fold"),
        ({"data": {"kind": "stolen"}}, "data"),
    ],
)
def test_impossible_settings_are_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        TrainConfig.model_validate({"name": "x", **settings})


def test_a_class_token_is_not_quantized(tiny: Tiny) -> None:
    config = tiny.config(aggregation="global", quantization="explicit")
    with pytest.raises(ValueError, match="class token is not quantized"):
        prepare_network(config, load_concept_set("isic2018"))


def test_the_shipped_recipes_still_load() -> None:
    recipes = Path(__file__).parents[3] / "models" / "train" / "recipes"
    for path in recipes.glob("synthetic-dermoscopy*.yaml"):
        config = TrainConfig.load(path)
        assert (config.data.name, config.schedule, config.regularizer) == ("synthetic-dermoscopy", "cosine", "ivq")
        assert config.code_count(GROUPS) == GROUPS
