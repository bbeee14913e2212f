"""Routes of diagnoses."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.core.caching import binary_response
from backend.core.errors import error_responses
from backend.core.schemas import HEX_ID, PathId
from backend.core.storage import StoredFileMissing
from backend.datasets.errors import DatasetDamaged, DatasetNotFound, DatasetNotReady
from backend.dependencies import ReadSessionDep, ResourcesDep, WriteSessionDep
from backend.diagnoses import service
from backend.diagnoses.errors import DiagnosisNotDone, DiagnosisNotFound, SheetNotFound
from backend.diagnoses.schemas import (
    DiagnosisCreate,
    DiagnosisDetail,
    DiagnosisList,
    DiagnosisRead,
    EmbeddingRead,
)
from backend.jobs.errors import JobEnded, QueueFull
from backend.model_registry.errors import ModelNotFound, ModelUnavailable

router = APIRouter(prefix="/diagnoses", tags=["diagnoses"])

READ = needs(Permission.DATASETS_READ)
WRITE = needs(Permission.TRAINING_WRITE)
AS_JPEG = binary_response("image/jpeg")
SheetName = Annotated[str, Path(pattern=r"^(option|code)-[0-9]{1,4}$")]


@router.get("", dependencies=[READ])
def list_diagnoses(
    session: ReadSessionDep, model_version_id: Annotated[str | None, Query(pattern=HEX_ID)] = None
) -> DiagnosisList:
    """Diagnoses, newest first."""
    return service.list_all(session, model_version_id)


@router.post(
    "",
    status_code=202,
    dependencies=[WRITE],
    responses=error_responses(
        ModelNotFound, ModelUnavailable, DatasetNotFound, DatasetNotReady, DatasetDamaged, QueueFull
    ),
)
def create_diagnosis(session: WriteSessionDep, resources: ResourcesDep, body: DiagnosisCreate) -> DiagnosisRead:
    """Queue a diagnosis: one pass of the model over a split."""
    return service.create(session, resources, body)


@router.get("/{diagnosis_id}", dependencies=[READ], responses=error_responses(DiagnosisNotFound, StoredFileMissing))
def get_diagnosis(session: ReadSessionDep, resources: ResourcesDep, diagnosis_id: PathId) -> DiagnosisDetail:
    """One diagnosis: flags with the rule and the number behind each, and the evidence of every option and code."""
    return service.get(session, resources, diagnosis_id)


@router.get(
    "/{diagnosis_id}/embedding",
    dependencies=[READ],
    responses=error_responses(DiagnosisNotFound, DiagnosisNotDone, StoredFileMissing),
)
def get_diagnosis_embedding(
    session: ReadSessionDep,
    resources: ResourcesDep,
    diagnosis_id: PathId,
    method: Literal["umap", "pca"] = "umap",
) -> EmbeddingRead:
    """Tokens and codes in three dimensions; of the other method where this one was not made."""
    return service.embedding(session, resources, diagnosis_id, method)


@router.get(
    "/{diagnosis_id}/sheets/{name}",
    dependencies=[READ],
    response_class=Response,
    responses=AS_JPEG | error_responses(DiagnosisNotFound, DiagnosisNotDone, SheetNotFound),
)
def get_diagnosis_sheet(
    session: ReadSessionDep, resources: ResourcesDep, request: Request, diagnosis_id: PathId, name: SheetName
) -> Response:
    """Pictures of an option or a code. They never change."""
    return service.sheet(session, resources, request, diagnosis_id, name)


@router.post("/{diagnosis_id}/cancel", dependencies=[WRITE], responses=error_responses(DiagnosisNotFound, JobEnded))
def cancel_diagnosis(session: WriteSessionDep, resources: ResourcesDep, diagnosis_id: PathId) -> DiagnosisRead:
    """End a diagnosis within seconds."""
    return service.cancel(session, resources, diagnosis_id)
