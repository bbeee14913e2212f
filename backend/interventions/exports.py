"""One intervention as a file to keep or to hand on."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.audit.service import Subject, record
from backend.cases import repository as cases
from backend.core.caching import binary_response
from backend.core.errors import ServerBusy, error_responses
from backend.core.storage import StoredFileMissing
from backend.db.tables import Case, Intervention, Prediction
from backend.dependencies import ResourcesDep
from backend.interventions import service
from backend.interventions.dependencies import get_intervention
from backend.interventions.errors import InterventionNotFound
from backend.interventions.report.content import CaseFacts, Pictures, Report
from backend.interventions.report.files import ReportRead, as_csv, as_json
from backend.interventions.report.page import as_pdf
from backend.interventions.schemas import InterventionRead
from backend.predictions import repository as predictions
from backend.predictions.mapfiles import unpack_maps
from backend.predictions.service import open_seen
from backend.resources import Resources
from models.explanation import Region

router = APIRouter(tags=["interventions"])


class ReportFormat(StrEnum):
    """``pdf``: one page with pictures. ``json``: everything. ``csv``: a row for each number."""

    PDF = "pdf"
    JSON = "json"
    CSV = "csv"


_TYPES = {
    ReportFormat.PDF: "application/pdf",
    ReportFormat.JSON: "application/json",
    ReportFormat.CSV: "text/csv; charset=utf-8",
}
_FILES: dict[ReportFormat, Callable[[Report], bytes]] = {ReportFormat.JSON: as_json, ReportFormat.CSV: as_csv}


@router.get(
    "/interventions/{intervention_id}/export",
    dependencies=[needs(Permission.CASES_READ)],
    response_model=ReportRead,
    responses=binary_response("application/pdf", "text/csv", description="The file.")
    | error_responses(InterventionNotFound, StoredFileMissing, ServerBusy),
)
def export_intervention(
    resources: ResourcesDep,
    intervention: Annotated[Intervention, Depends(get_intervention)],
    form: Annotated[ReportFormat, Query(alias="format")] = ReportFormat.PDF,
) -> Response:
    """An intervention as a one-page PDF with pictures, as JSON, or as CSV. That it was taken is an event."""
    content = _make(resources, intervention, form)
    told = {"case": intervention.case_id, "format": form.value}
    with resources.database.writing() as session:
        record(session, "intervention.exported", Subject("intervention", intervention.id), after=told)
    name = f"vitrine-intervention-{intervention.id[:8]}.{form.value}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=_TYPES[form], headers=headers)


def _make(resources: Resources, intervention: Intervention, form: ReportFormat) -> bytes:
    with resources.database.reading() as session:
        prediction = predictions.get(session, intervention.prediction_id)
        case = cases.get(session, intervention.case_id)
        if prediction is None or case is None:
            raise InterventionNotFound
        report = _report(service.read(session, intervention), prediction, case)
    if form is not ReportFormat.PDF:
        return _FILES[form](report)
    maps = unpack_maps(resources.storage.read(prediction.maps_key))
    rows, columns = prediction.document["grid"]
    with resources.picture_slots:
        image = open_seen(resources.storage, prediction, case)
        drawn = Pictures(image, (rows, columns), Region(**prediction.document["region"]), maps.gradcam)
        return as_pdf(report.with_pictures(drawn))


def _report(found: InterventionRead, prediction: Prediction, case: Case) -> Report:
    document = prediction.document
    return Report(
        intervention=found,
        case=CaseFacts(case.pseudonym, case.sha256, case.width, case.height, case.synthetic),
        bias={each["key"]: each["bias"] for each in document["classes"]},
        contributions={
            option["id"]: option["contributions"] for group in document["groups"] for option in group["options"]
        },
        header_note=document.get("header_note"),
    )
