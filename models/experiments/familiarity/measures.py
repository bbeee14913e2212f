"""How well a model's distance to its codebook tells foreign images from its own, beside what the logits alone tell.

Scores, all larger for what is more foreign: the *distance*, as the application shows it: mean over the patches of the
squared distance to the nearest code, per channel; *either side*, ``|ln d - ln median of validation|``, which also
catches images that lie too near; ``1 - max p`` (Hendrycks and Gimpel 2017); and the *energy* ``-ln sum exp z``
(Liu et al. 2020).

Shapes: N own images, M foreign ones, R rows of weights, C classes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from models.compare.figures import Answers, RocArea
from models.experiments.spread import Estimate, estimates, mean_estimate
from models.statistics import ValidationStatistics

Array = NDArray[np.float64]
Kind = Literal["own", "set", "noise", "corruption"]

SCORES = ("distance", "either_side", "max_probability", "energy")
ACCEPTED = 0.95  # share of the own images that a threshold lets through
WORDS = {
    "distance": "distance to the codebook",
    "either_side": "distance, too near or too far",
    "max_probability": "1 - largest probability",
    "energy": "energy of the logits",
}


@dataclass(frozen=True, eq=False)
class Seen:
    """What the model says of some images.

    Attributes:
        name: of the set, or of what was done to the own images.
        kind: what they are.
        strength: of a corruption, 1 to 5; None otherwise.
        distance: (N,) float64.
        logits: (N, C) float64.
        classes: (N,) truth, -1 where there is none.
        clusters: (N,) equal for images that are drawn together: a copy has the number of its original, an image from
            elsewhere one that no own image has.
    """

    name: str
    kind: Kind
    strength: int | None
    distance: Array
    logits: Array
    classes: NDArray[np.int64]
    clusters: NDArray[np.int64]

    @property
    def title(self) -> str:
        """For tables and figures."""
        return self.name if self.strength is None else f"{self.name} {self.strength}"

    def __len__(self) -> int:
        return len(self.distance)


@dataclass(frozen=True)
class Apart:
    """A foreign set against the own images.

    Attributes:
        title: of the set.
        kind: what it is.
        strength: of a corruption.
        n: foreign images.
        auroc: by name in ``SCORES``; 0.5 tells nothing, below 0.5 takes the foreign for the more familiar.
        gain: AUROC of the distance minus that of ``1 - max p``, paired by image.
        missed: share of the foreign images that a threshold on the distance lets through which lets 95 % of the own
            images through (FPR at 95 % TPR).
        flagged: share of the foreign images beyond 95 % of the validation images, as the application counts.
        accuracy: of the class; no value for images that have none of the model's classes.
        quantiles: 5, 25, 50, 75 and 95 % of the distances.
    """

    title: str
    kind: Kind
    strength: int | None
    n: int
    auroc: dict[str, Estimate]
    gain: Estimate
    missed: Estimate
    flagged: Estimate
    accuracy: Estimate
    quantiles: tuple[float, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "name": self.title,
            "kind": self.kind,
            "strength": self.strength,
            "images": self.n,
            "auroc": {name: found.to_json() for name, found in self.auroc.items()},
            "distance_minus_max_probability": self.gain.to_json(),
            "missed_at_95": self.missed.to_json(),
            "beyond_95_of_validation": self.flagged.to_json(),
            "accuracy": self.accuracy.to_json(),
            "distance_quantiles": list(self.quantiles),
        }


@dataclass(frozen=True)
class FamiliarityResult:
    """Of one model.

    Attributes:
        n: own images.
        beyond: share of them beyond 95 % and beyond 99 % of the validation images: 5 % and 1 % if they are alike.
        accuracy: of the class on them.
        quantiles: 5, 25, 50, 75 and 95 % of their distances.
        errors: AUROC by name in ``SCORES`` of telling the model's errors on its own images from its right answers.
        wrong: images behind these that are answered wrong.
        apart: foreign sets.
    """

    n: int
    beyond: dict[str, Estimate]
    accuracy: Estimate
    quantiles: tuple[float, ...]
    errors: dict[str, Estimate]
    wrong: int
    apart: tuple[Apart, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "own": {
                "images": self.n,
                "beyond_of_validation": {name: found.to_json() for name, found in self.beyond.items()},
                "accuracy": self.accuracy.to_json(),
                "distance_quantiles": list(self.quantiles),
            },
            "errors": {"wrong": self.wrong, "auroc": {name: found.to_json() for name, found in self.errors.items()}},
            "foreign": [one.to_json() for one in self.apart],
        }


def measure_familiarity(
    own: Seen, foreign: Sequence[Seen], statistics: ValidationStatistics, *, resamples: int, seed: int
) -> FamiliarityResult:
    """Tells foreign sets from the own images.

    Args:
        own: tested images, of the kind that the model was made for.
        foreign: sets to tell from them.
        statistics: of the model.
        resamples: of the bootstrap.
        seed: of it.
    """
    levels = {"95": _quantile(statistics, 0.95), "99": _quantile(statistics, 0.99)}
    median = _quantile(statistics, 0.5)
    known = own.classes >= 0
    wrong = known & (own.logits.argmax(1) != own.classes)
    return FamiliarityResult(
        len(own),
        {
            name: mean_estimate((own.distance > level).astype(np.float64), own.clusters, resamples, seed)
            for name, level in levels.items()
        },
        _accuracy(own, resamples, seed),
        _quantiles(own.distance),
        areas(_scores(own, median), wrong, known, own.clusters, (resamples, seed))[0],
        int(wrong.sum()),
        tuple(_apart(own, one, median, levels["95"], resamples, seed) for one in foreign),
    )


def _apart(own: Seen, foreign: Seen, median: float, level: float, resamples: int, seed: int) -> Apart:
    scores = {
        name: np.concatenate([values, _scores(foreign, median)[name]]) for name, values in _scores(own, median).items()
    }
    clusters = np.concatenate([own.clusters, foreign.clusters])
    positive = np.arange(len(clusters)) >= len(own)
    found, gain = areas(scores, positive, np.ones(len(positive), np.bool_), clusters, (resamples, seed))
    return Apart(
        foreign.title,
        foreign.kind,
        foreign.strength,
        len(foreign),
        found,
        gain,
        estimates(let_through(scores["distance"], positive), clusters, [len(foreign)], resamples, seed)[0],
        mean_estimate((foreign.distance > level).astype(np.float64), foreign.clusters, resamples, seed),
        _accuracy(foreign, resamples, seed),
        _quantiles(foreign.distance),
    )


def areas(
    scores: dict[str, Array],
    positive: NDArray[np.bool_],
    seen: NDArray[np.bool_],
    clusters: NDArray[np.int64],
    bootstrap: tuple[int, int],
) -> tuple[dict[str, Estimate], Estimate]:
    """AUROC of each score (N,), larger for the positive ones, and by how much the distance is ahead of ``1 - max p``.

    Args:
        scores: by name in ``SCORES``.
        positive: (N,).
        seen: (N,) images that count.
        clusters: (N,).
        bootstrap: resamples and seed.
    """
    curves = [RocArea(values, positive, seen) for values in scores.values()]

    def evaluate(weights: Array) -> Array:
        found = [curve(weights) for curve in curves]
        return np.stack([*found, found[ahead] - found[behind]], 1)

    names = list(scores)
    ahead, behind = names.index("distance"), names.index("max_probability")
    *found, gain = estimates(evaluate, clusters, [int(seen.sum())] * (len(names) + 1), *bootstrap)
    return dict(zip(names, found, strict=True)), gain


def let_through(scores: Array, foreign: NDArray[np.bool_]) -> Callable[[Array], Array]:
    """Weights (R, N) to the share of the foreign ones (R, 1) at or below the threshold that 95 % of the others reach.

    Args:
        scores: (N,) larger for the more foreign.
        foreign: (N,).
    """
    own = np.flatnonzero(~foreign)
    own = own[np.argsort(scores[own], kind="stable")]
    others = np.flatnonzero(foreign)

    def evaluate(weights: Array) -> Array:
        reached = np.cumsum(weights[:, own], 1)
        total = reached[:, -1]
        place = (reached >= ACCEPTED * total[:, None] - 1e-9).argmax(1)
        threshold = scores[own][place]
        within = scores[others][None] <= threshold[:, None]
        kept, whole = (weights[:, others] * within).sum(1), weights[:, others].sum(1)
        share: Array = np.divide(kept, whole, out=np.full(len(weights), np.nan), where=(whole > 0) & (total > 0))
        return share[:, None]

    return evaluate


def _scores(seen: Seen, median: float) -> dict[str, Array]:
    near = np.abs(np.log(np.maximum(seen.distance, 1e-12)) - np.log(max(median, 1e-12)))
    sure = Answers(seen.logits).probabilities.max(1)
    energy: Array = -np.asarray(logsumexp(seen.logits, axis=1))
    return dict(zip(SCORES, (seen.distance, near, 1 - sure, energy), strict=True))


def _accuracy(seen: Seen, resamples: int, seed: int) -> Estimate:
    right = (seen.logits.argmax(1) == seen.classes).astype(np.float64)
    return mean_estimate(np.where(seen.classes >= 0, right, np.nan), seen.clusters, resamples, seed)


def _quantile(statistics: ValidationStatistics, share: float) -> float:
    return float(np.interp(share, np.linspace(0, 1, len(statistics.familiarity)), statistics.familiarity))


def _quantiles(values: Array) -> tuple[float, ...]:
    return tuple(float(value) for value in np.percentile(values, (5, 25, 50, 75, 95)))
