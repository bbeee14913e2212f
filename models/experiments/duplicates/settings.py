"""Settings: one design, two imports of the same images."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from models.data.prepared import PreparedDataset
from models.experiments.settings import RESAMPLES
from models.experiments.surroundings import ExperimentError
from models.train.config import ImportedData, TrainConfig

SideName = Literal["apart", "leaking"]
SIDES: tuple[SideName, ...] = ("apart", "leaking")


class DuplicatesConfig(BaseModel):
    """Settings, from YAML.

    Attributes:
        design: settings of a training (``vitrine train``), or the path of its file; its data are the import whose
            near-duplicates are kept apart.
        leaking: folder of an import of the same images with the same fractions and ``--ignore-duplicates``.
        seeds: the design is trained once with each, on each of the two.
        resamples: of the bootstrap over test images.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    design: TrainConfig
    leaking: Path
    seeds: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1)] = (0, 1, 2)
    resamples: int = Field(default=RESAMPLES, ge=100, le=100_000)

    @field_validator("design", mode="before")
    @classmethod
    def _from_file(cls, value: Any) -> Any:
        return TrainConfig.load(Path(value)) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _possible(self) -> DuplicatesConfig:
        if len(set(self.seeds)) < len(self.seeds):
            raise ValueError("seeds: one is there twice")
        data = self.design.data
        if not isinstance(data, ImportedData) or data.test_folder is not None or data.fold is not None:
            raise ValueError("design.data must be an import with a test split of its own: no test_folder, no fold")
        return self

    def training(self, side: SideName, seed: int) -> TrainConfig:
        """The training on one of the two imports."""
        changes: dict[str, Any] = {"name": f"{self.design.name}-{side}-{seed}", "seed": seed}
        if side == "leaking":
            changes["data"] = {"kind": "imported", "folder": self.leaking}
        return TrainConfig.model_validate(self.design.model_dump() | changes)

    def imports(self) -> dict[SideName, PreparedDataset]:
        """The two imports.

        Raises:
            DataError: one cannot be read.
            ExperimentError: they are not of the same images and fractions, or none of them leaks.
        """
        data = self.design.data
        if not isinstance(data, ImportedData):
            raise ExperimentError("design.data must be an import")
        apart, leaking = PreparedDataset.open(data.folder), PreparedDataset.open(self.leaking)
        if apart.info.duplicates_ignored or not leaking.info.duplicates_ignored:
            raise ExperimentError(
                f"{leaking.folder} must be imported with --ignore-duplicates, and {apart.folder} without"
            )
        if {row.sha256 for row in apart.rows} != {row.sha256 for row in leaking.rows}:
            raise ExperimentError(f"{apart.folder} and {leaking.folder} do not hold the same images")
        if apart.info.fractions != leaking.info.fractions:
            raise ExperimentError(f"{apart.folder} and {leaking.folder} have other fractions; import one again")
        return {"apart": apart, "leaking": leaking}
