"""Which model versions exist, and which one predicts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend.audit.service import Subject, record
from backend.db.tables import ModelVersion
from backend.model_registry import repository
from backend.model_registry.errors import ModelNotFound, NoActiveModel
from backend.model_registry.schemas import (
    ClassRead,
    ConceptSetSummary,
    ModelVersionDetail,
    ModelVersionList,
    ModelVersionRead,
)
from backend.model_registry.zoo import CheckpointInfo
from backend.predictions.inference import InferenceService
from models.concepts import ConceptSet

logger = logging.getLogger(__name__)


class ModelChoice(StrEnum):
    """Why this model: ``requested``; ``dataset`` or ``concepts``: it goes with the case's data set, or with the
    concepts of it; ``only``: no other is active; ``image``: a suggestion from the look of the image."""

    REQUESTED = "requested"
    DATASET = "dataset"
    CONCEPTS = "concepts"
    ONLY = "only"
    IMAGE = "image"


@dataclass(frozen=True)
class Origin:
    """A data set by name, and the name of the concept set that goes with it, if that is known."""

    dataset: str
    concept_set: str | None


def version_id(weights_digest: str) -> str:
    """The same weights have the same id on every machine."""
    return weights_digest[:32]


def register(session: Session, checkpoints: Sequence[CheckpointInfo]) -> dict[str, Path]:
    """Brings the table up to date with the folders found, and says what to load.

    A version whose weights are gone stays in the table, since predictions refer to it, but is not active. A data set
    without an active version gets the first one found; an active version that still exists stays active.

    Returns:
        Folder of each active version.
    """
    found = {version_id(info.weights_digest): info for info in checkpoints}
    folders = {info.folder for info in checkpoints}
    for row in repository.list_all(session):
        folder = Path(row.folder)
        gone = folder in folders or not (folder / "config.json").is_file()
        if row.id not in found and gone and row.active:
            row.active = False
            record(session, "model_version.lost", Subject("model_version", row.id), before={"folder": row.folder})
    session.flush()
    for model_version_id, info in found.items():
        _upsert(session, model_version_id, info)
    session.flush()
    return {row.id: Path(row.folder) for row in repository.list_active(session)}


def list_models(session: Session, inference: InferenceService) -> ModelVersionList:
    """All versions."""
    rows = repository.list_all(session)
    return ModelVersionList(items=[ModelVersionRead(**_fields(row, inference)) for row in rows])


def get_model(session: Session, inference: InferenceService, model_version_id: str) -> ModelVersionDetail:
    """One version with its card. Raises ``ModelNotFound``."""
    row = require(session, model_version_id)
    return ModelVersionDetail(**_fields(row, inference), card=row.card)


def require(session: Session, model_version_id: str) -> ModelVersion:
    """The row, or ``ModelNotFound``."""
    row = repository.get(session, model_version_id)
    if row is None:
        raise ModelNotFound
    return row


def choose(
    session: Session, wanted: str | None, origin: Origin | None, likely: Callable[[], Sequence[str]]
) -> tuple[ModelVersion, ModelChoice]:
    """The version that a new prediction uses, and why.

    The wanted one; else the active one of the case's data set; else one with the concepts of that data set; else the
    only active one; else a suggestion from the image.

    Args:
        session: to read from.
        wanted: id of a version.
        origin: what is known of where the case comes from.
        likely: modalities that the image may come from, likeliest first; called only if nothing else decides.

    Raises:
        ModelNotFound: the wanted one does not exist.
        NoActiveModel: nothing is active.
    """
    if wanted is not None:
        return require(session, wanted), ModelChoice.REQUESTED
    active = repository.list_active(session)
    if not active:
        raise NoActiveModel
    if origin is not None:
        for row in active:
            if row.dataset == origin.dataset:
                return row, ModelChoice.DATASET
        for row in active:
            if row.concept_set["name"] == origin.concept_set:
                return row, ModelChoice.CONCEPTS
    if len(active) == 1:
        return active[0], ModelChoice.ONLY
    order = {modality: place for place, modality in enumerate(likely())}
    return min(active, key=lambda row: order.get(row.concept_set["modality"], len(order))), ModelChoice.IMAGE


def concept_set_of(row: ModelVersion) -> ConceptSet:
    """The concept set as a checked value."""
    return ConceptSet.model_validate(row.concept_set)


def concept_set_summary(row: ModelVersion) -> ConceptSetSummary:
    """Which concepts the version reasons with."""
    concept_set = row.concept_set
    return ConceptSetSummary(
        name=concept_set["name"],
        version=concept_set["version"],
        title=concept_set["title"],
        digest=row.concept_set_digest,
    )


def _upsert(session: Session, model_version_id: str, info: CheckpointInfo) -> None:
    row, new = repository.get(session, model_version_id), False
    if row is None:
        row = ModelVersion(id=model_version_id, weights_digest=info.weights_digest, active=False)
        session.add(row)
        new = True
        logger.info("registered model %s as %s", info.name, model_version_id)
    row.name, row.dataset, row.synthetic = info.name, info.dataset, info.synthetic
    row.folder, row.metrics, row.card = str(info.folder), info.metrics, info.card
    row.concept_set = info.concept_set.model_dump(mode="json")
    row.concept_set_digest = info.concept_set.digest()
    session.flush()
    subject = Subject("model_version", model_version_id)
    if new:
        told = {"name": info.name, "dataset": info.dataset, "concept_set_digest": row.concept_set_digest}
        record(session, "model_version.registered", subject, after=told)
    if not repository.list_active(session, info.dataset):
        row.active = True
        record(session, "model_version.activated", subject, after={"dataset": info.dataset})


def _fields(row: ModelVersion, inference: InferenceService) -> dict[str, Any]:
    explainer = inference.loaded(row.id)
    return {
        "id": row.id,
        "name": row.name,
        "dataset": row.dataset,
        "concept_set": concept_set_summary(row),
        "active": row.active,
        "synthetic": row.synthetic,
        "device": explainer.device if explainer else None,
        "precision": explainer.precision if explainer else None,
        "metrics": row.metrics,
        "classes": [ClassRead.model_validate(label) for label in row.concept_set["classes"]],
        "created_at": row.created_at,
    }
