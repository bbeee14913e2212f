"""The four questions of the leakage tests, of one model.

Shapes: N images, K groups, O options, C classes, V options of all groups one-hot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from models.concepts import ConceptSet
from models.experiments.decisions import Accuracy, Resampling, accuracies, differences, found_options
from models.experiments.leakage.concepts import BeyondClass, Held, beyond_class
from models.experiments.leakage.settings import LeakageConfig
from models.experiments.linear_head import crossed
from models.experiments.surroundings import ExperimentError
from models.intervene.scores import DecisionHead
from models.train.metrics import concept_accuracies, mean_of_known

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Features = Literal["soft", "hard", "labels", "shuffled", "shuffled-hard", "chance"]

_CHANCE = 20  # permutations of the classes for the level that a head reaches by chance: each is a cross-validation
_MIXED = 200  # permutations of scores within class; more change no digit that is printed


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the tests look at.

    Attributes:
        head: of the model.
        logits: (N, C) of the network.
        scores: (N, O) of the images.
        shuffled: (N, O) of the images with their tiles in another order.
        classes: (N,) -1 where unknown.
        options: (N, K) -1 where unknown.
        drawn: how intervals are drawn.
    """

    head: DecisionHead
    logits: Array
    scores: Array
    shuffled: Array
    classes: Indices
    options: Indices
    drawn: Resampling


@dataclass(frozen=True, eq=False)
class Leakage:
    """What was found of a model.

    Attributes:
        images: N with a known class.
        own: decisions of the model.
        permuted: its head's decisions when every group's scores are those of another image of the same class.
        change: permuted - own, paired by image.
        heads: new heads, cross-validated: on the scores ("soft"), the options found ("hard"), the true options
            ("labels", only where all are known), the scores of shuffled images ("shuffled") and the options found
            there ("shuffled-hard"), and on scores with the classes permuted ("chance", a level without interval).
        soft_hard: soft - hard: what scores tell of the class beyond the options found.
        soft_labels: soft - labels; None without labels. Above zero, scores tell more than the concepts themselves.
        shuffled_chance: shuffled - chance.
        shuffled_soft_hard: shuffled - shuffled-hard.
        concepts: concept BMAC of the images, None where no option is known.
        concepts_shuffled: the same of the shuffled images.
        groups: (K,) what is found beyond the class.
        groups_shuffled: (K,) concept BMAC of the shuffled images, None where no option of the group is known.
    """

    images: int
    own: Accuracy
    permuted: Accuracy
    change: Accuracy
    heads: Mapping[Features, Accuracy]
    soft_hard: Accuracy
    soft_labels: Accuracy | None
    shuffled_chance: Accuracy
    shuffled_soft_hard: Accuracy
    concepts: float | None
    concepts_shuffled: float | None
    groups: tuple[BeyondClass, ...]
    groups_shuffled: tuple[float | None, ...]

    @property
    def trivial(self) -> bool:
        """Whether no group's labels say anything beyond the class."""
        return all(group.follows for group in self.groups)

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        names = ("own", "permuted", "change", "soft_hard", "shuffled_chance", "shuffled_soft_hard")
        return {
            "images": self.images,
            **{name: getattr(self, name).to_json() for name in names},
            "soft_labels": None if self.soft_labels is None else self.soft_labels.to_json(),
            "heads": {name: one.to_json() for name, one in self.heads.items()},
            "concept_bmac": self.concepts,
            "concept_bmac_shuffled": self.concepts_shuffled,
            "groups": [
                {**group.to_json(), "bmac_shuffled": shuffled}
                for group, shuffled in zip(self.groups, self.groups_shuffled, strict=True)
            ],
        }


def measure(evidence: Evidence, config: LeakageConfig) -> Leakage:
    """All four tests.

    Raises:
        ExperimentError: too few images have a known class.
    """
    known = np.flatnonzero(evidence.classes >= 0)
    clusters = evidence.drawn.clusters[known]
    if len(known) == 0 or len(np.unique(clusters)) < 10 or len(np.unique(evidence.classes[known])) < 2:
        raise ExperimentError(
            f"{len(known)} images have a known class; heads are cross-validated on at least ten, of two classes or more"
        )
    classes, options = evidence.classes[known], evidence.options[known]
    drawn = Resampling(clusters, config.resamples, config.seed)
    scores, shuffled = evidence.scores[known], evidence.shuffled[known]
    concept_set = evidence.head.concept_set
    own = (evidence.logits[known].argmax(1) == classes).astype(np.float64)[None]
    mixed = mixed_hits(evidence.head, scores, classes, min(config.permutations, _MIXED), config.seed)[None]
    hits = _head_hits(concept_set, (scores, shuffled), (classes, options), clusters, config)
    heads = {name: accuracies(one, classes, drawn)[0] for name, one in hits.items()}
    heads["chance"] = _level(heads["chance"])
    intact, mixed_up = (
        concept_accuracies(values.astype(np.float32), options, concept_set.group_slices)
        for values in (scores, shuffled)
    )
    return Leakage(
        images=len(known),
        own=accuracies(own, classes, drawn)[0],
        permuted=accuracies(mixed, classes, drawn)[0],
        change=differences(mixed, own, classes, drawn)[0],
        heads=heads,
        soft_hard=differences(hits["soft"], hits["hard"], classes, drawn)[0],
        soft_labels=differences(hits["soft"], hits["labels"], classes, drawn)[0] if "labels" in hits else None,
        shuffled_chance=differences(hits["shuffled"], hits["chance"], classes, drawn)[0],
        shuffled_soft_hard=differences(hits["shuffled"], hits["shuffled-hard"], classes, drawn)[0],
        concepts=_known(mean_of_known(intact)),
        concepts_shuffled=_known(mean_of_known(mixed_up)),
        groups=_groups(concept_set, scores, (classes, options), drawn, config),
        groups_shuffled=tuple(_known(value) for value in mixed_up),
    )


def mixed_hits(head: DecisionHead, scores: Array, classes: Indices, permutations: int, seed: int) -> Array:
    """(N,) share of right decisions when each group's scores come from another image of the class, drawn anew.

    Scores and labels keep their distribution within the class, group by group; what the groups of one image have in
    common beyond its class is gone.
    """
    stream, hits = np.random.default_rng(seed), np.zeros(len(scores))
    members = [np.flatnonzero(classes == label) for label in np.unique(classes)]
    for _ in range(permutations):
        mixed = scores.copy()
        for group in head.concept_set.group_slices:
            for rows in members:
                mixed[rows, group] = scores[stream.permutation(rows), group]
        hits += (mixed @ head.weight.T + head.bias).argmax(1) == classes
    result: Array = hits / permutations
    return result


def one_hot_options(options: Indices, concept_set: ConceptSet) -> Array:
    """(N, V) options (N, K) as ones and zeros; a group of one option has one column."""
    columns = []
    for place, group in enumerate(concept_set.group_slices):
        count = group.stop - group.start
        own = options[:, place]
        columns.append(own[:, None].astype(np.float64) if count == 1 else np.eye(count)[own])
    return np.concatenate(columns, 1)


def _head_hits(
    concept_set: ConceptSet,
    scores: tuple[Array, Array],
    truth: tuple[Indices, Indices],
    clusters: Indices,
    config: LeakageConfig,
) -> dict[Features, Array]:
    """(1, N) share of right decisions of cross-validated heads, over the repeats."""
    (soft, shuffled), (classes, options) = scores, truth
    count = len(concept_set.class_keys)
    inputs: dict[Features, Array] = {
        "soft": soft,
        "hard": one_hot_options(found_options(soft, concept_set.group_slices), concept_set),
    }
    columns = np.flatnonzero(np.any(options >= 0, axis=0))
    if len(columns) and np.all(options[:, columns] >= 0):
        complete = np.where(options >= 0, options, 0)  # a group that nobody labelled is the same everywhere
        inputs["labels"] = one_hot_options(complete, concept_set)
    inputs["shuffled"] = shuffled
    inputs["shuffled-hard"] = one_hot_options(found_options(shuffled, concept_set.group_slices), concept_set)
    found: dict[Features, Array] = {}
    for name, features in inputs.items():
        said = [
            crossed(features, classes, clusters, count, np.random.default_rng((config.seed, repeat))) == classes
            for repeat in range(config.repeats)
        ]
        found[name] = np.mean(said, axis=0)[None]
    found["chance"] = _by_chance(soft, classes, count, config.seed)
    return found


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _level(one: Accuracy) -> Accuracy:
    """Without the intervals, which would say nothing: the level is the same for all images of a class."""
    return Accuracy(*(replace(each, low=None, high=None) for each in (one.accuracy, one.bmac)))


def _by_chance(features: Array, classes: Indices, count: int, seed: int) -> Array:
    """(1, N) share of right decisions of heads fitted to permuted classes, the same for all images of a class."""
    stream = np.random.default_rng(seed)
    right, total = np.zeros(count), np.zeros(count)
    for _ in range(_CHANCE):
        other = stream.permutation(classes)
        hits = crossed(features, other, np.arange(len(classes)), count, stream) == other
        right += np.bincount(other, hits, minlength=count)
        total += np.bincount(other, minlength=count)
    result: Array = (right / np.maximum(total, 1.0))[classes][None]
    return result


def _groups(
    concept_set: ConceptSet,
    scores: Array,
    truth: tuple[Indices, Indices],
    drawn: Resampling,
    config: LeakageConfig,
) -> tuple[BeyondClass, ...]:
    classes, options = truth
    found, told = found_options(scores, concept_set.group_slices), []
    for place, key in enumerate(concept_set.group_keys):
        rows = options[:, place] >= 0
        held = Held(found[rows, place], options[rows, place], classes[rows], drawn.clusters[rows])
        told.append(beyond_class(key, held, config.permutations, config.resamples, config.seed))
    return tuple(told)
