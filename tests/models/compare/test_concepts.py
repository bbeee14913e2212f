"""What two concept sets have in common."""

from __future__ import annotations

import numpy as np
import pytest

from models.compare.concepts import CompareError, found_options, match, shared_truth
from models.concepts import ConceptSet, load_concept_set


def test_the_same_set(small: ConceptSet) -> None:
    found = match(small, small)
    assert [group.key for group in found.shared] == ["border", "color", "scale"]
    assert [group.options for group in found.shared] == [
        ("sharp", "vague"),
        ("red", "blue", "grey"),
        ("absent", "present"),
    ]
    assert (found.only_a, found.only_b, found.classes_b) == ((), (), (0, 1))


def test_an_edited_set(small: ConceptSet, edited: ConceptSet) -> None:
    found = match(small, edited)
    assert [(group.key, group.column_a, group.column_b) for group in found.shared] == [
        ("border", 0, 1),
        ("color", 1, 2),
    ]
    color = found.shared[1]
    assert color.options == ("red", "blue", "grey", "green")
    assert (color.to_a, color.to_b) == ((0, 1, 2), (0, 1, 3))
    assert (color.only_a, color.only_b) == (("color.grey",), ("color.green",))
    assert (found.only_a, found.only_b) == (("scale",), ("shape", "scale"))
    assert found.classes_b == (1, 0)


def test_other_classes_cannot_be_compared(small: ConceptSet) -> None:
    with pytest.raises(CompareError, match="only A has mel, nv; only B has normal, benign, malignant"):
        match(small, load_concept_set("busi"))


def test_answers_in_the_shared_list(small: ConceptSet, edited: ConceptSet) -> None:
    color = match(small, edited).shared[1]
    scores = np.array([[1, 0, 9, 0, 0, 0], [1, 0, 0, 0, 9, 0]], np.float32)
    assert found_options(scores, small.group_slices[1], color.to_a).tolist() == [0, 2]
    scores = np.array([[0, 0, 1, 0, 9, 0, 0, 0], [0, 0, 1, 0, 0, 0, 9, 0]], np.float32)
    assert found_options(scores, edited.group_slices[2], color.to_b).tolist() == [0, 3]


def test_a_group_of_one_option_is_there_or_not(small: ConceptSet) -> None:
    scale = match(small, small).shared[2]
    scores = np.array([[0, 0, 0, 0, 0, -0.1], [0, 0, 0, 0, 0, 0.1]], np.float32)
    assert found_options(scores, small.group_slices[2], scale.to_a).tolist() == [0, 1]


def test_truth_that_both_can_say(small: ConceptSet, edited: ConceptSet) -> None:
    color = match(small, edited).shared[1]
    own = np.array([[-1, 0, -1], [-1, 2, -1], [-1, 1, -1], [-1, -1, -1]])
    other = np.array([[-1, -1, 0, -1], [-1, -1, -1, -1], [-1, -1, 0, -1], [-1, -1, 2, -1]])
    assert shared_truth(own, other, color).tolist() == [0, -1, -1, -1]
