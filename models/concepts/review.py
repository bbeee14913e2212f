"""What a concept set leaves to be desired though it holds together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from models.concepts.schema import ConceptSet

# What the template writes where a word is still to be found.
PLACEHOLDER = "CHANGE ME"
ALIKE = 0.9


def review(concept_set: ConceptSet) -> tuple[str, ...]:
    """Advice, one sentence each; empty if there is nothing to say."""
    return (
        *_placeholders(concept_set),
        *_table(concept_set),
        *_groups(concept_set),
    )


def alike(concept_set: ConceptSet, embeddings: NDArray[np.float32], above: float = ALIKE) -> Iterator[str]:
    """Pairs of options of one group that a text encoder hardly tells apart.

    Args:
        concept_set: with O options.
        embeddings: (O, T) of its prompts, of length one.
        above: cosine from which on a pair is named.
    """
    cosines = embeddings @ embeddings.T
    ids = concept_set.option_ids
    for columns in concept_set.group_slices:
        for first in range(columns.start, columns.stop):
            for second in range(first + 1, columns.stop):
                if cosines[first, second] >= above:
                    yield (
                        f"{ids[first]} and {ids[second]} are nearly one to the text encoder (cosine "
                        f"{cosines[first, second]:.2f}); use words that they do not share"
                    )


def _placeholders(concept_set: ConceptSet) -> Iterator[str]:
    for group in concept_set.groups:
        for option in group.options:
            texts = (group.name, option.text, option.source, *option.synonyms)
            if any(PLACEHOLDER in text for text in texts):
                yield f"group '{group.key}', option '{option.key}': still says '{PLACEHOLDER}'"
    for name in (concept_set.title, concept_set.modality, concept_set.prompt):
        if PLACEHOLDER in name:
            yield f"'{name}': still says '{PLACEHOLDER}'"


def _table(concept_set: ConceptSet) -> Iterator[str]:
    table = concept_set.class_table()
    if all(index < 0 for row in table for index in row):
        yield "class_options: is empty, so only images with concept labels of their own can teach the concepts"
        return
    for key, row in zip(concept_set.class_keys, table, strict=True):
        if all(index < 0 for index in row):
            yield f"class_options, class '{key}': says nothing"
    for index, row in enumerate(table):
        for other in range(index):
            if row == table[other]:
                first, second = concept_set.class_keys[other], concept_set.class_keys[index]
                yield f"class_options: '{first}' and '{second}' have the same options and cannot be told apart by them"
    yield from _unused(concept_set, table)


def _unused(concept_set: ConceptSet, table: Sequence[Sequence[int]]) -> Iterator[str]:
    for column, group in enumerate(concept_set.groups):
        shown = {row[column] for row in table}
        unused = [key for index, key in enumerate(group.option_keys) if index not in shown]
        if unused:
            options = ", ".join(f"'{key}'" for key in unused)
            yield f"group '{group.key}': no class shows {options}; only labels of single images can teach that"


def _groups(concept_set: ConceptSet) -> Iterator[str]:
    if not any(group.localizable for group in concept_set.groups):
        yield "no group is localizable; mark those whose finding has a place in the image"
    for group in concept_set.groups:
        few = [option.key for option in group.options if len(option.synonyms) < 2]
        if few:
            options = ", ".join(f"'{key}'" for key in few)
            yield f"group '{group.key}': {options} has fewer than two synonyms; they train the small text tower"
