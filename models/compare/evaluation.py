"""The figures of both models side by side: resampled together, tested, and put into words.

Shapes: N images, F figures, R resamples, U units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.compare import words
from models.compare.figures import DECISION, PER_CLASS, Answers, Array, Figures, Indices, Known, figure_keys
from models.compare.intervals import Bounds, bca, percentile
from models.compare.paired import PermutationTest, permute
from models.compare.resampling import Units, bootstrap, jackknife
from models.compare.result import Figure, Interval
from models.compare.settings import CompareSettings

# Units up to which each is left out in turn for BCa; beyond, the percentile interval stands alone.
BCA_UNITS = 2000


@dataclass(frozen=True, eq=False)
class Resampled:
    """The figures of both models.

    Attributes:
        estimates: (2, F) of the images themselves.
        drawn: (R, 2, F) of the resamples.
        left_out: (U, 2, F) with each unit left out; None if there are too many.
        tests: (F,) permutation tests, None for figures that are no sums over images.
        differing: units of known class of which the models say different ones.
    """

    estimates: Array
    drawn: Array
    left_out: Array | None
    tests: tuple[PermutationTest | None, ...]
    differing: int


@dataclass(frozen=True)
class Named:
    """Keys and names of what the figures are about: classes, and groups that both models have."""

    class_keys: tuple[str, ...]
    class_names: tuple[str, ...]
    group_keys: tuple[str, ...]
    group_names: tuple[str, ...]


def resample(answers: tuple[Answers, Answers], known: Known, units: Units, settings: CompareSettings) -> Resampled:
    """Evaluates both models on the same resamples.

    Args:
        answers: of A and of B, (N, …).
        known: the truth about the same images.
        units: of these images.
        settings: resamples and seed.
    """
    both = [Figures(part, known) for part in answers]

    def evaluate(weights: Array) -> Array:
        return np.stack([part(weights) for part in both], 1)

    return Resampled(
        evaluate(np.ones((1, len(known.classes))))[0],
        bootstrap(evaluate, units, settings.resamples, settings.seed),
        jackknife(evaluate, units) if units.count <= BCA_UNITS else None,
        tuple(permute(both[1].shares() - both[0].shares(), units.of_image, settings.seed)),
        len(np.unique(units.of_image[(known.classes >= 0) & (answers[0].predicted != answers[1].predicted)])),
    )


def compare_figures(
    answers: tuple[Answers, Answers], known: Known, clusters: Indices, named: Named, settings: CompareSettings
) -> tuple[tuple[Figure, ...], dict[str, PermutationTest | None]]:
    """All figures, and their permutation tests by key; images of which nothing is known are left out.

    Args:
        answers: of A and of B, (N, …).
        known: the truth about these images.
        clusters: (N,) equal for images that belong together.
        named: classes and groups.
        settings: how to resample.
    """
    keys = figure_keys(named.class_keys, named.group_keys)
    counts = _counts(known, named)
    rows = np.flatnonzero(np.any([known.classes >= 0, *(group >= 0 for group in known.groups)], axis=0))
    if len(rows) == 0:
        return tuple(_figure(key, place, counts[key], named, None) for place, key in enumerate(keys)), {}
    units = Units.of(clusters[rows], known.classes[rows] if settings.stratify else None)
    seen = Known(known.classes[rows], tuple(group[rows] for group in known.groups), known.options)
    a, b = (Answers(part.logits[rows], tuple(group[rows] for group in part.groups)) for part in answers)
    found = resample((a, b), seen, units, settings)
    figures = tuple(_figure(key, place, counts[key], named, found) for place, key in enumerate(keys))
    return figures, dict(zip(keys, found.tests, strict=True))


def _figure(key: str, place: int, count: int, named: Named, found: Resampled | None) -> Figure:
    kind = key.partition(".")[0]
    a, b = (float("nan"), float("nan")) if found is None else (float(value) for value in found.estimates[:, place])
    if found is None or np.isnan(b - a):
        of_a = of_b = of_difference = accelerated = p_value = None
    else:
        drawn = found.drawn[:, :, place]
        differences, left = drawn[:, 1] - drawn[:, 0], found.left_out
        of_a, of_b, of_difference = percentile(drawn[:, 0]), percentile(drawn[:, 1]), percentile(differences)
        accelerated = None if left is None else bca(b - a, differences, left[:, 1, place] - left[:, 0, place])
        test = found.tests[place]
        p_value = None if test is None else test.p_value
    verdict = words.judge(kind, of_difference, p_value, 0 if found is None else found.differing)
    return Figure(
        key=key,
        name=_name(key, named),
        better="lower" if kind in words.LOWER_IS_BETTER else "higher",
        n=count,
        a=number_of(a),
        b=number_of(b),
        interval_a=interval_of(of_a),
        interval_b=interval_of(of_b),
        difference=number_of(b - a),
        interval=interval_of(of_difference),
        bca=interval_of(accelerated),
        p_value=p_value,
        verdict=verdict,
        sentence=words.sentence(verdict, number_of(b - a), of_difference),
    )


def _name(key: str, named: Named) -> str:
    kind, _, of = key.partition(".")
    if not of:
        return words.NAMES[kind]
    if kind in PER_CLASS:
        return f"{words.NAMES[kind]} of {named.class_names[named.class_keys.index(of)]}"
    return f"Concept BMAC of {named.group_names[named.group_keys.index(of)]}"


def _counts(known: Known, named: Named) -> dict[str, int]:
    """How many images each figure rests on."""
    total = int(np.sum(known.classes >= 0))
    counts = dict.fromkeys(DECISION, total)
    counts["concept_bmac"] = int(np.sum(np.any([group >= 0 for group in known.groups], axis=0))) if known.groups else 0
    for label, key in enumerate(named.class_keys):
        own = int(np.sum(known.classes == label))
        counts |= {f"sensitivity.{key}": own, f"specificity.{key}": total - own, f"ppv.{key}": total}
    return counts | {
        f"concept_bmac.{key}": int(np.sum(truth >= 0))
        for key, truth in zip(named.group_keys, known.groups, strict=True)
    }


def interval_of(bounds: Bounds | None) -> Interval | None:
    """The same for JSON."""
    return None if bounds is None else Interval(low=bounds.low, high=bounds.high)


def number_of(value: float) -> float | None:
    """The same for JSON, where there is no NaN."""
    return None if np.isnan(value) else float(value)
