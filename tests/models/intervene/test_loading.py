"""The head that is read is the one that predicts."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.checkpoint import Checkpoint, CheckpointError, list_zoo, read_checkpoint
from models.intervene.loading import read_head
from models.predictor import Predictor


@pytest.fixture(params=list_zoo(), ids=lambda folder: folder.name)
def shipped(request: pytest.FixtureRequest) -> Checkpoint:
    return read_checkpoint(request.param)


def test_it_gives_the_models_own_logits(shipped: Checkpoint) -> None:
    """To 1e-5, on an image that no model has seen: the network computes in float32, this in float64."""
    pixels = np.random.default_rng(7).integers(0, 255, (120, 160, 3), np.uint8)
    explanation = Predictor(shipped, "cpu", "float32").explain(Image.fromarray(pixels))
    head = read_head(shipped)
    decision = head.decide(explanation.scores.astype(np.float64))
    assert decision.logits == pytest.approx(explanation.logits, abs=1e-5, rel=1e-5)
    assert decision.probabilities == pytest.approx(explanation.probabilities, abs=1e-5)
    assert explanation.class_keys[decision.predicted] == explanation.predicted_class
    assert head.contributions(explanation.scores) == pytest.approx(explanation.contributions, abs=1e-5)


def test_a_file_that_is_none_is_said(shipped: Checkpoint, tmp_path: Path) -> None:
    elsewhere = dataclasses.replace(shipped, folder=tmp_path)
    with pytest.raises(CheckpointError, match="no linear head"):
        read_head(elsewhere)
    (tmp_path / "weights.safetensors").write_bytes(b"rubbish")
    with pytest.raises(CheckpointError, match="no linear head"):
        read_head(elsewhere)


def test_a_head_of_another_concept_set_is_said(shipped: Checkpoint) -> None:
    (other,) = [read_checkpoint(folder) for folder in list_zoo() if folder != shipped.folder]
    with pytest.raises(CheckpointError, match="expected a weight"):
        read_head(dataclasses.replace(shipped, concept_set=other.concept_set, statistics=other.statistics))
