"""What changed between two concept sets: every list of changes leads from one to the other, and reads well."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.concepts import ConceptSet, available_concept_sets, load_concept_set
from models.concepts.changes import Change, Kind, Part, sentences
from models.concepts.diff import apply, diff
from models.concepts.matching import by_key, displaced, moved

ISIC = load_concept_set("isic2018")
# Few keys and words, so that two random sets have many of them in common.
KEYS = st.sampled_from(["a", "b", "c", "d", "e"])
WORDS = st.sampled_from(["brown globules", "brown globule", "radial streaks", "white veil", "Blue veil", "blue veil."])


@st.composite
def concept_sets(draw: st.DrawFn) -> ConceptSet:
    classes = draw(st.lists(KEYS, min_size=2, max_size=4, unique=True))
    groups = [_group(draw, key) for key in draw(st.lists(KEYS, min_size=1, max_size=4, unique=True))]
    table: dict[str, dict[str, str]] = {}
    for key in draw(st.lists(st.sampled_from(classes), unique=True)):
        shown = draw(st.lists(st.sampled_from(groups), unique_by=lambda group: group["key"]))
        table[key] = {
            group["key"]: draw(st.sampled_from([option["key"] for option in group["options"]])) for group in shown
        }
    return ConceptSet.model_validate(
        {
            "name": "x",
            "version": draw(st.integers(1, 2)),
            "title": draw(WORDS),
            "modality": "m",
            "prompt": draw(st.sampled_from(["{group}: {option}", "{option} of {group}"])),
            "classes": [{"key": key, "name": draw(WORDS)} for key in classes],
            "groups": groups,
            "class_options": table,
        }
    )


def _group(draw: st.DrawFn, key: str) -> dict[str, Any]:
    keys = draw(st.lists(KEYS, min_size=1, max_size=4, unique=True))
    texts = draw(st.lists(WORDS, min_size=len(keys), max_size=len(keys), unique_by=str.casefold))
    options = [
        {"key": each, "text": text, "source": draw(WORDS), "synonyms": draw(st.sampled_from([[], [f"{text} too"]]))}
        for each, text in zip(keys, texts, strict=True)
    ]
    return {"key": key, "name": draw(WORDS), "localizable": draw(st.booleans()), "options": options}


@settings(max_examples=400, deadline=None)
@given(concept_sets(), concept_sets())
def test_the_changes_lead_from_one_to_the_other(before: ConceptSet, after: ConceptSet) -> None:
    changes = diff(before, after)
    assert apply(before, changes) == after
    assert apply(before, changes).digest() == after.digest()
    assert bool(changes) == (before.digest() != after.digest())
    assert all(change.sentence.endswith(".") for change in changes)


@settings(max_examples=100, deadline=None)
@given(concept_sets())
def test_nothing_changed_is_no_change(concept_set: ConceptSet) -> None:
    assert diff(concept_set, concept_set) == ()


@pytest.mark.parametrize("first", available_concept_sets())
def test_from_each_set_of_the_library_to_each_other(first: str) -> None:
    for second in available_concept_sets():
        before, after = load_concept_set(first), load_concept_set(second)
        assert apply(before, diff(before, after)) == after


@settings(max_examples=200, deadline=None)
@given(st.permutations(list("abcdefg")))
def test_as_few_as_possible_move(order: list[str]) -> None:
    start = list("abcdefg")
    going = list(moved(start, order))
    stays = [key for key in order if key not in going]
    assert stays == sorted(stays)
    longest = _longest(order)
    assert len(stays) == longest


def _longest(order: list[str]) -> int:
    best: list[int] = []
    for index, key in enumerate(order):
        best.append(1 + max((best[other] for other in range(index) if order[other] < key), default=0))
    return max(best)


def edited(change: Any) -> tuple[Change, ...]:
    content = ISIC.model_dump(mode="json")
    change(content)
    return diff(ISIC, ConceptSet.model_validate(content))


def test_a_reworded_option_says_before_and_after() -> None:
    group, option = ISIC.groups[0], ISIC.groups[0].options[1]
    (change,) = edited(lambda content: content["groups"][0]["options"][1].update(text="something else"))
    assert (change.kind, change.part, change.key, change.group) == (Kind.REWORDED, Part.OPTION, option.key, group.key)
    assert change.sentence == (
        f"Group '{group.key}': option '{option.key}': text was “{option.text}”, now “something else”."
    )


def test_another_key_for_the_same_words_is_a_rename_and_the_table_follows() -> None:
    group, option = ISIC.groups[0], ISIC.groups[0].options[0]

    def rename(content: Any) -> None:
        content["groups"][0]["options"][0]["key"] = "other_key"
        for row in content["class_options"].values():
            if row.get(group.key) == option.key:
                row[group.key] = "other_key"

    (change,) = edited(rename)
    assert (change.kind, change.before, change.after, change.similarity) == (
        Kind.RENAMED,
        option.key,
        "other_key",
        1.0,
    )
    assert "seems to be 'other_key' now: the wording is 100 % alike" in change.sentence


def test_a_replaced_option_is_one_gone_and_one_new() -> None:
    def replace(content: Any) -> None:
        content["groups"][0]["options"][0] = {"key": "zz", "text": "quite another thing", "source": "s"}
        content["class_options"] = {}

    found = [change for change in edited(replace) if change.part is Part.OPTION]
    assert [(change.kind, change.key) for change in found] == [
        (Kind.REMOVED, ISIC.groups[0].options[0].key),
        (Kind.ADDED, "zz"),
    ]
    assert found[1].sentence.endswith("option 'zz' was added (“quite another thing”), as number 1.")


def test_one_that_moved_is_one_change() -> None:
    changes = edited(lambda content: content["groups"].append(content["groups"].pop(0)))
    assert [(change.kind, change.key, change.position) for change in changes] == [
        (Kind.MOVED, ISIC.groups[0].key, len(ISIC.groups) - 1)
    ]
    assert changes[0].sentence == (f"Group '{ISIC.groups[0].key}' moved from place 1 to place {len(ISIC.groups)}.")


def test_the_table_cell_by_cell() -> None:
    group = ISIC.groups[0]
    row = ISIC.class_options["mel"]

    def change(content: Any) -> None:
        others = [key for key in group.option_keys if key != row.get(group.key)]
        content["class_options"]["mel"][group.key] = others[0]
        del content["class_options"]["nv"]

    found = edited(change)
    assert {change.part for change in found} == {Part.TABLE}
    assert f"Class 'mel': the typical option of group '{group.key}' was '{row[group.key]}', now" in found[0].sentence
    assert found[-1].sentence == "Class 'nv' has no row any more."


def test_many_sentences_are_counted() -> None:
    changes = diff(ISIC, load_concept_set("busi"))
    told = sentences(changes, 5)
    assert len(told) == 6
    assert told[-1] == f"And {len(changes) - 5} more."
    assert len(sentences(changes)) == len(changes)


@given(st.lists(KEYS, unique=True), st.lists(KEYS, unique=True))
def test_keys_stay_come_and_go(before: list[str], after: list[str]) -> None:
    keys = by_key(before, after)
    assert sorted((*keys.kept, *keys.removed)) == sorted(before)
    assert [key for key in after if key in before] == list(keys.kept)
    assert [key for key in after if key not in before] == list(keys.added)
    assert [key for key in before if key not in after] == list(keys.removed)
    elsewhere = set(displaced(before, after))
    formerly = by_key(after, before).kept
    assert elsewhere == {key for place, key in enumerate(keys.kept) if formerly[place] != key}
    assert len(list(moved(formerly, keys.kept))) <= len(elsewhere)


def test_of_two_that_change_places_one_has_moved_and_both_are_displaced() -> None:
    assert len(list(moved("abc", "acb"))) == 1
    assert list(displaced("abc", "acb")) == ["c", "b"]
