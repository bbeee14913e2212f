"""Parts of a training's settings: what to train on, and how images are changed on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

ProceduralName = Literal["synthetic-dermoscopy", "synthetic-ultrasound"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ProceduralData(_Part):
    """A procedural data set and how many images of each split to draw.

    Attributes:
        kind: tells it from imported data.
        name: of the generator.
        train: images to train on.
        validation: images that choose the best epoch and give the score statistics.
        test: images looked at once, at the end.
        cache: folder to keep the drawn arrays in, so that a second run need not draw them again.
    """

    kind: Literal["procedural"] = "procedural"
    name: ProceduralName = "synthetic-dermoscopy"
    train: int = Field(default=12000, ge=64)
    validation: int = Field(default=1000, ge=64)
    test: int = Field(default=1000, ge=64)
    cache: Path | None = None


class ImportedData(_Part):
    """A data set that ``vitrine data import`` made.

    Attributes:
        kind: tells it from procedural data.
        folder: of the import.
        test_folder: another import, all of whose images are the test split; None for the test split of ``folder``.
        fold: (count, index) of a cross-validation over the training and validation images; None for the splits as
            imported.
    """

    kind: Literal["imported"]
    folder: Path
    test_folder: Path | None = None
    fold: tuple[int, int] | None = None

    @model_validator(mode="after")
    def _fold_exists(self) -> ImportedData:
        if self.fold is not None and not (self.fold[0] >= 2 and 0 <= self.fold[1] < self.fold[0]):
            raise ValueError("fold must be [count, index] with count at least 2 and index from 0 to count - 1")
        return self


def _kind(value: Any) -> str | None:
    found = value.get("kind", "procedural") if isinstance(value, dict) else getattr(value, "kind", None)
    return found if isinstance(found, str) else None


# Settings written before there were imported data sets say no kind and mean procedural ones.
Data = Annotated[
    Annotated[ProceduralData, Tag("procedural")] | Annotated[ImportedData, Tag("imported")], Discriminator(_kind)
]


class Auxiliary(_Part):
    """Procedural images mixed into every training batch; none of them is ever validated or tested on.

    Attributes:
        name: of the generator; it must draw the concepts of the concept set trained with.
        train: how many different images to draw.
        share: of every batch.
        cache: folder to keep the drawn arrays in.
    """

    name: ProceduralName
    train: int = Field(default=4000, ge=1)
    share: float = Field(default=0.25, gt=0, lt=1)
    cache: Path | None = None


class Augmentation(_Part):
    """How training images are changed. Masks follow every change of place. All off is no augmentation.

    Attributes:
        symmetries: "all" eight flips and quarter turns, "horizontal" for left-right flips, or "none".
        crop: smallest share of the area that a random crop keeps; 1 for no crops.
        stretch: largest change of the crop's aspect ratio, as a factor minus one.
        rotation: largest turn, in degrees.
        gain: standard deviation of the logarithm of the brightness factor.
        offset: standard deviation of what is added, as a share of the range.
        tint: standard deviation of each channel's own factor.
        gamma: standard deviation of the logarithm of the exponent.
        contrast: standard deviation of the logarithm of the factor about the image's mean.
        speckle: largest strength of multiplicative noise with a random grain, as of ultrasound.
        blur: largest standard deviation of a Gaussian blur, in pixels; half of the images get one.
        erase: chance that a rectangle of up to a fifth of the area is replaced by the image's mean.
    """

    symmetries: Literal["none", "horizontal", "all"] = "none"
    crop: float = Field(default=1.0, gt=0, le=1)
    stretch: float = Field(default=0.0, ge=0, le=1)
    rotation: float = Field(default=0.0, ge=0, le=180)
    gain: float = Field(default=0.0, ge=0)
    offset: float = Field(default=0.0, ge=0)
    tint: float = Field(default=0.0, ge=0)
    gamma: float = Field(default=0.0, ge=0)
    contrast: float = Field(default=0.0, ge=0)
    speckle: float = Field(default=0.0, ge=0, le=1)
    blur: float = Field(default=0.0, ge=0, le=5)
    erase: float = Field(default=0.0, ge=0, le=1)


PolicyName = Literal["dermoscopy", "ultrasound", "xray", "fundus", "mammography", "histology", "general"]
