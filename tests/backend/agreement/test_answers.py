"""Labels in a model's terms, and what the model would say had it been told."""

from __future__ import annotations

import numpy as np
import pytest

from backend.agreement.answers import ABSENT, PRESENT, Answer, Marks, Vocabulary, after_marks
from models.concepts import load_concept_set
from models.intervene.editing import Predicted
from models.intervene.scores import DecisionHead, Edit, Operation
from tests.support.heads import concept_set, head, random_head


def answered(model: DecisionHead, scores: np.ndarray, logits: np.ndarray) -> Answer:
    seen = tuple(
        int(scores[group].argmax()) if group.stop - group.start > 1 else (PRESENT if scores[group][0] >= 0 else ABSENT)
        for group in model.concept_set.group_slices
    )
    return Answer("p", Predicted(scores, logits, np.exp(logits) / np.exp(logits).sum()), int(logits.argmax()), seen)


def test_what_a_concept_set_knows_of_a_label() -> None:
    words = Vocabulary(concept_set((3, 1), 2))
    found = words.marks("c1", {"g0": "g0.o2", "g1": None})
    assert found == Marks(1, {0: 2, 1: ABSENT})
    assert words.marks(None, {"g1": "g1.o0"}) == Marks(None, {1: PRESENT})
    strange = words.marks("c9", {"g0": "g0.o9", "g9": "g9.o0", "g1": "g0.o0"})
    assert strange.empty
    assert words.marks("c0", {"g0": None}) == Marks(0, {})  # absent says nothing of three options
    assert [words.told(0, 2), words.told(1, PRESENT), words.told(1, ABSENT)] == ["option 2", "present", "absent"]


def test_which_concept_sets_are_related() -> None:
    words = Vocabulary(concept_set((3, 1), 2))
    assert words.is_related_to(concept_set((2,), 5))  # of the same name
    other = concept_set((3, 1), 2).model_copy(update={"name": "other"})
    assert words.is_related_to(other)  # the same classes
    assert not words.is_related_to(load_concept_set("busi"))


@pytest.mark.parametrize("seed", range(8))
def test_marks_are_option_edits(seed: int) -> None:
    """Against the edits of the contract, with the logits computed from nothing but the scores."""
    model, scores = random_head(seed, (3, 2, 4))
    rng = np.random.default_rng(seed)
    chosen = {group: int(rng.integers(size)) for group, size in enumerate((3, 2, 4)) if rng.random() < 0.7}
    starts = [columns.start for columns in model.concept_set.group_slices]
    edits = [
        Edit(model.concept_set.option_ids[starts[group] + place], Operation.OPTION)
        for group, place in chosen.items()
        if place != int(scores[model.concept_set.group_slices[group]].argmax())  # the model says so already
    ]
    wanted = model.decide(model.apply(scores, edits)).predicted
    found = answered(model, scores, model.decide(scores).logits)
    assert after_marks(model, found, Marks(0, chosen)) == wanted


def test_the_stored_logits_count_where_nothing_is_marked() -> None:
    model, scores = random_head(1, (3, 2))
    logits = np.array([0.0, 5.0, 1.0, 2.0])
    assert after_marks(model, answered(model, scores, logits), Marks(0, {})) == 1


@pytest.mark.parametrize(("score", "mark"), [(1.5, PRESENT), (1.5, ABSENT), (-1.5, PRESENT), (-1.5, ABSENT)])
def test_a_group_of_one_option_is_switched_only_where_it_is_on_the_other_side(score: float, mark: int) -> None:
    model = head((1,), np.array([[1.0], [-1.0]]), np.zeros(2))  # present: class 0
    scores = np.array([score])
    found = answered(model, scores, model.decide(scores).logits)
    assert after_marks(model, found, Marks(None, {0: mark})) == (0 if mark == PRESENT else 1)
