"""Routes of the model registry."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.core.errors import ServerBusy, error_responses
from backend.core.schemas import PathId
from backend.dependencies import ReadSessionDep, ResourcesDep
from backend.model_registry import activation, service
from backend.model_registry.errors import (
    ActiveChanged,
    AlreadyActive,
    ModelNotFound,
    ModelUnavailable,
    NotActive,
    NothingToRollBackTo,
    WarmUpTooSlow,
)
from backend.model_registry.schemas import (
    ActivationCreate,
    ActivationList,
    ActivationRead,
    ModelVersionDetail,
    ModelVersionList,
    RollbackCreate,
)
from backend.training_runs.schemas import EpochRead

router = APIRouter(prefix="/models", tags=["models"], dependencies=[needs(Permission.MODELS_READ)])


@router.get("")
def list_models(session: ReadSessionDep, resources: ResourcesDep) -> ModelVersionList:
    """All model versions, active ones first."""
    return service.list_models(session, resources.inference)


@router.get("/activations")
def list_activations(
    session: ReadSessionDep, dataset: Annotated[str | None, Query(max_length=64)] = None
) -> ActivationList:
    """Which version came into use when, by whom and why; newest first."""
    return activation.list_activations(session, dataset)


@router.get("/{model_version_id}", responses=error_responses(ModelNotFound))
def get_model(session: ReadSessionDep, resources: ResourcesDep, model_version_id: PathId) -> ModelVersionDetail:
    """One model version with its card."""
    return service.get_model(session, resources.inference, model_version_id)


@router.get("/{model_version_id}/history", responses=error_responses(ModelNotFound))
def get_model_history(session: ReadSessionDep, model_version_id: PathId) -> list[EpochRead]:
    """The epochs of its training: losses, figures, effective rank. Empty where they were not recorded."""
    return service.history(session, model_version_id)


@router.post(
    "/{model_version_id}/activate",
    dependencies=[needs(Permission.MODELS_ACTIVATE)],
    responses=error_responses(ModelNotFound, ModelUnavailable, AlreadyActive, ActiveChanged, ServerBusy, WarmUpTooSlow),
)
def activate_model(resources: ResourcesDep, model_version_id: PathId, body: ActivationCreate) -> ActivationRead:
    """Use this version for new predictions of its data set, once it is loaded and warm.

    Predictions that exist keep their version.
    """
    return activation.activate(resources, model_version_id, body.reason)


@router.post(
    "/{model_version_id}/rollback",
    dependencies=[needs(Permission.MODELS_ACTIVATE)],
    responses=error_responses(
        ModelNotFound, ModelUnavailable, NotActive, NothingToRollBackTo, ServerBusy, WarmUpTooSlow
    ),
)
def roll_back_model(resources: ResourcesDep, model_version_id: PathId, body: RollbackCreate) -> ActivationRead:
    """Put the version back that this one, which is active, took the place of."""
    return activation.roll_back(resources, model_version_id, body.reason)
