"""What is taught about where findings lie."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from models.concepts import load_concept_set
from models.train.localization import group_masks, magnet_localization_loss


def test_magnet_loss_is_small_where_the_peaks_lie_in_the_masks() -> None:
    masks = torch.zeros(1, 2, 2, 2)
    masks[0, 0, 0, 0] = 1.0
    masks[0, 1, 1, 1] = 1.0
    inside = torch.tensor([[[1.0, 0.0], [0.5, 0.5], [0.5, 0.5], [0.0, 1.0]]])
    outside = inside.flip(1)
    good = magnet_localization_loss(inside, masks, 1)
    bad = magnet_localization_loss(outside, masks, 1)
    peak, rest, other = (torch.tensor(value / 0.1).exp() for value in (1.0, 0.5, 0.0))
    torch.testing.assert_close(good, -(peak / (peak + 2 * rest + other)).log())
    assert bad > 5 > good


def test_magnet_loss_asks_nothing_of_slivers_and_empty_masks() -> None:
    assignment = torch.rand(2, 4, 2).softmax(-1).requires_grad_()
    masks = torch.zeros(2, 2, 2, 2)
    masks[0, :, 0, 0] = 0.2
    loss = magnet_localization_loss(assignment, masks, 2)
    loss.backward()
    assert loss == 0
    assert torch.count_nonzero(assignment.grad) == 0


def test_magnet_loss_of_parts_adds_up() -> None:
    generator = torch.Generator().manual_seed(0)
    assignment = torch.rand(4, 9, 3, generator=generator).softmax(-1)
    masks = torch.rand(4, 3, 3, 3, generator=generator)
    whole = magnet_localization_loss(assignment, masks, 4)
    parts = [magnet_localization_loss(assignment[rows], masks[rows], 4) for rows in (slice(1), slice(1, 4))]
    torch.testing.assert_close(whole, sum(parts))


def test_magnet_loss_names_the_shapes_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match=r"expected masks for 2 groups over 4 patches, got \(1, 1, 2, 2\)"):
        magnet_localization_loss(torch.ones(1, 4, 2), torch.ones(1, 1, 2, 2), 1)


def test_groups_have_their_own_masks_or_the_lesions() -> None:
    concept_set = load_concept_set("busi")
    localizable = [group.localizable for group in concept_set.groups]
    own = np.full((2, sum(localizable), 3, 3), 0.5, np.float32)
    lesion = np.ones((2, 3, 3), np.float32)
    options = np.zeros((2, 5), np.int64)
    options[1, 0] = -1
    found = group_masks(own, lesion, options, concept_set)
    assert found[0, :, 0, 0].tolist() == [0.5 if own_mask else 1.0 for own_mask in localizable]
    assert np.all(found[1, 0] == 0)
    assert np.all(found[1, 1:] == found[0, 1:])
    assert np.all(group_masks(None, lesion, np.zeros((2, 5), np.int64), concept_set) == 1)
    without = group_masks(own, None, np.zeros((2, 5), np.int64), concept_set)
    assert without[0, :, 0, 0].tolist() == [0.5 if own_mask else 0.0 for own_mask in localizable]
    assert group_masks(None, None, options, concept_set) is None


def test_the_only_option_of_a_group_is_nowhere_when_absent() -> None:
    groups = [SimpleNamespace(is_binary=only, localizable=False) for only in (True, False)]
    lesion = np.ones((2, 3, 3), np.float32)
    found = group_masks(None, lesion, np.array([[0, 0], [1, 1]]), SimpleNamespace(groups=groups))
    assert found[:, :, 0, 0].tolist() == [[0.0, 1.0], [1.0, 1.0]]
