"""What the rules of ``checking`` need to know beside the design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from backend.reader_studies.design import StudyDesign
from backend.reader_studies.schemas import Problem
from backend.reader_studies.sources import Source
from models.concepts import ConceptSet

Step = Literal["question", "cases", "arms", "tasks", "order", "readers", "access"]


@dataclass(frozen=True)
class Facts:
    """What a design refers to.

    Attributes:
        concept_sets: by id of the model version; of those that are registered and whose weights are there.
        sources: of the design's images, in their order; None for what is gone.
        readers: how many are invited.
        insiders: how many of them run or observe the study, or administer the server.
        dataset_readers: how many of the others see data sets, with their labels.
        known: places of the images that an invited reader sees in Vitrine already.
    """

    concept_sets: Mapping[str, ConceptSet] = field(default_factory=dict)
    sources: Sequence[Source | None] = ()
    readers: int = 0
    insiders: int = 0
    dataset_readers: int = 0
    known: Sequence[int] = ()

    def truths(self, design: StudyDesign) -> list[str | None]:
        """Key of the true class of each image: what the design says, else what its source says."""
        found = zip(design.cases, self.sources, strict=True)
        return [ref.truth_class or (source.class_key if source else None) for ref, source in found]


def error(step: Step, place: str, text: str) -> Problem:
    """Something that keeps the study from being published."""
    return Problem(severity="error", step=step, field=place, text=text)


def warning(step: Step, place: str, text: str) -> Problem:
    """Something that a reviewer would ask about."""
    return Problem(severity="warning", step=step, field=place, text=text)


def listed(names: Sequence[str], most: int = 8) -> str:
    """Some names in a sentence."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def repeated(values: Sequence[str]) -> list[int]:
    """Places of values that came before."""
    return [place for place, value in enumerate(values) if value in values[:place]]
