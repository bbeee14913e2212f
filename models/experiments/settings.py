"""What the settings of all experiments share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.data.records import SPLITS, SplitName
from models.experiments.surroundings import ExperimentError

DRAWN = 500
RESAMPLES = 2000

_Settings = TypeVar("_Settings", bound=BaseModel)


class AnalysisConfig(BaseModel):
    """Which models on which images.

    Attributes:
        models: names or folders. Several are repetitions of one design with other seeds: figures are mean ± sd over
            them, beside each model's own with its interval over images.
        dataset: name or folder of an import, or the name of a procedural set.
        split: "train", "validation", "test" or "all" of them.
        drawn: of a procedural set, how many images of each split are drawn.
        seed: of everything that is drawn by chance.
        resamples: of the bootstrap over images.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    models: Annotated[tuple[str, ...], Field(min_length=1)]
    dataset: str
    split: Literal["train", "validation", "test", "all"] = "test"
    drawn: int = Field(default=DRAWN, ge=64)
    seed: int = Field(default=0, ge=0)
    resamples: int = Field(default=RESAMPLES, ge=100, le=100_000)

    @property
    def splits(self) -> tuple[SplitName, ...]:
        """The splits that are meant."""
        return tuple(SPLITS) if self.split == "all" else (self.split,)


def load_settings(kind: type[_Settings], path: Path) -> _Settings:
    """Reads a YAML file.

    Raises:
        ExperimentError: it cannot be read, or a setting is unknown or out of range; it names the field and the fault.
    """
    try:
        return kind.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}" for fault in error.errors())
        raise ExperimentError(f"{path}: {faults}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ExperimentError(f"{path}: cannot be read ({error})") from error
