"""Diagnoses over HTTP. What the figures mean, ``models.diagnose.results`` says."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from backend.core.schemas import Create, HexId, Read
from backend.datasets.schemas import DatasetName
from backend.jobs.schemas import JobRead
from models.diagnose.results import CodeDiagnosis, Flag, GroupDiagnosis, OptionDiagnosis
from models.diagnose.settings import DiagnoseSettings


class DiagnosedSplit(StrEnum):
    """Which images."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


class DiagnosisCreate(Create):
    """A diagnosis to queue."""

    model_version_id: HexId
    dataset_id: DatasetName
    split: DiagnosedSplit = DiagnosedSplit.VALIDATION
    drawn: Annotated[int, Field(ge=64, le=5000)] = Field(500, description="Images of a procedural data set.")
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0


class DiagnosisRead(JobRead):
    """A diagnosis in a list."""

    model_version_id: str
    model_name: str
    dataset_id: str
    split: DiagnosedSplit
    drawn: int
    seed: int
    flags: dict[str, int] | None = Field(description="Options flagged, by kind. Null until it has succeeded.")
    images: int | None


class DiagnosisList(Read):
    """Newest first, at most 100."""

    items: list[DiagnosisRead]


class Tile(Read):
    """An image in a sheet: from the left, then down."""

    row: int
    key: str = Field(description="Of the image, within its data set.")
    class_key: str | None


class OptionTile(Tile):
    """One of an option's strongest or weakest images."""

    score: float
    end: str = Field(description="`top` or `bottom`.")


class CodeTile(Tile):
    """A crop around a patch."""

    patch: int
    distance: float = Field(description="Squared, per channel, to the code.")


class OptionSheet(Read):
    """Pictures of an option: above the images, below the same under the option's Grad-CAM."""

    option_id: str
    path: str = Field(description="Of the JPEG file, below /api/v1.")
    tile_size: int = Field(description="Pixels a side.")
    columns: int
    tiles: list[OptionTile]


class CodeSheet(Read):
    """Crops of the patches nearest to a code."""

    index: int
    path: str
    tile_size: int
    columns: int
    tiles: list[CodeTile]


class DiagnosisResult(Read):
    """All but the embeddings."""

    concept_set_digest: str
    dataset: str
    synthetic: bool
    images: int
    grid: tuple[int, int]
    settings: DiagnoseSettings
    rules: dict[str, str] = Field(description="The rule of each kind of flag, in words, with its thresholds.")
    flags: list[Flag]
    codes: list[CodeDiagnosis]
    groups: list[GroupDiagnosis]
    options: list[OptionDiagnosis]
    option_sheets: list[OptionSheet]
    code_sheets: list[CodeSheet]
    embeddings: list[str] = Field(description="Methods: `umap`, `pca`.")


class DiagnosisDetail(DiagnosisRead):
    """A diagnosis with its result, once it has succeeded."""

    result: DiagnosisResult | None


class EmbeddingRead(Read):
    """A sample of tokens, and the codes, in three dimensions."""

    method: str
    explained: tuple[float, float, float] | None = Field(description="Share of the variance along each axis (pca).")
    places: list[tuple[float, float, float]] = Field(description="Of the tokens.")
    codes_of: list[int] = Field(description="Nearest code of each token.")
    keys: list[str] = Field(description="Image of each token.")
    patches: list[int] = Field(description="Patch of each token.")
    codes: list[tuple[float, float, float]]
