"""The shipped models: small enough, loadable, and about as good as their cards say, on freshly drawn images."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.checkpoint import list_zoo, load_network, read_checkpoint
from models.data.synthetic.dermoscopy import LOCALIZABLE, render_sample
from models.train.card import model_card
from models.train.data import Split
from models.train.evaluate import measure, run_split

MOST_BYTES = 30 * 1024 * 1024
IMAGES = 96


def _folder() -> Path:
    (folder,) = [path for path in list_zoo() if path.name == "synthetic-dermoscopy"]
    return folder


def _beyond(start: int, count: int) -> Split:
    samples = [render_sample("test", index) for index in range(start, start + count)]
    covered = [
        np.stack([sample.masks[key].reshape(14, 16, 14, 16).mean((1, 3)) for key in LOCALIZABLE]) for sample in samples
    ]
    return Split(
        np.stack([sample.image for sample in samples]),
        np.array([sample.class_index for sample in samples], np.int64),
        np.stack([sample.options for sample in samples]),
        np.stack(covered).astype(np.float32),
    )


def test_it_is_at_most_30_mib() -> None:
    assert sum(path.stat().st_size for path in _folder().iterdir()) <= MOST_BYTES


def test_the_card_says_what_was_measured() -> None:
    checkpoint = read_checkpoint(_folder())
    assert checkpoint.card == model_card(checkpoint.config, checkpoint.concept_set, checkpoint.metrics)
    assert checkpoint.metrics["test"]["images"] == 1000


def test_fresh_images_bear_the_figures_out() -> None:
    """Images beyond the thousand of the card: nothing about them was ever looked at."""
    checkpoint = read_checkpoint(_folder())
    claimed = checkpoint.metrics["test"]
    split = _beyond(claimed["images"], IMAGES)
    output = run_split(
        load_network(checkpoint), split, checkpoint.concept_set, checkpoint.config.preprocessing, bfloat16=False
    )
    found = measure(output, split, checkpoint.concept_set)
    # Four standard errors of a share over this many images.
    room = 4 * np.sqrt(claimed["class_accuracy"] * (1 - claimed["class_accuracy"]) / IMAGES)
    assert found["class_accuracy"] >= claimed["class_accuracy"] - room
    assert found["concept_bmac"] >= claimed["concept_bmac"] - 0.1
    assert found["pointing"]["gradcam_mean"] >= claimed["pointing"]["gradcam_mean"] - 0.1
