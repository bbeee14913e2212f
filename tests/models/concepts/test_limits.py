"""What is refused of concept sets that somebody sends, by its place."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from models.concepts import ConceptSet, ConceptSetError, available_concept_sets, load_concept_set, read_concept_set
from models.concepts.limits import MAX_CLASSES, MAX_GROUPS, MAX_OPTIONS, check_size, check_words

BUSI = load_concept_set("busi").model_dump(mode="json")


def refused(change: Any) -> str:
    content = copy.deepcopy(BUSI)
    change(content)
    with pytest.raises(ConceptSetError) as error:
        checked(content)
    return str(error.value)


def checked(content: Any) -> None:
    check_size(content)
    check_words(ConceptSet.model_validate(content))


@pytest.mark.parametrize("name", available_concept_sets())
def test_what_ships_is_taken(name: str) -> None:
    checked(load_concept_set(name).model_dump(mode="json"))


def test_counts() -> None:
    assert f"at most {MAX_CLASSES}" in refused(lambda content: content.update(classes=[{}] * 201))
    assert f"at most {MAX_GROUPS}" in refused(lambda content: content.update(groups=[{}] * 101))
    assert f"at most {MAX_OPTIONS}" in refused(lambda content: content["groups"][1].update(options=[{}] * 101))
    many: Any = [{"options": [{}] * 60}] * 20
    assert "1200 options in all" in refused(lambda content: content.update(groups=many))
    row = {str(number): "x" for number in range(101)}
    assert "class_options, row 1" in refused(lambda content: content.update(class_options={"a": row}))
    assert "version" in refused(lambda content: content.update(version=10**5000))
    option = BUSI["groups"][0]["options"][0]["key"]
    words = [f"w{number}" for number in range(21)]
    told = refused(lambda content: content["groups"][0]["options"][0].update(synonyms=words))
    assert f"option '{option}', synonyms: has 21; at most 20" in told


@pytest.mark.parametrize("letter", ["\u202e", "\u200b", "\u0000", "\u2028", "\ue000", "\n"])
def test_what_cannot_be_seen_is_named(letter: str) -> None:
    told = refused(lambda content: content["groups"][0]["options"][0].update(text=f"a{letter}b"))
    option = BUSI["groups"][0]["options"][0]["key"]
    assert f"option '{option}', text: has a character that cannot be seen (U+{ord(letter):04X})" in told


def test_what_only_looks_different_is_the_same() -> None:
    def twice(content: Any) -> None:
        content["groups"][1]["name"] = content["groups"][0]["name"].upper() + " "

    assert "are both called" in refused(twice)
    wide = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in "oval")
    told = refused(
        lambda content: (
            content["groups"][0]["options"][0].update(text="oval"),
            content["groups"][0]["options"][1].update(text=wide),
        )
    )
    assert "give one of them other words" in told


def test_other_scripts_are_taken() -> None:
    content = copy.deepcopy(BUSI)
    content["groups"][0]["options"][0]["text"] = "می\u200cخواهم Größe 腫瘤"
    check_words(ConceptSet.model_validate(content))


def test_messages_stay_short_whatever_is_sent() -> None:
    content = copy.deepcopy(BUSI) | {"version": [10**5000], "title": ["x"] * 10_000}
    with pytest.raises(ConceptSetError) as error:
        read_concept_set(content, origin="")
    assert len(str(error.value)) < 1000
    assert str(error.value).startswith("version: ")
    content = copy.deepcopy(BUSI)
    content["class_options"] = {f"c{number}": {f"g{each}": "x" for each in range(100)} for number in range(100)}
    with pytest.raises(ConceptSetError) as error:
        read_concept_set(content)
    assert len(str(error.value).splitlines()) == 100
