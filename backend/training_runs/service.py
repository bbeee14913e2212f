"""Starting training runs, and what has become of them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.audit import repository as trail
from backend.audit.service import Subject, record
from backend.db.job_tables import TrainingRun
from backend.db.session import on_commit, on_rollback
from backend.jobs import service as jobs
from backend.jobs.errors import QueueFull
from backend.jobs.kinds import JobKind
from backend.label_exports import fitting
from backend.resources import Resources
from backend.training_runs import examining, presenting, repository
from backend.training_runs.errors import BadTrainingRun, TrainingRunNotFound
from backend.training_runs.estimating import estimate as estimate_times
from backend.training_runs.examining import Asked
from backend.training_runs.order import LABELS
from backend.training_runs.schemas import (
    TrainingEstimate,
    TrainingRunCreate,
    TrainingRunDetail,
    TrainingRunList,
    TrainingRunRead,
)

MOST_QUEUED = 20


def list_runs(session: Session, page: slice) -> TrainingRunList:
    """Newest first."""
    total, rows = repository.list_page(session, page)
    return TrainingRunList(items=presenting.read(session, rows), total=total)


def create(session: Session, resources: Resources, body: TrainingRunCreate) -> TrainingRunRead:
    """A run that waits for its turn.

    Raises:
        DatasetNotFound, DatasetNotReady, DatasetDamaged, ConceptSetNotFound, RevisionNotFound, ModelNotFound: something
            that it names is not there.
        BadTrainingRun: the parts do not fit each other.
        QueueFull: too many wait already.
    """
    # Reading comes first and in a session of its own: it takes a while, and nobody else should wait to write.
    with resources.database.reading() as reader:
        asked = examining.look_up(reader, resources, body)
        examined = examining.examine(reader, resources, asked)
    if examined.problems:
        raise BadTrainingRun(" ".join(examined.problems))
    trail.lock(session)  # two at once must not choose the same name; the trail takes this lock in any case
    if repository.count_waiting(session, JobKind.TRAINING.queue.value) >= MOST_QUEUED:
        raise QueueFull
    job = jobs.enqueue(session, JobKind.TRAINING)
    row = TrainingRun(
        id=job.id,
        name=_free_name(session, asked),
        dataset_id=body.dataset_id,
        test_dataset_id=body.test_dataset_id,
        concept_set_revision_id=asked.revision.id,
        parent_model_version_id=body.parent_model_version_id,
        author_id=current().user_id,
        settings=_kept(asked) | {"changes": examined.changes},
    )
    session.add(row)
    session.flush()
    if body.settings.include_labels:
        _keep_labels(session, row, asked, resources.settings.jobs_dir / row.id)
    record(session, "training_run.created", Subject("training_run", row.id), after=_told(row, asked))
    on_commit(session, resources.jobs.wake)
    return presenting.read(session, [_with_job(session, row.id)])[0]


def estimate(session: Session, resources: Resources, body: TrainingRunCreate) -> TrainingEstimate:
    """What a run would take, and what stands in its way.

    Raises:
        DatasetNotFound, DatasetNotReady, DatasetDamaged, ConceptSetNotFound, RevisionNotFound, ModelNotFound: something
            that it names is not there.
    """
    asked = examining.look_up(session, resources, body)
    return estimate_times(session, resources.settings, examining.examine(session, resources, asked))


def get(session: Session, resources: Resources, training_run_id: str) -> TrainingRunDetail:  # noqa: ARG001
    """One run. Raises ``TrainingRunNotFound``."""
    # The other way round, the row could be from before an end that the stream is then not asked for any more.
    last = presenting.last_sequence(session, training_run_id)
    return presenting.detail(session, _with_job(session, training_run_id), last)


def require(session: Session, training_run_id: str) -> TrainingRun:
    """The row with its job, or ``TrainingRunNotFound``."""
    return _with_job(session, training_run_id)


def cancel(session: Session, resources: Resources, training_run_id: str) -> TrainingRunRead:  # noqa: ARG001
    """Ends a run; its worker notices by itself. Raises ``TrainingRunNotFound`` and ``JobEnded``."""
    row = _with_job(session, training_run_id)
    jobs.cancel(session, row.id)
    told = {"name": row.name, "status": "cancelled"}
    record(session, "training_run.cancelled", Subject("training_run", row.id), after=told)
    return presenting.read(session, [_with_job(session, row.id)])[0]


def resume(session: Session, resources: Resources, training_run_id: str) -> TrainingRunRead:
    """Queues a run again. Raises ``TrainingRunNotFound`` and ``JobNotEnded``."""
    row = _with_job(session, training_run_id)
    before = {"status": row.job.status}
    jobs.resume(session, row.id)
    told = {"name": row.name, "status": "queued"}
    record(session, "training_run.resumed", Subject("training_run", row.id), before, told)
    on_commit(session, resources.jobs.wake)
    return presenting.read(session, [_with_job(session, row.id)])[0]


def _with_job(session: Session, training_run_id: str) -> TrainingRun:
    row = repository.get(session, training_run_id)
    if row is None:
        raise TrainingRunNotFound
    return row


def _free_name(session: Session, asked: Asked) -> str:
    """Looked at again under the lock: another request may just have taken it."""
    taken = repository.taken_names(session)
    if asked.body.name is None:
        return examining.default_name(asked, taken)
    if asked.body.name in taken:
        raise BadTrainingRun(examining.NAME_TAKEN.format(name=asked.body.name))
    return asked.body.name


def _kept(asked: Asked) -> dict[str, Any]:
    """Settings with what they were found to mean, so that a later attempt is held against it."""
    drawn = asked.source.prepared is None
    return {
        **asked.body.settings.model_dump(mode="json"),
        "images": asked.images.model_dump() if drawn else None,
        "counts": asked.counts.model_dump(),
        "most_images": asked.most_images,
        "dataset": asked.source.identity(),
        "test_dataset": None if asked.test is None else asked.test.identity(),
    }


def _keep_labels(session: Session, row: TrainingRun, asked: Asked, folder: Path) -> None:
    """The labels as they are now, of cases that whoever starts the run may see: every attempt has the same."""
    on_rollback(session, lambda: shutil.rmtree(folder, ignore_errors=True))
    folder.mkdir(parents=True, exist_ok=True)
    fitting.keep(asked.labelled, folder / LABELS)
    told = {
        "concept_set_digest": asked.revision.digest,
        "cases": len(asked.labelled),
        "training_run": row.id,
    }
    record(session, "labels.exported", Subject("concept_set", asked.concept_set.name), after=told)


def _told(row: TrainingRun, asked: Asked) -> dict[str, Any]:
    """For the trail."""
    return {
        "name": row.name,
        "dataset": row.dataset_id,
        "test_dataset": row.test_dataset_id,
        "concept_set": asked.concept_set_row.name,
        "revision": asked.revision.number,
        "digest": asked.revision.digest,
        "parent": row.parent_model_version_id,
        "settings": asked.body.settings.model_dump(mode="json"),
    }
