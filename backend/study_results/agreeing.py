"""How far readers agree with each other, and with themselves."""

from __future__ import annotations

from itertools import combinations
from typing import Literal

import numpy as np

from backend.reader_studies.design import QuestionKind
from backend.study_results.describing import estimate
from backend.study_results.gathering import QuestionAnswers, TaskAnswers
from backend.study_results.schemas import AgreementRow, RepeatRow
from backend.study_results.statistics.ac2 import ac2
from backend.study_results.statistics.alpha import alpha
from backend.study_results.statistics.bootstrap import Resampler
from backend.study_results.statistics.figure import Figure, Flags, Floats, Ints, noted
from backend.study_results.statistics.icc import icc_a1
from backend.study_results.statistics.kappa import kappa
from backend.study_results.statistics.proportion import wilson

Measure = Literal["krippendorff_alpha", "weighted_kappa", "ac2", "icc_a1", "kappa"]

_DEPENDENT = "Several items of one image count as independent here, so the interval may be too narrow."
_OPTIONS_DIFFER = (
    "Options differ from item to item. Chance agreement is computed over all of them, which is less than chance among "
    "the few that an item offers, so the coefficient tends to be too high."
)
_NO_REPEATS = "No item was answered twice by the same reader. Hidden repeats in the design would help."


def agreement_rows(answers: TaskAnswers, asked: QuestionAnswers, resampler: Resampler) -> list[AgreementRow]:
    """Between readers, arm by arm; without text.

    Ratings: Krippendorff's ordinal alpha, AC2 and pairwise kappa with quadratic weights, ICC(A,1). Choices: nominal
    alpha, pairwise kappa of Cohen. Numbers: ICC(A,1).
    """
    if asked.question.kind is QuestionKind.TEXT:
        return []
    found: list[AgreementRow] = []
    for arm_key in answers.task.arm_keys:
        inside = answers.of_arm(arm_key)
        active = np.isfinite(asked.first[:, inside]).any(axis=1)
        ratings, images = asked.first[np.ix_(active, inside)], answers.images[inside]
        codes = [answers.readers[row] for row in np.flatnonzero(active)]
        rows = [
            _row(arm_key, measure, codes, ratings, figure)
            for measure, figure in _overall(asked, ratings, images, resampler)
        ]
        if asked.question.kind is not QuestionKind.SCALE:
            rows += _pairwise(asked, arm_key, codes, ratings, images)
        found += [_flattered(row) for row in rows] if _options_differ(asked.offered[inside]) else rows
    return found


def repeat_rows(answers: TaskAnswers, asked: QuestionAnswers) -> list[RepeatRow]:
    """Of readers with themselves, all arms together; first of all readers, then of each who answered an item twice."""
    if asked.question.kind is QuestionKind.TEXT:
        return []
    twice = np.isfinite(asked.first) & np.isfinite(asked.second)
    found = [_repeats(answers, asked, "", twice)]
    for row in np.flatnonzero(twice.any(axis=1)):
        own = twice & (np.arange(len(twice)) == row)[:, None]
        found.append(_repeats(answers, asked, answers.readers[row], own))
    return found


def _overall(
    asked: QuestionAnswers, ratings: Floats, images: Ints, resampler: Resampler
) -> list[tuple[Measure, Figure]]:
    kind, categories = asked.question.kind, asked.categories
    if kind is QuestionKind.CHOICE:
        return [("krippendorff_alpha", alpha(ratings, images, categories, "nominal", resampler))]
    icc = icc_a1(ratings)
    if icc.low is not None and np.unique(images).size < images.size:
        icc = noted(icc, _DEPENDENT)
    if kind is QuestionKind.SCALE:
        return [("icc_a1", icc)]
    return [
        ("krippendorff_alpha", alpha(ratings, images, categories, "ordinal", resampler)),
        ("ac2", ac2(ratings, images, categories, "quadratic")),
        ("icc_a1", icc),
    ]


def _pairwise(
    asked: QuestionAnswers, arm_key: str, codes: list[str], ratings: Floats, images: Ints
) -> list[AgreementRow]:
    weighted = asked.question.kind is QuestionKind.LIKERT
    measure: Measure = "weighted_kappa" if weighted else "kappa"
    return [
        _row(
            arm_key,
            measure,
            [codes[one], codes[other]],
            ratings[[one, other]],
            kappa(ratings[one], ratings[other], images, asked.categories, weighted),
        )
        for one, other in combinations(range(len(codes)), 2)
    ]


def _options_differ(offered: Flags) -> bool:
    """Whether some items of a choice offer what others do not. ``offered``: (I, V)."""
    return bool(len(offered)) and bool((offered != offered[0]).any())


def _flattered(row: AgreementRow) -> AgreementRow:
    """With what chance-corrected agreement does not know of such choices."""
    if row.estimate.value is None:
        return row
    note = " ".join(filter(None, (row.estimate.note, _OPTIONS_DIFFER)))
    return row.model_copy(update={"estimate": row.estimate.model_copy(update={"note": note})})


def _row(arm_key: str, measure: Measure, codes: list[str], ratings: Floats, found: Figure) -> AgreementRow:
    answered = np.isfinite(ratings).sum(axis=0)
    # ICC(A,1) is of complete items; the others do with two answers.
    items = int((answered >= (max(len(codes), 2) if measure == "icc_a1" else 2)).sum())
    return AgreementRow(arm_key=arm_key, measure=measure, readers=codes, items=items, estimate=estimate(found))


def _repeats(answers: TaskAnswers, asked: QuestionAnswers, reader: str, twice: Flags) -> RepeatRow:
    pairs = int(twice.sum())
    if not pairs:
        nothing = estimate(Figure(None, note=_NO_REPEATS))
        return RepeatRow(reader=reader, pairs=0, same=nothing, kappa=nothing)
    first, second = asked.first[twice], asked.second[twice]
    images = np.broadcast_to(answers.images, twice.shape)[twice]
    weighted = asked.question.kind is not QuestionKind.CHOICE
    return RepeatRow(
        reader=reader,
        pairs=pairs,
        same=estimate(wilson(int((first == second).sum()), pairs)),
        kappa=estimate(kappa(first, second, images, asked.categories, weighted)),
    )
