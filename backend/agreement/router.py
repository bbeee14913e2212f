"""Routes of agreement."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.agreement import export, service
from backend.agreement.schemas import AgreementRead, LabelsExport, LabelsFormat, OptionsAgreement
from backend.audit.service import Subject, record
from backend.core.caching import binary_response
from backend.core.errors import error_responses
from backend.core.schemas import HexId
from backend.db.base import now
from backend.dependencies import ReadSessionDep, ResourcesDep
from backend.model_registry.errors import ModelNotFound

router = APIRouter(prefix="/agreement", tags=["agreement"], dependencies=[needs(Permission.CASES_READ)])

ALL_LABELS = Subject("label", "*")
_TYPES = {LabelsFormat.CSV: "text/csv; charset=utf-8", LabelsFormat.JSON: "application/json"}

ModelDep = Annotated[HexId | None, Query(description="Default: the model with most labels.")]


@router.get("", dependencies=[needs(Permission.MODELS_READ)], responses=error_responses(ModelNotFound))
def get_agreement(
    session: ReadSessionDep,
    resources: ResourcesDep,
    model_version_id: ModelDep = None,
    mine: Annotated[bool, Query(description="Only one's own labels. Readers see no others anyway.")] = False,
) -> AgreementRead:
    """Labels against a model's latest predictions of the same cases, and what interventions did to its accuracy."""
    resources.views.note("agreement.viewed", ALL_LABELS, {"model_version": model_version_id, "mine": mine})
    return service.read_agreement(session, resources, model_version_id, mine)


@router.get("/options", dependencies=[needs(Permission.MODELS_READ)], responses=error_responses(ModelNotFound))
def get_option_agreement(
    session: ReadSessionDep,
    resources: ResourcesDep,
    model_version_id: Annotated[HexId, Query(description="Whose options.")],
) -> OptionsAgreement:
    """How well each option of a model goes with people's labels: the evidence beside it in the concept editor."""
    resources.views.note("agreement.viewed", ALL_LABELS, {"model_version": model_version_id, "mine": False})
    return service.read_options(session, model_version_id)


@router.get(
    "/labels",
    response_model=LabelsExport,
    responses=binary_response("text/csv", description="One row a label, changed last first.")
    | error_responses(ModelNotFound),
)
def export_labels(
    session: ReadSessionDep,
    resources: ResourcesDep,
    model_version_id: Annotated[
        HexId | None, Query(description="Only labels of cases that it has predicted, with its answers beside them.")
    ] = None,
    form: Annotated[LabelsFormat, Query(alias="format")] = LabelsFormat.CSV,
) -> Response:
    """The labels that one may see, as a file: for a retrain, or for other statistics. That it was taken is an event."""
    content = export.export_labels(session, model_version_id, form)
    with resources.database.writing() as writer:
        record(writer, "labels.exported", ALL_LABELS, after={"format": form.value, "model_version": model_version_id})
    name = f"vitrine-labels-{now():%Y-%m-%d}.{form.value}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=_TYPES[form], headers=headers)
