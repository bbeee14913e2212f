"""Data sets as a training run sees them: imported ones and those that are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from backend.datasets import repository as datasets
from backend.datasets.errors import DatasetNotFound, DatasetNotReady
from backend.datasets.library import DatasetLibrary
from backend.datasets.procedural import PROCEDURAL
from backend.training_runs.order import Counts
from backend.training_runs.schemas import DrawnImages
from models.concepts import ConceptSet
from models.data.prepared import PreparedDataset

# What the shipped models were trained with (models/train/recipes).
DRAWN = DrawnImages(train=10_000, validation=800, test=1000)


@dataclass(frozen=True)
class Source:
    """A data set, looked up.

    Attributes:
        id: as asked for.
        name: of the data set.
        prepared: an import; None for one that is drawn.
    """

    id: str
    name: str
    prepared: PreparedDataset | None

    @property
    def classes(self) -> tuple[str, ...]:
        """Keys of its classes."""
        if self.prepared is None:
            return PROCEDURAL[self.id].concept_set.class_keys
        return tuple(label.key for label in self.prepared.info.classes)

    @property
    def drawn_by(self) -> ConceptSet | None:
        """The concept set of the generator."""
        return PROCEDURAL[self.id].concept_set if self.prepared is None else None

    @property
    def digest(self) -> str | None:
        """Of labels and pixels; None for one that is drawn, whose images follow from their numbers."""
        return None if self.prepared is None else self.prepared.info.digest

    def identity(self) -> dict[str, Any]:
        """For the records."""
        return {"id": self.id, "name": self.name, "digest": self.digest}


def find(session: Session, library: DatasetLibrary, dataset_id: str) -> Source:
    """The data set behind an id.

    Raises:
        DatasetNotFound, DatasetNotReady, DatasetDamaged: there are no images to train on.
    """
    if dataset_id in PROCEDURAL:
        return Source(dataset_id, dataset_id, None)
    row = datasets.get(session, dataset_id)
    if row is None:
        raise DatasetNotFound
    if row.status != "ready" or row.stamp is None:
        raise DatasetNotReady
    return Source(row.id, row.name, library.open(row.name, row.stamp))


def data_settings(source: Source, test: Source | None, images: DrawnImages) -> dict[str, Any]:
    """The data as ``models.train.settings.Data`` has them."""
    if source.prepared is None:
        return {"kind": "procedural", "name": source.name, **images.model_dump()}
    test_folder = None if test is None or test.prepared is None else str(test.prepared.folder)
    return {"kind": "imported", "folder": str(source.prepared.folder), "test_folder": test_folder}


def counts(source: Source, test: Source | None, images: DrawnImages) -> Counts:
    """Images of each split; all images of ``test``, whatever their split there."""
    if source.prepared is None:
        return Counts(**images.model_dump())
    own = _by_split(source.prepared)
    if test is not None and test.prepared is not None:
        own["test"] = sum(_by_split(test.prepared).values())
    return Counts(train=own.get("train", 0), validation=own.get("validation", 0), test=own.get("test", 0))


def shared_images(source: Source, test: Source | None) -> list[str]:
    """Keys of the images of ``test`` that ``source`` trains or validates on."""
    if source.prepared is None or test is None or test.prepared is None:
        return []
    seen = {row.sha256 for row in source.prepared.rows if row.split != "test"}
    return [row.key for row in test.prepared.rows if row.sha256 in seen]


def _by_split(prepared: PreparedDataset) -> dict[str, int]:
    return {str(split): sum(by_class.values()) for split, by_class in prepared.info.counts.items()}
