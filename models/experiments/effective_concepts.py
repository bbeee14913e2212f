"""Accuracy at a number of effective concepts (appendix K.1, table 8), and the whole curve of accuracy by that number.

Of every class's weights in the linear head only the k with the largest contributions stay; nothing is trained again.

Shapes: N images, O options, C classes, D draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from models.experiments.decisions import Accuracies, Accuracy, Resampling, accuracies, differences
from models.experiments.effective_report import findings
from models.experiments.findings import Findings
from models.experiments.settings import AnalysisConfig
from models.experiments.subjects import Subject, subjects
from models.experiments.surroundings import ExperimentError, Surroundings
from models.intervene.loading import read_head
from models.intervene.scores import DecisionHead

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Choice = Literal["class", "class-mean", "image", "random"]

RETAINED = 0.98  # of the accuracy: what the paper says of five concepts


class EffectiveConceptsConfig(AnalysisConfig):
    """Settings.

    Attributes:
        effective: how many options stay for each class in table 8.
        draws: of options by chance, for comparison.
    """

    effective: int = Field(default=5, ge=1)
    draws: int = Field(default=50, ge=1, le=1000)


@dataclass(frozen=True, eq=False)
class EffectiveConcepts:
    """What was found of a model.

    Attributes:
        options: O.
        effective: how many stay in table 8.
        full: of all options.
        pruned: of ``effective`` options for each class, the others removed.
        drop: pruned - full, paired by image.
        above_chance: pruned - as many options by chance.
        curves: for each way of choosing, O + 1 points: 0 to O options for each class.
        enough: the fewest options from which the accuracy stays at least 98 % of the full one; others removed.
        kept: (C,) ids of the options that stay, the largest contribution first.
    """

    options: int
    effective: int
    full: Accuracy
    pruned: Accuracy
    drop: Accuracy
    above_chance: Accuracy
    curves: Mapping[Choice, list[Accuracy]]
    enough: int
    kept: Mapping[str, list[str]]

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        names = ("full", "pruned", "drop", "above_chance")
        return {
            "options": self.options,
            "effective": self.effective,
            **{name: getattr(self, name).to_json() for name in names},
            "enough_for_98_percent": self.enough,
            "kept": dict(self.kept),
            "curves": {name: [point.to_json() for point in curve] for name, curve in self.curves.items()},
        }


def run(config: EffectiveConceptsConfig, around: Surroundings) -> Findings:
    """Measures every model of the settings. Errors as ``subjects`` and ``measure_effective_concepts``."""
    measured: list[tuple[dict[str, Any], EffectiveConcepts]] = []
    about: dict[str, Any] = {}
    for subject in subjects(config, around):
        found = measure_effective_concepts(subject, config)
        measured.append((subject.about(), found))
        images = subject.images
        about = {"dataset": images.dataset, "synthetic": images.synthetic, "images": found.full.accuracy.n}
    return findings(measured, about)


def measure_effective_concepts(subject: Subject, config: EffectiveConceptsConfig) -> EffectiveConcepts:
    """ANEC and the curve of one model.

    Raises:
        ExperimentError: no image has a known class, or there are fewer options than are to stay.
        CheckpointError: the head cannot be read.
    """
    images = subject.images
    return measure(
        read_head(subject.checkpoint),
        subject.found.scores.astype(np.float64),
        images.data.classes,
        Resampling(images.clusters, config.resamples, config.seed),
        config,
    )


def measure(
    head: DecisionHead, scores: Array, classes: Indices, drawn: Resampling, config: EffectiveConceptsConfig
) -> EffectiveConcepts:
    """The same from scores (N, O) and true classes (N,), -1 where unknown. Errors as ``measure_effective_concepts``."""
    options, kept = scores.shape[1], config.effective
    if not np.any(classes >= 0):
        raise ExperimentError("no image has a known class, so there is no accuracy; choose labelled images")
    if kept > options:
        raise ExperimentError(f"effective: the model has {options} options, so {kept} cannot stay; choose fewer")
    stream = np.random.default_rng(config.seed)
    hits: dict[Choice, Array] = {
        "class": _hits(decisions(head, scores, importance(head)), classes),
        "class-mean": _hits(decisions(head, scores, importance(head, about_mean=True), at_mean=True), classes),
        "image": _hits(decisions(head, scores, None), classes),
        "random": np.mean(
            [_hits(decisions(head, scores, stream.random(head.weight.shape)), classes) for _ in range(config.draws)],
            axis=0,
        ),
    }
    curves = {name: accuracies(own, classes, drawn) for name, own in hits.items()}
    own = hits["class"]
    order = np.argsort(-importance(head), axis=1, kind="stable")
    ids, concept_set = head.concept_set.option_ids, head.concept_set
    return EffectiveConcepts(
        options,
        kept,
        curves["class"][options],
        curves["class"][kept],
        differences(own[[kept]], own[[options]], classes, drawn)[0],
        differences(own[[kept]], hits["random"][[kept]], classes, drawn)[0],
        curves,
        _enough(Accuracies(own, classes)(np.ones((1, len(classes))))[0, : options + 1]),
        {key: [ids[o] for o in order[row, :kept]] for row, key in enumerate(concept_set.class_keys)},
    )


def importance(head: DecisionHead, *, about_mean: bool = False) -> Array:
    """(C, O) root mean square of the contributions ``w_co s_o`` over the model's own validation images.

    It follows from what the checkpoint says of them: ``|w_co| sqrt(mean(s_o)^2 + sd(s_o)^2)``; about the mean,
    ``|w_co| sd(s_o)``.
    """
    mean, deviation = np.asarray(head.statistics.means), np.asarray(head.statistics.deviations)
    size = deviation if about_mean else np.sqrt(mean**2 + deviation**2)
    result: Array = np.abs(head.weight) * size[None]
    return result


def decisions(head: DecisionHead, scores: Array, order: Array | None, *, at_mean: bool = False) -> Indices:
    """Predicted classes with 0 to O options for each class, (O + 1, N).

    Args:
        head: of the model.
        scores: (N, O).
        order: (C, O) the larger, the earlier it is among those that stay; None for the size of each image's own
            contributions.
        at_mean: options that do not stay have their validation mean, instead of no contribution at all.
    """
    mean = np.asarray(head.statistics.means) if at_mean else np.zeros(scores.shape[1])
    logits = np.empty((scores.shape[1] + 1, len(scores), len(head.bias)))
    for label, weight in enumerate(head.weight):
        parts = weight[None] * (scores - mean)  # (N, O)
        ranked = np.argsort(-np.abs(parts) if order is None else -order[[label]], axis=1, kind="stable")
        taken = np.take_along_axis(parts, np.broadcast_to(ranked, parts.shape), axis=1)
        logits[0, :, label] = head.bias[label] + weight @ mean
        logits[1:, :, label] = logits[0, :, label] + np.cumsum(taken, axis=1).T
    result: Indices = logits.argmax(2).astype(np.int64)
    return result


def _hits(predicted: Indices, classes: Indices) -> Array:
    result: Array = (predicted == classes[None]).astype(np.float64)
    return result


def _enough(accuracy: Array) -> int:
    """The fewest options from which on the accuracy never falls below 98 % of the last."""
    below = np.flatnonzero(accuracy < RETAINED * accuracy[-1] - 1e-12)
    return int(below[-1]) + 1 if len(below) else 0
