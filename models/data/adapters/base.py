"""What an adapter is: it reads one published layout, exactly as downloaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from models.concepts.schema import ClassLabel
from models.data.records import Record


@dataclass(frozen=True)
class DatasetCard:
    """What is known of a data set before it is read.

    Attributes:
        name: key, as in ``vitrine data import NAME PATH``.
        title: for people.
        modality: such as "dermoscopy"; "natural images" for the general benchmarks.
        concept_set: name of the shipped concept set whose class keys the labels are; None where there is none.
        layout: the files expected below the root, one a line, for help and error messages.
        homepage: where it is downloaded.
        citation: how it is cited.
        licence: its terms in a few words.
    """

    name: str
    title: str
    modality: str
    concept_set: str | None
    layout: str
    homepage: str
    citation: str
    licence: str


class Adapter(Protocol):
    """Reads one published layout."""

    card: DatasetCard

    def classes(self, root: Path) -> tuple[ClassLabel, ...]:
        """The classes in the order of the logits.

        Raises:
            DataError: if the root lacks what names them.
        """
        ...

    def records(self, root: Path) -> Iterator[Record]:
        """All images with their labels, in a stable order. Decodes nothing.

        Raises:
            DataError: if a file, folder or column is missing (it is named), or the labels do not fit the images.
        """
        ...
