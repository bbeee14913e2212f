"""Data sets as the contract shows them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from backend.datasets.errors import DatasetDamaged
from backend.datasets.folders import shown
from backend.datasets.library import DatasetLibrary
from backend.datasets.procedural import ProceduralSet
from backend.datasets.schemas import (
    ClusterImageRead,
    ClusterPairRead,
    ClusterRead,
    ImportSettingsCreate,
    LeakageRead,
    UnreadableRead,
)
from backend.db.tables import Dataset
from models.data.adapters.base import DatasetCard
from models.data.adapters.registry import adapter_cards
from models.data.errors import DataError
from models.data.report import Cluster


def read_fields(row: Dataset) -> dict[str, Any]:
    """An imported one, whatever its status."""
    info: dict[str, Any] = row.info or {}
    if not info and row.adapter in cards():
        card = cards()[row.adapter]
        info = {"title": card.title, "modality": card.modality, "concept_set": card.concept_set}
    return {
        "id": row.id,
        "name": row.name,
        "title": info.get("title", row.name),
        "adapter": row.adapter,
        "kind": "imported",
        "status": row.status,
        "progress": row.progress,
        "error": row.error,
        "source": row.source,
        "settings": ImportSettingsCreate.model_validate(row.settings).model_dump() if row.settings else None,
        "modality": info.get("modality", "any"),
        "concept_set": info.get("concept_set"),
        "classes": info.get("classes", []),
        "images": info.get("images"),
        "synthetic": False,
        "created_at": row.created_at,
    }


@cache
def cards() -> dict[str, DatasetCard]:
    """All adapters by name."""
    return {card.name: card for card in adapter_cards()}


def procedural_fields(drawn: ProceduralSet) -> dict[str, Any]:
    """One that is drawn."""
    return {
        "id": drawn.name,
        "name": drawn.name,
        "title": drawn.title,
        "adapter": None,
        "kind": "procedural",
        "status": "ready",
        "progress": None,
        "error": None,
        "source": None,
        "settings": None,
        "modality": drawn.modality,
        "concept_set": drawn.concept_set_name,
        "classes": [{"key": label.key, "name": label.name} for label in drawn.concept_set.classes],
        "images": None,
        "synthetic": True,
        "created_at": None,
    }


def detail_fields(row: Dataset, library: DatasetLibrary) -> dict[str, Any]:
    """What the import found; nothing of one that has not ended well. Raises ``DatasetDamaged``."""
    if row.status != "ready" or row.stamp is None:
        return {"counts": None, "sizes": None, "card": None, "leakage": None, "unreadable": []}
    prepared = library.open(row.name, row.stamp)
    info = prepared.info
    with damage_in_words():
        report = prepared.report
    return {
        "counts": info.counts,
        "sizes": info.sizes,
        "card": info.card,
        "leakage": LeakageRead(
            clusters=len(report.clusters),
            images_in_clusters=report.images_in_clusters,
            disagreements=len(report.disagreements),
            published_split_crossings=len(report.crossings),
            leaking=len(report.leaking("test", "train")) if info.duplicates_ignored else None,
        ),
        "unreadable": [UnreadableRead(key=shown(file.key), reason=shown(file.reason)) for file in report.unreadable],
    }


def read_cluster(cluster: Cluster) -> ClusterRead:
    """Near-duplicates, with names as JSON can carry them."""
    rows = {image.key: image.row for image in cluster.images}
    return ClusterRead(
        id=cluster.id,
        disagree=cluster.disagree,
        images=[
            ClusterImageRead(row=image.row, key=shown(image.key), label=image.label, split=image.split)
            for image in cluster.images
        ],
        pairs=[ClusterPairRead(a=rows[pair.a], b=rows[pair.b], similarity=pair.similarity) for pair in cluster.pairs],
    )


@contextmanager
def damage_in_words() -> Iterator[None]:
    """A file of a data set that cannot be read is ``DatasetDamaged``."""
    try:
        yield
    except DataError as error:
        raise DatasetDamaged(f"{error}. Delete the data set and import it again.") from error
