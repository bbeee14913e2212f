"""Settings of a suite: the design, its variants, the seeds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from models.experiments.settings import RESAMPLES
from models.train.config import TrainConfig

Seed = Annotated[int, Field(ge=0)]
TableName = Literal["ablation", "quantization", "regularizers", "beta", "codebook-size"]

FULL = "full"

# What each variant changes in the design. The paper's names of them are in ``tables``.
VARIANTS: dict[str, dict[str, Any]] = {
    FULL: {},
    "no-ivq": {"regularizer": "none"},
    "no-magnet": {"aggregation": "global"},
    "neither": {"regularizer": "none", "aggregation": "global"},
    "explicit": {"quantization": "explicit"},
    "barlow-twins": {"regularizer": "barlow_twins"},
    "spectral": {"regularizer": "spectral"},
    "gram": {"regularizer": "gram"},
    "beta-0.1": {"beta": 0.1},
    "beta-0.5": {"beta": 0.5},
    "beta-1": {"beta": 1.0},
    "codes-1": {"codes": 1},
    "codes-5K": {"codes": "5K"},
    "codes-10K": {"codes": "10K"},
    "codes-20K": {"codes": "20K"},
}

# Which variants each table of the paper holds, in its order.
TABLES: dict[TableName, tuple[str, ...]] = {
    "ablation": ("no-ivq", "no-magnet", "neither", FULL),
    "quantization": ("explicit", FULL),
    "regularizers": ("no-ivq", "barlow-twins", "spectral", "gram", FULL),
    "beta": ("beta-0.1", FULL, "beta-0.5", "beta-1"),
    "codebook-size": ("codes-1", FULL, "codes-5K", "codes-10K", "codes-20K"),
}


class SuiteConfig(BaseModel):
    """Settings of a suite, from YAML.

    Attributes:
        design: settings of a training (``vitrine train``) that every variant shares: encoder, data, budget.
        tables: which of the paper's tables to fill.
        seeds: each variant is trained once with each.
        variants: more variants by name, each with what it changes in the design; or what a known one changes.
        resamples: of the bootstrap over test images.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    design: TrainConfig
    tables: Annotated[tuple[TableName, ...], Field(min_length=1)] = tuple(TABLES)
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1)] = (0, 1, 2)
    variants: dict[Annotated[str, Field(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9.-]*$")], dict[str, Any]] = Field(
        default_factory=dict
    )
    resamples: int = Field(default=RESAMPLES, ge=100, le=100_000)

    @field_validator("design", mode="before")
    @classmethod
    def _from_file(cls, value: Any) -> Any:
        """A design may be the path of a training's settings file."""
        return TrainConfig.load(Path(value)) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _possible(self) -> SuiteConfig:
        if len(set(self.seeds)) < len(self.seeds):
            raise ValueError("seeds: one is there twice")
        for name in self.names:
            self.training(name, self.seeds[0])
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Of all variants to train, the full model first."""
        wanted = [FULL, *(name for table in self.tables for name in TABLES[table]), *self.variants]
        return tuple(dict.fromkeys(wanted))

    def training(self, variant: str, seed: int) -> TrainConfig:
        """The training of a variant.

        Raises:
            ValueError: if what the variant changes is no setting, or one out of range.
        """
        changes = VARIANTS.get(variant, {}) | self.variants.get(variant, {})
        name = f"{self.design.name}-{variant.lower().replace('.', '')}-{seed}"
        try:
            return TrainConfig.model_validate(self.design.model_dump() | changes | {"name": name, "seed": seed})
        except ValidationError as error:
            first = error.errors()[0]
            raise ValueError(f"variant {variant}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
