"""Routes of interventions."""

from __future__ import annotations

from fastapi import APIRouter

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.cases.dependencies import ViewedCaseDep
from backend.cases.errors import CaseNotFound
from backend.core.errors import error_responses
from backend.core.schemas import PathId
from backend.core.storage import StoredFileMissing
from backend.dependencies import ReadSessionDep, ResourcesDep, WriteSessionDep
from backend.interventions import service
from backend.interventions.dependencies import ViewedInterventionDep
from backend.interventions.errors import BadEdit, InterventionNotFound, TokensNotKept, UnknownClass
from backend.interventions.schemas import (
    CheckList,
    CounterfactualCreate,
    CounterfactualList,
    InterventionCreate,
    InterventionList,
    InterventionPreview,
    InterventionPreviewCreate,
    InterventionRead,
    ModelHead,
)
from backend.model_registry.errors import ModelNotFound, ModelUnavailable
from backend.predictions.dependencies import ViewedPredictionDep
from backend.predictions.errors import PredictionNotFound

router = APIRouter(tags=["interventions"])

READ = needs(Permission.CASES_READ)
# Recomputing a decision takes seeing the model as well; a token may be for cases alone.
RECOMPUTE = [READ, needs(Permission.MODELS_READ)]
EDIT_ERRORS = (PredictionNotFound, BadEdit, TokensNotKept, ModelUnavailable, StoredFileMissing)


@router.get(
    "/models/{model_version_id}/head",
    dependencies=[needs(Permission.MODELS_READ)],
    responses=error_responses(ModelNotFound, ModelUnavailable),
)
def get_model_head(resources: ResourcesDep, model_version_id: PathId) -> ModelHead:
    """The linear head, and what validation said of its scores: all that recomputing a decision needs."""
    return service.read_head(resources, model_version_id)


@router.post(
    "/predictions/{prediction_id}/interventions/preview",
    dependencies=RECOMPUTE,
    responses=error_responses(*EDIT_ERRORS),
)
def preview_intervention(
    resources: ResourcesDep, prediction: ViewedPredictionDep, body: InterventionPreviewCreate
) -> InterventionPreview:
    """Try edits; nothing is kept."""
    return service.preview(resources, prediction, body.edits)


@router.post(
    "/predictions/{prediction_id}/interventions",
    status_code=201,
    dependencies=[needs(Permission.INTERVENTIONS_WRITE)],
    responses=error_responses(*EDIT_ERRORS, CaseNotFound),
)
def create_intervention(
    session: WriteSessionDep, resources: ResourcesDep, prediction: ViewedPredictionDep, body: InterventionCreate
) -> InterventionRead:
    """Keep edits and the diagnosis that follows."""
    return service.read(session, service.create(session, resources, prediction, body))


@router.get("/cases/{case_id}/interventions", dependencies=[READ], responses=error_responses(CaseNotFound))
def list_interventions(session: ReadSessionDep, case: ViewedCaseDep) -> InterventionList:
    """What was tried on a case, newest first."""
    return service.list_of_case(session, case)


@router.get("/interventions/{intervention_id}", dependencies=[READ], responses=error_responses(InterventionNotFound))
def get_intervention(session: ReadSessionDep, intervention: ViewedInterventionDep) -> InterventionRead:
    """One intervention."""
    return service.read(session, intervention)


@router.post(
    "/predictions/{prediction_id}/counterfactuals",
    dependencies=RECOMPUTE,
    responses=error_responses(*EDIT_ERRORS, UnknownClass),
)
def find_counterfactuals(
    resources: ResourcesDep, prediction: ViewedPredictionDep, body: CounterfactualCreate
) -> CounterfactualList:
    """The smallest realistic set of option changes after which a class is predicted."""
    return service.find_counterfactuals(resources, prediction, body)


@router.get(
    "/predictions/{prediction_id}/checks",
    dependencies=RECOMPUTE,
    responses=error_responses(PredictionNotFound, ModelUnavailable),
)
def list_checks(resources: ResourcesDep, prediction: ViewedPredictionDep) -> CheckList:
    """Which group's check would tell most about the decision."""
    return service.find_checks(resources, prediction)
