"""Model versions over HTTP."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from backend.core.schemas import Read, Timestamp


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
    created_at: Timestamp


class ModelVersionDetail(ModelVersionRead):
    """With the model card."""

    card: str = Field(description="Markdown.")


class ModelVersionList(Read):
    """Active ones first, then newest first."""

    items: list[ModelVersionRead]
