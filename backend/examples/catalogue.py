"""Which procedural images the gallery shows: fixed indices of the test splits, two per class."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from backend.datasets.procedural import PROCEDURAL, ProceduralSet

SIZE = 640
PER_CLASS = 2


@dataclass(frozen=True)
class Example:
    """One image: number ``index`` of the set's test split, drawn for the class ``class_index``."""

    key: str
    title: str
    class_key: str
    class_name: str
    class_index: int
    index: int
    drawn: ProceduralSet


@cache
def all_examples() -> MappingProxyType[str, Example]:
    """By key, in the gallery's order: of each set one of every class, then the second of every class."""
    return MappingProxyType({example.key: example for drawn in PROCEDURAL.values() for example in _of(drawn)})


def _of(drawn: ProceduralSet) -> list[Example]:
    classes = drawn.concept_set.classes
    return [
        Example(
            key=f"{drawn.key}-{label.key}-{number + 1}",
            title=f"{label.name}, example {number + 1}",
            class_key=label.key,
            class_name=label.name,
            class_index=class_index,
            index=number * len(classes) + class_index,
            drawn=drawn,
        )
        for number in range(PER_CLASS)
        for class_index, label in enumerate(classes)
    ]
