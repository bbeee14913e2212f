"""Options: how their scores are spread, whether labels confirm them, and what they do in the head.

Shapes: N images, K groups, O options, C classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp
from scipy.stats import rankdata

from models.concepts import ConceptSet
from models.diagnose.collected import Collected
from models.diagnose.images import DiagnosedImages
from models.diagnose.presence import labelled_options
from models.diagnose.results import Distribution, Extreme, LabelSource, OptionDiagnosis, Readability
from models.diagnose.settings import DiagnoseSettings

QUANTILES = (1, 5, 25, 50, 75, 95, 99)
_NORMAL_95 = 1.959964


@dataclass(frozen=True, eq=False)
class OptionEvidence:
    """What options are judged by, beside what one pass collected.

    Attributes:
        margins: (N, O).
        present: (N, O) whether the model takes the option for the present one.
        assigned: (O,) patches of the prototype-assignment statistic.
        head: (C, O) weights.
    """

    margins: NDArray[np.float64]
    present: NDArray[np.bool_]
    assigned: NDArray[np.int64]
    head: NDArray[np.float64]


def margins(scores: NDArray[np.float32], concept_set: ConceptSet) -> NDArray[np.float64]:
    """(N, O) score minus the log-sum-exp of the group's other scores: the log-odds of the option in its group.

    The concept loss compares the options of a group, so only this means something; the plain score may even be lower
    where the option is there (docs/results/option-means.md). In a group of one option it is the score.
    """
    found = scores.astype(np.float64)
    for group in concept_set.group_slices:
        own = scores[:, group].astype(np.float64)
        for offset in range(own.shape[1] if own.shape[1] > 1 else 0):
            found[:, group.start + offset] = own[:, offset] - logsumexp(np.delete(own, offset, 1), axis=1)
    return found


def auroc(values: NDArray[np.float64], labels: NDArray[np.bool_]) -> float:
    """Chance that an image with the option has a larger value than one without; ties count half.

    Args:
        values: (N,).
        labels: (N,) both kinds must occur.
    """
    present = int(labels.sum())
    ranks = float(rankdata(values)[labels].sum())
    return (ranks - present * (present + 1) / 2) / (present * (len(labels) - present))


def auroc_interval(area: float, present: int, absent: int) -> tuple[float, float]:
    """95 % interval after Hanley and McNeil (1982), cut at 0 and 1."""
    first, second = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (present - 1) * (first - area**2) + (absent - 1) * (second - area**2)
    reach = _NORMAL_95 * float(np.sqrt(max(variance, 0.0) / (present * absent)))
    return max(0.0, area - reach), min(1.0, area + reach)


def readability(
    margin: NDArray[np.float64], score: NDArray[np.float32], labels: NDArray[np.int64], own: NDArray[np.bool_]
) -> list[Readability]:
    """AUROC of one option against each source of labels that has images with and without it.

    Args:
        margin: (N,).
        score: (N,).
        labels: (N,) 1, 0, or -1 where unknown.
        own: (N,) whether the label is of the image itself.
    """
    found = []
    sources: tuple[tuple[LabelSource, NDArray[np.bool_]], ...] = (("image", own), ("class", ~own))
    for source, chosen in sources:
        known = chosen & (labels >= 0)
        truth = labels[known] == 1
        present, absent = int(truth.sum()), int((~truth).sum())
        if present and absent:
            area = auroc(margin[known], truth)
            low, high = auroc_interval(area, present, absent)
            found.append(
                Readability(
                    source=source,
                    auroc=area,
                    low=low,
                    high=high,
                    auroc_score=auroc(score[known].astype(np.float64), truth),
                    present=present,
                    absent=absent,
                )
            )
    return found


def distribution(scores: NDArray[np.float32]) -> Distribution:
    """Of scores (N,), N > 0."""
    return Distribution(
        images=len(scores),
        mean=float(scores.mean()),
        deviation=float(scores.std()),
        quantiles=[float(value) for value in np.percentile(scores, QUANTILES)],
    )


def diagnose_options(
    found: Collected,
    images: DiagnosedImages,
    concept_set: ConceptSet,
    evidence: OptionEvidence,
    settings: DiagnoseSettings,
) -> list[OptionDiagnosis]:
    """Every option, in the concept set's order."""
    labels = labelled_options(images.data.options, concept_set)
    groups, even = concept_set.group_of_option, found.code_counts.sum() / concept_set.option_count
    diagnosed = []
    for option, name in enumerate(concept_set.option_ids):
        score = found.scores[:, option]
        weights = evidence.head[:, option]
        order = np.argsort(score, kind="stable")
        ends = (order[::-1][: settings.extremes], order[: settings.extremes])
        top, bottom = ([Extreme(row=int(row), score=float(score[row])) for row in rows] for rows in ends)
        own = images.per_image[:, groups[option]]
        diagnosed.append(
            OptionDiagnosis(
                id=name,
                scores=distribution(score),
                by_class={
                    key: distribution(score[images.data.classes == index])
                    if np.any(images.data.classes == index)
                    else None
                    for index, key in enumerate(concept_set.class_keys)
                },
                margin_deviation=float(evidence.margins[:, option].std()),
                readability=readability(evidence.margins[:, option], score, labels[:, option], own),
                present=int(evidence.present[:, option].sum()),
                present_share=float(evidence.present[:, option].mean()),
                assigned=int(evidence.assigned[option]),
                assignment_ratio=float(evidence.assigned[option] / even),
                weight_norm=float(np.linalg.norm(weights)),
                contribution=float(np.abs(weights).mean() * np.abs(score).mean()),
                contribution_spread=float(np.abs(weights).mean() * np.abs(score - score.mean()).mean()),
                localization=found.localization.result(option),
                top=top,
                bottom=bottom,
            )
        )
    return diagnosed
