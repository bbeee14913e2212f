"""GET /health."""

from __future__ import annotations

from fastapi import APIRouter

from backend.dependencies import ResourcesDep
from backend.health.schemas import HealthRead
from backend.health.service import check_health

router = APIRouter(prefix="/health", tags=["health"])


@router.get("")
def get_health(resources: ResourcesDep) -> HealthRead:
    """Whether the server can do its work. Always 200: the body says what is missing."""
    return check_health(resources)
