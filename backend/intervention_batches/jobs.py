"""What the process of a batch is told, and where it leaves what it found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

RESULT, ROWS = "result.json", "rows"


@dataclass(frozen=True)
class BatchJob:
    """Everything a batch needs to know. JSON values only.

    Attributes:
        model: folder of the checkpoint.
        dataset: folder of an import, or the name of a procedural set.
        split: "train", "validation", "test" or "all".
        edits: one after the other, with ``operation``, ``option_id``, ``value`` and ``reference_class``.
        predicted_class: that images must be predicted as.
        minimum_probability: that the predicted class has at least.
        limit: at most so many images.
        seed: of that draw and of the bootstrap.
        device: as torch names it, or auto.
        out: folder for result and rows, which is there.
    """

    model: str
    dataset: str
    split: str
    edits: list[dict[str, Any]]
    predicted_class: str | None
    minimum_probability: float | None
    limit: int | None
    seed: int
    device: str
    out: str

    def to_json(self) -> dict[str, Any]:
        """For another process."""
        return asdict(self)
