"""Corrupted images, and how well a distance tells foreign ones, by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from models.experiments.familiarity import corruptions
from models.experiments.familiarity.measures import Seen, areas, let_through, measure_familiarity

PICTURES = np.random.default_rng(0).integers(60, 200, (3, 112, 112, 3), dtype=np.uint8)


@pytest.mark.parametrize("name", corruptions.CORRUPTIONS)
def test_a_stronger_corruption_changes_more_and_always_alike(name: str) -> None:
    changes = []
    for strength in corruptions.STRENGTHS:
        found = corruptions.corrupted(PICTURES, name, strength, seed=1)
        assert found.shape == PICTURES.shape
        assert found.dtype == np.uint8
        assert np.array_equal(found, corruptions.corrupted(PICTURES, name, strength, seed=1))
        changes.append(float(np.abs(found.astype(float) - PICTURES).mean()))
    assert changes[0] > 0
    assert changes == sorted(changes)


def test_there_is_no_other_corruption() -> None:
    with pytest.raises(ValueError, match="fog of strength 1: there are noise, blur"):
        corruptions.corrupted(PICTURES, "fog", 1, 0)
    with pytest.raises(ValueError, match="of strength 1 to 5"):
        corruptions.corrupted(PICTURES, "blur", 6, 0)


def test_shuffled_blocks_are_the_same_blocks_elsewhere() -> None:
    found = corruptions.shuffled(PICTURES, 0)
    assert not np.array_equal(found, PICTURES)

    def blocks(image: Any) -> list[bytes]:
        return sorted(image[y : y + 8, x : x + 8].tobytes() for y in range(0, 112, 8) for x in range(0, 112, 8))

    assert all(blocks(one) == blocks(other) for one, other in zip(found, PICTURES, strict=True))


def test_one_colour_is_the_mean() -> None:
    found = corruptions.flat(PICTURES)
    assert found.std((1, 2)).max() == 0
    assert np.abs(found[:, 0, 0] - PICTURES.mean((1, 2))).max() <= 0.5


def test_noise_is_even() -> None:
    found = corruptions.uniform_noise(4, 32, 0)
    assert found.shape == (4, 32, 32, 3)
    assert abs(found.mean() - 127.5) < 2


def seen(name: str, distance: list[float], kind: Any = "set", clusters: Any = None, **more: Any) -> Seen:
    count = len(distance)
    given = {
        "logits": np.zeros((count, 2)),
        "classes": np.full(count, -1),
        "clusters": np.arange(count) if clusters is None else np.asarray(clusters),
    } | more
    return Seen(name, kind, None, np.asarray(distance, np.float64), **given)


def statistics(distances: list[float]) -> Any:
    return SimpleNamespace(familiarity=sorted(distances))


def test_foreign_images_beyond_all_own_ones() -> None:
    own = seen("own", list(np.linspace(1, 2, 101)), "own")
    far = seen("far", [3.0, 4.0, 5.0], clusters=[200, 201, 202])
    found = measure_familiarity(own, [far], statistics(list(np.linspace(1, 2, 101))), resamples=100, seed=0)
    (one,) = found.apart
    assert one.auroc["distance"].value == 1
    assert one.missed.value == 0
    assert one.flagged.value == 1
    assert one.auroc["max_probability"].value == 0.5
    assert one.gain.value == 0.5
    assert one.accuracy.value is None
    assert found.beyond["95"].value == pytest.approx(5 / 101)


def test_foreign_images_that_lie_too_near_are_taken_for_familiar() -> None:
    own = seen("own", list(np.linspace(1, 2, 51)), "own")
    near = seen("near", [0.1, 0.2], clusters=[100, 101])
    (one,) = measure_familiarity(own, [near], statistics([1.0, 1.5, 2.0]), resamples=100, seed=0).apart
    assert one.auroc["distance"].value == 0
    assert one.missed.value == 1
    assert one.flagged.value == 0
    assert one.auroc["either_side"].value == 1


def test_the_threshold_lets_95_of_100_through() -> None:
    scores = np.array([*range(1, 101), 95.0, 95.5, 10.0, 99.0])
    foreign = np.arange(104) >= 100
    assert let_through(scores, foreign)(np.ones((1, 104)))[0, 0] == pytest.approx(2 / 4)


def test_a_weight_says_how_often_an_image_was_drawn() -> None:
    stream = np.random.default_rng(3)
    scores, foreign = stream.random(40), np.arange(40) >= 25
    weights = stream.integers(0, 4, 40)
    rows = np.repeat(np.arange(40), weights)
    repeated = let_through(scores[rows], foreign[rows])(np.ones((1, len(rows))))
    assert let_through(scores, foreign)(weights[None].astype(float))[0, 0] == pytest.approx(repeated[0, 0])


def test_copies_are_drawn_with_their_originals() -> None:
    """A copy that is always a little farther: paired, its interval is far narrower than of other images."""
    distance = list(np.random.default_rng(0).random(60))
    own = seen("own", distance, "own")
    moved = [value + 0.05 for value in distance]
    known = statistics(distance)
    (copies,) = measure_familiarity(own, [seen("a", moved, "corruption")], known, resamples=300, seed=0).apart
    (others,) = measure_familiarity(
        own, [seen("b", moved, clusters=np.arange(60) + 60)], known, resamples=300, seed=0
    ).apart
    assert copies.auroc["distance"].value == others.auroc["distance"].value

    def width(one: Any) -> float:
        return float(one.auroc["distance"].high - one.auroc["distance"].low)

    assert width(copies) < width(others) / 2


def test_errors_are_told_by_what_tells_them() -> None:
    logits = np.array([[2.0, 0], [3.0, 0], [0.2, 0], [0.1, 0]])
    own = seen("own", [1, 2, 1, 2], "own", logits=logits, classes=np.array([0, 0, 1, 1]))
    found = measure_familiarity(own, [], statistics([1.0, 2.0]), resamples=100, seed=0)
    assert found.wrong == 2
    assert found.errors["max_probability"].value == 1
    assert found.errors["distance"].value == 0.5
    assert found.accuracy.value == 0.5


def test_no_error_no_figure() -> None:
    own = seen("own", [1, 2], "own", logits=np.array([[1.0, 0], [1.0, 0]]), classes=np.array([0, 0]))
    found = measure_familiarity(own, [], statistics([1.0, 2.0]), resamples=100, seed=0)
    assert found.errors["distance"].value is None
    assert found.to_json()["errors"]["auroc"]["distance"]["value"] is None


def test_areas_of_images_that_do_not_count() -> None:
    values = {"distance": np.array([0.0, 1, 9]), "max_probability": np.array([1.0, 0, 9])}
    positive, counts = np.array([False, True, True]), np.array([True, True, False])
    found, gain = areas(values, positive, counts, np.arange(3), (100, 0))
    assert (found["distance"].value, found["max_probability"].value, gain.value) == (1, 0, 1)
    assert found["distance"].n == 2
