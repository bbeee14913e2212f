"""Existence, location and global importance of concepts, on arrays whose answer is known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.experiments.concept_metrics.existence import existence, present_share
from models.experiments.concept_metrics.importance import GlobalImportance, class_orders, likeness
from models.experiments.concept_metrics.location import inside_strongest, location, places

SIDE = 5


def grid(*patches: tuple[int, int]) -> np.ndarray:
    made = np.zeros((SIDE, SIDE))
    for row, column in patches:
        made[row, column] = 1.0
    return made.reshape(-1)


def test_existence_is_the_share_of_the_first_that_are_there() -> None:
    importance = np.array([[4.0, 3.0, 2.0, 1.0]])
    labels = np.array([[1, 0, 0, 1]])
    every = np.ones((1, 4), np.bool_)
    assert existence(importance, labels, every, 1)[0] == 1.0
    assert existence(importance, labels, every, 2)[0] == 0.5
    assert existence(importance, labels, every, 4)[0] == 0.5
    assert existence(-importance, labels, every, 3)[0] == pytest.approx(1 / 3)
    assert present_share(labels, every, 1)[0] == 0.5


def test_existence_ranks_only_what_is_known_and_wanted() -> None:
    importance = np.array([[4.0, 3.0, 2.0, 1.0]])
    labels = np.array([[-1, 0, 1, 1]])
    every = np.ones((1, 4), np.bool_)
    assert existence(importance, labels, every, 1)[0] == 0.0
    claimed = np.array([[True, False, True, False]])
    assert existence(importance, labels, claimed, 1)[0] == 1.0
    assert np.isnan(existence(importance, labels, claimed, 2)[0])  # one of the two claimed is unknown
    assert np.isnan(existence(importance, labels, every, 5)[0])
    assert np.isnan(present_share(labels, claimed, 2)[0])


def test_the_place_of_a_ring_lies_on_the_ring() -> None:
    ring = grid(*((row, column) for row in range(5) for column in range(5) if row in (0, 4) or column in (0, 4)))
    block = grid((0, 0), (0, 1), (0, 2))
    found = places(np.stack([ring, block])[None])[0]
    assert ring[found[0]] == 1.0
    assert found[1] == 1


def test_the_strongest_part_of_a_map() -> None:
    falling = np.arange(25, 0, -1.0)
    place = np.array([[0, 4, 5, 24]])
    maps = np.tile(falling, (1, 4, 1))
    assert inside_strongest(maps, place, 5 / 25)[0].tolist() == [1, 1, 0, 0]
    even = np.ones((1, 1, 25))
    assert inside_strongest(even, np.array([[3]]), 5 / 25)[0, 0] == pytest.approx(0.2)  # chance
    assert inside_strongest(np.zeros((1, 1, 25)), np.array([[3]]), 0.5)[0, 0] == 0.0


def test_location_is_over_the_most_important_that_have_a_place() -> None:
    hits = np.array([[1.0, 0.0, 1.0]])
    importance = np.array([[1.0, 2.0, 3.0]])
    assert location(hits, importance, np.array([[True, True, False]]), 1)[0] == 0.0
    assert location(hits, importance, np.array([[True, True, False]]), 2)[0] == 0.5
    assert location(hits, importance, np.array([[True, True, True]]), 1)[0] == 1.0
    assert location(hits, importance, np.array([[True, False, False]]), 3)[0] == 1.0
    assert np.isnan(location(hits, importance, np.zeros((1, 3), np.bool_), 1)[0])


def made_importance(weight: np.ndarray) -> GlobalImportance:
    """Two options, each there in just one of two classes, and scores that say so."""
    classes = np.array([0, 0, 1, 1])
    labels = np.array([[1, 0], [1, 0], [0, 1], [0, 1]])
    scores = labels * 2.0
    return GlobalImportance(weight, scores, labels, classes, classes)


def test_a_head_that_follows_the_labels_has_importance_one() -> None:
    found = made_importance(np.eye(2))(np.ones((1, 4)))[0]
    assert found == pytest.approx(np.ones(18))
    against = made_importance(1 - np.eye(2))(np.ones((1, 4)))[0]
    assert against[-6:-4] == pytest.approx([0.0, -1.0])  # cosine of what is apart, correlation of what is opposite
    assert against[-4:-2] == pytest.approx([1.0, 1.0])  # the scores are right all the same


def test_shares_count_only_labelled_images() -> None:
    classes, labels = np.array([0, 0, 1]), np.array([[1], [-1], [0]])
    own = GlobalImportance(np.ones((2, 1)), np.ones((3, 1)), labels, classes, classes)
    assert own.shares(np.ones((1, 3)))[0].tolist() == [[1.0], [0.0]]
    weighted = own.shares(np.array([[0.0, 5.0, 1.0]]))[0]
    assert np.isnan(weighted[0, 0])
    assert weighted[1, 0] == 0.0


def test_chance_is_over_permutations_of_the_classes() -> None:
    chance = made_importance(np.eye(2)).chance(100, np.random.default_rng(0))
    mean, p = chance[1, "correlation"]
    assert mean == pytest.approx(0.0)  # one of the two orders agrees, the other is opposite
    assert p == 0.5
    orders, drawn = class_orders(3, 100, np.random.default_rng(0))
    assert (len(orders), drawn) == (6, False)
    orders, drawn = class_orders(7, 50, np.random.default_rng(0))
    assert (orders.shape, drawn) == ((50, 7), True)


def test_what_cannot_be_compared_is_no_number() -> None:
    zero, one = np.zeros((1, 3, 1)), np.ones((1, 3, 1))
    assert np.isnan(likeness(zero, one, "cosine")[0, 0])
    assert np.isnan(likeness(one, one, "correlation")[0, 0])  # no spread over the classes
    single = np.array([[[1.0], [np.nan], [np.nan]]])
    assert np.isnan(likeness(single, one, "cosine")[0, 0])
