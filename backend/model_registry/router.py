"""Routes of the model registry."""

from __future__ import annotations

from fastapi import APIRouter

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.core.errors import error_responses
from backend.core.schemas import PathId
from backend.dependencies import ReadSessionDep, ResourcesDep
from backend.model_registry import service
from backend.model_registry.errors import ModelNotFound
from backend.model_registry.schemas import ModelVersionDetail, ModelVersionList

router = APIRouter(prefix="/models", tags=["models"], dependencies=[needs(Permission.MODELS_READ)])


@router.get("")
def list_models(session: ReadSessionDep, resources: ResourcesDep) -> ModelVersionList:
    """All model versions, active ones first."""
    return service.list_models(session, resources.inference)


@router.get("/{model_version_id}", responses=error_responses(ModelNotFound))
def get_model(session: ReadSessionDep, resources: ResourcesDep, model_version_id: PathId) -> ModelVersionDetail:
    """One model version with its card."""
    return service.get_model(session, resources.inference, model_version_id)
