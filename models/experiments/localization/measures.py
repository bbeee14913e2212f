"""How well the maps of one model agree with the masks, with intervals over images.

Shapes: N images, K groups, L patches, R resamples.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.experiments.localization.agreement import THRESHOLDS, Agreement
from models.experiments.localization.random_weights import DEPTHS, Depth, RandomPass, rank_correlations
from models.experiments.localization.settings import LocalizationConfig
from models.experiments.localization.targets import (
    MAPS,
    PRIORS,
    Source,
    Targets,
    group_maps,
    measured_owners,
    owners,
    priors,
    targets,
)
from models.experiments.spread import Estimate, estimates, mean_estimate
from models.experiments.subjects import Subject

Array = NDArray[np.float64]
Evaluate = Callable[[Array], Array]
FIGURES = ("pointing", "energy", "iou")


@dataclass(frozen=True)
class Localized:
    """Figures of one kind of map; see ``agreement``.

    Attributes:
        pointing: of the pointing game.
        energy: inside the mask.
        iou: at the best threshold.
    """

    pointing: Estimate
    energy: Estimate
    iou: Estimate

    def to_json(self) -> dict[str, Any]:
        """All three."""
        return {name: getattr(self, name).to_json() for name in FIGURES}


@dataclass(frozen=True)
class GroupLocalization:
    """A group.

    Attributes:
        key: of the group.
        source: "own" mask, that of the whole "lesion", or None where it cannot be measured.
        images: that have such a mask.
        maps: figures by kind of map, of ``MAPS`` and ``PRIORS``; without the kinds that the group has no map of.
        thresholds: the best threshold by kind, as a share of the map's maximum.
    """

    key: str
    source: Source | None
    images: int
    maps: dict[str, Localized]
    thresholds: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        maps = {kind: own.to_json() | {"threshold": self.thresholds[kind]} for kind, own in self.maps.items()}
        return {"group": self.key, "mask": self.source, "images": self.images, "maps": maps}


@dataclass(frozen=True)
class Sanity:
    """A kind of map with random weights.

    Attributes:
        kind: of map.
        depth: what is random.
        seeds: networks that have such a map of a group that the trained model has one of.
        found: mean over these groups and networks.
        gained: the trained model's figures on the same images less these.
        similarity: Spearman's rank correlation of the trained model's map with the random network's, mean over groups
            and networks; near 1 the map is about the picture and not about what was learnt.
    """

    kind: str
    depth: Depth
    seeds: int
    found: Localized
    gained: Localized
    similarity: Estimate

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "map": self.kind,
            "random": self.depth,
            "seeds": self.seeds,
            **self.found.to_json(),
            "trained_less_random": self.gained.to_json(),
            "rank_correlation": self.similarity.to_json(),
        }


@dataclass(frozen=True)
class LocalizationResult:
    """Of one model.

    Attributes:
        images: that have a mask for any group; 0 where there is none, and nothing else then.
        groups: every group of the concept set.
        mean: over groups, by kind of map.
        over_centre: the mean of each map of the model less that of the centre prior, over the groups that have the map.
        sanity: maps of networks with random weights.
    """

    images: int
    groups: tuple[GroupLocalization, ...]
    mean: dict[str, Localized]
    over_centre: dict[str, Localized]
    sanity: tuple[Sanity, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "images": self.images,
            "groups": [group.to_json() for group in self.groups],
            "mean": {kind: own.to_json() for kind, own in self.mean.items()},
            "over_centre_prior": {kind: own.to_json() for kind, own in self.over_centre.items()},
            "sanity": [one.to_json() for one in self.sanity],
        }


def measure_localization(
    subject: Subject, settings: LocalizationConfig, random: Sequence[RandomPass] = ()
) -> LocalizationResult:
    """Figures of one model's maps.

    Args:
        subject: the model and its pass.
        settings: resamples and seed of the intervals.
        random: passes of networks with random weights; without them there is no sanity check.
    """
    concept_set = subject.checkpoint.concept_set
    truth = targets(subject.images, concept_set)
    if truth is None:
        groups = tuple(GroupLocalization(key, None, 0, {}, {}) for key in concept_set.group_keys)
        return LocalizationResult(0, groups, {}, {}, ())
    maps = group_maps(subject.found, owners(subject.checkpoint.statistics.codes), concept_set)
    side, shape = subject.found.side, truth.masks.shape
    maps |= {name: np.broadcast_to(values, shape) for name, values in priors(side).items()}
    measuring = _Measuring(subject.images.clusters, settings.resamples, settings.seed)
    agreement = {kind: Agreement.of(own, truth.masks, truth.known) for kind, own in maps.items()}
    found = {kind: measuring.every(one) for kind, one in agreement.items()}
    over_centre = {
        kind: measuring.mean_difference(agreement[kind], agreement["centre"])
        for kind in MAPS
        if agreement[kind].known.any()
    }
    return LocalizationResult(
        images=int(truth.found.sum()),
        groups=tuple(
            _group(place, key, truth, {kind: (agreement[kind], found[kind]) for kind in maps})
            for place, key in enumerate(concept_set.group_keys)
        ),
        mean={kind: own[-1] for kind, own in found.items() if agreement[kind].known.any()},
        over_centre=over_centre,
        sanity=tuple(_sanity(subject, truth, maps, random, measuring)),
    )


@dataclass(frozen=True)
class _Measuring:
    """How intervals are made."""

    clusters: NDArray[np.int64]
    resamples: int
    seed: int

    def every(self, one: Agreement) -> list[Localized]:
        """Of each group, and last the mean over groups."""
        per_group = one.known.sum(0)
        counts = [*per_group, *per_group, *per_group, *[one.known.any(1).sum()] * 3]
        found = estimates(one.figures, self.clusters, counts, self.resamples, self.seed)
        groups = len(per_group)
        single = [Localized(*found[place : 3 * groups : groups]) for place in range(groups)]
        return [*single, Localized(*found[3 * groups :])]

    def means(self, evaluate: Evaluate, images: int) -> Localized:
        """Of means over groups (R, 3)."""
        return Localized(*estimates(evaluate, self.clusters, [images] * 3, self.resamples, self.seed))

    def mean_difference(self, one: Agreement, other: Agreement) -> Localized:
        """Of the means over the groups that the first has."""
        same = other.restricted(np.any(one.known, axis=0))
        return self.means(lambda w: one.figures(w)[:, -3:] - same.figures(w)[:, -3:], int(one.known.any(1).sum()))


def _group(
    place: int, key: str, truth: Targets, found: dict[str, tuple[Agreement, list[Localized]]]
) -> GroupLocalization:
    maps, thresholds = {}, {}
    for kind, (agreement, localized) in found.items():
        if not agreement.known[:, place].any():
            continue
        maps[kind] = localized[place]
        overlaps = agreement.overlap_means(np.ones((1, len(agreement.known))))[0, place]
        thresholds[kind] = float(THRESHOLDS[overlaps.argmax()])
    images = int(truth.known[:, place].sum())
    return GroupLocalization(key, truth.sources[place] if images else None, images, maps, thresholds)


def _sanity(
    subject: Subject,
    truth: Targets,
    maps: dict[str, Array],
    random: Sequence[RandomPass],
    measuring: _Measuring,
) -> list[Sanity]:
    checkpoint, found = subject.checkpoint, []
    for depth in DEPTHS:
        passes = [one for one in random if one.depth == depth]
        if not passes:
            continue
        rows = passes[0].rows
        own = Targets(truth.masks[rows], truth.known[rows], truth.sources)
        source, codes = checkpoint.statistics.association_source, checkpoint.config.codes
        drawn = [
            group_maps(
                one.found,
                measured_owners(one.found, own, checkpoint.concept_set, source, codes),
                checkpoint.concept_set,
            )
            for one in passes
        ]
        taken = _Measuring(measuring.clusters[rows], measuring.resamples, measuring.seed)
        for kind in MAPS:
            one = _one_sanity(kind, depth, maps[kind][rows], [each[kind] for each in drawn], own, taken)
            if one is not None:
                found.append(one)
    return found


def _one_sanity(
    kind: str, depth: Depth, trained: Array, drawn: Sequence[Array], truth: Targets, measuring: _Measuring
) -> Sanity | None:
    """None where no group has such a map of the trained model and of a random network."""
    reference = Agreement.of(trained, truth.masks, truth.known)
    pairs, said = [], []
    for maps in drawn:
        one = Agreement.of(maps, truth.masks, truth.known)
        # A random codebook may have no code that goes with a group: it is compared over the groups that both have.
        both = np.any(one.known & reference.known, axis=0)
        if both.any():
            pairs.append((reference.restricted(both), one.restricted(both)))
            said.append(maps)
    if not pairs:
        return None

    def random(weights: Array) -> Array:
        figures: Array = np.mean([one.figures(weights)[:, -3:] for _, one in pairs], axis=0)
        return figures

    def gained(weights: Array) -> Array:
        figures: Array = np.mean([own.figures(weights)[:, -3:] for own, _ in pairs], axis=0) - random(weights)
        return figures

    images = int(truth.found.sum())
    alike = np.stack([np.where(truth.known, rank_correlations(trained, maps), np.nan) for maps in said])
    counted = ~np.isnan(alike)
    per_image = np.divide(
        np.nansum(alike, (0, 2)),
        counted.sum((0, 2)),
        out=np.full(alike.shape[1], np.nan),
        where=counted.any((0, 2)),
    )
    return Sanity(
        kind,
        depth,
        len(pairs),
        measuring.means(random, images),
        measuring.means(gained, images),
        mean_estimate(per_image, measuring.clusters, measuring.resamples, measuring.seed),
    )


__all__ = [
    "FIGURES", "MAPS", "PRIORS", "GroupLocalization", "LocalizationResult", "Localized", "Sanity",
    "measure_localization",
]  # fmt: skip
