"""Beginning a concept set of one's own, and what a review finds in it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.concepts import ConceptSetError, load_concept_set, parse_concept_set
from models.concepts.keys import key_from_name
from models.concepts.review import PLACEHOLDER, alike, review
from models.concepts.template import concept_set_template


def test_a_template_can_be_read_and_says_what_to_fill_in() -> None:
    begun = parse_concept_set(concept_set_template(["Ductal carcinoma (IDC)", "2", 'say "hi": #1']))

    assert begun.class_keys == ("ductal_carcinoma_idc", "class_2", "say_hi_1")
    assert begun.class_names == ("Ductal carcinoma (IDC)", "2", 'say "hi": #1')
    assert begun.class_table() == [[0, 0], [1, 1], [2, 2]]
    advice = review(begun)
    assert "group 'shape', option 'shape_1': still says 'CHANGE ME'" in advice
    assert any("modality" in line or line.startswith("'CHANGE ME'") for line in advice)

    filled = concept_set_template(["a", "b"], "mine", "microscopy").replace(f"{PLACEHOLDER} ", "").replace(
        PLACEHOLDER, "Mine"
    )  # fmt: skip
    assert review(parse_concept_set(filled)) == ()


@pytest.mark.parametrize(
    ("classes", "message"),
    [(["a"], "at least two classes"), (["a", " "], "each with a name"), (["A", "a"], "one key: a, a")],
)
def test_classes_that_are_none_are_refused(classes: list[str], message: str) -> None:
    with pytest.raises(ConceptSetError, match=message):
        concept_set_template(classes)


def test_words_of_yaml_are_names_too() -> None:
    words = ["no", "Yes", "null", "On", "TRUE", "y"]
    found = parse_concept_set(concept_set_template(words))
    assert found.class_keys == ("no", "yes", "null", "on", "true", "y")
    assert set(found.class_options) == set(found.class_keys)


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=80))
def test_every_name_gives_a_key(name: str) -> None:
    key = key_from_name(name)
    assert key == key_from_name(name)
    text = concept_set_template([name, f"{name} two"]) if name.strip() and key != key_from_name(f"{name} two") else None
    if text is not None and name.isprintable():
        assert parse_concept_set(text).class_keys[0] == key


TINY = """\
name: tiny
version: 1
title: Tiny
modality: test
prompt: "{group}: {option}"
classes: [{key: a, name: A}, {key: b, name: B}, {key: c, name: C}]
groups:
  - key: shape
    name: Shape
    options:
      - {key: round, text: round, synonyms: [circular, like a ball], source: s}
      - {key: oval, text: oval, synonyms: [elliptic, egg-like], source: s}
      - {key: odd, text: odd, synonyms: [irregular], source: s}
class_options: {a: {shape: oval}, b: {shape: oval}}
"""


def test_a_review_names_what_could_be_better() -> None:
    assert review(parse_concept_set(TINY)) == (
        "class_options, class 'c': says nothing",
        "class_options: 'a' and 'b' have the same options and cannot be told apart by them",
        "group 'shape': no class shows 'round', 'odd'; only labels of single images can teach that",
        "no group is localizable; mark those whose finding has a place in the image",
        "group 'shape': 'odd' has fewer than two synonyms; they train the small text tower",
    )
    without = TINY[: TINY.index("class_options")]
    assert review(parse_concept_set(without))[0].startswith("class_options: is empty")


def test_shipped_sets_need_no_advice_but_what_labels_of_single_images_teach() -> None:
    for name in ("busi", "isic2018", "nct_crc_he", "retina", "siim"):
        assert review(load_concept_set(name)) == ()
    assert all("only labels of single images" in line for line in review(load_concept_set("cmmd")))


def test_options_that_an_encoder_cannot_tell_apart_are_named() -> None:
    tiny = parse_concept_set(TINY)
    embeddings = np.array([[1, 0], [0.98, 0.199], [0, 1]], dtype=np.float32)
    lines = list(alike(tiny, embeddings))
    assert len(lines) == 1
    assert "shape.round and shape.oval are nearly one to the text encoder (cosine 0.98)" in lines[0]
