"""Routes of concept sets."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.audit.service import Subject
from backend.concept_sets import presenting, service
from backend.concept_sets.dependencies import RevisionDep, ViewedConceptSetDep, ViewedOtherDep, ViewedRevisionDep
from backend.concept_sets.errors import (
    BadConceptSet,
    ConceptSetNameTaken,
    ConceptSetNotFound,
    NotNewest,
    RevisionNotFound,
    Unchanged,
)
from backend.concept_sets.schemas import (
    ConceptSetCheck,
    ConceptSetCheckCreate,
    ConceptSetCreate,
    ConceptSetList,
    ConceptSetRead,
    ConceptSetRevisionCreate,
    RevisionDiff,
    RevisionList,
    RevisionRead,
)
from backend.core.errors import Responses, error_responses
from backend.core.schemas import Limit, PathId
from backend.dependencies import ReadSessionDep, ResourcesDep, WriteSessionDep
from models.concepts import concept_set_yaml

router = APIRouter(tags=["concept sets"])

READ = needs(Permission.MODELS_READ)
WRITE = needs(Permission.CONCEPTS_WRITE)
MAX_OFFSET = 1_000_000
_SAID = {"schema": {"$ref": "#/components/schemas/ConceptSetContent"}}
AS_YAML: Responses = {200: {"description": "The file.", "content": {"application/yaml": _SAID}}}


@router.get("/concept-sets", dependencies=[READ])
def list_concept_sets(session: ReadSessionDep) -> ConceptSetList:
    """All concept sets by name: the newest revision of each, and which models use it."""
    return service.list_sets(session)


@router.post(
    "/concept-sets",
    status_code=201,
    dependencies=[WRITE],
    responses=error_responses(BadConceptSet, ConceptSetNameTaken),
)
def create_concept_set(session: WriteSessionDep, body: ConceptSetCreate) -> RevisionRead:
    """A new concept set, from JSON or from YAML. Answers with its first revision."""
    return service.create(session, body)


@router.post("/concept-sets/check", dependencies=[WRITE], responses=error_responses(RevisionNotFound))
def check_concept_set(session: ReadSessionDep, body: ConceptSetCheckCreate) -> ConceptSetCheck:
    """What saving would say: problems, prompts, warnings, changes. Nothing is kept."""
    return service.check(session, body)


@router.get("/concept-sets/{concept_set_id}", dependencies=[READ], responses=error_responses(ConceptSetNotFound))
def get_concept_set(session: ReadSessionDep, row: ViewedConceptSetDep) -> ConceptSetRead:
    """One concept set."""
    return service.read_set(session, row)


@router.get(
    "/concept-sets/{concept_set_id}/revisions", dependencies=[READ], responses=error_responses(ConceptSetNotFound)
)
def list_concept_set_revisions(
    session: ReadSessionDep,
    row: ViewedConceptSetDep,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
    limit: Limit = 20,
) -> RevisionList:
    """Its revisions, newest first: who saved each, why, and what changed."""
    return service.list_revisions(session, row, slice(offset, offset + limit))


@router.post(
    "/concept-sets/{concept_set_id}/revisions",
    status_code=201,
    dependencies=[WRITE],
    responses=error_responses(ConceptSetNotFound, RevisionNotFound, BadConceptSet, Unchanged, NotNewest),
)
def create_concept_set_revision(
    session: WriteSessionDep, concept_set_id: PathId, body: ConceptSetRevisionCreate
) -> RevisionRead:
    """Save a change. The parent must be the newest revision; otherwise the answer says what changed meanwhile."""
    return service.revise(session, concept_set_id, body)


@router.get("/concept-set-revisions/{revision_id}", dependencies=[READ], responses=error_responses(RevisionNotFound))
def get_concept_set_revision(session: ReadSessionDep, revision: ViewedRevisionDep) -> RevisionRead:
    """One revision with content, prompts, warnings, and what it changed."""
    return service.read_revision(session, revision)


@router.get(
    "/concept-set-revisions/{revision_id}/yaml",
    dependencies=[READ],
    response_class=Response,
    responses=AS_YAML | error_responses(RevisionNotFound),
)
def export_concept_set_revision(resources: ResourcesDep, revision: RevisionDep) -> Response:
    """One revision as a file that `vitrine concepts check` and `vitrine train` read."""
    told = {"revision": revision.number, "digest": revision.digest}
    resources.views.note("concept_set.exported", Subject("concept_set", revision.concept_set_id), told)
    said = presenting.concept_set_of(revision)
    name = f"{said.name}-revision-{revision.number}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(concept_set_yaml(said).encode(), media_type="application/yaml", headers=headers)


@router.get(
    "/concept-set-revisions/{revision_id}/diff/{other_id}",
    dependencies=[READ],
    responses=error_responses(RevisionNotFound),
)
def diff_concept_set_revisions(
    session: ReadSessionDep, revision: ViewedRevisionDep, other: ViewedOtherDep
) -> RevisionDiff:
    """What changed from the first revision to the second."""
    return service.compare(session, revision, other)
