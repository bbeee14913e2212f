"""GET /health."""

from __future__ import annotations

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter

from backend.access.dependencies import public
from backend.dependencies import ResourcesDep
from backend.health.schemas import HealthRead
from backend.health.service import check_health

router = APIRouter(prefix="/health", tags=["health"], dependencies=[public()])


@router.get("")
async def get_health(resources: ResourcesDep) -> HealthRead:
    """Whether the server can do its work. Always 200: the body says what is missing."""
    # A thread of its own: the question must be answered also when every worker thread is busy.
    return await to_thread.run_sync(check_health, resources, limiter=CapacityLimiter(1))
