"""The variants of the bottleneck: global vectors, explicit codes, other regularizers, learned temperature."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from models.cbm.global_vector import GlobalAggregation, Summary
from models.cbm.ivq import ImplicitVectorQuantizer
from models.cbm.losses import batch_totals, concept_loss
from models.cbm.magnet import MagnetAttention
from models.cbm.network import ConceptBottleneck
from models.cbm.regularizers import SpectralNormPenalty, barlow_twins_loss, gram_loss
from models.cbm.scoring import OptionScorer
from models.explain.gradcam import channel_weights

GROUPS = torch.tensor([0, 0, 1, 1, 2])


def _bottleneck(magnet: MagnetAttention | GlobalAggregation, *, explicit: bool = False) -> ConceptBottleneck:
    torch.manual_seed(0)
    scorer = OptionScorer(6, torch.randn(5, 4), GROUPS)
    return ConceptBottleneck(ImplicitVectorQuantizer(4, 6), magnet, scorer, 3, explicit=explicit)


def _global(summary: Summary) -> GlobalAggregation:
    module = GlobalAggregation(3, 6, summary)
    torch.manual_seed(1)
    module.projections.data += 0.3 * torch.randn(3, 6, 6)
    return module


@pytest.mark.parametrize(("summary", "tokens"), [("cls", 10), ("mean", 9)])
def test_a_global_vector_stands_for_every_group(summary: Summary, tokens: int) -> None:
    bottleneck = _bottleneck(_global(summary))
    given = torch.randn(2, tokens, 6)
    output = bottleneck(given)
    patches = given[:, tokens - 9 :]
    vector = given[:, 0] if summary == "cls" else given.mean(1)
    expected = torch.stack([vector @ matrix.t() for matrix in bottleneck.magnet.projections], 1)
    torch.testing.assert_close(output.concepts, expected)
    assert torch.equal(output.patches, patches)
    assert output.index_map.shape == (2, 9)
    torch.testing.assert_close(output.assignment, torch.full((2, 9, 3), 1 / 3))


def test_grad_cam_of_the_mean_token_equals_autograd() -> None:
    bottleneck = _bottleneck(_global("mean"))
    tokens = torch.randn(2, 9, 6, requires_grad=True)
    output = bottleneck(tokens)
    gradients = [
        torch.autograd.grad(output.scores[:, option].sum(), tokens, retain_graph=True)[0].mean(1) for option in range(5)
    ]
    closed = channel_weights(bottleneck, output.patches, output.assignment, output.concepts)
    torch.testing.assert_close(closed, torch.stack(gradients, 1), rtol=1e-4, atol=1e-6)


def test_grad_cam_of_the_class_token_weighs_channels_by_its_gradient() -> None:
    bottleneck = _bottleneck(_global("cls"))
    tokens = torch.randn(2, 10, 6, requires_grad=True)
    output = bottleneck(tokens)
    gradients = [
        torch.autograd.grad(output.scores[:, option].sum(), tokens, retain_graph=True)[0][:, 0] for option in range(5)
    ]
    closed = channel_weights(bottleneck, output.patches, output.assignment, output.concepts)
    torch.testing.assert_close(closed, torch.stack(gradients, 1), rtol=1e-4, atol=1e-6)


def test_explicit_quantization_puts_codes_on_the_path_and_passes_gradients_through() -> None:
    bottleneck = _bottleneck(MagnetAttention(3, 6), explicit=True)
    tokens = torch.randn(2, 9, 6, requires_grad=True)
    output = bottleneck(tokens)
    torch.testing.assert_close(output.patches, bottleneck.ivq.codebook[output.index_map])
    output.scores.sum().backward()
    at_codes = output.patches.detach().requires_grad_()
    bottleneck.scorer(bottleneck.magnet(at_codes).concepts).sum().backward()
    torch.testing.assert_close(tokens.grad, at_codes.grad)
    assert bottleneck.ivq.codebook.grad is None  # the codes learn by the IVQ loss alone


def test_a_learned_temperature_starts_where_the_fixed_one_stands_and_stays_sane() -> None:
    fixed, learned = MagnetAttention(3, 6, 0.2), MagnetAttention(3, 6, 0.2, learned=True)
    learned.queries.data = fixed.queries.data.clone()
    tokens = torch.randn(2, 9, 6)
    torch.testing.assert_close(learned(tokens).assignment, fixed(tokens).assignment)
    learned(tokens).assignment.square().sum().backward()
    assert learned.log_temperature.grad.abs() > 0
    learned.log_temperature.data.fill_(-50.0)
    assert learned.tau.item() == pytest.approx(0.01 * 6)
    assert "log_temperature" not in fixed.state_dict()  # checkpoints made before it could be learned still load


def test_barlow_twins_by_hand() -> None:
    twice = torch.randn(1, 50, 1).repeat(1, 1, 2)
    assert barlow_twins_loss(twice).item() == pytest.approx(1.0, abs=1e-3)  # two entries of one, over D = 2
    independent = torch.tensor([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]]).unsqueeze(0)
    assert barlow_twins_loss(independent).item() == pytest.approx(0.0, abs=1e-6)


def test_the_spectral_penalty_finds_the_largest_singular_value() -> None:
    torch.manual_seed(0)
    layer = torch.nn.Linear(5, 7)
    penalty = SpectralNormPenalty(layer)
    for _ in range(200):
        value = penalty(layer)
    assert value.item() == pytest.approx(0.5 * torch.linalg.svdvals(layer.weight)[0].item() ** 2, rel=1e-3)
    value.backward()
    assert layer.weight.grad.abs().sum() > 0
    assert layer.bias.grad is None
    assert set(penalty.state_dict()) == {"left_0"}  # what a resumed training goes on from


def test_the_gram_loss_is_zero_at_the_anchor_and_ignores_lengths() -> None:
    tokens = torch.randn(2, 9, 6)
    assert gram_loss(tokens, tokens).item() == pytest.approx(0.0, abs=1e-6)
    assert gram_loss(3 * tokens, tokens).item() == pytest.approx(0.0, abs=1e-6)
    assert gram_loss(torch.ones(2, 9, 6), tokens).item() > 0.1


def test_a_codebook_can_be_fitted_afterwards() -> None:
    module = ImplicitVectorQuantizer(3, 2)
    centres = torch.tensor([[0.0, 0.0], [8.0, 0.0], [0.0, 8.0]])
    tokens = centres.repeat(40, 1) + 0.1 * torch.randn(120, 2)
    module.refit(tokens, torch.Generator().manual_seed(0))
    found = module.codebook.detach()
    assert torch.cdist(centres, found).min(1).values.max() < 0.1
    few = ImplicitVectorQuantizer(9, 2)
    few.refit(tokens[:2])
    assert torch.cdist(few.codebook.detach(), tokens[:2]).min(1).values.max() < 1e-6


def test_bce_per_option_by_hand() -> None:
    scores = torch.tensor([[math.log(3.0), 0.0]])
    loss = concept_loss(scores, torch.tensor([[0]]), (slice(0, 2),), "bce")
    assert loss.item() == pytest.approx((-math.log(0.75) - math.log(0.5)) / 2)


def test_parts_of_a_batch_add_up_to_its_concept_loss() -> None:
    torch.manual_seed(0)
    scores, groups = torch.randn(5, 5), (slice(0, 2), slice(2, 4), slice(4, 5))
    labels = torch.tensor([[0, 1, 1], [1, -1, 0], [-1, -1, 1], [0, -1, 0], [1, -1, 1]])
    totals = batch_totals(torch.zeros(5, dtype=torch.long).numpy(), labels.numpy())
    parts: list[Tensor] = [
        concept_loss(scores[rows], labels[rows], groups, "ce", totals) for rows in (slice(0, 1), slice(1, 5))
    ]
    torch.testing.assert_close(parts[0] + parts[1], concept_loss(scores, labels, groups))


def test_impossible_summaries_are_refused() -> None:
    with pytest.raises(ValueError, match="must be positive"):
        GlobalAggregation(0, 4, "cls")
    with pytest.raises(ValueError, match="cls or mean"):
        GlobalAggregation(2, 4, "median")  # type: ignore[arg-type]
