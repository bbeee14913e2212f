"""How stored values become what is seen. One description for the decoder, the database, the server and the browser.

A stored value ``v`` means ``m = slope * v + intercept`` in the modality's unit. A window (DICOM PS3.3 C.11.2.1.2) or a
table (C.11.2.1.1) turns ``m`` into brightness, and ``inverted`` (MONOCHROME1, or by hand) turns it around.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class Values(StrEnum):
    """What the stored values are: one number a pixel, or red, green and blue."""

    GREY = "grey"
    COLOUR = "colour"


class VoiFunction(StrEnum):
    """How a window becomes brightness (DICOM PS3.3 C.11.2.1.2 and C.11.2.1.3)."""

    LINEAR = "linear"
    LINEAR_EXACT = "linear_exact"
    SIGMOID = "sigmoid"


class Window(_Part):
    """Centre and width in the modality's unit."""

    center: float = Field(allow_inf_nan=False)
    width: float = Field(gt=0, allow_inf_nan=False)


class WindowPreset(Window):
    """A window that the file names, or that belongs to its kind of image."""

    name: str


class VoiTable(_Part):
    """A VOI lookup table of the file. Below ``first`` its first entry holds, beyond its end the last one."""

    name: str
    first: int = Field(description="The modality value of the first entry.")
    bits: int = Field(ge=1, le=16, description="Of an entry: the largest is white.")
    entries: list[int]


class Spacing(_Part):
    """Millimetres between the middles of neighbouring pixels."""

    row_mm: float = Field(gt=0, description="From one row to the next: vertical.")
    column_mm: float = Field(gt=0, description="From one column to the next: horizontal.")
    source: str = Field(description="Attribute it comes from, such as PixelSpacing.")
    calibrated: bool = Field(
        description="False: at the detector (ImagerPixelSpacing); in the body it is smaller by the magnification."
    )


class Orientation(_Part):
    """Letters at the edges: L, R, A, P, H, F, or two of them."""

    left: str
    right: str
    top: str
    bottom: str


class Display(_Part):
    """Everything that one needs to show the values of a case.

    Attributes:
        bytes_per_value: 1 or 2, little endian; colour has three values a pixel.
        lowest, highest: modality values over all frames.
        windows: of the file, the default first. Empty: from ``lowest`` to ``highest``.
        table: instead of a window, where the file has a table and no window.
        frame_ms: between two frames of a film.
    """

    values: Values
    bytes_per_value: int = Field(ge=1, le=2)
    signed: bool
    slope: float
    intercept: float
    unit: str | None
    lowest: float
    highest: float
    inverted: bool
    windows: list[WindowPreset]
    voi_function: VoiFunction
    table: VoiTable | None
    spacing: Spacing | None
    orientation: Orientation | None
    frame_ms: float | None


class Rendering(_Part):
    """Which frame was seen, and how. Stored with what a model said about it.

    Attributes:
        window: None: as the file asks (its table, or nothing to choose, as for colour).
        inverted: as seen: with MONOCHROME1 true by default.
    """

    frame: int = Field(ge=0)
    window: Window | None
    voi_function: VoiFunction
    inverted: bool
