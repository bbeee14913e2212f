"""Two concept sets, one an edit of the other, as a session of editing leaves them."""

from __future__ import annotations

import pytest

from models.concepts import ConceptSet, load_concept_set, parse_concept_set

_SET = """
name: small
version: 1
title: Small
modality: drawings
prompt: "{group}: {option}"
classes: [{key: mel, name: Melanoma}, {key: nv, name: Naevus}]
groups:
  - {key: border, name: Border, options: [
      {key: sharp, text: sharp, source: s}, {key: vague, text: vague, source: s}]}
  - {key: color, name: Colour, options: [
      {key: red, text: red, source: s}, {key: blue, text: blue, source: s}, {key: grey, text: grey, source: s}]}
  - {key: scale, name: Scale, options: [{key: scaly, text: scaly, source: s}]}
class_options:
  mel: {border: vague, color: blue, scale: scaly}
  nv: {border: sharp, color: red}
"""


@pytest.fixture
def small() -> ConceptSet:
    return parse_concept_set(_SET)


@pytest.fixture
def edited() -> ConceptSet:
    """The classes the other way round, "grey" replaced by "green", "scale" by another thing, a new group first."""
    text = _SET.replace(
        "[{key: mel, name: Melanoma}, {key: nv, name: Naevus}]", "[{key: nv, name: N}, {key: mel, name: M}]"
    )
    text = text.replace("{key: grey, text: grey", "{key: green, text: green").replace("key: scaly", "key: crust")
    text = text.replace("scale: scaly", "scale: crust")
    text = text.replace(
        "groups:\n",
        "groups:\n  - {key: shape, name: Shape, options: [\n"
        "      {key: round, text: round, source: s}, {key: long, text: long, source: s}]}\n",
    )
    return parse_concept_set(text)


@pytest.fixture
def isic() -> ConceptSet:
    return load_concept_set("isic2018")
