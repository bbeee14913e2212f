"""The codebook: nearest code, losses by hand, gradients on both sides."""

from __future__ import annotations

import pytest
import torch

from models.cbm.ivq import ImplicitVectorQuantizer, spread_centres, squared_distances


def _quantizer(codes: list[list[float]], beta: float = 0.25) -> ImplicitVectorQuantizer:
    module = ImplicitVectorQuantizer(len(codes), len(codes[0]), beta)
    module.codebook.data = torch.tensor(codes)
    return module


def test_index_map_is_the_argmin_of_the_written_out_distances() -> None:
    torch.manual_seed(0)
    module = ImplicitVectorQuantizer(5, 4)
    tokens = torch.randn(3, 7, 4)
    written_out = (tokens.unsqueeze(2) - module.codebook).square().sum(-1)
    output = module(tokens)
    assert torch.equal(output.index_map, written_out.argmin(-1))
    torch.testing.assert_close(output.distances, written_out.amin(-1))


def test_loss_by_hand() -> None:
    module = _quantizer([[0.0, 0.0], [10.0, 0.0]])
    output = module(torch.tensor([[[1.0, 0.0], [10.0, 2.0]]]))
    assert output.index_map.tolist() == [[0, 1]]
    # Squared errors 1 and 4 over four numbers, once for the codebook and 0.25 times for the commitment.
    assert output.loss.item() == pytest.approx(1.25 * 5 / 4)


def test_codebook_and_encoder_both_receive_gradients() -> None:
    module = _quantizer([[0.0, 0.0], [10.0, 0.0]])
    tokens = torch.tensor([[[1.0, 0.0]]], requires_grad=True)
    module(tokens).loss.backward()
    assert module.codebook.grad is not None
    assert tokens.grad is not None
    assert module.codebook.grad.tolist() == [[-1.0, 0.0], [0.0, 0.0]]
    assert tokens.grad.tolist() == [[[0.25, 0.0]]]


def test_beta_zero_leaves_the_tokens_alone() -> None:
    tokens = torch.randn(1, 3, 2, requires_grad=True)
    _quantizer([[0.0, 0.0]], beta=0.0)(tokens).loss.backward()
    assert tokens.grad is not None
    assert not tokens.grad.any()


def test_initialise_picks_different_tokens() -> None:
    module = ImplicitVectorQuantizer(3, 2)
    tokens = torch.tensor([[0.0, 0.0]] * 50 + [[5.0, 5.0]] * 50 + [[-9.0, 9.0]] * 50)
    module.initialise(tokens, torch.Generator().manual_seed(0))
    assert {tuple(row) for row in module.codebook.tolist()} == {(0.0, 0.0), (5.0, 5.0), (-9.0, 9.0)}


def test_spread_centres_survives_equal_tokens() -> None:
    assert spread_centres(torch.ones(4, 2), 3).tolist() == [[1.0, 1.0]] * 3


def test_only_dead_codes_are_revived_and_land_on_tokens() -> None:
    module = _quantizer([[0.0, 0.0], [900.0, 900.0], [-900.0, 900.0]])
    tokens = torch.tensor([[0.1, 0.0], [5.0, 5.0], [-7.0, 7.0]])
    assert module.revive(tokens, torch.Generator().manual_seed(0)) == 2
    assert module.codebook[0].tolist() == [0.0, 0.0]
    assert {tuple(row) for row in module.codebook[1:].tolist()} == {(5.0, 5.0), (-7.0, 7.0)}
    assert module.revive(tokens) == 0


def test_a_code_with_a_handful_of_tokens_counts_as_dead() -> None:
    module = _quantizer([[0.0, 0.0], [50.0, 50.0]])
    tokens = torch.cat([torch.zeros(20, 2), torch.full((20, 2), 2.0), torch.tensor([[49.0, 50.0]])])
    assert module.revive(tokens, torch.Generator().manual_seed(0)) == 1
    assert module.codebook[0].tolist() == [0.0, 0.0]
    assert module.codebook[1].tolist() != [50.0, 50.0]


def test_distances_are_never_negative() -> None:
    tokens = torch.full((1, 1, 512), 1e3)
    assert squared_distances(tokens, tokens[0]).item() == 0.0


@pytest.mark.parametrize(("codes", "width", "beta"), [(0, 2, 0.1), (2, 0, 0.1), (2, 2, -1.0)])
def test_impossible_sizes_are_refused(codes: int, width: int, beta: float) -> None:
    with pytest.raises(ValueError, match="must"):
        ImplicitVectorQuantizer(codes, width, beta)


def test_wrong_width_names_both_shapes() -> None:
    with pytest.raises(ValueError, match=r"\(B, L, 2\), got \(1, 3, 4\)"):
        _quantizer([[0.0, 0.0]])(torch.zeros(1, 3, 4))
    with pytest.raises(ValueError, match="N >= 1"):
        _quantizer([[0.0, 0.0]]).initialise(torch.zeros(3, 4))
