"""Calibration, from models whose calibration is known by their making."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models.compare.figures import BINS
from models.data.synthetic.ultrasound import GROUP_KEYS
from models.experiments.calibration.measures import (
    HIGHEST,
    LOWEST,
    Decisions,
    best_temperatures,
    bins_of,
    by_chance,
    calibrated,
    measure_calibration,
    temperature_losses,
)
from models.experiments.calibration.run import check_apart
from models.experiments.surroundings import ExperimentError


def drawn(count: int, seed: int, factor: float = 1.0, classes: int = 3) -> Decisions:
    """Labels drawn from softmax(z); the model says factor z, so a factor of 2 wants T = 2."""
    stream = np.random.default_rng(seed)
    logits = 2 * stream.standard_normal((count, classes))
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    truth = (stream.random((count, 1)) > np.cumsum(shares, 1)).sum(1)
    return Decisions(factor * logits, np.minimum(truth, classes - 1), np.arange(count))


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0], ids=["unsure", "calibrated", "too sure"])
def test_the_temperature_is_found_again(factor: float) -> None:
    fitted = drawn(4000, 1, factor)
    found = best_temperatures(temperature_losses(fitted), np.ones((1, 4000)))[0]
    assert found == pytest.approx(factor, rel=0.08)


def test_the_temperature_is_where_the_loss_is_least() -> None:
    fitted = drawn(300, 2, 2.0)
    found = float(best_temperatures(temperature_losses(fitted), np.ones((1, 300)))[0])

    def loss(temperature: float) -> float:
        scaled = fitted.logits / temperature
        return float(np.mean(np.log(np.exp(scaled).sum(1)) - scaled[np.arange(300), fitted.truth]))

    assert loss(found) <= min(loss(found * 1.005), loss(found / 1.005))


def test_a_weight_says_how_often_an_image_counts() -> None:
    fitted = drawn(50, 3)
    weights = np.random.default_rng(0).integers(0, 4, 50)
    rows = np.repeat(np.arange(50), weights)
    repeated = Decisions(fitted.logits[rows], fitted.truth[rows], rows)
    losses = temperature_losses(fitted)
    assert best_temperatures(losses, weights[None].astype(float))[0] == pytest.approx(
        best_temperatures(temperature_losses(repeated), np.ones((1, len(rows))))[0]
    )


def test_images_that_are_all_right_leave_the_temperature_at_its_limit() -> None:
    logits = np.array([[3.0, 0.0], [0.0, 2.0]])
    always = Decisions(logits, np.array([0, 1]), np.arange(2))
    never = Decisions(logits, np.array([1, 0]), np.arange(2))
    assert best_temperatures(temperature_losses(always), np.ones((1, 2)))[0] == pytest.approx(LOWEST)
    assert best_temperatures(temperature_losses(never), np.ones((1, 2)))[0] == pytest.approx(HIGHEST)
    assert calibrated(always, always, resamples=100, seed=0).limited


def test_a_model_too_sure_of_itself_is_seen_and_mended() -> None:
    found = calibrated(drawn(1500, 4, 3.0), drawn(1500, 5, 3.0), resamples=200, seed=0)
    before, after = found.before, found.after
    assert before.figures["gap"].low > 0.05
    assert before.chance.p < 0.01
    assert after.figures["ece"].value < before.figures["ece"].value / 2
    assert after.chance.p > 0.05
    assert found.change["nll"].high < 0
    assert found.change["accuracy"].value == 0
    assert not found.limited
    assert found.temperature.low < 3 < found.temperature.high


def test_a_calibrated_model_is_not_told_apart_from_one() -> None:
    found = calibrated(drawn(400, 6), drawn(400, 7), resamples=200, seed=0)
    assert found.before.chance.p > 0.05
    gap = found.before.figures["gap"]
    assert gap.low < 0 < gap.high


def test_the_interval_of_the_ece_holds_the_ece() -> None:
    """The plain percentile interval need not: an image drawn twice agrees with itself."""
    for seed in range(5):
        found = calibrated(drawn(60, seed), drawn(60, seed + 50), resamples=200, seed=0)
        for state in (found.before, found.after):
            ece = state.figures["ece"]
            assert ece.low <= ece.value <= ece.high


def test_chance_is_what_drawing_labels_gives() -> None:
    logits = np.tile([[np.log(4.0), 0.0]], (100, 1))  # confidence 0.8, one bin: |share right - 0.8|
    found = by_chance(logits, 0.0, 4000, 0)
    assert found.mean == pytest.approx(np.sqrt(2 / np.pi) * np.sqrt(0.8 * 0.2 / 100), rel=0.05)
    assert found.p == 1.0
    assert by_chance(logits, 0.5, 400, 0).p == pytest.approx(1 / 401)


def test_bins_by_hand() -> None:
    logits = np.log([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4]])
    found = bins_of(Decisions(logits, np.array([0, 1, 0]), np.arange(3)))
    assert [(one.n, one.accuracy) for one in found] == [(1, 1.0), (2, 0.5)]
    assert [one.confidence for one in found] == pytest.approx([0.6, 0.9])
    assert all(one.low < one.confidence <= one.high for one in found)
    assert found[0].high - found[0].low == pytest.approx(1 / BINS)


def subject(options: NDArray[np.int64], own: bool) -> Any:
    """As much of a subject as is asked for: two groups, of two options and of one."""
    stream = np.random.default_rng(0)
    count = len(options)
    concept_set = SimpleNamespace(group_keys=GROUP_KEYS[:2], group_slices=(slice(0, 2), slice(2, 3)))
    images = SimpleNamespace(
        data=SimpleNamespace(classes=stream.integers(0, 2, count), options=options),
        per_image=np.full(options.shape, own),
        clusters=np.arange(count),
    )
    found = SimpleNamespace(
        logits=stream.standard_normal((count, 2)).astype(np.float32),
        scores=stream.standard_normal((count, 3)).astype(np.float32),
    )
    return SimpleNamespace(checkpoint=SimpleNamespace(concept_set=concept_set), images=images, found=found)


def test_groups_whose_options_nobody_knows_are_left_out() -> None:
    options = np.tile(np.array([[1, -1]]), (20, 1))
    found = measure_calibration(subject(options, True), subject(options, True), resamples=100, seed=0)
    first, second = GROUP_KEYS[:2]
    assert found.groups[second] is None
    assert found.groups[first].before.figures["ece"].n == 20
    assert found.by_class == ()
    assert found.to_json()["groups"][second] is None


def test_labels_of_the_class_table_are_named() -> None:
    options = np.tile(np.array([[1, 0]]), (20, 1))
    found = measure_calibration(subject(options, False), subject(options, False), resamples=100, seed=0)
    assert found.by_class == GROUP_KEYS[:2]


def test_an_image_that_is_tested_and_fitted_on_is_refused_whatever_its_name() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (4, 8, 8, 3), dtype=np.uint8)

    def images(rows: list[int], name: str) -> Any:
        keys = tuple(f"{name} {row}" for row in rows)

        class Images(SimpleNamespace):
            def __len__(self) -> int:
                return len(rows)

        return Images(keys=keys, data=SimpleNamespace(images=pictures[rows]))

    check_apart(images([0, 1], "a"), images([2, 3], "b"))
    with pytest.raises(ExperimentError, match=r"1 of the 2 tested images are among those .* such as a 1"):
        check_apart(images([0, 1], "a"), images([1, 3], "b"))
