"""Training runs as the contract shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from backend.db.job_tables import TrainingRun
from backend.jobs import repository as jobs
from backend.jobs import service as job_service
from backend.model_registry import repository as models
from backend.people.names import Names
from backend.training_runs import repository
from backend.training_runs.figures import epoch_read, latest_course, split_figures
from backend.training_runs.schemas import (
    EpochRead,
    LogLine,
    ParentFigures,
    SplitFigures,
    TrainedFrom,
    TrainingConcepts,
    TrainingRunDetail,
    TrainingRunRead,
    TrainingSettings,
)

LOG_LINES = 500
MOST_EPOCHS = 1000


def read(session: Session, rows: Sequence[TrainingRun]) -> list[TrainingRunRead]:
    """Runs with their jobs loaded, in a few queries however many they are."""
    return [TrainingRunRead.model_validate(told) for told in _fields(session, rows)]


def detail(session: Session, row: TrainingRun, last_sequence: int) -> TrainingRunDetail:
    """One run.

    Args:
        session: to read with.
        row: with its job; read after ``last_sequence`` was, so that nothing falls between the two.
        last_sequence: of the latest event that is shown.
    """
    (told,) = _fields(session, [row])
    made = None if row.model_version_id is None else models.get(session, row.model_version_id)
    metrics: dict[str, Any] = {} if made is None else made.metrics
    reports = [event.data for event in repository.list_kind(session, row.id, "epoch", last_sequence, MOST_EPOCHS)]
    lines = repository.list_kind(session, row.id, "log", last_sequence, LOG_LINES)
    return TrainingRunDetail.model_validate(
        {
            **told,
            "changes": row.settings.get("changes", []),
            "epochs": _epochs(reports, metrics),
            "log": [LogLine(sequence=event.sequence, at=event.at, text=event.data["text"]) for event in lines],
            "last_sequence": last_sequence,
            "parent_figures": _parent_figures(session, row),
            "test": split_figures(metrics["test"]) if "test" in metrics else None,
            "lineage": metrics.get("lineage"),
        }
    )


def _fields(session: Session, rows: Sequence[TrainingRun]) -> list[dict[str, Any]]:
    names = Names(session, (row.author_id for row in rows))
    places = job_service.positions(session)
    revisions = repository.revisions_by_ids(session, {row.concept_set_revision_id for row in rows})
    sets = repository.sets_by_ids(session, {revision.concept_set_id for revision in revisions.values()})
    versions = {row.parent_model_version_id for row in rows} | {row.model_version_id for row in rows}
    named = repository.models_by_ids(session, {version for version in versions if version is not None})
    latest = repository.latest_epochs(session, {row.id for row in rows})
    found = []
    for row in rows:
        revision = revisions[row.concept_set_revision_id]
        epoch = EpochRead.model_validate(latest[row.id].data) if row.id in latest else None
        made = None if row.model_version_id is None else named.get(row.model_version_id)
        kept = None if made is None or made.validation is None else split_figures(made.validation)
        found.append(
            {
                **job_service.fields(row.job, places, names, row.author_id),
                "name": row.name,
                "dataset_id": row.dataset_id,
                "test_dataset_id": row.test_dataset_id,
                "concept_set": TrainingConcepts(
                    id=revision.concept_set_id,
                    name=sets[revision.concept_set_id].name,
                    title=revision.content["title"],
                    revision_id=revision.id,
                    number=revision.number,
                    digest=revision.digest,
                ),
                "parent": _ref(named, row.parent_model_version_id),
                "settings": settings_of(row),
                "model": _ref(named, row.model_version_id),
                "epochs_done": 0 if epoch is None else epoch.epoch,
                "epochs_planned": None if epoch is None else epoch.epochs,
                "validation": kept or (None if epoch is None else epoch.validation),
            }
        )
    return found


def settings_of(row: TrainingRun) -> TrainingSettings:
    """As it was asked for, with the numbers of images that follow from it."""
    return TrainingSettings.model_validate({name: row.settings[name] for name in TrainingSettings.model_fields})


def _ref(named: Mapping[str, repository.NamedModel], version: str | None) -> TrainedFrom | None:
    found = None if version is None else named.get(version)
    return None if found is None else TrainedFrom(id=found.id, name=found.name)


def _epochs(reports: Sequence[Mapping[str, Any]], metrics: Mapping[str, Any]) -> list[EpochRead]:
    """As they came in; once there is a model, as its record has them, which knows the one that was kept."""
    recorded = metrics.get("epochs") or []
    if recorded:
        return [epoch_read(report) for report in recorded]
    return [EpochRead.model_validate(report) for report in latest_course(reports)]


def _parent_figures(session: Session, row: TrainingRun) -> ParentFigures | None:
    parent = None if row.parent_model_version_id is None else models.get(session, row.parent_model_version_id)
    if parent is None:
        return None
    return ParentFigures(
        model=TrainedFrom(id=parent.id, name=parent.name),
        validation=_split(parent.metrics, "validation"),
        test=_split(parent.metrics, "test"),
        same_data=same_data(parent.metrics, row.settings),
        epochs=[epoch_read(report) for report in parent.metrics.get("epochs") or []],
    )


def _split(metrics: Mapping[str, Any], split: str) -> SplitFigures | None:
    return split_figures(metrics[split]) if metrics.get(split) else None


def same_data(parent: Mapping[str, Any], settings: Mapping[str, Any]) -> bool:
    """Whether the parent was validated and tested on the images that a run validates and tests on.

    An import is the same if labels and pixels are (its digest); procedural images follow from name, split and number.

    Args:
        parent: metrics of it.
        settings: of the run's row.
    """
    source, counts = settings.get("dataset") or {}, settings.get("counts") or {}
    if any((parent.get(split) or {}).get("images") != counts.get(split) for split in ("validation", "test")):
        return False
    lineage = (parent.get("lineage") or {}).get("dataset") or {}
    recorded = parent.get("training") or {}
    data = (recorded.get("settings") or {}).get("data") or {}
    if source.get("digest") is None:
        return bool(data.get("kind", "procedural") == "procedural" and data.get("name") == source.get("name"))
    digest = lineage.get("digest") or (recorded.get("origin") or {}).get("digest")
    test = settings.get("test_dataset") or {}
    folder = str(data.get("test_folder") or "").rstrip("/").rpartition("/")[2]
    return bool(digest == source["digest"] and data.get("fold") is None and folder == (test.get("name") or ""))


def last_sequence(session: Session, training_run_id: str) -> int:
    """To be read before the row."""
    return jobs.last_sequence(session, training_run_id)
