"""Edits of a prediction: nothing changed gives it exactly; regions act before scores; each fault is named."""

from __future__ import annotations

import numpy as np
import pytest

from models.intervene.editing import EditableModel, Predicted, TokensMissing, recompute
from models.intervene.regions import Keep, RegionEdit, RegionScorer
from models.intervene.scores import Edit, EditError, Operation
from tests.support.heads import random_head

SIZES = (3, 2, 4, 1, 3)


def regions(seed: int) -> RegionScorer:
    rng, options = np.random.default_rng(seed), sum(SIZES)
    starts = np.cumsum((0, *SIZES))
    return RegionScorer(
        queries=rng.normal(size=(len(SIZES), 6)),
        tau=2.0,
        summaries=None,
        projection=rng.normal(size=(4, 6)),
        bias=rng.normal(size=4),
        text=rng.normal(size=(options, 4)),
        scale=3.0,
        groups=tuple(slice(int(start), int(start) + size) for start, size in zip(starts[:-1], SIZES, strict=True)),
    )


def example(seed: int, *, tokens: bool = True) -> tuple[EditableModel, Predicted]:
    """A prediction in the precision of a network, so that its logits are not exactly those of its scores."""
    head, scores = random_head(seed, SIZES)
    rounded = scores.astype(np.float32).astype(np.float64)
    decision = head.decide(rounded)
    kept = np.random.default_rng(seed).normal(size=(12, 6)) if tokens else None
    logits, probabilities = (
        values.astype(np.float32).astype(np.float64) for values in (decision.logits, decision.probabilities)
    )
    return EditableModel(head, regions(seed)), Predicted(rounded, logits, probabilities, kept)


def random_edits(rng: np.random.Generator, model: EditableModel, count: int) -> list[Edit]:
    ids, classes = model.head.concept_set.option_ids, model.head.concept_set.class_keys[:-1]
    kinds = rng.choice(list(Operation), count)
    return [
        Edit(str(rng.choice(ids)), Operation(kind), value=float(rng.normal()), reference_class=str(rng.choice(classes)))
        for kind in kinds
    ]


@pytest.mark.parametrize("seed", range(4))
def test_no_edit_is_the_prediction_exactly(seed: int) -> None:
    model, predicted = example(seed)
    found = recompute(model, predicted, [])
    assert np.array_equal(found.scores, predicted.scores)
    assert np.array_equal(found.decision.logits, predicted.logits)
    assert np.array_equal(found.decision.probabilities, predicted.probabilities)
    same = Edit(model.head.concept_set.option_ids[2], Operation.SET, value=float(predicted.scores[2]))
    assert np.array_equal(recompute(model, predicted, [same]).decision.probabilities, predicted.probabilities)


@pytest.mark.parametrize("seed", range(20))
def test_edits_are_one_linear_layer_on_the_edited_scores(seed: int) -> None:
    model, predicted = example(seed)
    edits = random_edits(np.random.default_rng(seed), model, 6)
    found = recompute(model, predicted, edits)
    wanted = model.head.weight @ found.scores + model.head.bias
    assert found.decision.logits == pytest.approx(wanted, abs=1e-5)
    exponents = np.exp(wanted - wanted.max())
    assert found.decision.probabilities == pytest.approx(exponents / exponents.sum(), abs=1e-5)
    assert np.array_equal(found.scores, model.head.apply(predicted.scores, edits))
    assert found.attention == {}


def test_a_region_changes_its_group_alone_and_acts_first() -> None:
    model, predicted = example(3)
    region = RegionEdit("g2", Keep.INSIDE, (0, 5, 7))
    alone = recompute(model, predicted, [region])
    columns = model.head.concept_set.group_slices[2]
    changed = np.flatnonzero(alone.scores != predicted.scores)
    assert set(changed) == set(range(columns.start, columns.stop))
    mark = Edit("g2.o1", Operation.SET, value=0.25)
    for edits in ([region, mark], [mark, region]):
        both = recompute(model, predicted, edits)
        assert np.array_equal(both.after_regions, alone.scores)
        assert both.scores[columns.start + 1] == 0.25
        assert np.array_equal(np.delete(both.scores, columns.start + 1), np.delete(alone.scores, columns.start + 1))


def test_a_region_moves_the_predicted_scores_by_what_leaving_patches_out_does() -> None:
    model, predicted = example(5)
    assert model.regions is not None
    assert predicted.tokens is not None
    found = recompute(model, predicted, [RegionEdit("g0", Keep.OUTSIDE, (1, 2))])
    kept = np.ones(12, bool)
    kept[[1, 2]] = False
    part, whole = model.regions.score(predicted.tokens, 0, kept), model.regions.score(predicted.tokens, 0)
    assert found.scores[:3] == pytest.approx(predicted.scores[:3] + part.scores - whole.scores)
    assert found.attention == {0: pytest.approx(part.attention)}


def test_a_region_of_all_patches_is_the_prediction_exactly() -> None:
    model, predicted = example(6)
    found = recompute(model, predicted, [RegionEdit("g1", Keep.INSIDE, tuple(range(12)))])
    assert np.array_equal(found.decision.probabilities, predicted.probabilities)
    assert found.attention == {1: 1.0}


@pytest.mark.parametrize(
    ("edits", "reason"),
    [
        ([RegionEdit("nothing", Keep.INSIDE, (0,))], "edit 1: there is no group 'nothing'; there are g0, g1"),
        ([RegionEdit("g0", Keep.INSIDE, (12,))], "edit 1: patch 12 is not in the grid; it has 12"),
        ([RegionEdit("g0", Keep.INSIDE, (-1,))], "edit 1: patch -1"),
        ([RegionEdit("g0", Keep.INSIDE, ())], "edit 1: no patch is left"),
        ([RegionEdit("g0", Keep.OUTSIDE, tuple(range(12)))], "edit 1: no patch is left"),
        ([RegionEdit("g0", Keep.INSIDE, (0,)), RegionEdit("g0", Keep.INSIDE, (1,))], "edit 2: group 'g0' has a region"),
        ([RegionEdit("g0", Keep.INSIDE, (0,)), Edit("x.y", Operation.OPTION)], "edit 2: there is no option 'x.y'"),
    ],
)
def test_a_fault_names_its_edit(edits: list[Edit | RegionEdit], reason: str) -> None:
    model, predicted = example(0)
    with pytest.raises(EditError, match=reason):
        recompute(model, predicted, edits)


def test_regions_need_tokens_and_patches() -> None:
    model, predicted = example(0, tokens=False)
    region = RegionEdit("g0", Keep.INSIDE, (0,))
    with pytest.raises(TokensMissing):
        recompute(model, predicted, [region])
    with pytest.raises(EditError, match="do not come from patches"):
        recompute(EditableModel(model.head, None), predicted, [region])
