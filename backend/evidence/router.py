"""Routes of evidence."""

from __future__ import annotations

from fastapi import APIRouter

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.core.errors import error_responses
from backend.core.schemas import PathId
from backend.core.storage import StoredFileMissing
from backend.datasets.errors import DatasetDamaged, DatasetNotFound, DatasetNotReady
from backend.dependencies import ReadSessionDep, ResourcesDep, WriteSessionDep
from backend.evidence import service
from backend.evidence.errors import EvidenceMissing, MeasurementNotFound
from backend.evidence.schemas import EvidenceCreate, EvidenceRead, MeasurementList, MeasurementRead
from backend.jobs.errors import JobEnded, QueueFull
from backend.model_registry.errors import ModelNotFound, ModelUnavailable

router = APIRouter(prefix="/models/{model_version_id}/evidence", tags=["evidence"])

READ = needs(Permission.DATASETS_READ)
WRITE = needs(Permission.TRAINING_WRITE)


@router.get(
    "",
    dependencies=[needs(Permission.MODELS_READ)],
    responses=error_responses(ModelNotFound, EvidenceMissing, StoredFileMissing),
)
def get_evidence(session: ReadSessionDep, resources: ResourcesDep, model_version_id: PathId) -> EvidenceRead:
    """How far this version's explanations can be trusted: figures with intervals, by concept and by question."""
    return service.get(session, resources, model_version_id)


@router.post(
    "",
    status_code=202,
    dependencies=[WRITE],
    responses=error_responses(
        ModelNotFound, ModelUnavailable, DatasetNotFound, DatasetNotReady, DatasetDamaged, QueueFull
    ),
)
def create_evidence(
    session: WriteSessionDep, resources: ResourcesDep, model_version_id: PathId, body: EvidenceCreate
) -> MeasurementRead:
    """Queue a measurement; once it has succeeded, it takes the place of what was known before."""
    return service.create(session, resources, model_version_id, body)


@router.get("/measurements", dependencies=[READ], responses=error_responses(ModelNotFound))
def list_evidence_measurements(session: ReadSessionDep, model_version_id: PathId) -> MeasurementList:
    """Measurements of this version with their progress, newest first."""
    return service.list_measurements(session, model_version_id)


@router.post(
    "/measurements/{measurement_id}/cancel",
    dependencies=[WRITE],
    responses=error_responses(MeasurementNotFound, JobEnded),
)
def cancel_evidence_measurement(
    session: WriteSessionDep, resources: ResourcesDep, model_version_id: PathId, measurement_id: PathId
) -> MeasurementRead:
    """End a measurement within seconds."""
    return service.cancel(session, resources, model_version_id, measurement_id)
