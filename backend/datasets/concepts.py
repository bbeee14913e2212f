"""The concept set that a folder is read with: any that the server knows."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backend.concept_sets import repository
from backend.concept_sets.presenting import concept_set_of
from backend.datasets.errors import BadImportSettings
from models.concepts import ConceptSet

_NAMED = 20  # sets in an error


def find_concepts(session: Session, name_or_revision: str) -> ConceptSet:
    """The newest revision of a set, or the revision of an id.

    Raises:
        BadImportSettings: there is neither.
    """
    row = repository.find(session, name_or_revision)
    if row is None:
        revision = repository.get_revision(session, name_or_revision)
    else:
        revision = repository.newest(session, row.id).get(row.id)
    if revision is None:
        names = [known.name for known in repository.list_all(session)]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        raise BadImportSettings(
            f"No concept set is called '{name_or_revision}', and no revision has this id; there are "
            f"{', '.join(names[:_NAMED])}{more}."
        )
    return concept_set_of(revision)
