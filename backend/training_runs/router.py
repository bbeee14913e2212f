"""Routes of training runs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import StreamingResponse

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.concept_sets.errors import ConceptSetNotFound, RevisionNotFound
from backend.core.errors import Responses, error_responses
from backend.core.schemas import Limit, PathId
from backend.datasets.errors import DatasetDamaged, DatasetNotFound, DatasetNotReady
from backend.dependencies import ReadSessionDep, ResourcesDep, WriteSessionDep
from backend.jobs.errors import JobEnded, JobNotEnded, QueueFull
from backend.jobs.streaming import stream_events
from backend.model_registry.errors import ModelNotFound
from backend.training_runs import service
from backend.training_runs.errors import BadTrainingRun, TrainingRunNotFound
from backend.training_runs.schemas import (
    TrainingEstimate,
    TrainingRunCreate,
    TrainingRunDetail,
    TrainingRunList,
    TrainingRunRead,
)

router = APIRouter(prefix="/training-runs", tags=["training runs"])

READ = needs(Permission.DATASETS_READ)
WRITE = needs(Permission.TRAINING_WRITE)
MAX_OFFSET = 1_000_000
MISSING = (
    DatasetNotFound, DatasetNotReady, DatasetDamaged, ConceptSetNotFound, RevisionNotFound, ModelNotFound,
)  # fmt: skip
AS_EVENTS: Responses = {
    200: {
        "description": "Server-sent events `status`, `stage`, `epoch` and `log`, each with its sequence number as id, "
        "and `progress` without one. Ends after the last status, or after some minutes: connect again with "
        "`Last-Event-ID`.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@router.get("", dependencies=[READ])
def list_training_runs(
    session: ReadSessionDep,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
    limit: Limit = 50,
) -> TrainingRunList:
    """Training runs, newest first."""
    return service.list_runs(session, slice(offset, offset + limit))


@router.post("", status_code=202, dependencies=[WRITE], responses=error_responses(BadTrainingRun, QueueFull, *MISSING))
def create_training_run(session: WriteSessionDep, resources: ResourcesDep, body: TrainingRunCreate) -> TrainingRunRead:
    """Queue a training run. With a parent it is a retraining: what the edit left alone keeps the parent's weights."""
    return service.create(session, resources, body)


@router.post("/estimate", dependencies=[WRITE], responses=error_responses(*MISSING))
def estimate_training_run(
    session: ReadSessionDep, resources: ResourcesDep, body: TrainingRunCreate
) -> TrainingEstimate:
    """How long it would take, what the edit means, and what stands in its way. Nothing is kept."""
    return service.estimate(session, resources, body)


@router.get("/{training_run_id}", dependencies=[READ], responses=error_responses(TrainingRunNotFound))
def get_training_run(session: ReadSessionDep, resources: ResourcesDep, training_run_id: PathId) -> TrainingRunDetail:
    """One training run with its figures so far, beside its parent's."""
    return service.get(session, resources, training_run_id)


@router.get(
    "/{training_run_id}/events",
    dependencies=[READ],
    response_class=StreamingResponse,
    responses=AS_EVENTS | error_responses(TrainingRunNotFound),
)
def stream_training_run_events(
    session: ReadSessionDep,
    resources: ResourcesDep,
    request: Request,
    training_run_id: PathId,
    after: Annotated[int, Query(ge=0, le=2**31, description="Sequence number to go on after.")] = 0,
) -> StreamingResponse:
    """What happens in a run, as it happens. `Last-Event-ID` goes before `after`; no event is left out."""
    service.require(session, training_run_id)
    return stream_events(resources.database, request, training_run_id, after)


@router.post(
    "/{training_run_id}/cancel", dependencies=[WRITE], responses=error_responses(TrainingRunNotFound, JobEnded)
)
def cancel_training_run(session: WriteSessionDep, resources: ResourcesDep, training_run_id: PathId) -> TrainingRunRead:
    """End a run within seconds. What it had saved is kept, so that it can be resumed."""
    return service.cancel(session, resources, training_run_id)


@router.post(
    "/{training_run_id}/resume", dependencies=[WRITE], responses=error_responses(TrainingRunNotFound, JobNotEnded)
)
def resume_training_run(session: WriteSessionDep, resources: ResourcesDep, training_run_id: PathId) -> TrainingRunRead:
    """Queue a failed or cancelled run again; it goes on from what it had saved."""
    return service.resume(session, resources, training_run_id)
