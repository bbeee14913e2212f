"""Running a model over images: the same as one by one, told about, stoppable."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from models.checkpoint import load_network, read_checkpoint
from models.intervene.scoring import ScoringCancelled, score_images
from models.preprocessing import normalise

SIDE = 64


def _images(count: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, SIDE, SIDE, 3), dtype=np.uint8)


def test_batches_do_not_matter(checkpoint_folder: Path) -> None:
    checkpoint = read_checkpoint(checkpoint_folder)
    network, images, told = load_network(checkpoint), _images(5), list[tuple[int, int]]()
    preprocessing = checkpoint.config.preprocessing
    found = score_images(network, images, preprocessing, batch=2, progress=lambda *step: told.append(step))
    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]
    with torch.inference_mode():
        alone = [network(normalise(images[row : row + 1], preprocessing)) for row in range(5)]
    assert found.logits == pytest.approx(np.concatenate([each.logits.numpy() for each in alone]), abs=1e-4)
    assert found.scores == pytest.approx(np.concatenate([each.scores.numpy() for each in alone]), abs=1e-4)


def test_it_stops_when_asked(checkpoint_folder: Path) -> None:
    checkpoint = read_checkpoint(checkpoint_folder)
    told: list[int] = []
    with pytest.raises(ScoringCancelled):
        score_images(
            load_network(checkpoint),
            _images(6),
            checkpoint.config.preprocessing,
            batch=2,
            progress=lambda done, _: told.append(done),
            cancelled=lambda: told[-1] >= 2,
        )
    assert told == [0, 2]


def test_images_of_another_size_are_refused(checkpoint_folder: Path) -> None:
    checkpoint = read_checkpoint(checkpoint_folder)
    with pytest.raises(ValueError, match=r"expected images \(N, 64, 64, 3\), got \(2, 32, 32, 3\)"):
        score_images(load_network(checkpoint), _images(2)[:, :32, :32], checkpoint.config.preprocessing)
