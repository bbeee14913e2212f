"""What can go wrong with concept sets."""

from __future__ import annotations

from backend.core.errors import AppError


class ConceptSetNotFound(AppError):
    """No such set."""

    status = 404
    code = "concept_set_not_found"
    summary = "There is no concept set with this id; GET /api/v1/concept-sets lists them."


class RevisionNotFound(AppError):
    """No such revision."""

    status = 404
    code = "concept_set_revision_not_found"
    summary = "There is no revision with this id; GET /api/v1/concept-sets/{id}/revisions lists those of a set."


class BadConceptSet(AppError):
    """Content that does not hold together."""

    status = 400
    code = "bad_concept_set"
    summary = "The concept set does not hold together; the detail names each place and what to do there."


class Unchanged(AppError):
    """Nothing to save."""

    status = 400
    code = "concept_set_unchanged"
    summary = "This is what the newest revision says already, so there is nothing to save."


class ConceptSetNameTaken(AppError):
    """Two sets cannot share a name."""

    status = 409
    code = "concept_set_name_taken"
    summary = "There is a concept set with this name already; choose another name, or save a revision of that one."


class NotNewest(AppError):
    """Somebody else saved meanwhile."""

    status = 409
    code = "concept_set_revision_not_newest"
    summary = (
        "Another revision was saved meanwhile; the detail says by whom and what it changed. Nothing was saved and "
        "nothing is lost: take over what changed, then save again with the newest revision as the parent."
    )
