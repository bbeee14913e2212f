"""Dependencies on interventions."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from backend.audit.service import Subject
from backend.core.schemas import PathId
from backend.db.tables import Intervention
from backend.dependencies import ReadSessionDep, ResourcesDep
from backend.interventions import repository
from backend.interventions.errors import InterventionNotFound


def get_intervention(session: ReadSessionDep, intervention_id: PathId) -> Intervention:
    found = repository.get(session, intervention_id)
    if found is None:
        raise InterventionNotFound
    return found


def view_intervention(
    resources: ResourcesDep, intervention: Annotated[Intervention, Depends(get_intervention)]
) -> Intervention:
    """The view is noted before anything of it is sent."""
    told = {"case": intervention.case_id, "prediction": intervention.prediction_id}
    resources.views.note("intervention.viewed", Subject("intervention", intervention.id), told)
    return intervention


ViewedInterventionDep = Annotated[Intervention, Depends(view_intervention)]
