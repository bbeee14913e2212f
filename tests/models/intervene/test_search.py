"""Counterfactuals are right, minimal, and said to be minimal only where they are."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest

from models.intervene import search
from models.intervene.advice import checks
from models.intervene.editing import Predicted
from models.intervene.scores import Array, DecisionHead, Edit, Operation
from models.intervene.search import EXACT_GROUPS, counterfactuals
from tests.support.heads import head, random_head


def brute_force(made: DecisionHead, scores: Array, wanted: int, largest: int) -> int | None:
    """Size of the smallest set of option changes that flips the decision, by trying all of them through ``apply``."""
    groups = made.concept_set.group_slices
    ids = made.concept_set.option_ids
    for size in range(largest + 1):
        for chosen in combinations(range(len(groups)), size):
            for options in product(*(absent(scores, groups[group]) for group in chosen)):
                edits = [Edit(ids[option], Operation.OPTION) for option in options]
                if made.decide(made.apply(scores, edits)).predicted == wanted:
                    return size
    return None


def predicted(made: DecisionHead, scores: Array) -> Predicted:
    decision = made.decide(scores)
    return Predicted(scores, decision.logits, decision.probabilities)


def absent(scores: Array, group: slice) -> list[int]:
    """Options of a group that are not the present one; the only option of a group is always one to switch."""
    options = list(range(group.start, group.stop))
    return options if len(options) == 1 else [option for option in options if scores[option] < scores[group].max()]


@pytest.mark.parametrize("seed", range(40))
def test_the_smallest_set_is_found(seed: int) -> None:
    made, scores = random_head(seed)
    for wanted in range(len(made.bias)):
        found = counterfactuals(made, scores, wanted)
        smallest = brute_force(made, scores, wanted, len(made.concept_set.group_slices))
        if smallest is None:
            assert found == []
            continue
        if found and found[0].exact:
            assert {len(each.edits) for each in found} == {smallest}
        else:  # greedy: may be larger, or miss one
            assert smallest > EXACT_GROUPS
        for each in found:
            decision = made.decide(made.apply(scores, each.edits))
            assert decision.predicted == wanted
            others = np.delete(decision.logits, wanted).max()
            assert each.margin == pytest.approx(decision.logits[wanted] - others)
            groups = [edit.option_id.partition(".")[0] for edit in each.edits]
            assert len(groups) == len(set(groups))  # one option a group


def test_the_clearest_comes_first_and_only_so_many() -> None:
    made, scores = random_head(3)
    for wanted in range(len(made.bias)):
        found = counterfactuals(made, scores, wanted, limit=3)
        margins = [each.margin for each in found]
        assert margins == sorted(margins, reverse=True)
        assert len(found) <= 3


def test_what_is_predicted_needs_no_change() -> None:
    made, scores = random_head(1)
    predicted = made.decide(scores).predicted
    (only,) = counterfactuals(made, scores, predicted)
    assert (only.edits, only.exact) == ((), True)


def test_beyond_three_groups_the_search_is_greedy_and_says_so() -> None:
    """Six groups, each worth one; five have to change."""
    weight = np.zeros((2, 12))
    weight[1, 1::2] = 1.0
    made = head((2,) * 6, weight, np.array([4.5, 0.0]), span=(0.0, 1.0))
    (found,) = counterfactuals(made, np.array([1.0, 0.0] * 6), 1)
    assert (len(found.edits), found.exact) == (5, False)
    assert found.margin == pytest.approx(0.5)


def test_too_many_sets_are_searched_greedily(monkeypatch: pytest.MonkeyPatch) -> None:
    made, scores = random_head(1)
    monkeypatch.setattr(search, "MOST_SETS", 3)  # not even all single changes
    found = [each for wanted in range(len(made.bias)) for each in counterfactuals(made, scores, wanted)]
    assert {each.exact for each in found if each.edits} == {False}


def test_the_number_of_sets() -> None:
    made, scores = random_head(2, sizes=(3, 2, 4))
    changes = list(search._changes(made, scores))
    assert len(changes) == 2 + 1 + 3
    assert [search._sets(changes, (0, 1, 2), size) for size in (1, 2, 3)] == [6, 2 + 6 + 3, 6]


def test_a_class_that_cannot_be_reached_is_not_found() -> None:
    made = head((2, 2), np.zeros((2, 4)), np.array([1.0, 0.0]))
    assert counterfactuals(made, np.array([1.0, 0.0, 1.0, 0.0]), 1) == []
    with pytest.raises(ValueError, match="no class 2"):
        counterfactuals(made, np.zeros(4), 2)


def test_the_concept_to_check_first_is_the_one_that_is_unsure_and_matters() -> None:
    """g0 matters and is sure, g1 matters and is unsure, g2 is unsure and does not matter."""
    weight = np.array([[2.0, 0.0, 2.0, 0.0, 0.0, 0.0], [0.0, 2.0, 0.0, 2.0, 0.0, 0.0]])
    typical = [[3.0, -3.0], [-3.0, 3.0]] * 3
    made = head((2, 2, 2), weight, np.zeros(2), span=(-20.0, 20.0), typical=typical)
    found = checks(made, predicted(made, np.array([3.0, -3.0, 0.2, 0.1, 0.2, 0.1])))
    assert [check.group for check in found] == [1, 0, 2]
    assert found[2].expected_change == 0.0


def test_a_group_of_which_the_model_is_sure_is_not_worth_a_check() -> None:
    """g0 is sure, and far from the average of what it sees; g1 is unsure, and as its options are on average."""
    weight = np.array([[2.0, 0.0, 1.0, 0.0], [0.0, 2.0, 0.0, 1.0]])
    typical = [[3.0, -3.0], [-3.0, 3.0], [0.3, 0.0], [0.0, 0.3]]
    made = head((2, 2), weight, np.array([-37.0, 37.0]), span=(-20.0, 20.0), typical=typical)
    first, second = checks(made, predicted(made, np.array([20.0, -20.0, 0.3, 0.0])))
    assert (first.group, second.group) == (1, 0)
    assert first.expected_change > 1e-4
    assert second.expected_change < 1e-12
    assert second.flip_probability < 1e-12


def test_the_expected_change_by_hand() -> None:
    made = head((2,), np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros(2))
    (check,) = checks(made, predicted(made, np.array([1.0, 0.0])))
    sure = np.e / (np.e + 1)
    assert check.expected_change == pytest.approx((1 - sure) * (2 * sure - 1))
    assert check.flip_probability == pytest.approx(1 - sure)


def test_a_yes_or_no_concept_is_checked_like_the_others() -> None:
    made = head((1,), np.array([[1.0], [-1.0]]), np.zeros(2), span=(-1.0, 1.0))
    (check,) = checks(made, predicted(made, np.array([0.5])))
    absent = 1 / (1 + np.exp(0.5))
    assert check.flip_probability == pytest.approx(absent)
