"""Model versions over HTTP."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from backend.auth.schemas import PersonRef
from backend.core.schemas import LINE, Create, Read, Timestamp


class ConceptSetSummary(Read):
    """Which concepts a model reasons with."""

    name: str
    version: int
    title: str
    digest: str


class ClassRead(Read):
    """One diagnosis."""

    key: str
    name: str


class VersionRef(Read):
    """A model version by name."""

    id: str
    name: str


class ModelVersionRead(Read):
    """Weights with their concept set, data set and figures."""

    id: str
    name: str
    dataset: str
    concept_set: ConceptSetSummary
    active: bool = Field(description="Used for new predictions of its data set.")
    synthetic: bool = Field(description="Trained on synthetic images only.")
    device: str | None = Field(description="Null until the model is loaded.")
    precision: str | None = Field(description="Null until the model is loaded.")
    metrics: dict[str, Any]
    classes: list[ClassRead]
    training_run_id: str | None = Field(
        description="That made it here; null for shipped ones and those put in a folder."
    )
    parent: VersionRef | None = Field(description="That it was retrained from, if that is registered here.")
    can_roll_back: bool = Field(description="It is active, and the version before it is still there.")
    created_at: Timestamp


class ModelVersionDetail(ModelVersionRead):
    """With the model card."""

    card: str = Field(description="Markdown.")


class ModelVersionList(Read):
    """Active ones first, then newest first."""

    items: list[ModelVersionRead]


GivenReason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), *LINE]


class ActivationCreate(Create):
    """Why this version is to be used from now on."""

    reason: GivenReason


class RollbackCreate(Create):
    """Why the version before is to be used again."""

    reason: GivenReason = "Rolled back."


class ActivationKind(StrEnum):
    """``first``: nothing was active for the data set. ``rollback``: the version before was put back."""

    FIRST = "first"
    PROMOTION = "promotion"
    ROLLBACK = "rollback"


class ActivationRead(Read):
    """A model version came into use for a data set."""

    id: str
    dataset: str
    kind: ActivationKind
    model: VersionRef
    previous: VersionRef | None
    reason: str
    author: PersonRef | None = Field(description="Null: the server itself, at its start.")
    created_at: Timestamp


class ActivationList(Read):
    """Newest first, at most 200."""

    items: list[ActivationRead]
