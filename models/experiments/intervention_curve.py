"""What correcting concepts does to decisions: accuracy as 0 to K groups of each image get their true option.

A corrected group's scores become what validation images with the true option have on average
(``DecisionHead.make_present``), the rest of the model stays as it is. The head is linear, so effects of groups add up.

Shapes: N images, K groups that are corrected, O options, C classes, P permutations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from models.experiments.decisions import (
    Accuracy,
    Resampling,
    accuracies,
    differences,
    follow_class,
    found_options,
)
from models.experiments.findings import Findings
from models.experiments.intervention_report import findings
from models.experiments.settings import AnalysisConfig
from models.experiments.subjects import Subject, subjects
from models.experiments.surroundings import ExperimentError, Surroundings
from models.intervene.advice import checks
from models.intervene.batch import Outputs
from models.intervene.editing import Predicted
from models.intervene.loading import read_head
from models.intervene.scores import DecisionHead

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Order = Literal["random", "uncertainty", "decision"]
Treatment = Literal["every", "wrong"]

ORDERS: tuple[Order, ...] = ("random", "uncertainty", "decision")
TREATMENTS: tuple[Treatment, ...] = ("every", "wrong")


class InterventionCurveConfig(AnalysisConfig):
    """Settings.

    Attributes:
        permutations: random orders of the groups, drawn for each image anew.
    """

    permutations: int = Field(default=50, ge=1, le=1000)


@dataclass(frozen=True, eq=False)
class Labelled:
    """Images of which the class and every corrected group's option are known.

    Attributes:
        classes: (N,).
        options: (N, K) true option within its group; in a group of one option 1 for present and 0 for absent.
        columns: (K,) places of these groups in the concept set.
        rows: (N,) places of these images among all.
    """

    classes: Indices
    options: Indices
    columns: Indices
    rows: Indices


@dataclass(frozen=True, eq=False)
class InterventionCurve:
    """What was found of a model.

    Attributes:
        images: N.
        left_out: images without a known class or with an unknown option.
        groups: (K,) keys of the groups that are corrected.
        following: keys of those whose label only repeats the class in these images.
        wrong: share of groups of which the model finds another option than the label says.
        curves: for each treatment and order, K + 1 points. Treatment "every": each group asked gets its true option's
            mean scores. "wrong": only where the model finds another option; the others keep their scores.
        gain: for each treatment, accuracy with all groups corrected less the accuracy with none.
        ahead: for each treatment and order but "random", the mean accuracy over the steps between none and all
            corrected, less that of the random order, paired by image: how much better the order is on average.
    """

    images: int
    left_out: int
    groups: tuple[str, ...]
    following: tuple[str, ...]
    wrong: float
    curves: Mapping[Treatment, Mapping[Order, list[Accuracy]]]
    gain: Mapping[Treatment, Accuracy]
    ahead: Mapping[Treatment, Mapping[Order, Accuracy]]

    @property
    def trivial(self) -> bool:
        """Whether all labels only repeat the class."""
        return len(self.following) == len(self.groups)

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "images": self.images,
            "left_out": self.left_out,
            "groups": list(self.groups),
            "labels_follow_class": list(self.following),
            "wrong_share": self.wrong,
            "curves": {
                treatment: {order: [point.to_json() for point in curve] for order, curve in of.items()}
                for treatment, of in self.curves.items()
            },
            "gain_of_all": {treatment: one.to_json() for treatment, one in self.gain.items()},
            "mean_difference_to_random": {
                treatment: {order: one.to_json() for order, one in of.items()} for treatment, of in self.ahead.items()
            },
        }


def run(config: InterventionCurveConfig, around: Surroundings) -> Findings:
    """Measures every model of the settings. Errors as ``subjects`` and ``measure_intervention_curve``."""
    measured: list[tuple[dict[str, Any], InterventionCurve]] = []
    about: dict[str, Any] = {}
    for subject in subjects(config, around):
        around.check()
        measured.append((subject.about(), measure_intervention_curve(subject, config)))
        about = {"dataset": subject.images.dataset, "synthetic": subject.images.synthetic}
    return findings(measured, about)


def measure_intervention_curve(subject: Subject, config: InterventionCurveConfig) -> InterventionCurve:
    """The curve of one model.

    Raises:
        ExperimentError: no image has a known class and known options.
        CheckpointError: the head cannot be read.
    """
    images = subject.images
    outputs = Outputs.of(subject.found.logits, subject.found.scores)
    drawn = Resampling(images.clusters, config.resamples, config.seed)
    return measure(
        read_head(subject.checkpoint), outputs, (images.data.classes, images.data.options), drawn, config.permutations
    )


def measure(
    head: DecisionHead, outputs: Outputs, truth: tuple[Indices, Indices], drawn: Resampling, permutations: int
) -> InterventionCurve:
    """The same from what the model says of images, and their classes (N,) and options (N, all groups), -1 unknown."""
    labelled = labelled_images(*truth)
    own = outputs.take(labelled.rows)
    drawn = Resampling(drawn.clusters[labelled.rows], drawn.resamples, drawn.seed)
    found = found_options(own.scores, head.concept_set.group_slices)[:, labelled.columns]
    wrong = found != labelled.options
    effects = corrections(head, own.scores, labelled)
    ranks = {
        "random": _random(len(own.logits), len(labelled.columns), permutations, drawn.seed),
        "uncertainty": _order(uncertainties(head, own.scores)[:, labelled.columns])[None],
        "decision": _order(expected_changes(head, own)[:, labelled.columns])[None],
    }
    curves: dict[Treatment, dict[Order, list[Accuracy]]] = {}
    gain: dict[Treatment, Accuracy] = {}
    ahead: dict[Treatment, dict[Order, Accuracy]] = {}
    for treatment in TREATMENTS:
        applied = effects if treatment == "every" else effects * wrong[:, :, None]
        hits = {order: step_hits(own.logits, applied, ranks[order], labelled.classes) for order in ORDERS}
        curves[treatment] = {order: accuracies(own_hits, labelled.classes, drawn) for order, own_hits in hits.items()}
        last = hits["random"]
        gain[treatment] = differences(last[[-1]], last[[0]], labelled.classes, drawn)[0]
        ahead[treatment] = _ahead(hits, labelled.classes, drawn) if len(labelled.columns) > 1 else {}
    keys = head.concept_set.group_keys
    follows = follow_class(labelled.options, labelled.classes)
    return InterventionCurve(
        images=len(labelled.rows),
        left_out=len(truth[0]) - len(labelled.rows),
        groups=tuple(keys[column] for column in labelled.columns),
        following=tuple(keys[column] for column, same in zip(labelled.columns, follows, strict=True) if same),
        wrong=float(wrong.mean()),
        curves=curves,
        gain=gain,
        ahead=ahead,
    )


def _ahead(hits: Mapping[Order, Array], classes: Indices, drawn: Resampling) -> dict[Order, Accuracy]:
    """How much better each order is than the random one between the beginning and the end, which all share."""
    between = {order: own[1:-1].mean(0, keepdims=True) for order, own in hits.items()}
    return {
        order: differences(own, between["random"], classes, drawn)[0]
        for order, own in between.items()
        if order != "random"
    }


def labelled_images(classes: Indices, options: Indices) -> Labelled:
    """The images whose class is known, and the option of every group that is known of any of them.

    Args:
        classes: (N,) -1 where unknown.
        options: (N, all groups) -1 where unknown.

    Raises:
        ExperimentError: there is none.
    """
    known = classes >= 0
    columns = np.flatnonzero(np.any(options[known] >= 0, axis=0))
    rows = np.flatnonzero(known & np.all(options[:, columns] >= 0, axis=1))
    if len(columns) == 0 or len(rows) == 0:
        labelled = int(np.sum(np.any(options[known] >= 0, axis=1)))
        raise ExperimentError(
            f"of {len(classes)} images {int(known.sum())} have a known class and {labelled} of those a known concept, "
            "but none has all that others have; concepts can be corrected only where their true option is known"
        )
    return Labelled(classes[rows], options[np.ix_(rows, columns)], columns.astype(np.int64), rows.astype(np.int64))


def corrections(head: DecisionHead, scores: Array, labelled: Labelled) -> Array:
    """What each group's true option adds to the logits, (N, K, C).

    In a group of one option nothing changes where the model has it right: there is no mean of images without it.
    """
    effects = np.zeros((len(scores), len(labelled.columns), len(head.bias)))
    slices = head.concept_set.group_slices
    for place, column in enumerate(labelled.columns):
        group = slices[int(column)]
        for row, option in enumerate(labelled.options[:, place]):
            own = scores[row]
            if group.stop - group.start > 1:
                edited = head.make_present(own, group.start + int(option))
            elif (own[group.start] >= 0) == bool(option):
                continue
            else:
                edited = head.make_present(own, group.start)
            effects[row, place] = head.weight[:, group] @ (edited - own)[group]
    return effects


def uncertainties(head: DecisionHead, scores: Array) -> Array:
    """Entropy of each group's options in nats, (N, all groups): of their softmax, or of the one option's sigmoid."""
    found = []
    for group in head.concept_set.group_slices:
        own = scores[:, group]
        wide = own if own.shape[1] > 1 else np.concatenate([own, np.zeros_like(own)], 1)
        shifted = wide - wide.max(1, keepdims=True)
        logs = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
        found.append(-(np.exp(logs) * logs).sum(1))
    return np.stack(found, 1)


def expected_changes(head: DecisionHead, outputs: Outputs) -> Array:
    """How much checking each group would be expected to change the class probabilities, (N, all groups), as advised."""
    result = np.empty((len(outputs.logits), len(head.concept_set.groups)))
    for row in range(len(result)):
        own = Predicted(outputs.scores[row], outputs.logits[row], outputs.probabilities[row])
        for check in checks(head, own):
            result[row, check.group] = check.expected_change
    return result


def step_hits(logits: Array, effects: Array, orders: Indices, classes: Indices) -> Array:
    """Share of right decisions with 0 to K groups corrected, (K + 1, N), mean over P orders.

    Args:
        logits: (N, C) as predicted.
        effects: (N, K, C) of correcting each group.
        orders: (P, N, K) places of the groups, the first to be corrected first.
        classes: (N,).
    """
    hits = np.zeros((effects.shape[1] + 1, len(logits)))
    for order in orders:
        taken = np.take_along_axis(effects, order[:, :, None], axis=1)
        steps = np.concatenate([logits[:, None], logits[:, None] + np.cumsum(taken, axis=1)], 1)
        hits += (steps.argmax(2) == classes[:, None]).T
    result: Array = hits / len(orders)
    return result


def _order(values: Array) -> Indices:
    """(N, K) places by falling value; ties as the concept set has them."""
    result: Indices = np.argsort(-values, axis=1, kind="stable").astype(np.int64)
    return result


def _random(images: int, groups: int, permutations: int, seed: int) -> Indices:
    stream = np.random.default_rng(seed)
    result: Indices = stream.random((permutations, images, groups)).argsort(2).astype(np.int64)
    return result
