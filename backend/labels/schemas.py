"""Labels over HTTP."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from backend.auth.schemas import PersonRef
from backend.core.schemas import LINE, Create, Read, Timestamp
from backend.model_registry.schemas import ConceptSetSummary

Name = Annotated[str, StringConstraints(min_length=1, max_length=140), *LINE]
MAX_GROUPS = 1000

_OPTIONS = "Option id by group key. A group that is left out was not marked; null: its only option is absent."


class LabelUpdate(Create):
    """What the one who asks sees in the image. Replaces what they said before."""

    class_key: Name | None = None
    options: dict[Name, Name | None] = Field(default={}, max_length=MAX_GROUPS, description=_OPTIONS)


class LabelRead(Read):
    """What one person sees in one case. They have one for each concept set."""

    id: str
    case_id: str
    prediction_id: str = Field(description="The one that they looked at when they said so last.")
    concept_set: ConceptSetSummary
    author: PersonRef
    mine: bool
    class_key: str | None
    options: dict[str, str | None] = Field(description=_OPTIONS)
    created_at: Timestamp
    updated_at: Timestamp


class LabelList(Read):
    """Those that one may see, changed last first."""

    items: list[LabelRead]
