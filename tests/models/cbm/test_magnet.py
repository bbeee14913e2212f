"""Magnet attention: rows sum to one, equations 5 and 6 written out, saturation measured."""

from __future__ import annotations

import pytest
import torch

from models.cbm.magnet import MagnetAttention, assignment_entropy


def test_assignment_and_concepts_follow_the_equations() -> None:
    torch.manual_seed(1)
    module = MagnetAttention(3, 4, temperature=0.5)
    tokens = torch.randn(2, 5, 4)
    distance = (tokens.unsqueeze(2) - module.queries).square().sum(-1)
    expected = torch.softmax(-distance / (0.5 * 4), dim=-1)
    output = module(tokens)
    torch.testing.assert_close(output.assignment, expected)
    torch.testing.assert_close(output.assignment.sum(-1), torch.ones(2, 5))
    torch.testing.assert_close(output.concepts, torch.einsum("blk,bld->bkd", expected, tokens))


def test_entropy_is_one_for_equal_and_zero_for_hard_assignment() -> None:
    assert assignment_entropy(torch.full((1, 4, 7), 1 / 7)).item() == pytest.approx(1.0)
    assert assignment_entropy(torch.eye(7).unsqueeze(0)).item() == pytest.approx(0.0, abs=1e-6)
    assert assignment_entropy(torch.ones(1, 4, 1)).item() == 1.0


def test_a_low_temperature_saturates_and_the_default_does_not() -> None:
    tokens = torch.randn(1, 196, 768, generator=torch.Generator().manual_seed(0))
    entropies = {}
    for temperature in (1 / 768, 0.25):
        module = MagnetAttention(7, 768, temperature)
        module.initialise(tokens[0], torch.Generator().manual_seed(0))
        entropies[temperature] = assignment_entropy(module(tokens).assignment).item()
    assert entropies[1 / 768] < 0.1  # tau = 1, as published
    assert entropies[0.25] > 0.5


@pytest.mark.parametrize(("groups", "width", "temperature"), [(0, 2, 1.0), (2, 0, 1.0), (2, 2, 0.0)])
def test_impossible_settings_are_refused(groups: int, width: int, temperature: float) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        MagnetAttention(groups, width, temperature)


def test_wrong_width_names_both_shapes() -> None:
    with pytest.raises(ValueError, match=r"\(B, L, 2\), got \(1, 3, 4\)"):
        MagnetAttention(2, 2)(torch.zeros(1, 3, 4))
    with pytest.raises(ValueError, match="N >= 2"):
        MagnetAttention(2, 2).initialise(torch.zeros(1, 2))
