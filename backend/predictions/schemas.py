"""Predictions and their maps over HTTP.

Shapes: K concept groups, O options, C classes; rows x columns of the patch grid.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from backend.core.schemas import Create, HexId, Read, Timestamp
from backend.intake.display import Rendering
from backend.model_registry.service import ModelChoice


class MapKind(StrEnum):
    """``gradcam`` (per option) and ``magnet`` (per group) explain the prediction; ``index`` is auxiliary."""

    GRADCAM = "gradcam"
    MAGNET = "magnet"
    INDEX = "index"


class MapFormat(StrEnum):
    """Numbers, or a picture."""

    JSON = "json"
    PNG = "png"


class Colormap(StrEnum):
    """``viridis`` is perceptually uniform; ``jet`` is the paper's. The index map has its own colours."""

    VIRIDIS = "viridis"
    CIVIDIS = "cividis"
    INFERNO = "inferno"
    JET = "jet"
    GRAY = "gray"


class MapLayer(StrEnum):
    """The map over the image, or the map alone on transparent ground."""

    OVERLAY = "overlay"
    MAP = "map"


class WindowCreate(Create):
    """Centre and width in the modality's unit, as the viewer has them."""

    center: float = Field(allow_inf_nan=False)
    width: float = Field(gt=0, allow_inf_nan=False)


class RenderingCreate(Create):
    """What the model is to see of a case that keeps values: the frame, and how its values are shown."""

    frame: int = Field(0, ge=0, le=100_000)
    window: WindowCreate | None = Field(None, description="Default: as the file asks.")
    inverted: bool | None = Field(None, description="Default: as the file says.")


class PredictionCreate(Create):
    """Which model to use."""

    model_version_id: HexId | None = Field(
        None,
        description="Default: the active one of the case's data set; else one that fits modality and body part of the "
        "DICOM header, if any does; for other files one suggested from the image.",
    )
    rendering: RenderingCreate | None = Field(None, description="Default: as the case's image was made.")


class ModelSummary(Read):
    """The model that made a prediction."""

    id: str
    name: str
    synthetic: bool


class ClassPrediction(Read):
    """One class. ``logit`` is ``bias`` plus the contributions of all options to this class."""

    key: str
    name: str
    logit: float
    probability: float
    bias: float


class OptionPrediction(Read):
    """One option. ``contributions`` maps class keys to weight times score, exactly."""

    id: str = Field(description="`group.option`")
    text: str
    score: float
    probability: float = Field(description="Within its group.")
    contributions: dict[str, float]


class GroupPrediction(Read):
    """One concept group."""

    key: str
    name: str
    localizable: bool
    options: list[OptionPrediction]


class CodePrediction(Read):
    """Use of one code of the visual dictionary in this image. Auxiliary."""

    index: int
    group_key: str | None = Field(description="The group it was measured to go with, or null.")
    association: float | None
    patches: int


class FamiliarityRead(Read):
    """Distance to what the model was trained on; percentile among validation images, 0 to 100."""

    distance: float
    percentile: float


class RegionRead(Read):
    """Rectangle that the grid covers, in pixels of the case's image. May reach beyond it."""

    x: float
    y: float
    width: float
    height: float


class PredictionRead(Read):
    """One model version's explained output for one case. Never changes. Not for diagnosis."""

    id: str
    case_id: str
    model_version_id: str
    model: ModelSummary
    model_choice: ModelChoice | None = Field(description="Null for predictions from before this was written down.")
    rendering: Rendering | None = Field(
        description="What the model saw of the values. Null: the case's image, or from before this was written down."
    )
    predicted_class: str = Field(description="A class key.")
    classes: list[ClassPrediction]
    groups: list[GroupPrediction]
    grid: tuple[int, int] = Field(description="Rows, columns.")
    region: RegionRead
    index_map: list[list[int]] = Field(description="Nearest code of each patch. Auxiliary.")
    codes: list[CodePrediction]
    familiarity: FamiliarityRead
    header_note: str | None = Field(
        description="In words: the image's DICOM header names another modality or body part than the model's. Null: it "
        "does not, or the file does not say."
    )
    timings_ms: dict[str, float]
    created_at: Timestamp


class PredictionList(Read):
    """Newest first."""

    items: list[PredictionRead]


class MapRead(Read):
    """One map: of an option and its group (gradcam), of a group (magnet), or of neither (index)."""

    option_id: str | None
    group_key: str | None
    values: list[list[float]]


class MapsRead(Read):
    """Maps of one kind. Grad-CAM is unscaled and not negative; Magnet sums to one over the groups."""

    kind: MapKind
    grid: tuple[int, int] = Field(description="Rows, columns.")
    region: RegionRead
    maps: list[MapRead]
