"""Cases over HTTP."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from backend.auth.schemas import GroupRef, PersonRef
from backend.core.schemas import LINE, PARAGRAPHS, Create, HexId, Read, Timestamp
from backend.intake.display import Display, Rendering
from backend.intake.result import Deidentification, SourceFormat

Pseudonym = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), *LINE]
Notes = Annotated[str, StringConstraints(max_length=10_000), *PARAGRAPHS]
DatasetName = Annotated[str, StringConstraints(min_length=1, max_length=64), *LINE]
Search = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), *LINE]


class Review(StrEnum):
    """Whether a person must look for text in the pixels, and has."""

    NOT_NEEDED = "not_needed"
    WAITING = "waiting"
    DONE = "done"


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
    frames: int = Field(description="In the uploaded file.")
    values_kept: bool = Field(
        description="GET …/frames/{frame} has the values, and GET …/display how they are shown. Else the image is all."
    )
    source_format: SourceFormat
    deidentified: bool = Field(description="Metadata was dropped. Of text in the pixels `review` tells.")
    review: Review = Field(
        description="`waiting`: the pixels may hold text about the patient. Until its owner has looked "
        "(POST …/review), nobody else sees the case and no model explains it."
    )
    suspects: list[str] = Field(description="Why somebody should look, in words.")
    dataset: str | None = Field(description="Null: unknown; a model is then suggested from the image.")
    synthetic: bool
    filename: str | None = Field(
        description="Its owner and administrators alone see it. Null for DICOM: such names often are patients'."
    )
    modality: str | None = Field(
        description="Of the DICOM header: its defined term, such as US, MG or CT. Null: the file does not say."
    )
    body_part: str | None = Field(description="Of the DICOM header, such as BREAST. Null: the file does not say.")
    image_version: str = Field(description="Another one whenever the image or its thumbnail is.")
    created_at: Timestamp
    owner: PersonRef | None = Field(description="Null: from before there were accounts.")
    visibility: Visibility
    groups: list[GroupRef] = Field(description="It is shared with; of these, those that one belongs to.")
    may_change: bool = Field(description="Whether the one who asks may change, share and delete it.")
    latest_prediction: LatestPrediction | None


class CaseDisplay(Read):
    """How the values of a case are shown."""

    display: Display | None = Field(description="Null: no values are kept.")
    rendering: Rendering | None = Field(description="How the case's image was made from them, and the model's default.")


class Region(Create):
    """A rectangle of pixels, to be blacked out for good."""

    x: int = Field(ge=0)
    y: int = Field(ge=0)
    width: int = Field(ge=1)
    height: int = Field(ge=1)
    frame: int | None = Field(None, ge=0, description="Default: all frames.")


class ReviewCreate(Create):
    """A person has looked at all frames. What the regions cover is overwritten and cannot be had back."""

    regions: list[Region] = Field([], max_length=100)


class RegionRead(Read):
    """A rectangle of pixels."""

    x: int
    y: int
    width: int
    height: int
    frame: int | None = Field(description="Null: all frames.")


class DeidentificationRead(Read):
    """What was taken out of the file before anything of it was kept."""

    report: Deidentification | None = Field(
        description="Null: from before this was written down; only pixels were kept."
    )
    found: list[RegionRead] = Field(
        description="Lines that look like text, as detected at upload; not complete. At most 100."
    )
    regions: list[RegionRead] = Field(description="Blacked out by a person.")
    original_kept: bool = Field(description="Encrypted; only this server's operator can read it.")


class SharingUpdate(Create):
    """Who sees the case."""

    visibility: Visibility
    group_ids: list[HexId] = Field([], max_length=100, description="With `groups`: which. One must belong to them.")


class CasePage(Read):
    """Newest first."""

    items: list[CaseRead]
    next_cursor: str | None = Field(description="Give it back as `cursor`; null on the last page.")
    total: int = Field(description="Cases that match the search, on all pages.")
    waiting: int = Field(description="Cases of one's own that wait for a look at their pixels.")


class CaseUpdate(Create):
    """What may change. A field that is left out or null stays as it is."""

    pseudonym: Pseudonym | None = None
    notes: Notes | None = None
    dataset: DatasetName | None = Field(
        None, description="The data set whose active model new predictions use: of a model, or of GET /datasets."
    )
