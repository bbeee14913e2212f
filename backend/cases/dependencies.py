"""Dependencies on cases: "the row exists and you may see it" is decided here; the second by ``access.rules``."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from backend.access.principal import current
from backend.access.rules import may_change
from backend.audit.service import Subject
from backend.cases import repository
from backend.cases.creating import CaseCreator
from backend.cases.errors import CaseNotFound, CaseNotYours
from backend.core.schemas import PathId
from backend.db.tables import Case
from backend.dependencies import ReadSessionDep, ResourcesDep, WriteSessionDep


def get_case(session: ReadSessionDep, case_id: PathId) -> Case:
    return repository.get(session, case_id) or _missing()


def get_case_for_update(session: WriteSessionDep, case_id: PathId) -> Case:
    case = repository.lock(session, case_id) or _missing()
    if not may_change(current(), case):
        raise CaseNotYours
    return case


def view_case(resources: ResourcesDep, case: Annotated[Case, Depends(get_case)]) -> Case:
    """The view is noted before anything of it is sent."""
    resources.views.note("case.viewed", Subject("case", case.id))
    return case


def get_case_snapshot(resources: ResourcesDep, case_id: PathId) -> Case:
    with resources.database.reading() as session:
        return repository.get(session, case_id) or _missing()


def get_cases(session: WriteSessionDep, resources: ResourcesDep) -> CaseCreator:
    return CaseCreator(
        session=session,
        database=resources.database,
        storage=resources.storage,
        settings=resources.settings,
        picture_slots=resources.picture_slots,
        sandbox=resources.sandbox,
    )


def _missing() -> Case:
    raise CaseNotFound


CaseDep = Annotated[Case, Depends(get_case)]
ViewedCaseDep = Annotated[Case, Depends(view_case)]
CaseForUpdateDep = Annotated[Case, Depends(get_case_for_update)]
# Read in a transaction of its own that has ended: for routes that work long before they write.
CaseSnapshotDep = Annotated[Case, Depends(get_case_snapshot)]
CasesDep = Annotated[CaseCreator, Depends(get_cases)]
