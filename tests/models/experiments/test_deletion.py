"""Deletion and insertion curves of decisions that are known by hand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from models.concepts import load_concept_set
from models.experiments.deletion.curves import areas, blurred, image_curves, mixed, patch_order
from models.experiments.deletion.measures import KINDS, ORDERS, measure_deletion
from models.experiments.deletion.settings import DeletionConfig
from models.experiments.keeping import kept_or_made
from models.experiments.saliency import decision_maps, parts_of_decision
from models.experiments.subjects import Pass

SIDE, PIXELS = 4, 16
PATCHES = SIDE * SIDE


def test_orders_fall_and_ties_are_drawn() -> None:
    saliency = np.array([0.0, 3.0, 0.0, 1.0, 0.0])
    drawn = [patch_order(saliency, np.random.default_rng(seed)).tolist() for seed in range(20)]
    assert all(order[:2] == [1, 3] for order in drawn)
    assert all(sorted(order) == [0, 1, 2, 3, 4] for order in drawn)
    assert len({tuple(order) for order in drawn}) > 1


def test_patches_are_taken_from_the_blurred_image() -> None:
    image = np.random.default_rng(0).integers(0, 255, (PIXELS, PIXELS, 3), dtype=np.uint8)
    soft = blurred(image, 0.2)
    assert soft.std() < image.std() / 2
    keep = np.zeros(PATCHES, np.bool_)
    keep[5] = True  # second row, second column
    found = mixed(image, soft, keep)
    inside = np.zeros((PIXELS, PIXELS), np.bool_)
    inside[4:8, 4:8] = True
    assert np.array_equal(found[inside], image[inside])
    assert np.array_equal(found[~inside], soft[~inside])
    assert np.array_equal(blurred(np.full_like(image, 77), 0.2), np.full_like(image, 77))


def test_a_decision_on_one_patch_falls_and_rises_with_it() -> None:
    image = np.full((PIXELS, PIXELS, 3), 100, np.uint8)
    image[:4, :4] = 255  # the first patch decides
    first, last = np.arange(PATCHES), np.arange(PATCHES)[::-1]

    def answer(pictures: np.ndarray) -> np.ndarray:
        sure: np.ndarray = pictures[:, :4, :4].mean((1, 2, 3)) > 240
        return sure.astype(np.float64)

    deletion, insertion = image_curves(image, [first, last], answer, 4, 0.3)
    assert deletion.tolist() == [[1, 0, 0, 0, 0], [1, 1, 1, 1, 0]]
    assert insertion.tolist() == [[0, 1, 1, 1, 1], [0, 0, 0, 0, 1]]
    assert areas(deletion).tolist() == pytest.approx([1 / 8, 7 / 8])
    assert areas(insertion).tolist() == pytest.approx([7 / 8, 1 / 8])


def test_areas_are_mean_heights() -> None:
    assert areas(np.ones((3, 6))).tolist() == [1.0, 1.0, 1.0]
    assert areas(np.linspace(0, 1, 5)) == pytest.approx(0.5)


def test_differences_are_paired_by_image() -> None:
    settings = DeletionConfig(models=("m",), dataset="d", steps=2, resamples=200)
    generator = np.random.default_rng(0)
    base = generator.random((30, 3))
    curves = {f"{name} {kind}": base.copy() for name in ORDERS for kind in KINDS}
    curves["class deletion"] = base - 0.1
    curves["class insertion"] = base + 0.1
    found = measure_deletion(curves, np.arange(30), settings)
    own = found.orders["class"]
    for kind, apart in (("deletion", -0.1), ("insertion", 0.1)):
        for other in (own[kind].over_random, own[kind].over_centre):
            assert other is not None
            assert (other.value, other.low, other.high) == pytest.approx((apart, apart, apart))
    assert own["deletion"].area.low < own["deletion"].area.high  # type: ignore[operator]
    assert found.orders["random"]["deletion"].over_random is None
    assert found.orders["centre"]["deletion"].over_centre is None
    assert [point.value for point in own["deletion"].curve] == pytest.approx((base - 0.1).mean(0).tolist())
    assert found.sharp.value == pytest.approx(base[:, 0].mean())


def test_maps_of_the_decision_count_what_is_there_and_speaks_for_the_class() -> None:
    concept_set = load_concept_set("busi")
    options, groups = concept_set.option_count, concept_set.group_count
    scores = np.full((1, options), -1.0, np.float32)
    strongest = [group.start for group in concept_set.group_slices]
    scores[0, strongest] = 1.0
    weight = np.zeros((3, options))
    weight[0, strongest[0]] = 3.0  # present, for class 0
    weight[0, strongest[1]] = -3.0  # present, against it
    weight[0, strongest[2] + 1] = -3.0  # absent, and speaks for class 0 by that
    gradcam = np.zeros((1, options, 4), np.float32)
    gradcam[0, strongest[0]] = [8, 4, 0, 0]
    gradcam[0, strongest[1]] = [0, 0, 9, 0]
    gradcam[0, strongest[2] + 1] = [0, 0, 0, 9]
    assignment = np.zeros((1, 4, groups), np.float32)
    assignment[0, np.arange(4), [0, 1, 2, 3]] = 1.0
    logits = np.array([[1.0, 0.0, 0.0]], np.float32)
    found = Pass(logits, scores, np.zeros((1, 4), np.int64), np.zeros((1, 4), np.float32), assignment, gradcam)
    parts = parts_of_decision(found.scores, weight, found.predicted)
    assert parts[0, strongest[0]] == pytest.approx(2.0)  # 3 less the mean over classes, 1
    assert parts[0, strongest[2] + 1] == pytest.approx(2.0)
    maps = decision_maps(found, weight, concept_set)
    assert maps["options"][0].tolist() == pytest.approx([2.0, 1.0, 0.0, 0.0])
    assert maps["magnet"][0].tolist() == pytest.approx([2.0, 0.0, 2.0, 0.0])


def test_arrays_are_made_once_and_again_when_damaged(tmp_path: object) -> None:
    folder, calls = tmp_path / "kept", []  # type: ignore[operator]

    def make() -> Mapping[str, np.ndarray]:
        calls.append(1)
        return {"a": np.arange(3.0)}

    for _ in range(2):
        assert kept_or_made(folder, "one", make)["a"].tolist() == [0, 1, 2]
    assert len(calls) == 1
    kept_or_made(folder, "another", make)
    assert len(calls) == 2
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[:40])
    assert kept_or_made(folder, "one", make)["a"].tolist() == [0, 1, 2]
    assert len(calls) == 3
    kept_or_made(None, "one", make)
    assert len(calls) == 4
