"""Arms against each other on the same images and concepts; above all against shams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from backend.reader_studies.design import Arm, QuestionKind, Separation
from backend.study_results.describing import estimate
from backend.study_results.gathering import QuestionAnswers, TaskAnswers
from backend.study_results.schemas import PairedRow
from backend.study_results.statistics.bootstrap import Resampler, ratio
from backend.study_results.statistics.figure import Flags, Floats, Ints
from backend.study_results.statistics.paired import paired

OTHER_READERS = (
    "Each reader saw an image under one arm only, so an image's answers under both arms come from different readers. "
    "Differences between readers add to the uncertainty, and the tests take them for chance: read p as exploratory."
)


def comparisons(arms: Mapping[str, Arm], keys: Sequence[str]) -> list[tuple[str, str]]:
    """Which arms are compared, as (arm, against): all others with each sham, then those without sham with each other.

    Against: the sham; else the image alone; else the one that comes first in the design.

    Args:
        arms: by key.
        keys: of the task's arms.
    """
    shams = [key for key in keys if key in arms and arms[key].sham is not None]
    others = [key for key in keys if key not in shams]
    against_shams = [(key, sham) for sham in shams for key in others]
    return against_shams + [_ordered(arms, one, other) for one, other in combinations(others, 2)]


def paired_rows(
    answers: TaskAnswers, asked: QuestionAnswers, arms: Mapping[str, Arm], separation: str, resampler: Resampler
) -> list[PairedRow]:
    """Of ratings, numbers and choices that are right or wrong."""
    kind = asked.question.kind
    if kind is QuestionKind.TEXT or (kind is QuestionKind.CHOICE and not asked.has_right):
        return []
    split = separation == Separation.SPLIT
    found = []
    for arm_key, against in comparisons(arms, answers.task.arm_keys):
        differences, images = unit_differences(answers, asked.values, arm_key, against, split)
        told = paired(differences, images, resampler)
        notes = [note for note in (told.note, OTHER_READERS if split and differences.size else None) if note]
        found.append(
            PairedRow(
                arm_key=arm_key,
                against=against,
                sham=against in arms and arms[against].sham is not None,
                pairs=len(differences),
                difference=estimate(told.difference),
                p_value=told.p_value,
                test=told.test,
                wilcoxon_p=told.wilcoxon_p,
                note=" ".join(notes) or None,
            )
        )
    return found


def unit_differences(
    answers: TaskAnswers, values: Floats, arm_key: str, against: str, split: bool
) -> tuple[Floats, Ints]:
    """What each unit got under one arm minus what it got under another.

    Args:
        answers: of the task.
        values: (M, I) what is compared.
        arm_key: of one arm.
        against: key of the other.
        split: means over whoever answered; else over the readers who answered under both arms.

    Returns:
        (N,) differences of the units that have one, and (N,) their images.
    """
    one, other = _places(answers, arm_key), _places(answers, against)
    units = sorted(one.keys() & other.keys())
    first, second = [one[unit] for unit in units], [other[unit] for unit in units]
    left, right = values[:, first], values[:, second]
    differences = _means(left) - _means(right) if split else _means(left - right)
    known = np.isfinite(differences)
    return differences[known], answers.images[first][known]


def _places(answers: TaskAnswers, arm_key: str) -> dict[int, int]:
    inside: Flags = answers.of_arm(arm_key)
    return {int(answers.units[place]): int(place) for place in np.flatnonzero(inside)}


def _means(values: Floats) -> Floats:
    """(N,) over readers of (M, N); NaN where nobody answered."""
    known = np.isfinite(values)
    return ratio(np.where(known, values, 0.0).sum(axis=0), known.sum(axis=0).astype(np.float64))


def _ordered(arms: Mapping[str, Arm], one: str, other: str) -> tuple[str, str]:
    other_is_alone = other in arms and arms[other].model_version_id is None
    one_is_alone = one in arms and arms[one].model_version_id is None
    return (one, other) if other_is_alone and not one_is_alone else (other, one)
