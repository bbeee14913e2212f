"""Cases over HTTP."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from backend.auth.schemas import GroupRef, PersonRef
from backend.core.schemas import LINE, PARAGRAPHS, Create, HexId, Read, Timestamp

Pseudonym = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), *LINE]
Notes = Annotated[str, StringConstraints(max_length=10_000), *PARAGRAPHS]
DatasetName = Annotated[str, StringConstraints(min_length=1, max_length=64), *LINE]
Search = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), *LINE]


class SourceFormat(StrEnum):
    """What an image arrived as, decided by its content."""

    PNG = "png"
    JPEG = "jpeg"
    TIFF = "tiff"
    WEBP = "webp"
    BMP = "bmp"


class Visibility(StrEnum):
    """Who sees a case beside its owner and the administrators: nobody, groups, or everybody with an account."""

    PRIVATE = "private"
    GROUPS = "groups"
    OPEN = "open"


class LatestPrediction(Read):
    """The newest prediction of a case, as a list shows it."""

    id: str
    predicted_class: str
    predicted_class_name: str
    probability: float
    model_version_id: str


class CaseRead(Read):
    """One image under review."""

    id: str
    pseudonym: str
    notes: str
    sha256: str = Field(description="Of the bytes as uploaded.")
    width: int = Field(description="Pixels, after the orientation was applied.")
    height: int
    frames: int = Field(description="In the uploaded file; the first one is shown.")
    source_format: SourceFormat
    deidentified: bool = Field(description="Metadata was dropped. Says nothing about text in the pixels.")
    dataset: str | None = Field(description="Null: unknown; a model is then suggested from the image.")
    synthetic: bool
    filename: str | None
    created_at: Timestamp
    owner: PersonRef | None = Field(description="Null: from before there were accounts.")
    visibility: Visibility
    groups: list[GroupRef] = Field(description="It is shared with; of these, those that one belongs to.")
    may_change: bool = Field(description="Whether the one who asks may change, share and delete it.")
    latest_prediction: LatestPrediction | None


class SharingUpdate(Create):
    """Who sees the case."""

    visibility: Visibility
    group_ids: list[HexId] = Field([], max_length=100, description="With `groups`: which. One must belong to them.")


class CasePage(Read):
    """Newest first."""

    items: list[CaseRead]
    next_cursor: str | None = Field(description="Give it back as `cursor`; null on the last page.")
    total: int = Field(description="Cases that match the search, on all pages.")


class CaseUpdate(Create):
    """What may change. A field that is left out or null stays as it is."""

    pseudonym: Pseudonym | None = None
    notes: Notes | None = None
    dataset: DatasetName | None = Field(
        None, description="The data set whose active model new predictions use: of a model, or of GET /datasets."
    )
