"""Figures of merit and the effective rank, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from models.train.metrics import (
    balanced_accuracy,
    centre_hits,
    concept_accuracies,
    dilate,
    pointing_hits,
)
from models.train.rank import effective_ranks


def test_balanced_accuracy_weighs_classes_equally_and_leaves_out_the_unknown() -> None:
    truth = np.array([0, 0, 0, 0, 1, -1])
    predicted = np.array([0, 0, 0, 1, 1, 1])
    assert balanced_accuracy(predicted, truth) == pytest.approx((0.75 + 1.0) / 2)
    assert math.isnan(balanced_accuracy(predicted, np.full(6, -1)))


def test_concept_accuracies_take_the_strongest_option_and_the_sign_of_a_binary() -> None:
    scores = np.array([[2.0, 1.0, -3.0], [0.0, 1.0, 3.0]], np.float32)
    options = np.array([[0, 0], [0, 1]])
    assert concept_accuracies(scores, options, (slice(0, 2), slice(2, 3))) == [0.5, 1.0]


def test_dilation_by_one_patch() -> None:
    region = np.zeros((5, 5), bool)
    region[0, 2] = True
    grown = dilate(region)
    assert grown.sum() == 6
    assert grown[0:2, 1:4].all()


def test_pointing_hits_the_grown_mask_only() -> None:
    masks = np.zeros((3, 5, 5), np.float32)
    masks[:, 0, 0] = 0.5
    maps = np.zeros((3, 5, 5), np.float32)
    maps[0, 1, 1] = 1.0  # one patch away
    maps[1, 2, 2] = 1.0  # two patches away
    assert pointing_hits(maps, masks).tolist() == [True, False, False]  # an empty map is a miss


def test_faint_coverage_does_not_count() -> None:
    masks = np.full((1, 5, 5), 0.05, np.float32)
    assert not centre_hits(masks).any()
    assert centre_hits(masks * 4).all()


def test_effective_rank_counts_the_energy_up_to_99_percent() -> None:
    basis = torch.linalg.qr(torch.randn(20, 20, dtype=torch.float64))[0]
    # Energies 0.5, 0.3, 0.15, 0.045, 0.005: the first three stay within 0.99, the fourth reaches 0.995.
    values = torch.tensor([0.5, 0.3, 0.15, 0.045, 0.005], dtype=torch.float64).sqrt()
    tokens = (basis[:, :5] * values) @ basis[:5]
    assert effective_ranks(torch.stack([tokens, torch.zeros_like(tokens)])).tolist() == [3, 0]


def test_effective_rank_equals_the_svd_definition() -> None:
    tokens = torch.randn(4, 30, 12) @ torch.randn(12, 12)
    energy = torch.linalg.svdvals(tokens.double()).square()
    expected = (energy.cumsum(-1) / energy.sum(-1, keepdim=True) <= 0.99).sum(-1)
    assert torch.equal(effective_ranks(tokens), expected)


def test_one_direction_has_rank_one() -> None:
    assert effective_ranks(torch.ones(1, 9, 4)).tolist() == [1]
