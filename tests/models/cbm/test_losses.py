"""The objective, by hand."""

from __future__ import annotations

import math

import pytest
import torch

from models.cbm.losses import concept_loss, training_losses
from models.cbm.network import ConceptBottleneck

GROUPS = (slice(0, 2), slice(2, 3))


def test_cross_entropy_within_a_group_and_bce_for_one_option() -> None:
    scores = torch.tensor([[math.log(3.0), 0.0, 0.0]])
    loss = concept_loss(scores, torch.tensor([[0, 1]]), GROUPS)
    assert loss.item() == pytest.approx((-math.log(0.75) - math.log(0.5)) / 2)


def test_unknown_labels_are_left_out() -> None:
    scores = torch.tensor([[math.log(3.0), 0.0, 5.0], [9.0, 0.0, 5.0]])
    loss = concept_loss(scores, torch.tensor([[0, -1], [-1, -1]]), GROUPS)
    assert loss.item() == pytest.approx(-math.log(0.75))


def test_no_known_label_gives_a_zero_that_can_be_differentiated() -> None:
    scores = torch.ones(1, 3, requires_grad=True)
    loss = concept_loss(scores, torch.tensor([[-1, -1]]), GROUPS)
    loss.backward()
    assert loss.item() == 0.0
    assert scores.grad is not None
    assert not scores.grad.any()


def test_labels_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(1, 2\), got \(1, 3\)"):
        concept_loss(torch.zeros(1, 3), torch.zeros(1, 3), GROUPS)


def test_the_total_is_the_sum_of_its_parts(bottleneck: ConceptBottleneck) -> None:
    output = bottleneck.float()(torch.randn(4, 9, 6))
    options = torch.tensor([[0, 1, 1]] * 4)
    losses = training_losses(output, torch.tensor([0, 1, 2, 0]), options, (slice(0, 3), slice(3, 5), slice(5, 6)))
    assert losses.total.item() == pytest.approx((losses.classification + losses.concept + losses.ivq).item())


def test_class_weights_reach_the_classification_loss(bottleneck: ConceptBottleneck) -> None:
    output = bottleneck.float()(torch.randn(2, 9, 6))
    options = torch.tensor([[0, 1, 1]] * 2)
    groups = (slice(0, 3), slice(3, 5), slice(5, 6))
    only_second = torch.tensor([0.0, 1.0, 0.0])
    weighted = training_losses(output, torch.tensor([0, 1]), options, groups, only_second)
    assert weighted.classification.item() == pytest.approx(-output.logits[1].log_softmax(-1)[1].item())
