"""Routes of results and exports."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.core.caching import binary_response
from backend.core.errors import ServerBusy, error_responses
from backend.core.schemas import PathId
from backend.dependencies import ResourcesDep
from backend.reader_studies.errors import StillReading, StudyNotFound
from backend.study_results import service
from backend.study_results.errors import NoResults, ResultsHidden
from backend.study_results.schemas import ExportFormat, StudyResults

router = APIRouter(prefix="/reader-studies", tags=["study-results"], dependencies=[needs(Permission.STUDIES_READ)])

ERRORS = (StudyNotFound, StillReading, ResultsHidden, NoResults, ServerBusy)


@router.get("/{study_id}/results", responses=error_responses(*ERRORS))
def get_study_results(resources: ResourcesDep, study_id: PathId) -> StudyResults:
    """What was found, as far as one may see it now."""
    return service.results(resources, study_id)


@router.get(
    "/{study_id}/export",
    response_class=Response,
    responses=binary_response("text/csv", "application/json", "text/plain", "text/html", "application/pdf")
    | error_responses(*ERRORS),
)
def export_study(
    resources: ResourcesDep,
    study_id: PathId,
    format: Annotated[ExportFormat, Query()] = ExportFormat.CSV,  # noqa: A002 (the contract's name)
) -> Response:
    """Answers, protocol or report as a file."""
    return service.export(resources, study_id, format)
