"""Edits of scores: by hand, and by what must hold for any head."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.intervene.scores import DecisionHead, Edit, EditError, Operation
from tests.support.heads import head, random_head

SET, OPTION, CLASS_MEAN, MEAN = Operation.SET, Operation.OPTION, Operation.CLASS_MEAN, Operation.MEAN


@pytest.fixture
def two() -> DecisionHead:
    """Two groups of two options, two classes: the first option of each speaks for c0, the second for c1."""
    return head((2, 2), np.array([[1.0, 0.0, 2.0, 0.0], [0.0, 1.0, 0.0, 2.0]]), np.array([0.5, 0.0]))


SCORES = np.array([1.0, 0.0, -1.0, 0.5])


def test_the_decision_by_hand(two: DecisionHead) -> None:
    decision = two.decide(SCORES)
    assert decision.logits == pytest.approx([1 - 2 + 0.5, 0 + 1])
    assert decision.predicted == 1
    assert decision.probabilities == pytest.approx(np.exp([-0.5, 1]) / np.exp([-0.5, 1]).sum())


def test_contributions_add_up_to_the_logits() -> None:
    for seed in range(20):
        made, scores = random_head(seed)
        assert made.contributions(scores).sum(0) + made.bias == pytest.approx(made.decide(scores).logits)


def test_no_edit_changes_nothing() -> None:
    made, scores = random_head(0)
    assert np.array_equal(made.apply(scores, []), scores)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Edit("g0.o1", SET, value=-7.5), [1.0, -7.5, -1.0, 0.5]),
        (Edit("g1.o0", MEAN), [1.0, 0.0, 0.5, 0.5]),
        (Edit("g0.o0", CLASS_MEAN, reference_class="c0"), [0.0, 0.0, -1.0, 0.5]),
        (Edit("g0.o1", OPTION), [0.0, 1.0, -1.0, 0.5]),
        (Edit("g0.o0", OPTION), [1.0, 0.0, -1.0, 0.5]),  # it is the present one already
    ],
)
def test_each_operation(two: DecisionHead, edit: Edit, expected: list[float]) -> None:
    assert two.apply(SCORES, [edit]).tolist() == expected
    assert SCORES.tolist() == [1.0, 0.0, -1.0, 0.5]  # the given ones are left alone


def test_edits_come_one_after_the_other(two: DecisionHead) -> None:
    edits = [Edit("g0.o1", SET, value=2.0), Edit("g0.o0", OPTION)]
    assert two.apply(SCORES, edits).tolist() == [2.0, 1.0, -1.0, 0.5]
    assert two.apply(SCORES, edits[::-1]).tolist() == [1.0, 2.0, -1.0, 0.5]


def test_what_is_made_present_is_the_largest_of_its_group_and_within_what_was_seen() -> None:
    for seed in range(200):
        made, scores = random_head(seed)
        scores = scores * 2
        for option, option_id in enumerate(made.concept_set.option_ids):
            edited = made.apply(scores, [Edit(option_id, OPTION)])
            group = made.group_of(option)
            outside = np.delete(np.arange(len(scores)), np.arange(group.start, group.stop))
            assert np.array_equal(edited[outside], scores[outside])
            if group.stop - group.start == 1:
                assert edited[option] in made.ranges[option]
                continue
            assert edited[option] == edited[group].max()
            measured = made.statistics.option_means is not None and made.statistics.option_means[option] is not None
            if not measured and int(scores[group].argmax()) + group.start != option:
                assert made.ranges[option][0] <= edited[option] <= made.ranges[option][1]


def test_where_it_was_measured_an_option_is_as_in_images_that_have_it() -> None:
    typical = [[2.0, -1.0], [0.5, 0.25], None, [-1.0, 1.5]]
    made = head((2, 2), np.zeros((2, 4)), np.zeros(2), typical=typical)
    assert made.apply(SCORES, [Edit("g0.o0", OPTION)]).tolist() == [2.0, -1.0, -1.0, 0.5]
    # On average another one lies above it there: then the two are level.
    assert made.apply(SCORES, [Edit("g0.o1", OPTION)]).tolist() == [0.25, 0.25, -1.0, 0.5]
    assert made.apply(SCORES, [Edit("g1.o0", OPTION)]).tolist() == [1.0, 0.0, 0.5, -1.0]  # not measured: exchanged
    assert made.apply(SCORES, [Edit("g1.o1", OPTION)]).tolist() == [1.0, 0.0, -1.0, 1.5]


def test_a_group_of_one_option_is_switched() -> None:
    made = head((1, 2), np.zeros((2, 3)), np.zeros(2), span=(-1.0, 3.0))
    assert made.apply(np.array([-0.1, 0.0, 0.0]), [Edit("g0.o0", OPTION)])[0] == 3.0
    assert made.apply(np.array([0.1, 0.0, 0.0]), [Edit("g0.o0", OPTION)])[0] == -1.0


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (Edit("g9.o0", SET, value=1.0), "there is no option 'g9.o0'"),
        (Edit("g0.o0", SET), "'set' needs a finite value"),
        (Edit("g0.o0", SET, value=float("nan")), "'set' needs a finite value"),
        (Edit("g0.o0", SET, value=float("inf")), "'set' needs a finite value"),
        (Edit("g0.o0", CLASS_MEAN), "needs a reference class, one of c0, c1"),
        (Edit("g0.o0", CLASS_MEAN, reference_class="c7"), "got 'c7'"),
        (Edit("g0.o0", CLASS_MEAN, reference_class="c1"), "hold none of class 'c1'"),
    ],
)
def test_an_edit_that_cannot_be_applied_is_named(two: DecisionHead, edit: Edit, reason: str) -> None:
    with pytest.raises(EditError, match=f"edit 2: .*{reason}") as caught:
        two.apply(SCORES, [Edit("g0.o0", MEAN), edit])
    assert caught.value.index == 1


def test_shapes_that_do_not_fit_are_said(two: DecisionHead) -> None:
    with pytest.raises(ValueError, match=r"expected scores \(4,\), got \(3,\)"):
        two.decide(np.zeros(3))
    with pytest.raises(ValueError, match=r"expected a weight \(2, 4\)"):
        DecisionHead(two.concept_set, two.statistics, np.zeros((4, 2)), np.zeros(2))


def test_statistics_that_do_not_fit_are_said(two: DecisionHead) -> None:
    """Of a statistics.json that somebody changed: better when it is read than in the middle of an edit."""
    for change, words in (
        ({"class_means": [None]}, r"statistics of \(2, 4\) classes and options, got \(1, 4\)"),
        ({"means": [0.0]}, r"got \(2, 1\)"),
        ({"option_means": [None, [1.0, 2.0, 3.0], None, None]}, r"expected \(2,\) mean scores for option 1, got 3"),
    ):
        with pytest.raises(ValueError, match=words):
            replace(two, statistics=two.statistics.model_copy(update=change))
