"""The concept metrics of one model, with intervals over images.

Shapes: N images, K groups, O options, L patches, C classes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.diagnose.presence import labelled_options, present_options
from models.experiments.concept_metrics.existence import existence, present_share
from models.experiments.concept_metrics.importance import MEASURES, TYPES, GlobalImportance
from models.experiments.concept_metrics.location import TWELFTHS, inside_strongest, location, places
from models.experiments.concept_metrics.settings import ConceptMetricsConfig
from models.experiments.localization.targets import priors, targets
from models.experiments.saliency import parts_of_decision
from models.experiments.spread import Estimate, estimates, mean_estimate
from models.experiments.subjects import Subject
from models.train.data import labels_follow_class

Array = NDArray[np.float64]
MAPS = ("gradcam", "magnet", "centre")
AMONG = ("all", "relative", "claimed")


@dataclass(frozen=True)
class Importance:
    """CGIM of one type and measure: mean over options, its chance level, and how often chance reaches it."""

    kind: int
    measure: str
    value: Estimate
    chance: float | None
    p: float | None


@dataclass(frozen=True)
class Existence:
    """CEM of the first ``top`` options in one of the rankings ``AMONG``; beside random order."""

    among: str
    top: int
    value: Estimate
    correct: Estimate  # over the images that are classified correctly
    chance: Estimate
    gained: Estimate  # the value less chance, paired by image


@dataclass(frozen=True)
class Location:
    """CLM of the first ``top`` options in the strongest ``alpha`` twelfths of a map."""

    kind: str
    top: int
    alpha: float
    value: Estimate
    chance: float


@dataclass(frozen=True)
class OptionMetrics:
    """How far one option is to be trusted.

    Attributes:
        option: its id.
        claimed: share of the images in which the model takes it for present that have it; n of them.
        noticed: share of the images that have it in which the model takes it for present; n of them.
        located: share of the images that have it, and a mask, in which Grad-CAM's strongest quarter holds its place.
        importance: CGIM1 as a correlation.
    """

    option: str
    claimed: Estimate
    noticed: Estimate
    located: Estimate
    importance: Estimate


@dataclass(frozen=True)
class ConceptMetricsResult:
    """Of one model.

    Attributes:
        images: with a label of any group; 0 where there are none, and nothing else then.
        classes: of the concept set.
        follow_class: whether every label is what the class table gives: existence then measures the class.
        importance: CGIM.
        existence: CEM.
        location: CLM; empty without masks.
        options: each by itself.
    """

    images: int
    classes: int
    follow_class: bool
    importance: tuple[Importance, ...]
    existence: tuple[Existence, ...]
    location: tuple[Location, ...]
    options: tuple[OptionMetrics, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return asdict(self)


def measure_concept_metrics(subject: Subject, settings: ConceptMetricsConfig) -> ConceptMetricsResult:
    """The metrics of one model.

    Args:
        subject: the model and its pass.
        settings: what is measured, resamples and seed.
    """
    concept_set, images, found = subject.checkpoint.concept_set, subject.images, subject.found
    labels = labelled_options(images.data.options, concept_set)
    labelled = int(np.sum(np.any(labels >= 0, axis=1)))
    if labelled == 0:
        return ConceptMetricsResult(0, len(concept_set.classes), False, (), (), (), ())
    weight = subject.network.bottleneck.head.weight.detach().cpu().double().numpy()
    measuring = _Measuring(
        settings,
        images.clusters,
        labels,
        present_options(found.scores, concept_set),
        weight[found.predicted] * found.scores,
        parts_of_decision(found.scores, weight, found.predicted),
        images.data.classes == found.predicted,
    )
    importance = GlobalImportance(weight, found.scores.astype(np.float64), labels, images.data.classes, found.predicted)
    by_option, means = measuring.importance(importance)
    hits = _hits(subject, settings)
    return ConceptMetricsResult(
        images=labelled,
        classes=len(concept_set.classes),
        follow_class=labels_follow_class(images.data, concept_set),
        importance=means,
        existence=measuring.existence(),
        location=() if hits is None else measuring.location(*hits),
        options=measuring.options(concept_set.option_ids, by_option, hits),
    )


Hits = dict[tuple[str, float], Array]


def _hits(subject: Subject, settings: ConceptMetricsConfig) -> tuple[Hits, NDArray[np.bool_]] | None:
    """By map and alpha (N, O) whether an option's place is in the strongest part, and (N, O) whether it has one."""
    concept_set, found = subject.checkpoint.concept_set, subject.found
    truth = targets(subject.images, concept_set)
    if truth is None:
        return None
    group = list(concept_set.group_of_option)
    place = places(truth.masks)
    maps = {
        "gradcam": (found.gradcam.astype(np.float64), place[:, group]),
        "magnet": (found.assignment.transpose(0, 2, 1).astype(np.float64), place),
        "centre": (np.broadcast_to(priors(found.side)["centre"], truth.masks.shape), place),
    }
    hits = {}
    for kind, (values, own) in maps.items():
        for alpha in {*settings.alphas, _OF_OPTIONS}:
            inside = inside_strongest(values, own, alpha / TWELFTHS)
            hits[kind, alpha] = inside if kind == "gradcam" else inside[:, group]
    return hits, truth.known[:, group]


_OF_OPTIONS = 3.0  # twelfths: a quarter of the image


@dataclass(frozen=True, eq=False)
class _Measuring:
    """What the metrics are made of."""

    settings: ConceptMetricsConfig
    clusters: NDArray[np.int64]
    labels: NDArray[np.int64]
    claimed: NDArray[np.bool_]
    contribution: Array
    relative: Array
    right: NDArray[np.bool_]

    def mean(self, values: Array) -> Estimate:
        return mean_estimate(values, self.clusters, self.settings.resamples, self.settings.seed)

    def importance(self, measured: GlobalImportance) -> tuple[list[Estimate], tuple[Importance, ...]]:
        """CGIM1 of each option as a correlation, and the means."""
        options, kinds = self.labels.shape[1], [(kind, measure) for kind in TYPES for measure in MEASURES]
        counts = [int((self.labels[:, option] >= 0).sum()) for option in range(options)] * len(kinds)
        counts += [int(np.sum(np.any(self.labels >= 0, axis=1)))] * len(kinds)
        found = estimates(measured, self.clusters, counts, self.settings.resamples, self.settings.seed)
        chance = measured.chance(self.settings.permutations, np.random.default_rng(self.settings.seed))
        means = []
        for (kind, measure), value in zip(kinds, found[-len(kinds) :], strict=True):
            level, p = chance[kind, measure]
            means.append(Importance(kind, measure, value, *((None, None) if np.isnan(level) else (level, p))))
        first = kinds.index((1, "correlation"))
        return found[first * options : (first + 1) * options], tuple(means)

    def existence(self) -> tuple[Existence, ...]:
        found, every = [], np.ones_like(self.claimed)
        ranked = {"all": (self.contribution, every), "relative": (self.relative, every)}
        ranked["claimed"] = (self.contribution, self.claimed)
        for among, (importance, allowed) in ranked.items():
            for top in self.settings.top:
                own = existence(importance, self.labels, allowed, top)
                chance = present_share(self.labels, allowed, top)
                correct = np.where(self.right, own, np.nan)
                estimated = (self.mean(values) for values in (own, correct, chance, own - chance))
                found.append(Existence(among, top, *estimated))
        return tuple(found)

    def location(self, hits: Hits, known: NDArray[np.bool_]) -> tuple[Location, ...]:
        located = known & (self.labels == 1)
        return tuple(
            Location(
                kind,
                top,
                alpha,
                self.mean(location(hits[kind, alpha], self.contribution, located, top)),
                alpha / TWELFTHS,
            )
            for kind in MAPS
            for top in self.settings.top
            for alpha in self.settings.alphas
        )

    def options(
        self, ids: tuple[str, ...], importance: list[Estimate], hits: tuple[Hits, NDArray[np.bool_]] | None
    ) -> tuple[OptionMetrics, ...]:
        known, there = self.labels >= 0, self.labels == 1
        claimed = np.where(self.claimed & known, there.astype(np.float64), np.nan)
        noticed = np.where(there, self.claimed.astype(np.float64), np.nan)
        located = np.full(self.labels.shape, np.nan)
        if hits is not None:
            located = np.where(hits[1] & there, hits[0]["gradcam", _OF_OPTIONS], np.nan)
        return tuple(
            OptionMetrics(
                name,
                self.mean(claimed[:, place]),
                self.mean(noticed[:, place]),
                self.mean(located[:, place]),
                importance[place],
            )
            for place, name in enumerate(ids)
        )
