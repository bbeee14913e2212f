"""How large a file's content may be. All of it is checked from the header, before anything is decoded."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

MAX_FRAMES = 2000
MAX_SIDE = 32_768


class Limits(BaseModel):
    """Frozen; it travels to the process that decodes as JSON.

    Attributes:
        max_pixels: of one frame, rows x columns.
        max_values: of all frames that are kept, three a pixel for colour.
        max_frames: of one file.
        max_side: pixels.
        max_header_bytes: of a DICOM file without its pixels, also after inflating it.
    """

    model_config = ConfigDict(frozen=True)

    max_pixels: int = Field(ge=1)
    max_values: int = Field(ge=1)
    max_frames: int = Field(MAX_FRAMES, ge=1)
    max_side: int = Field(MAX_SIDE, ge=1)
    max_header_bytes: int = Field(64 * 1024 * 1024, ge=1)
