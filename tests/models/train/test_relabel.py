"""Procedural images are labelled by key, so that an edited concept set gets its own labels and no one else's."""

from __future__ import annotations

import numpy as np
import pytest

from models.concepts import ConceptSet, load_concept_set
from models.train.data import InputShape, load_split
from models.train.relabel import Labels, relabel
from models.train.settings import ProceduralData
from tests.models.train.conftest import SIDE, Tiny

BUSI = load_concept_set("busi")


def _edited() -> ConceptSet:
    """Classes in another order, groups reversed, an option in front of all others, and a group nobody drew."""
    data = BUSI.model_dump(mode="json")
    data["classes"].reverse()
    data["groups"].reverse()
    new = {**data["groups"][0]["options"][0], "key": "new_option", "text": "something new", "synonyms": []}
    data["groups"][0]["options"].insert(0, new)
    unseen = {**data["groups"][1], "key": "unseen", "name": "Unseen", "localizable": True}
    unseen["options"] = [{**option, "text": f"unseen {option['text']}", "synonyms": []} for option in unseen["options"]]
    data["groups"].insert(0, unseen)
    for row in data["class_options"].values():
        row.pop("unseen", None)
    return ConceptSet.model_validate(data)


def _labels() -> Labels:
    stream = np.random.default_rng(0)
    options = np.stack([stream.integers(-1, len(group.options), 12) for group in BUSI.groups], 1)
    located = sum(group.localizable for group in BUSI.groups)
    return Labels(np.arange(12) % 3, options, stream.random((12, located, 2, 2), np.float32))


def test_every_label_is_found_by_its_key() -> None:
    before, edited = _labels(), _edited()
    after = relabel(before, BUSI, edited)
    for row in range(12):
        assert edited.class_keys[after.classes[row]] == BUSI.class_keys[before.classes[row]]
        for column, group in enumerate(edited.groups):
            if group.key == "unseen":
                assert after.options[row, column] == -1
                continue
            own = BUSI.group_keys.index(group.key)
            old, new = before.options[row, own], after.options[row, column]
            assert (old == -1) == (new == -1)
            if new != -1:
                assert group.option_keys[new] == BUSI.groups[own].option_keys[old]


def test_masks_go_with_their_groups() -> None:
    before, edited = _labels(), _edited()
    after = relabel(before, BUSI, edited)
    located = [group.key for group in BUSI.groups if group.localizable]
    for place, key in enumerate(group.key for group in edited.groups if group.localizable):
        expected = before.masks[:, located.index(key)] if key in located else np.zeros((12, 2, 2))
        assert np.array_equal(after.masks[:, place], expected)


def test_an_option_that_was_taken_out_is_unknown() -> None:
    data = BUSI.model_dump(mode="json")
    removed = data["groups"][0]["options"].pop(0)["key"]
    for row in data["class_options"].values():
        if row.get(data["groups"][0]["key"]) == removed:
            row.pop(data["groups"][0]["key"])
    before = _labels()
    after = relabel(before, BUSI, ConceptSet.model_validate(data))
    assert np.array_equal(after.options[:, 0], np.where(before.options[:, 0] > 0, before.options[:, 0] - 1, -1))


def test_the_set_that_was_drawn_changes_nothing() -> None:
    before = _labels()
    after = relabel(before, BUSI, BUSI)
    assert all(np.array_equal(old, new) for old, new in zip(before, after, strict=True))


def test_a_drawn_split_has_the_labels_of_the_edited_set(tiny: Tiny) -> None:
    drawn = load_concept_set("isic2018")
    data = drawn.model_dump(mode="json")
    data["classes"].reverse()
    edited = ConceptSet.model_validate(data)
    config = tiny.config()
    one, other = (load_split(config.data, "train", concepts, InputShape(SIDE, grid=4)) for concepts in (drawn, edited))
    assert np.array_equal(other.classes, len(drawn.classes) - 1 - one.classes)


def test_a_class_that_is_drawn_and_not_in_the_set_is_named() -> None:
    data = BUSI.model_dump(mode="json")
    removed = data["classes"].pop()["key"]
    data["class_options"].pop(removed, None)
    config = {"name": "synthetic-ultrasound", "train": 64}
    with pytest.raises(ValueError, match=f"it lacks {removed}"):
        load_split(ProceduralData.model_validate(config), "train", ConceptSet.model_validate(data), InputShape(SIDE))
