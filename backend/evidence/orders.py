"""What the process of a measurement is told, and where it leaves what it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class EvidenceOrder:
    """Everything a measurement needs to know. JSON values only.

    Attributes:
        model: folder of the checkpoint.
        model_version_id: that the folder must hold.
        dataset: folder of an import, or the name of a procedural set.
        split: "train", "validation", "test" or "all".
        drawn: images of each split of a procedural set.
        seed: of everything that is drawn by chance.
        out: folder for the result.
    """

    model: str
    model_version_id: str
    dataset: str
    split: str
    drawn: int
    seed: int
    out: str

    def to_json(self) -> dict[str, Any]:
        """For another process."""
        return asdict(self)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> EvidenceOrder:
        """From what that process was given; it may hold more."""
        return cls(**{field.name: content[field.name] for field in fields(cls)})
