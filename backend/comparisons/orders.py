"""What the process of a comparison is told, and where it leaves what it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

RESULT = "result.json"


@dataclass(frozen=True)
class ComparisonOrder:
    """Everything a comparison needs to know. JSON values only.

    Attributes:
        model_a: folder of A's checkpoint.
        model_a_id: version that the folder must hold.
        model_b: folder of B's checkpoint.
        model_b_id: version that the folder must hold.
        dataset: folder of an import, or the name of a procedural set.
        split: "train", "validation", "test" or "all".
        drawn: images of each split of a procedural set.
        seed: of the resamples.
        out: folder for result and pictures.
    """

    model_a: str
    model_a_id: str
    model_b: str
    model_b_id: str
    dataset: str
    split: str
    drawn: int
    seed: int
    out: str

    def to_json(self) -> dict[str, Any]:
        """For another process."""
        return asdict(self)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> ComparisonOrder:
        """From what that process was given; it may hold more."""
        return cls(**{field.name: content[field.name] for field in fields(cls)})
