"""One list of edits over many images: the same as for each image alone, and figures that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.intervene import batch
from models.intervene.batch import (
    ClassChange,
    Effect,
    NothingSelected,
    Outputs,
    Selection,
    apply_edits,
    bootstrap_means,
    select,
    summarise,
)
from models.intervene.scores import DecisionHead, Edit, EditError, Operation
from tests.support.heads import head, random_head

KEYS = ("c0", "c1", "c2")


def _outputs(made: DecisionHead, count: int, seed: int = 0) -> Outputs:
    scores = np.random.default_rng(seed).normal(size=(count, made.weight.shape[1])).astype(np.float32)
    return Outputs.of((scores @ made.weight.T + made.bias).astype(np.float32), scores)


def _of(probabilities: list[list[float]]) -> Outputs:
    wide = np.asarray(probabilities)
    return Outputs.of(np.log(wide).astype(np.float32), np.zeros((len(wide), 1), np.float32))


def _effect(before: list[list[float]], after: list[list[float]], truth: list[int]) -> Effect:
    first, second = np.asarray(before), np.asarray(after)
    return Effect(first, second, first.argmax(1), second.argmax(1), np.asarray(truth))


def test_every_image_is_edited_as_it_is_alone() -> None:
    made, _ = random_head(1)
    outputs = _outputs(made, 12)
    edits = [Edit("g0.o1", Operation.OPTION), Edit("g2.o0", Operation.CLASS_MEAN, reference_class="c1")]
    effect = apply_edits(made, outputs, edits, np.full(12, -1))
    for row in range(12):
        # Recomputed with a plain matrix product, as a reader of the documentation would.
        edited = made.apply(outputs.scores[row], edits)
        logits = outputs.logits[row] + made.weight @ (edited - outputs.scores[row])
        assert effect.after[row] == pytest.approx(np.exp(logits) / np.exp(logits).sum(), abs=1e-12)
        assert effect.predicted_after[row] == logits.argmax()
    assert effect.flipped.any()


def test_no_edit_is_the_prediction_exactly() -> None:
    made, _ = random_head(0)
    outputs = _outputs(made, 7)
    effect = apply_edits(made, outputs, [], np.full(7, -1))
    assert np.array_equal(effect.after, effect.before)
    assert not effect.flipped.any()


def test_a_bad_edit_is_named() -> None:
    made, _ = random_head(0)
    with pytest.raises(EditError, match=r"edit 2: there is no option 'g9\.o0'"):
        apply_edits(
            made, _outputs(made, 2), [Edit("g0.o0", Operation.MEAN), Edit("g9.o0", Operation.MEAN)], np.full(2, -1)
        )
    with pytest.raises(ValueError, match=r"expected truth \(2,\), got \(3,\)"):
        apply_edits(made, _outputs(made, 2), [], np.full(3, -1))


def test_outputs_must_be_of_the_same_images() -> None:
    with pytest.raises(ValueError, match=r"got \(2, 3\) and \(1, 4\)"):
        Outputs.of(np.zeros((2, 3), np.float32), np.zeros((1, 4), np.float32))


def test_probabilities_add_up_also_for_large_logits() -> None:
    found = Outputs.of(np.array([[1000.0, 999.0]], np.float32), np.zeros((1, 1), np.float32))
    assert found.probabilities[0] == pytest.approx([1 / (1 + np.exp(-1)), 1 / (1 + np.e)])


PROBABILITIES = [[0.95, 0.03, 0.02], [0.5, 0.4, 0.1], [0.05, 0.92, 0.03], [0.91, 0.05, 0.04]]


@pytest.mark.parametrize(
    ("selection", "rows"),
    [
        (Selection(), [0, 1, 2, 3]),
        (Selection("c0"), [0, 1, 3]),
        (Selection("c0", 0.9), [0, 3]),
        (Selection(minimum_probability=0.9), [0, 2, 3]),
        (Selection("c1", 0.9, limit=5), [2]),
    ],
)
def test_which_images_pass(selection: Selection, rows: list[int]) -> None:
    assert select(_of(PROBABILITIES), KEYS, selection).tolist() == rows


def test_a_limit_draws_by_seed() -> None:
    outputs = _of([[0.9, 0.05, 0.05]] * 40)
    first = select(outputs, KEYS, Selection(limit=10, seed=3))
    assert first.tolist() == sorted(set(first.tolist()))
    assert len(first) == 10
    assert np.array_equal(first, select(outputs, KEYS, Selection(limit=10, seed=3)))
    assert not np.array_equal(first, select(outputs, KEYS, Selection(limit=10, seed=4)))


def test_nothing_passes() -> None:
    with pytest.raises(NothingSelected, match=r"none of 4 images is predicted as c0 .* 0.99; the largest .* is 0.950"):
        select(_of(PROBABILITIES), KEYS, Selection("c0", 0.99))
    with pytest.raises(NothingSelected, match=r"predicted as c2 .* largest probability found is 0\.100"):
        select(_of(PROBABILITIES), KEYS, Selection("c2"))
    with pytest.raises(ValueError, match="there is no class 'c7'; there are c0, c1, c2"):
        select(_of(PROBABILITIES), KEYS, Selection("c7"))
    with pytest.raises(ValueError, match="limit"):
        select(_of(PROBABILITIES), KEYS, Selection(limit=0))


def test_a_summary_by_hand() -> None:
    effect = _effect([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7]], [[0.6, 0.4], [0.1, 0.9], [0.2, 0.8]], [0, 0, -1])
    found = summarise(effect)
    assert (found.images, found.flipped) == (3, 1)
    assert (found.accuracy_before, found.accuracy_after) == (1.0, 0.5)
    first, second = found.classes
    assert [first.mean_before, first.mean_after] == pytest.approx([2 / 3, 0.3])
    assert first.drop == pytest.approx(11 / 30)
    assert second == ClassChange(*(pytest.approx(v) for v in (1 / 3, 0.7, -11 / 30, -first.high, -first.low)))
    assert 0.1 - 1e-9 <= first.low <= first.drop <= first.high <= 0.7 + 1e-9
    assert summarise(effect) == found


def test_without_any_truth_there_is_no_accuracy() -> None:
    found = summarise(_effect([[0.9, 0.1]], [[0.9, 0.1]], [-1]))
    assert found.accuracy_before is None
    assert found.accuracy_after is None
    assert (found.classes[0].drop, found.classes[0].low, found.classes[0].high) == (0.0, 0.0, 0.0)


def test_the_bootstrap_covers_as_it_should() -> None:
    """Of a normal sample the interval is about 1.96 standard errors wide on each side."""
    values = np.random.default_rng(1).normal(2.0, 1.0, (400, 1))
    low, high = np.percentile(bootstrap_means(values, 2000, 0)[:, 0], (2.5, 97.5))
    error = values.std() / 20
    assert low == pytest.approx(values.mean() - 1.96 * error, abs=0.15 * error)
    assert high == pytest.approx(values.mean() + 1.96 * error, abs=0.15 * error)


def test_columns_are_resampled_together() -> None:
    values = np.random.default_rng(0).random((30, 1))
    means = bootstrap_means(np.hstack([values, 3 * values]), 250, 5)
    assert means.shape == (250, 2)
    assert means[:, 1] == pytest.approx(3 * means[:, 0])
    with pytest.raises(ValueError, match=r"\(0, 2\)"):
        bootstrap_means(np.empty((0, 2)), 10, 0)


def test_many_images_are_resampled_a_few_times_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in memory is bounded; which images are drawn stays the same."""
    values = np.random.default_rng(0).random((30, 2))
    whole = bootstrap_means(values, 250, 5)
    for cells in (70, 1):  # two resamples at once; one, though it has more cells than that
        monkeypatch.setattr(batch, "_CELLS", cells)
        assert bootstrap_means(values, 250, 5) == pytest.approx(whole, abs=1e-12)


def test_flips_by_hand() -> None:
    made = head((2, 1), np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), np.zeros(2))
    outputs = Outputs.of(
        np.array([[2.0, 0.0], [0.0, 3.0]], np.float32), np.array([[2.0, 0.0, 0.0], [0.0, 3.0, 0.0]], np.float32)
    )
    effect = apply_edits(made, outputs, [Edit("g0.o0", Operation.SET, value=-1.0)], np.array([0, 1]))
    assert effect.flipped.tolist() == [True, False]
    assert effect.after[0, 0] == pytest.approx(1 / (1 + np.e))
