"""``evidence.json`` of a checkpoint folder: what the model card and the pages show."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FILE = "evidence.json"


class _Part(BaseModel):
    # What has a default is in the JSON all the same, and its schema says so.
    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class Measured(_Part):
    """A figure with its 95 % bootstrap interval over images, or over clusters of them."""

    value: float | None = Field(description="Null: cannot be measured with these images.")
    low: float | None = None
    high: float | None = None
    n: int = Field(ge=0, description="Images behind it.")


class Reliability(StrEnum):
    """How well a concept is read, by the lower end of the interval (docs/adr/0052)."""

    GOOD = "good"
    LIMITED = "limited"
    POOR = "poor"
    UNVERIFIED = "unverified"


class NamedFigure(_Part):
    """A figure of the diagnosis or of a test."""

    key: str
    name: str
    unit: Literal["share", "auroc", "probability", "difference", "number"]
    better: Literal["higher", "lower", "neither"]
    measured: Measured
    reference: float | None = Field(default=None, description="What chance, or a baseline, would give.")
    reference_name: str | None = None


class OptionEvidence(_Part):
    """How well an option's score tells images with it from images without."""

    id: str
    name: str
    auroc: Measured
    present: int = Field(ge=0)
    absent: int = Field(ge=0)


class ConceptEvidence(_Part):
    """Of a concept group."""

    key: str
    name: str
    labels: Literal["image", "class", "none"] = Field(
        description="`image`: read in, or drawn into, each image. `class`: from the class table; nobody read them."
    )
    reliability: Reliability
    reason: str = Field(description="Why, in one sentence, with the numbers.")
    accuracy: Measured = Field(description="Balanced accuracy of the strongest option.")
    chance: float | None = Field(description="One over the number of options that occur.")
    pointing_gradcam: Measured
    pointing_magnet: Measured
    pointing_centre: float | None = Field(description="Of a map that always points to the centre.")
    iou_gradcam: Measured = Field(description="At the threshold that is best over all images.")
    options: list[OptionEvidence]


class TrustTest(_Part):
    """One question about the explanations, with its answer."""

    key: Literal["localization", "deletion", "leakage", "effective_concepts", "intervention", "calibration",
                 "familiarity", "codes"]  # fmt: skip
    question: str
    answer: str = Field(description="In one or two sentences, with intervals and numbers of images.")
    verdict: Literal["holds", "partly", "fails", "unmeasured"]
    figures: list[NamedFigure]


class TestedOn(_Part):
    """The images."""

    dataset: str
    synthetic: bool
    split: str
    images: int = Field(ge=0)
    clusters: int = Field(ge=0, description="Patients, or groups of near-duplicates.")


class Evidence(_Part):
    """Everything that was measured of a model."""

    format: Literal[1] = 1
    weights_digest: str
    made_on: str = Field(description="Date, ISO 8601.")
    command: str
    tested_on: TestedOn
    limits: list[str] = Field(description="What these figures do not say, in words.")
    decision: list[NamedFigure]
    concepts: list[ConceptEvidence]
    tests: list[TrustTest]
