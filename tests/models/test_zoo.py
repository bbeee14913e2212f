"""The shipped models: small enough, loadable, and about as good as their cards say, on freshly drawn images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.checkpoint import list_zoo, load_network, read_checkpoint
from models.concepts import load_concept_set
from models.data.synthetic import dermoscopy, ultrasound
from models.train.card import model_card
from models.train.data import Split
from models.train.evaluate import measure, run_split

MOST_BYTES = {"synthetic-dermoscopy": 30 * 2**20, "breast-ultrasound": 40 * 2**20}
IMAGES = 96
SEEN = 1000  # test images of either generator that figures were made of


def _folder(name: str) -> Path:
    (folder,) = [path for path in list_zoo() if path.name == name]
    return folder


def _beyond(draw: Any, start: int, count: int) -> Split:
    samples = [draw.render_sample("test", index) for index in range(start, start + count)]
    covered = [
        np.stack([sample.masks[key].reshape(14, 16, 14, 16).mean((1, 3)) for key in draw.LOCALIZABLE])
        for sample in samples
    ]
    return Split(
        np.stack([sample.image for sample in samples]),
        np.array([sample.class_index for sample in samples], np.int64),
        np.stack([sample.options for sample in samples]),
        np.stack(covered).astype(np.float32),
    )


def _found(name: str, draw: Any) -> dict[str, Any]:
    """Figures of images beyond those of the card: nothing about them was ever looked at."""
    checkpoint = read_checkpoint(_folder(name))
    split = _beyond(draw, SEEN, IMAGES)
    output = run_split(
        load_network(checkpoint), split, checkpoint.concept_set, checkpoint.config.preprocessing, bfloat16=False
    )
    return measure(output, split, checkpoint.concept_set)


def test_what_ships() -> None:
    assert {path.name for path in list_zoo()} == set(MOST_BYTES)


@pytest.mark.parametrize("name", MOST_BYTES)
def test_each_is_small(name: str) -> None:
    assert sum(path.stat().st_size for path in _folder(name).iterdir()) <= MOST_BYTES[name]


@pytest.mark.parametrize("name", MOST_BYTES)
def test_the_card_says_what_was_measured(name: str) -> None:
    checkpoint = read_checkpoint(_folder(name))
    assert checkpoint.card == model_card(checkpoint.config, checkpoint.concept_set, checkpoint.metrics)


@pytest.mark.parametrize("name", MOST_BYTES)
def test_its_concepts_are_those_of_the_library(name: str) -> None:
    concept_set = read_checkpoint(_folder(name)).concept_set
    assert concept_set.digest() == load_concept_set(concept_set.name).digest()


def test_fresh_dermoscopy_bears_the_figures_out() -> None:
    claimed = read_checkpoint(_folder("synthetic-dermoscopy")).metrics["test"]
    assert claimed["images"] == SEEN
    found = _found("synthetic-dermoscopy", dermoscopy)
    # Four standard errors of a share over this many images.
    room = 4 * np.sqrt(claimed["class_accuracy"] * (1 - claimed["class_accuracy"]) / IMAGES)
    assert found["class_accuracy"] >= claimed["class_accuracy"] - room
    assert found["concept_bmac"] >= claimed["concept_bmac"] - 0.1
    assert found["pointing"]["gradcam_mean"] >= claimed["pointing"]["gradcam_mean"] - 0.1


def test_the_model_of_real_ultrasound_reads_drawn_ultrasound_too() -> None:
    """Its examples are drawn, and its own data may not be in the project; drawings were shown to it while it learnt."""
    found = _found("breast-ultrasound", ultrasound)
    assert found["class_bmac"] >= 0.7
    assert found["concept_bmac"] >= 0.7
    assert found["pointing"]["gradcam_mean"] >= 0.8
