"""Which procedural images the gallery shows: fixed indices of the test split, two per class."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from models.concepts import load_concept_set

DATASET = "synthetic-dermoscopy"
SIZE = 640
PER_CLASS = 2


@dataclass(frozen=True)
class Example:
    """One image: ``render_sample("test", index, SIZE, class_index)``."""

    key: str
    title: str
    class_key: str
    class_name: str
    class_index: int
    index: int


@cache
def all_examples() -> MappingProxyType[str, Example]:
    """By key, in the gallery's order: one of every class, then the second of every class."""
    classes = load_concept_set("isic2018").classes
    examples = {}
    for number in range(PER_CLASS):
        for class_index, label in enumerate(classes):
            key = f"dermoscopy-{label.key}-{number + 1}"
            title = f"{label.name}, example {number + 1}"
            index = number * len(classes) + class_index
            examples[key] = Example(key, title, label.key, label.name, class_index, index)
    return MappingProxyType(examples)
