"""Invariants of the bottleneck: completeness, exact intervention, nothing of the codebook on the path."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F  # noqa: N812

from models.cbm.network import IVQCBM, ConceptBottleneck
from models.cbm.scoring import MAX_LOGIT_SCALE, OptionScorer


def _float32(bottleneck: ConceptBottleneck) -> ConceptBottleneck:
    return bottleneck.float()


def test_contributions_and_bias_add_up_to_the_logits(bottleneck: ConceptBottleneck, tokens: torch.Tensor) -> None:
    module = _float32(bottleneck)
    output = module(tokens)
    total = module.contributions(output.scores).sum(1) + module.head.bias
    torch.testing.assert_close(total, output.logits)


def test_an_intervention_is_exact(bottleneck: ConceptBottleneck, tokens: torch.Tensor) -> None:
    module = _float32(bottleneck)
    output = module(tokens)
    torch.testing.assert_close(module.head(output.scores), output.logits)
    edited = output.scores.clone()
    edited[:, 2] += 1.5
    torch.testing.assert_close(module.head(edited) - output.logits, 1.5 * module.head.weight[:, 2].expand(2, -1))


def test_the_codebook_is_not_on_the_path(bottleneck: ConceptBottleneck, tokens: torch.Tensor) -> None:
    module = _float32(bottleneck)
    before = module(tokens)
    module.ivq.codebook.data.add_(100.0)
    after = module(tokens)
    assert torch.equal(before.logits, after.logits)
    assert not torch.equal(before.ivq_loss, after.ivq_loss)


def test_scores_follow_equation_one(bottleneck: ConceptBottleneck, tokens: torch.Tensor) -> None:
    module = _float32(bottleneck)
    output = module(tokens)
    scorer = module.scorer
    for option, group in enumerate(scorer.group_of_option.tolist()):
        projected = scorer.projection(output.concepts[:, group])
        expected = scorer.scale * F.cosine_similarity(projected, scorer.text_embeddings[option].expand(2, -1))
        torch.testing.assert_close(output.scores[:, option], expected)


def test_text_embeddings_are_frozen_and_normalised(bottleneck: ConceptBottleneck) -> None:
    assert "scorer.text_embeddings" not in dict(bottleneck.named_parameters())
    torch.testing.assert_close(bottleneck.scorer.text_embeddings.norm(dim=-1), torch.ones(6, dtype=torch.float64))


def test_the_logit_scale_is_capped(bottleneck: ConceptBottleneck) -> None:
    bottleneck.scorer.log_scale.data.fill_(50.0)
    assert bottleneck.scorer.scale.item() == MAX_LOGIT_SCALE


def test_the_bottleneck_computes_in_float32_under_autocast(bottleneck: ConceptBottleneck) -> None:
    module = _float32(bottleneck)
    tokens = torch.randn(1, 9, 6).to(torch.bfloat16)
    with torch.autocast("cpu", torch.bfloat16):
        output = module(tokens)
    assert {output.logits.dtype, output.scores.dtype, output.assignment.dtype} == {torch.float32}
    assert torch.equal(output.scores, module(tokens.float()).scores)


def test_network_encodes_then_decides(bottleneck: ConceptBottleneck, tokens: torch.Tensor) -> None:
    network = IVQCBM(torch.nn.Identity(), _float32(bottleneck))
    assert torch.equal(network(tokens).logits, bottleneck(tokens).logits)


def test_mismatched_tables_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(2, 3\) and \(3,\)"):
        OptionScorer(4, torch.zeros(2, 3), torch.zeros(3))
