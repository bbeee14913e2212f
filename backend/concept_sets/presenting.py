"""What the database holds of concept sets, as the contract says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from backend.concept_sets.repository import UsedBy
from backend.concept_sets.schemas import (
    ConceptChange,
    ConceptPrompt,
    ConceptSetContent,
    ConceptSetRead,
    ConceptSetUser,
    RevisionSummary,
)
from backend.db.tables import ConceptSetRevision, ConceptSetRow
from backend.people.names import Names
from models.concepts import ConceptSet, available_concept_sets
from models.concepts.changes import Change


def concept_set_of(revision: ConceptSetRevision) -> ConceptSet:
    """The content as a checked value."""
    return ConceptSet.model_validate(revision.content)


def content(concept_set: ConceptSet) -> ConceptSetContent:
    """All of it."""
    return ConceptSetContent.model_validate(concept_set.model_dump(mode="json"))


def prompts(concept_set: ConceptSet) -> list[ConceptPrompt]:
    """One for each option, in the order of the score columns."""
    both = zip(concept_set.option_ids, concept_set.prompts(), strict=True)
    return [ConceptPrompt(option_id=option_id, prompt=prompt) for option_id, prompt in both]


def changes(found: Sequence[Change]) -> list[ConceptChange]:
    """With their sentences."""
    return [ConceptChange(**asdict(change), sentence=change.sentence) for change in found]


def summary_fields(revision: ConceptSetRevision, names: Names) -> dict[str, Any]:
    """Of ``RevisionSummary``."""
    return {
        "id": revision.id,
        "concept_set_id": revision.concept_set_id,
        "number": revision.number,
        "digest": revision.digest,
        "parent_revision_id": revision.parent_revision_id,
        "author": names.ref_or_none(revision.author_id),
        "reason": revision.reason,
        "created_at": revision.created_at,
    }


def users(models: Sequence[UsedBy]) -> list[ConceptSetUser]:
    """Models that use a set."""
    return [ConceptSetUser.model_validate(model) for model in models]


def read_set(
    row: ConceptSetRow, newest: ConceptSetRevision, revisions: int, models: Sequence[UsedBy], names: Names
) -> ConceptSetRead:
    """One set in figures."""
    said = newest.content
    return ConceptSetRead(
        id=row.id,
        name=row.name,
        title=said["title"],
        modality=said["modality"],
        classes=len(said["classes"]),
        groups=len(said["groups"]),
        options=sum(len(group["options"]) for group in said["groups"]),
        shipped=row.name in available_concept_sets(),
        revisions=revisions,
        latest=RevisionSummary(**summary_fields(newest, names)),
        models=users([model for model in models if model.concept_set_id == row.id]),
    )
