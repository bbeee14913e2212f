"""What the decoding process hands back: files in a folder of its own, and this account of them."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from backend.intake.display import Display, Rendering

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


class Account(_Part):
    """Of one decoded file.

    Attributes:
        values_kept: whether there is a file for each frame; else the picture is all there is.
        rendering: how the picture in IMAGE was made from the values.
        suspects: why a person should look for text in the pixels, in words; empty: no reason found.
        pseudonym: for the patient, the same at every upload to this site; None: the file names none.
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
    pseudonym: str | None
