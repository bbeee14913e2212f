"""What the process of a diagnosis is told, and where it leaves what it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

RESULT = "result.json"


@dataclass(frozen=True)
class DiagnosisOrder:
    """Everything a diagnosis needs to know. JSON values only.

    Attributes:
        model: folder of the checkpoint.
        model_version_id: that the folder must hold.
        dataset: folder of an import, or the name of a procedural set.
        split: "train", "validation" or "test".
        drawn: images of a procedural set.
        seed: of permutations and samples.
        device: as torch names it.
        out: folder for result and pictures.
    """

    model: str
    model_version_id: str
    dataset: str
    split: str
    drawn: int
    seed: int
    device: str
    out: str

    def to_json(self) -> dict[str, Any]:
        """For another process."""
        return asdict(self)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> DiagnosisOrder:
        """From what that process was given; it may hold more."""
        return cls(**{field.name: content[field.name] for field in fields(cls)})
