"""The parent's settings, with what the mode changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from models.checkpoint import ZOO, Checkpoint, read_checkpoint
from models.train.retrain import RetrainConfig
from models.train.retrain.settings import training_config
from models.train.settings import ImportedData, ProceduralData


@pytest.mark.parametrize("name", ["synthetic-dermoscopy", "breast-ultrasound"])
def test_the_objective_is_the_parents(name: str) -> None:
    parent = read_checkpoint(ZOO / name)
    before = parent.metrics["training"]["settings"]
    for mode in ("quick", "full"):
        found = training_config(parent, RetrainConfig.model_validate({"mode": mode}))
        for key in ("concept_weight", "ivq_weight", "temperature", "localization_weight", "class_balance", "encoder"):
            assert getattr(found, key) == before[key], key
        assert found.parent == parent.folder
        assert found.codes is None
    assert found.epochs == before["epochs"]
    assert found.learning_rate == before["learning_rate"]


def test_quick_mode_freezes_the_encoder_and_draws_no_more_than_it_takes(parent: Checkpoint) -> None:
    data = ProceduralData(train=10000)
    quick = training_config(parent, RetrainConfig(data=data, images=500, epochs=3))
    assert (quick.freeze, quick.augment, quick.epochs, quick.keep) == ("all", False, 3, "last")
    assert isinstance(quick.data, ProceduralData)
    assert quick.data.train == 500
    assert quick.patience is None
    assert training_config(parent, RetrainConfig(data=data, patience=2)).keep == "best"
    full = training_config(parent, RetrainConfig(mode="full", data=data, images=500))
    assert isinstance(full.data, ProceduralData)
    assert (full.data.train, full.freeze, full.augment) == (10000, 0, True)


def test_a_regularizer_of_the_encoder_has_nothing_to_act_on(parent: Checkpoint, tmp_path: Path) -> None:
    training = parent.metrics["training"]
    settings = {**training["settings"], "regularizer": "spectral"}
    other = replace(parent, metrics={"training": {**training, "settings": settings}})
    data = ImportedData(kind="imported", folder=tmp_path)
    assert training_config(other, RetrainConfig(data=data)).regularizer == "none"
    assert training_config(other, RetrainConfig(data=data, mode="full")).regularizer == "spectral"
