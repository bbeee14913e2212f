"""Training runs as jobs: what the process is given, and what becomes of the model that it made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend.audit.service import Subject, record
from backend.concept_sets import repository as concept_sets
from backend.concept_sets.presenting import concept_set_of
from backend.concept_sets.registering import register_of_models
from backend.core.errors import AppError
from backend.datasets.errors import DatasetNotFound
from backend.db.job_tables import JobRow, TrainingRun
from backend.db.session import on_commit
from backend.db.tables import ConceptSetRevision, ModelVersion
from backend.jobs import repository as jobs
from backend.jobs.handling import JobHandler, JobRefused, Surroundings
from backend.model_registry import repository as models
from backend.model_registry import service as registry
from backend.model_registry.ids import version_id
from backend.model_registry.zoo import CheckpointInfo
from backend.training_runs import label_files, presenting, repository, sources
from backend.training_runs.figures import latest_course
from backend.training_runs.order import CONCEPT_SET, LABEL_FOLDER, LABELS, RESULT, Counts, Made, Order, is_made
from backend.training_runs.placing import NOT_WHOLE, places, put_in_place
from backend.training_runs.schemas import DrawnImages, EpochRead
from backend.training_runs.sources import Source
from models.concepts import dump_concept_set, load_concept_set

DATA_GONE = "The data set was deleted before the run began. Import it again and start a new run."
DATA_CHANGED = "The data set {name} is another one than when the run was started. Start a new run with it as it is now."
PARENT_GONE = "The files of the parent {name} are gone from the server. Put them back and resume, or start a new run."
LABELS_GONE = "The labels that were kept for this run are gone from the server. Start a new run, which takes them anew."
SAME_WEIGHTS = (
    "The weights are, bit for bit, those of {name}: the same data, concepts, settings and seed. It is the same model "
    "version, so no second one was made."
)


class TrainingHandler(JobHandler):
    """Of ``JobKind.TRAINING``."""

    def prepare(self, session: Session, job: JobRow, around: Surroundings) -> dict[str, Any]:
        row = _require(session, job)
        revision = concept_sets.get_revision(session, row.concept_set_revision_id)
        if revision is None:
            raise JobRefused("The revision of the concept set is gone.")
        made = is_made(around.work)  # then nothing is read any more: it only has to be registered
        data = {} if made else _data(session, row, around)
        parent = _parent(session, row, made=made)
        if not made:
            _check_labels(row, around.work)
        dump_concept_set(concept_set_of(revision), around.work / CONCEPT_SET)
        told = latest_course([event.data for event in jobs.list_events(session, job.id, limit=1_000_000, kind="epoch")])
        return _order(row, around, data, revision, parent, tuple(report["epoch"] for report in told))

    def event(self, session: Session, job: JobRow, event: Mapping[str, Any]) -> None:
        if event["event"] == "epoch":
            kept = EpochRead.model_validate(event["report"]).model_dump(mode="json")
            jobs.append(session, job.id, "epoch", kept)
        else:
            super().event(session, job, event)

    def finish(
        self,
        session: Session,
        job: JobRow,
        content: dict[str, Any],  # noqa: ARG002 (of the protocol)
        around: Surroundings,
    ) -> None:
        row = _require(session, job)
        made = _made(around.work)
        known = models.get(session, version_id(made.weights_digest))
        if known is not None and _is_elsewhere(known, places(row, around)):
            jobs.append(session, job.id, "log", {"text": SAME_WEIGHTS.format(name=known.name)})
            version = known
        else:
            folder = put_in_place(row, around)
            info = _describe(folder, made)
            # Never active by itself, not even the first of its data set: a person promotes a model, with a reason,
            # after a look at its figures.
            version = registry.add(session, info)
            register_of_models(session, [info])
        row.model_version_id = version.id
        told = {"name": row.name, "status": "succeeded", "model_version": version.id}
        record(session, "training_run.finished", Subject("training_run", row.id), after=told)
        # Images of cases: whoever deletes a case finds no copy here.
        on_commit(session, lambda: label_files.remove(around.work))

    def ended(self, session: Session, job: JobRow, around: Surroundings) -> None:  # noqa: ARG002 (of the protocol)
        if job.status == "failed":  # who cancels says so in the trail
            row = _require(session, job)
            told = {"name": row.name, "status": job.status, "error": job.error}
            record(session, "training_run.finished", Subject("training_run", row.id), after=told)


def _require(session: Session, job: JobRow) -> TrainingRun:
    row = repository.get(session, job.id)
    if row is None:
        raise JobRefused("The training run is gone.")
    return row


def _data(session: Session, row: TrainingRun, around: Surroundings) -> dict[str, Any]:
    images = presenting.settings_of(row).images or DrawnImages.model_construct(**row.settings["counts"])
    return sources.data_settings(*_sources(session, row, around), images)


def _sources(session: Session, row: TrainingRun, around: Surroundings) -> tuple[Source, Source | None]:
    found = []
    for part, dataset_id in (("dataset", row.dataset_id), ("test_dataset", row.test_dataset_id)):
        if dataset_id is None:
            continue
        try:
            source = sources.find(session, around.library, dataset_id)
        except DatasetNotFound as error:
            raise JobRefused(DATA_GONE) from error
        except AppError as error:
            raise JobRefused(error.detail) from error
        if source.digest != row.settings[part]["digest"]:
            raise JobRefused(DATA_CHANGED.format(name=source.name))
        found.append(source)
    return found[0], found[1] if len(found) > 1 else None


def _check_labels(row: TrainingRun, work: Path) -> None:
    kept = (work / LABELS).is_file() or (work / LABEL_FOLDER).is_dir()
    if presenting.settings_of(row).include_labels and not kept:
        raise JobRefused(LABELS_GONE)


def _parent(session: Session, row: TrainingRun, *, made: bool) -> ModelVersion | None:
    if row.parent_model_version_id is None:
        return None
    parent = registry.require(session, row.parent_model_version_id)
    if not made and not (Path(parent.folder) / "config.json").is_file():
        raise JobRefused(PARENT_GONE.format(name=parent.name))
    return parent


def _order(
    row: TrainingRun,
    around: Surroundings,
    data: dict[str, Any],
    revision: ConceptSetRevision,
    parent: ModelVersion | None,
    told: tuple[int, ...],
) -> dict[str, Any]:
    asked, settings = presenting.settings_of(row), around.settings
    order = Order(
        name=row.name,
        mode=asked.mode,
        work=around.work,
        data=data,
        counts=Counts(**row.settings["counts"]),
        most_images=row.settings["most_images"],
        concept_set=around.work / CONCEPT_SET,
        concepts=f"{revision.content['name']}, revision {revision.number}",
        parent=None if parent is None else Path(parent.folder),
        labels=around.work / LABELS if asked.include_labels else None,
        storage=settings.storage_dir,
        cache=settings.data_dir / "cache",
        device=around.device,
        epochs=asked.epochs,
        patience=asked.patience,
        learning_rate=asked.learning_rate,
        seed=asked.seed,
        lineage=_origin(row, revision, parent),
        told=told,
    )
    return order.model_dump(mode="json")


def _origin(row: TrainingRun, revision: ConceptSetRevision, parent: ModelVersion | None) -> dict[str, Any]:
    """What the training itself cannot know: how the database calls what it was made of."""
    known: dict[str, Any] = {
        "training_run": row.id,
        "dataset": {**row.settings["dataset"], "counts": row.settings["counts"]},
        "concept_set": {"id": revision.concept_set_id, "revision_id": revision.id, "revision": revision.number},
        "asked": presenting.settings_of(row).model_dump(mode="json"),
    }
    if row.settings["test_dataset"] is not None:
        known["test_dataset"] = row.settings["test_dataset"]
    if parent is not None:
        known["parent"] = {"id": parent.id}
    return known


def _made(work: Path) -> Made:
    try:
        return Made.model_validate_json((work / RESULT).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise JobRefused(NOT_WHOLE) from error


def _is_elsewhere(known: ModelVersion, places_here: tuple[Path, Path]) -> bool:
    """Whether a version with these weights has files of its own that are not this run's."""
    folder = Path(known.folder)
    return folder not in places_here and (folder / "config.json").is_file()


def _describe(folder: Path, made: Made) -> CheckpointInfo:
    """As the registry wants it, without torch: the process that made it has read it back and loaded it."""
    return CheckpointInfo(
        folder=folder,
        weights_digest=made.weights_digest,
        name=made.name,
        dataset=made.dataset,
        synthetic=made.synthetic,
        concept_set=load_concept_set(folder / "concept_set.yaml"),
        metrics=json.loads((folder / "metrics.json").read_text("utf-8")),
        card=(folder / "MODEL_CARD.md").read_text("utf-8"),
    )
