"""Figures of a suite: of each variant over its seeds, and how far it is from the full model on the same images.

Shapes: N images, R resamples, F figures, G groups, S seeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.compare.figures import Answers, Figures, Known, figure_keys
from models.concepts import ConceptSet
from models.experiments.images import ExperimentImages
from models.experiments.spread import Estimate, Spread, estimates
from models.experiments.suite.runs import Run

Array = NDArray[np.float64]
FIGURES = ("accuracy", "bmac", "concept_bmac", "auroc", "ece")


@dataclass(frozen=True)
class Measured:
    """A variant.

    Attributes:
        variant: its name.
        runs: figures by name, a value for each seed.
        spread: over the seeds, by figure.
        estimate: mean over the seeds with its interval over images, by figure.
        difference: of that mean to the full model's, paired by image, by figure; empty for the full model.
        by_seed: spread over the seeds of the difference to the full model with the same seed, by figure; empty as well.
        extra: JSON-ready: minutes, localization and rank of each run.
    """

    variant: str
    runs: dict[str, list[float | None]]
    spread: dict[str, Spread]
    estimate: dict[str, Estimate]
    difference: dict[str, Estimate]
    by_seed: dict[str, Spread]
    extra: list[dict[str, Any]]

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "variant": self.variant,
            "figures": {
                name: {
                    "seeds": self.runs[name],
                    "spread": self.spread[name].to_json(),
                    "over_images": self.estimate[name].to_json(),
                    "difference_to_full": self.difference[name].to_json() if name in self.difference else None,
                    "difference_by_seed": self.by_seed[name].to_json() if name in self.by_seed else None,
                }
                for name in FIGURES
            },
            "runs": self.extra,
        }


def measure(
    variant: str, runs: Sequence[Run], full: Sequence[Run], images: ExperimentImages, resamples: int
) -> Measured:
    """Figures of a variant.

    Args:
        variant: its name.
        runs: of it, one for each seed.
        full: runs of the full model.
        images: test images.
        resamples: R, over images (whole clusters of them).
    """
    own = _MeanFigures(runs, images)
    reference = _MeanFigures(full, images)
    counts = own.counts
    single = own.single()
    found = estimates(own, images.clusters, counts, resamples, 0)
    apart = estimates(lambda weights: own(weights) - reference(weights), images.clusters, counts, resamples, 0)
    values = {name: [_number(row[place]) for row in single] for place, name in enumerate(FIGURES)}
    return Measured(
        variant,
        values,
        {name: Spread.of(values[name]) for name in FIGURES},
        dict(zip(FIGURES, found, strict=True)),
        {} if runs is full else dict(zip(FIGURES, apart, strict=True)),
        {} if runs is full else _by_seed(single, reference.single()),
        [_extra(run) for run in runs],
    )


class _MeanFigures:
    """Weights (R, N) to the mean over runs of FIGURES, (R, F)."""

    def __init__(self, runs: Sequence[Run], images: ExperimentImages) -> None:
        concept_set = runs[0].checkpoint.concept_set
        known = _known(images, concept_set)
        keys = figure_keys(concept_set.class_keys, concept_set.group_keys)
        self._columns = [keys.index(name) for name in FIGURES]
        self._figures = [
            Figures(Answers(run.logits.astype(np.float64), _found(run.scores, concept_set)), known) for run in runs
        ]
        labelled = int(np.sum(np.any(images.data.options >= 0, axis=1)))
        total = int(np.sum(images.data.classes >= 0))
        self.counts = [labelled if name == "concept_bmac" else total for name in FIGURES]

    def __call__(self, weights: Array) -> Array:
        result: Array = np.mean([figures(weights)[:, self._columns] for figures in self._figures], axis=0)
        return result

    def single(self) -> list[Array]:
        """(F,) of each run, on the images as they are."""
        ones = np.ones((1, len(self._figures[0].shares())))
        return [figures(ones)[0, self._columns] for figures in self._figures]


def _by_seed(own: list[Array], full: list[Array]) -> dict[str, Spread]:
    apart = np.array(own) - np.array(full)  # (S, F)
    return {name: Spread.of(apart[:, place].tolist()) for place, name in enumerate(FIGURES)}


def _known(images: ExperimentImages, concept_set: ConceptSet) -> Known:
    sizes = tuple(max(2, group.stop - group.start) for group in concept_set.group_slices)
    return Known(images.data.classes, tuple(images.data.options.T), sizes)


def _found(scores: NDArray[np.float32], concept_set: ConceptSet) -> tuple[NDArray[np.int64], ...]:
    """(G, N) option found in each group; of a group of one option, whether it is present."""
    return tuple(
        (scores[:, group.start] > 0).astype(np.int64)
        if group.stop - group.start == 1
        else scores[:, group].argmax(1).astype(np.int64)
        for group in concept_set.group_slices
    )


def _extra(run: Run) -> dict[str, Any]:
    test = run.checkpoint.metrics["test"]
    lesion, pointing = test.get("lesion") or {}, test.get("pointing") or {}
    return {
        "seed": run.seed,
        "weights_digest": run.checkpoint.weights_digest(),
        "minutes": round(run.minutes, 2),
        "machine": run.checkpoint.metrics["training"]["machine"],
        "rank_train": run.rank("train"),
        "rank_validation": run.rank("validation"),
        "codes_used": test.get("codes_used"),
        "assignment_entropy": test.get("assignment_entropy"),
        "pointing_gradcam": lesion.get("gradcam_mean", pointing.get("gradcam_mean")),
        "pointing_magnet": lesion.get("magnet_mean"),
        "pointing_centre": lesion.get("centre_prior", pointing.get("centre_prior_mean")),
    }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
