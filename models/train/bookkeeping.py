"""What is counted while an epoch runs.

Shapes: B images, K groups, O options, C classes.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.cbm.losses import UNKNOWN
from models.concepts import ConceptSet
from models.train.metrics import mean_of_known


@dataclass
class Clock:
    """Where an epoch's time went, and over how many images."""

    start: float = field(default_factory=time.perf_counter)
    images: int = 0
    waited: float = 0.0
    prepared: float = 0.0

    def figures(self) -> dict[str, float]:
        """For the epoch's report."""
        seconds = time.perf_counter() - self.start
        return {
            "images_per_second": self.images / max(seconds, 1e-9),
            "seconds": seconds,
            "waiting_seconds": self.waited,
            "preparing_seconds": self.prepared,
        }


class Tally:
    """Counts what a training's own batches were classified as, while it runs.

    Args:
        concept_set: gives classes and options.
    """

    def __init__(self, concept_set: ConceptSet) -> None:
        self._groups = concept_set.group_slices
        self._classes = len(concept_set.classes)
        # A group of one option has two answers: absent and present.
        answers = [max(2, group.stop - group.start) for group in self._groups]
        self._starts = [sum(answers[:column]) for column in range(len(answers) + 1)]

    @property
    def keys(self) -> list[str]:
        """Names of the counts, in the order of ``count``."""
        kinds = (("class", self._classes), ("option", self._starts[-1]))
        return [
            f"{what}/{kind}/{label}" for kind, number in kinds for what in ("seen", "hit") for label in range(number)
        ]

    def count(self, logits: Tensor, scores: Tensor, classes: Tensor, options: Tensor) -> Tensor:
        """Counts part of a batch.

        Args:
            logits: (B, C).
            scores: (B, O).
            classes: (B,).
            options: (B, K), -1 where unknown.

        Returns:
            (2 C + 2 A,) float64, A answers of all groups: images of each class, those of them classified right, and the
            same of each answer.
        """
        chosen = torch.stack([_answers(scores[:, group]) for group in self._groups], 1)
        places = options + torch.tensor(self._starts[:-1], device=options.device)
        known, right = options != UNKNOWN, options == chosen
        return torch.cat(
            [
                torch.bincount(classes, minlength=self._classes),
                torch.bincount(classes[logits.argmax(1) == classes], minlength=self._classes),
                torch.bincount(places[known], minlength=self._starts[-1]),
                torch.bincount(places[known & right], minlength=self._starts[-1]),
            ]
        ).double()

    def figures(self, sums: Mapping[str, float]) -> dict[str, float]:
        """Accuracy, BMAC and concept BMAC (NaN where no option is known) over the augmented batches of an epoch."""
        seen, hit = (self._of(sums, f"{what}/class", 0, self._classes) for what in ("seen", "hit"))
        groups = [
            balanced(*(self._of(sums, f"{what}/option", *bounds) for what in ("seen", "hit")))
            for bounds in itertools.pairwise(self._starts)
        ]
        return {
            "class_accuracy": float(hit.sum() / max(1.0, seen.sum())),
            "class_bmac": balanced(seen, hit),
            "concept_bmac": mean_of_known(groups),
        }

    @staticmethod
    def _of(sums: Mapping[str, float], name: str, start: int, stop: int) -> NDArray[np.float64]:
        return np.array([sums.get(f"{name}/{label}", 0.0) for label in range(start, stop)])


def balanced(seen: NDArray[np.float64], hit: NDArray[np.float64]) -> float:
    """Mean recall over the labels that were seen, NaN where none was."""
    present = seen > 0
    return float(np.mean(hit[present] / seen[present])) if present.any() else float("nan")


def _answers(scores: Tensor) -> Tensor:
    return (scores[:, 0] > 0).long() if scores.shape[1] == 1 else scores.argmax(1)
