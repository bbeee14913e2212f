"""Which model versions exist, and which one predicts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from backend.audit.service import Subject, record
from backend.db.job_tables import ModelActivation
from backend.db.tables import ModelVersion
from backend.model_registry import header_fit, repository
from backend.model_registry.errors import ModelChoiceNeeded, ModelNotFound, NoActiveModel
from backend.model_registry.header_fit import Header
from backend.model_registry.ids import version_id
from backend.model_registry.presenting import present
from backend.model_registry.schemas import ActivationKind, ModelVersionDetail, ModelVersionList, ModelVersionRead
from backend.model_registry.zoo import CheckpointInfo
from backend.predictions.inference import InferenceService
from backend.training_runs.figures import epoch_read
from backend.training_runs.schemas import EpochRead
from models.concepts import ConceptSet

logger = logging.getLogger(__name__)

FIRST = "Found at the start of the server; no other version of its data set was active."


class ModelChoice(StrEnum):
    """Why this model: ``requested``; ``dataset`` or ``concepts``: it goes with the case's data set, or with the
    concepts of it; ``header``: the image's DICOM header names its modality, and no other body part; ``only``: no other
    is active; ``image``: a suggestion from the look of the image."""

    REQUESTED = "requested"
    DATASET = "dataset"
    CONCEPTS = "concepts"
    HEADER = "header"
    ONLY = "only"
    IMAGE = "image"


@dataclass(frozen=True)
class Origin:
    """A data set by name, and the name of the concept set that goes with it, if that is known."""

    dataset: str
    concept_set: str | None


def register(session: Session, checkpoints: Sequence[CheckpointInfo]) -> dict[str, Path]:
    """Brings the table up to date with the folders found, and says what to load.

    A version whose weights are gone stays in the table, since predictions refer to it, but is not active. A data set
    without an active version gets the first one found that somebody put there; what a training run has made comes into
    use when somebody says so, and why. An active version that still exists stays active. A folder that a run has moved
    there and not yet registered is left to the run.

    Returns:
        Folder of each active version.
    """
    runs = repository.run_states(session, {run for info in checkpoints if (run := _made_by(info)) is not None})
    checkpoints = [info for info in checkpoints if runs.get(_made_by(info) or "", "succeeded") == "succeeded"]
    found = {version_id(info.weights_digest): info for info in checkpoints}
    folders = {info.folder for info in checkpoints}
    for row in repository.list_all(session):
        folder = Path(row.folder)
        gone = folder in folders or not (folder / "config.json").is_file()
        if row.id not in found and gone and row.active:
            row.active = False
            record(session, "model_version.lost", Subject("model_version", row.id), before={"folder": row.folder})
    session.flush()
    made_here = repository.training_runs(session, found)
    for info in found.values():
        row = add(session, info)
        by_a_run = row.id in made_here or _made_by(info) in runs
        if not by_a_run and not repository.list_active(session, row.dataset):
            _activate_first(session, row)
    session.flush()
    return {row.id: Path(row.folder) for row in repository.list_active(session)}


def add(session: Session, info: CheckpointInfo) -> ModelVersion:
    """The row of a checkpoint, brought up to date or made. It does not become active by this.

    The same checkpoint gives the same row, however often it is added.
    """
    model_version_id = version_id(info.weights_digest)
    row = repository.get(session, model_version_id)
    new = row is None
    if row is None:
        row = ModelVersion(id=model_version_id, weights_digest=info.weights_digest, active=False)
        session.add(row)
        logger.info("registered model %s as %s", info.name, model_version_id)
    row.name, row.dataset, row.synthetic = info.name, info.dataset, info.synthetic
    row.folder, row.metrics, row.card = str(info.folder), info.metrics, info.card
    row.concept_set = info.concept_set.model_dump(mode="json")
    row.concept_set_digest = info.concept_set.digest()
    session.flush()
    if new:
        told = {"name": info.name, "dataset": info.dataset, "concept_set_digest": row.concept_set_digest}
        record(session, "model_version.registered", Subject("model_version", model_version_id), after=told)
    return row


def list_models(session: Session, inference: InferenceService) -> ModelVersionList:
    """All versions."""
    rows = repository.list_all(session)
    return ModelVersionList(items=[ModelVersionRead(**told) for told in present(session, rows, inference)])


def get_model(session: Session, inference: InferenceService, model_version_id: str) -> ModelVersionDetail:
    """One version with its card. Raises ``ModelNotFound``."""
    row = require(session, model_version_id)
    (told,) = present(session, [row], inference)
    return ModelVersionDetail(**told, card=row.card)


def history(session: Session, model_version_id: str) -> list[EpochRead]:
    """The epochs of its training, as far as they were recorded. Raises ``ModelNotFound``."""
    return [epoch_read(report) for report in require(session, model_version_id).metrics.get("epochs") or []]


def require(session: Session, model_version_id: str) -> ModelVersion:
    """The row, or ``ModelNotFound``."""
    row = repository.get(session, model_version_id)
    if row is None:
        raise ModelNotFound
    return row


def choose(
    session: Session,
    wanted: str | None,
    origin: Origin | None,
    header: Header | None,
    likely: Callable[[], Sequence[str]],
) -> tuple[ModelVersion, ModelChoice]:
    """The version that a new prediction uses, and why.

    The wanted one; else the active one of the case's data set; else one with the concepts of that data set. Else, for
    DICOM, one that fits the header, or none. For other files the only active one, or a suggestion from the image.

    Args:
        session: to read from.
        wanted: id of a version.
        origin: what is known of where the case comes from.
        header: what a DICOM file says of itself; None: it is none.
        likely: modalities that the image may come from, likeliest first; called only if nothing else decides.

    Raises:
        ModelNotFound: the wanted one does not exist.
        NoActiveModel: nothing is active.
        ModelChoiceNeeded: no active model fits the header, and nobody has chosen one.
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
    if header is not None:
        return _fitting(active, header), ModelChoice.HEADER
    if len(active) == 1:
        return active[0], ModelChoice.ONLY
    order = {modality: place for place, modality in enumerate(likely())}
    return min(active, key=lambda row: order.get(row.concept_set["modality"], len(order))), ModelChoice.IMAGE


def _fitting(active: Sequence[ModelVersion], header: Header) -> ModelVersion:
    """Of several the one that is for the very part of the body."""
    found = [row for row in active if header_fit.fits(header, row.concept_set)]
    if not found:
        raise ModelChoiceNeeded(header_fit.why_none(header))
    return max(found, key=lambda row: header_fit.names_its_part(header, row.concept_set))


def concept_set_of(row: ModelVersion) -> ConceptSet:
    """The concept set as a checked value."""
    return ConceptSet.model_validate(row.concept_set)


def _made_by(info: CheckpointInfo) -> str | None:
    """The training run that its record names, of this server or of another."""
    lineage = info.metrics.get("lineage")
    run = lineage.get("training_run") if isinstance(lineage, dict) else None
    return run if isinstance(run, str) else None


def _activate_first(session: Session, row: ModelVersion) -> None:
    row.active = True
    kind = ActivationKind.FIRST.value
    session.add(ModelActivation(dataset=row.dataset, kind=kind, model_version_id=row.id, reason=FIRST))
    told = {"dataset": row.dataset, "kind": kind, "previous": None, "reason": FIRST}
    record(session, "model_version.activated", Subject("model_version", row.id), after=told)
