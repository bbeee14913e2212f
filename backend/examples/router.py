"""Routes of the example gallery."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.cases.dependencies import CasesDep
from backend.cases.schemas import CaseRead
from backend.core.caching import binary_response, immutable
from backend.core.errors import ServerBusy, StorageFull, error_responses
from backend.datasets.procedural import edition
from backend.dependencies import ResourcesDep
from backend.examples import service
from backend.examples.dependencies import ExampleDep
from backend.examples.errors import ExampleNotFound
from backend.examples.schemas import ExampleList

router = APIRouter(prefix="/examples", tags=["examples"], dependencies=[needs(Permission.CASES_READ)])


@router.get("")
def list_examples() -> ExampleList:
    """Procedural images to try the application with. Synthetic, all of them."""
    return service.list_examples()


@router.get(
    "/{key}/image",
    response_class=Response,
    responses=binary_response("image/png", "image/webp") | error_responses(ExampleNotFound, StorageFull, ServerBusy),
)
def get_example_image(
    request: Request,
    example: ExampleDep,
    resources: ResourcesDep,
    size: Annotated[int | None, Query(ge=16, le=640, description="Longest side in pixels; full size without.")] = None,
) -> Response:
    """The example's image: PNG at full size, WebP when a size is asked for."""
    media_type = "image/png" if size is None else "image/webp"
    tag = f"example-{edition()}-{example.key}-{size}"
    return immutable(request, tag, media_type, lambda: service.example_image(resources, example, size))


@router.post(
    "/{key}/cases",
    status_code=201,
    dependencies=[needs(Permission.CASES_WRITE)],
    responses=error_responses(ExampleNotFound, StorageFull, ServerBusy),
)
def create_case_from_example(cases: CasesDep, example: ExampleDep, resources: ResourcesDep) -> CaseRead:
    """Make a case from an example."""
    return service.create_case(cases, resources, example)
