"""What the decoding process hands back: files in a folder of its own, and this account of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from backend.intake.display import Display, Rendering

MOST_FOUND = 100
# A defined term of one word. Nothing else of a header is shown to others: a value of another form may say who it is.
TERM = r"[A-Z]{2,16}"
Term = Annotated[str, StringConstraints(pattern=f"^{TERM}$")]

RESULT, IMAGE, THUMBNAIL, HEADER = "result.json", "image.png", "thumbnail.webp", "header.json"


def frame_name(frame: int) -> str:
    """Gzip of a frame's values: row by row, little endian, ``Display.bytes_per_value`` each, colour as RGB."""
    return f"frame-{frame:05d}.gz"


class SourceFormat(StrEnum):
    """What an image arrived as, decided by its content."""

    PNG = "png"
    JPEG = "jpeg"
    TIFF = "tiff"
    WEBP = "webp"
    BMP = "bmp"
    JPEG2000 = "jpeg2000"
    DICOM = "dicom"


class ElementAction(StrEnum):
    """What happened to a header's element: the profile's X, Z, D and C, and what its options do."""

    REMOVED = "removed"
    EMPTIED = "emptied"
    REPLACED = "replaced"
    SHIFTED = "shifted"
    REMAPPED = "remapped"
    CLEANED = "cleaned"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class ChangedElement(_Part):
    """An element that was taken out or changed. Never its value."""

    tag: str = Field(description="As (0010,0010); for pictures the name of the block, such as EXIF.")
    name: str = Field(description="As the standard calls it.")
    action: ElementAction
    occurrences: int = Field(ge=1, description="Also inside sequences.")


class Code(_Part):
    """A coded method of de-identification (DICOM CID 7050)."""

    value: str
    meaning: str


class Deidentification(_Part):
    """What was done before anything was kept."""

    profile: str = Field(description="In words: the profile, or that only the pixels of a picture were kept.")
    methods: list[Code]
    elements: list[ChangedElement]
    private_removed: int = Field(ge=0, description="Elements of manufacturers, all removed.")


class Box(_Part):
    """Pixels of a frame, from the top left; of a picture without kept values the frame is 0."""

    x: int = Field(ge=0)
    y: int = Field(ge=0)
    width: int = Field(ge=1)
    height: int = Field(ge=1)
    frame: int = Field(ge=0)


class Account(_Part):
    """Of one decoded file.

    Attributes:
        values_kept: whether there is a file for each frame; else the picture is all there is.
        rendering: how the picture in IMAGE was made from the values.
        suspects: why a person should look for text in the pixels, in words; empty: no reason found.
        found: lines that look like text, in the frames that were looked at.
        pseudonym: for the patient, the same at every upload to this site; None: the file names none.
        modality, body_part: of the DICOM header, where they are defined terms; else None.
    """

    source_format: SourceFormat
    width: int = Field(ge=1)
    height: int = Field(ge=1)
    frames: int = Field(ge=1)
    values_kept: bool
    display: Display | None
    rendering: Rendering | None
    deidentification: Deidentification
    suspects: list[str]
    found: list[Box] = Field(max_length=MOST_FOUND)
    pseudonym: str | None
    modality: Term | None
    body_part: Term | None

    @model_validator(mode="after")
    def _within_the_image(self) -> Self:
        frames = self.frames if self.values_kept else 1
        for box in self.found:
            if box.x + box.width > self.width or box.y + box.height > self.height or box.frame >= frames:
                raise ValueError("a line of text lies outside the image")
        return self
