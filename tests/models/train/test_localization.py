"""What the Magnet is taught about where findings lie."""

from __future__ import annotations

import pytest
import torch

from models.train.localization import magnet_localization_loss


def test_magnet_loss_is_small_where_the_peaks_lie_in_the_masks() -> None:
    masks = torch.zeros(1, 2, 2, 2)
    masks[0, 0, 0, 0] = 1.0  # the only localizable group, group 0
    masks[0, 1, 1, 1] = 1.0  # the lesion, for group 1
    inside = torch.tensor([[[1.0, 0.0], [0.5, 0.5], [0.5, 0.5], [0.0, 1.0]]])
    outside = inside.flip(1)
    good = magnet_localization_loss(inside, masks, [0], 1)
    bad = magnet_localization_loss(outside, masks, [0], 1)
    peak, rest, other = (torch.tensor(value / 0.1).exp() for value in (1.0, 0.5, 0.0))
    torch.testing.assert_close(good, -(peak / (peak + 2 * rest + other)).log())
    assert bad > 5 > good


def test_magnet_loss_asks_nothing_of_slivers_and_empty_masks() -> None:
    assignment = torch.rand(2, 4, 2).softmax(-1).requires_grad_()
    masks = torch.zeros(2, 2, 2, 2)
    masks[0, :, 0, 0] = 0.2
    loss = magnet_localization_loss(assignment, masks, [1], 2)
    loss.backward()
    assert loss == 0
    assert torch.count_nonzero(assignment.grad) == 0


def test_magnet_loss_of_parts_adds_up() -> None:
    generator = torch.Generator().manual_seed(0)
    assignment = torch.rand(4, 9, 3, generator=generator).softmax(-1)
    masks = torch.rand(4, 3, 3, 3, generator=generator)
    whole = magnet_localization_loss(assignment, masks, [0, 2], 4)
    parts = [magnet_localization_loss(assignment[rows], masks[rows], [0, 2], 4) for rows in (slice(1), slice(1, 4))]
    torch.testing.assert_close(whole, sum(parts))


def test_magnet_loss_names_the_shapes_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match=r"expected 2 masks over 4 patches, got \(1, 1, 2, 2\)"):
        magnet_localization_loss(torch.ones(1, 4, 2), torch.ones(1, 1, 2, 2), [0], 1)
