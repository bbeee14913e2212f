"""How two models are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.data.records import SPLITS, SplitName
from models.intervene.batch import RESAMPLES
from models.intervene.images import DRAWN


@dataclass(frozen=True)
class CompareSettings:
    """How to compare.

    Attributes:
        split: of the data set, or "all" of them.
        drawn: of a procedural set, how many images of each split.
        seed: of the bootstrap and the permutations.
        resamples: R.
        stratify: draws as many units of each class as there are, instead of any.
    """

    split: SplitName | Literal["all"] = "test"
    drawn: int = DRAWN
    seed: int = 0
    resamples: int = RESAMPLES
    stratify: bool = False

    def __post_init__(self) -> None:
        if self.split not in (*SPLITS, "all"):
            raise ValueError(f"there is no split {self.split!r}; there are {', '.join(SPLITS)} and all")
        for name, low in (("drawn", 1), ("seed", 0), ("resamples", 100)):
            if getattr(self, name) < low:
                raise ValueError(f"{name} must be at least {low}, got {getattr(self, name)}")

    @property
    def splits(self) -> tuple[SplitName, ...]:
        """The splits that are meant."""
        return tuple(SPLITS) if self.split == "all" else (self.split,)
