"""Which images a batch has: all of them once, every class equally often, a share of auxiliary ones; never by chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.train import TrainConfig
from models.train.sampling import batch_sizes, parts_of, plan_epoch, steps_per_epoch

CLASSES = np.array([0] * 30 + [1] * 9 + [2] * 3)


def _config(**settings: Any) -> TrainConfig:
    return TrainConfig.model_validate({"name": "x", "batch_size": 8, **settings})


def test_an_epoch_shows_each_image_at_most_once_in_sorted_batches() -> None:
    plan = plan_epoch(_config(), CLASSES, 0, 1)
    assert len(plan) == steps_per_epoch(_config(), len(CLASSES)) == 5
    rows = np.concatenate(plan)
    assert len(set(rows.tolist())) == len(rows) == 40
    assert all(np.array_equal(batch, np.sort(batch)) for batch in plan)


def test_the_order_follows_from_seed_and_epoch_alone() -> None:
    first = np.concatenate(plan_epoch(_config(), CLASSES, 0, 1))
    assert np.array_equal(first, np.concatenate(plan_epoch(_config(workers=4, device="cpu"), CLASSES, 0, 1)))
    assert not np.array_equal(first, np.concatenate(plan_epoch(_config(), CLASSES, 0, 2)))
    assert not np.array_equal(first, np.concatenate(plan_epoch(_config(seed=1), CLASSES, 0, 1)))


def test_balanced_sampling_shows_every_class_equally_often() -> None:
    rows = np.concatenate(plan_epoch(_config(sampling="balanced"), CLASSES, 0, 1))
    counts = np.bincount(CLASSES[rows])
    assert counts.max() - counts.min() <= 1
    rare = np.bincount(rows[CLASSES[rows] == 2] - 39, minlength=3)
    assert rare.max() - rare.min() <= 1  # each of the rare images as often as the others


def test_a_share_of_each_batch_is_auxiliary() -> None:
    config = _config(auxiliary={"name": "synthetic-ultrasound", "train": 20, "share": 0.25})
    assert batch_sizes(config, len(CLASSES)) == (6, 2)
    plan = plan_epoch(config, CLASSES, 20, 1)
    assert len(plan) == 7
    for batch in plan:
        assert np.sum(batch >= len(CLASSES)) == 2
        assert batch.max() < len(CLASSES) + 20


@pytest.mark.parametrize("share", [0.001, 0.999])
def test_every_share_leaves_one_image_of_each(share: float) -> None:
    config = _config(auxiliary={"name": "synthetic-ultrasound", "share": share})
    assert min(batch_sizes(config, len(CLASSES))) == 1


def test_a_set_smaller_than_a_batch_is_one_batch() -> None:
    (batch,) = plan_epoch(_config(batch_size=64), CLASSES, 0, 1)
    assert batch.tolist() == list(range(42))


def test_parts_cover_a_batch() -> None:
    batch = np.arange(100, 110)
    parts = [parts_of(batch, part, 4) for part in range(4)]
    assert sorted(np.concatenate([rows for rows, _ in parts]).tolist()) == batch.tolist()
    assert all(np.array_equal(batch[positions], rows) for rows, positions in parts)
    assert [len(rows) for rows, _ in parts] == [3, 3, 2, 2]


def test_every_part_has_its_share_of_classes_and_of_auxiliary_images() -> None:
    """Batch normalisation sees one part at a time; a part of one class alone would teach it that class."""
    config = _config(batch_size=16, sampling="balanced", auxiliary={"name": "synthetic-ultrasound", "share": 0.25})
    for batch in plan_epoch(config, np.array([0] * 30 + [1] * 30), 20, 1):
        parts = [parts_of(batch, part, 2)[0] for part in range(2)]
        for low, high in ((0, 30), (30, 60), (60, 80)):
            counts = [int(np.sum((rows >= low) & (rows < high))) for rows in parts]
            assert abs(counts[0] - counts[1]) <= 1
