"""Dependencies on concept sets: the row exists and you may see it, and that it was looked at is noted."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from backend.audit.service import Subject
from backend.concept_sets import service
from backend.core.schemas import PathId
from backend.db.tables import ConceptSetRevision, ConceptSetRow
from backend.dependencies import ReadSessionDep, ResourcesDep


def view_concept_set(session: ReadSessionDep, resources: ResourcesDep, concept_set_id: PathId) -> ConceptSetRow:
    row = service.require(session, concept_set_id)
    resources.views.note("concept_set.viewed", Subject("concept_set", row.id))
    return row


def get_revision(session: ReadSessionDep, revision_id: PathId) -> ConceptSetRevision:
    return service.require_revision(session, revision_id)


def view_revision(
    resources: ResourcesDep, revision: Annotated[ConceptSetRevision, Depends(get_revision)]
) -> ConceptSetRevision:
    resources.views.note("concept_set.viewed", Subject("concept_set", revision.concept_set_id))
    return revision


def view_other(session: ReadSessionDep, resources: ResourcesDep, other_id: PathId) -> ConceptSetRevision:
    return view_revision(resources, service.require_revision(session, other_id))


RevisionDep = Annotated[ConceptSetRevision, Depends(get_revision)]
ViewedConceptSetDep = Annotated[ConceptSetRow, Depends(view_concept_set)]
ViewedRevisionDep = Annotated[ConceptSetRevision, Depends(view_revision)]
ViewedOtherDep = Annotated[ConceptSetRevision, Depends(view_other)]
