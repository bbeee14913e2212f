"""Region edits agree with the network, and with the sum written out patch by patch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from models.cbm.global_vector import GlobalAggregation
from models.checkpoint import Checkpoint, list_zoo, read_checkpoint
from models.intervene.loading import read_editable
from models.intervene.regions import RegionScorer
from models.predictor import Predictor


@pytest.fixture(params=list_zoo(), ids=lambda folder: folder.name)
def shipped(request: pytest.FixtureRequest) -> Checkpoint:
    return read_checkpoint(request.param)


def small_scorer(seed: int = 0, *, mean: bool = False) -> RegionScorer:
    """Two groups of 3 and 2 options, D = 6, T = 4."""
    rng = np.random.default_rng(seed)
    text = rng.normal(size=(5, 4))
    return RegionScorer(
        queries=None if mean else rng.normal(size=(2, 6)),
        tau=1.5,
        summaries=rng.normal(size=(2, 6, 6)) if mean else None,
        projection=rng.normal(size=(4, 6)),
        bias=rng.normal(size=4),
        text=text / np.linalg.norm(text, axis=1, keepdims=True),
        scale=10.0,
        groups=(slice(0, 3), slice(3, 5)),
    )


def test_all_patches_give_the_networks_own_scores(shipped: Checkpoint) -> None:
    pixels = np.random.default_rng(3).integers(0, 255, (120, 160, 3), np.uint8)
    explanation = Predictor(shipped, "cpu", "float32").explain(Image.fromarray(pixels))
    assert explanation.tokens is not None
    scorer = read_editable(shipped).regions
    assert scorer is not None
    tokens = explanation.tokens.astype(np.float64)
    for group, columns in enumerate(shipped.concept_set.group_slices):
        found = scorer.score(tokens, group)
        assert found.attention == 1.0
        assert found.scores == pytest.approx(explanation.scores[columns], abs=2e-4)


def test_some_patches_are_the_networks_aggregation_over_them(shipped: Checkpoint) -> None:
    """By torch's own modules: attention zeroed where a patch is left out, the rest scaled to the same sum."""
    pixels = np.random.default_rng(4).integers(0, 255, (120, 160, 3), np.uint8)
    predictor = Predictor(shipped, "cpu", "float32")
    tokens = predictor.explain(Image.fromarray(pixels)).tokens
    assert tokens is not None
    kept = np.random.default_rng(5).random(len(tokens)) < 0.3
    bottleneck = predictor._bottleneck
    with torch.no_grad():
        aggregated = bottleneck.magnet(torch.from_numpy(tokens)[None])
        attention = aggregated.assignment[0] * torch.from_numpy(kept)[:, None]
        attention *= aggregated.assignment[0].sum(0) / attention.sum(0)
        wanted = bottleneck.scorer((attention.T @ torch.from_numpy(tokens))[None])[0].numpy()
    scorer = read_editable(shipped).regions
    assert scorer is not None
    for group, columns in enumerate(shipped.concept_set.group_slices):
        found = scorer.score(tokens.astype(np.float64), group, kept)
        assert found.scores == pytest.approx(wanted[columns], abs=2e-4)
        share = (aggregated.assignment[0, :, group] * torch.from_numpy(kept)).sum() / aggregated.assignment[
            0, :, group
        ].sum()
        assert found.attention == pytest.approx(float(share), abs=1e-5)


@pytest.mark.parametrize("group", [0, 1])
def test_the_sum_written_out(group: int) -> None:
    scorer, rng = small_scorer(), np.random.default_rng(1)
    tokens, kept = rng.normal(size=(9, 6)), np.arange(9) % 3 == 0
    assert scorer.queries is not None
    concept, inside, everywhere = np.zeros(6), 0.0, 0.0
    for patch, token in enumerate(tokens):
        weights = [np.exp(-np.square(token - query).sum() / scorer.tau) for query in scorer.queries]
        share = weights[group] / sum(weights)
        everywhere += share
        if kept[patch]:
            inside += share
            concept += share * token
    vector = scorer.projection @ (concept * everywhere / inside) + scorer.bias
    cosines = scorer.text[scorer.groups[group]] @ (vector / np.linalg.norm(vector))
    found = scorer.score(tokens, group, kept)
    assert found.scores == pytest.approx(10.0 * cosines)
    assert found.attention == pytest.approx(inside / everywhere)


def test_patches_outside_have_no_say() -> None:
    scorer, rng = small_scorer(), np.random.default_rng(2)
    tokens, kept = rng.normal(size=(9, 6)), np.arange(9) < 4
    others = tokens.copy()
    others[4:] += 100.0
    # The share is another one, since all patches count for it; the direction, and so the cosine without bias, is not.
    plain = RegionScorer(**(vars(scorer) | {"bias": np.zeros(4)}))
    assert plain.score(tokens, 0, kept).scores == pytest.approx(plain.score(others, 0, kept).scores)


def test_the_mean_token_is_that_of_the_kept_patches() -> None:
    scorer, rng = small_scorer(mean=True), np.random.default_rng(6)
    tokens, kept = rng.normal(size=(9, 6)), np.arange(9) < 3
    module = GlobalAggregation(2, 6, "mean")
    assert scorer.summaries is not None
    with torch.no_grad():
        module.projections.copy_(torch.from_numpy(scorer.summaries))
        part = torch.from_numpy(tokens[kept]).float()[None]
        concept = module(part, part).concepts[0, 1].numpy()
    vector = scorer.projection @ concept + scorer.bias
    found = scorer.score(tokens, 1, kept)
    assert found.scores == pytest.approx(10.0 * scorer.text[3:] @ (vector / np.linalg.norm(vector)), abs=1e-5)
    assert found.attention == pytest.approx(3 / 9)


def test_attention_that_is_nowhere_still_gives_numbers() -> None:
    scorer = small_scorer()
    assert scorer.queries is not None
    far = np.stack([scorer.queries[1]] * 4)  # saturated: group 0 gets nothing of any patch
    cold = RegionScorer(**(vars(scorer) | {"tau": 1e-6}))
    found = cold.score(far, 0, np.array([True, False, False, False]))
    assert np.isfinite(found.scores).all()
    assert found.attention == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("tokens", "kept", "reason"),
    [
        (np.zeros((4, 5)), None, "expected tokens"),
        (np.zeros((4, 6)), np.ones(3, bool), "expected a mask"),
        (np.zeros((4, 6)), np.zeros(4, bool), "no patch is left"),
    ],
)
def test_shapes_that_do_not_fit_are_said(tokens: np.ndarray, kept: np.ndarray | None, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        small_scorer().score(tokens, 0, kept)
