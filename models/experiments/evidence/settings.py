"""What is measured for a model's evidence, on how many images, and by which rules it is judged."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.data.records import SplitName
from models.experiments.settings import AnalysisConfig

Share = Annotated[float, Field(ge=0, le=1)]


class Rules(BaseModel):
    """The thresholds of docs/adr/0052, which says why.

    Attributes:
        labelled: a concept with fewer images of its own label is not judged.
        good: least skill of a concept that is read well.
        level: of permutation tests.
        behind: by so much less often than the centre a concept's map may not point into the mask.
        visible: blurring must take away at least so much probability, or deletion says nothing.
        leaked: balanced accuracy that scores may add to the concepts found.
        lost: accuracy that a decision may lose with few concepts.
        miscalibrated: expected calibration error that is too much.
        foreign: least AUROC of a foreign set that is told apart.
        moved: least relative change of a probability that counts.
        codes_most: share of the codes that must be about a concept for "holds".
        codes_some: the same for "partly".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    labelled: int = Field(default=20, ge=2)
    good: Share = 0.6
    level: Share = 0.05
    behind: Share = 0.05
    visible: Share = 0.05
    leaked: Share = 0.05
    lost: Share = 0.05
    miscalibrated: Share = 0.1
    foreign: Share = 0.8
    moved: Share = 0.05
    codes_most: Share = 0.9
    codes_some: Share = 0.5


class EvidenceConfig(AnalysisConfig):
    """Settings. The bounds keep it to minutes on a CPU.

    Attributes:
        models: one.
        keep: whether ``evidence.json`` is written into the checkpoint's folder too.
        most: images at most, drawn by chance.
        fitted_on: where a temperature is fitted for the calibration; None for the tested set.
        fitted_split: of it. Where its images are among the tested ones, no temperature is fitted.
        foreign: sets that the familiarity should tell apart; None for the procedural ones of another modality.
        foreign_images: at most so many of each.
        deletion_images: at most so many are blurred step by step.
        random_seeds: networks with random weights for the maps.
        random_images: at most so many go through them.
        rules: thresholds of the verdicts.
    """

    models: Annotated[tuple[str, ...], Field(min_length=1, max_length=1)]
    keep: bool = False
    resamples: int = Field(default=1000, ge=100, le=100_000)
    most: int = Field(default=1000, ge=64)
    fitted_on: str | None = None
    fitted_split: SplitName = "validation"
    foreign: tuple[str, ...] | None = None
    foreign_images: int = Field(default=100, ge=10, le=1000)
    deletion_images: int = Field(default=60, ge=2, le=100)
    random_seeds: int = Field(default=1, ge=0, le=5)
    random_images: int = Field(default=60, ge=1, le=1000)
    rules: Rules = Rules()
