"""Readers as diagnosticians: ROC area and shares of right calls, with and without an explanation.

Shapes: M readers, C images, R resamples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from backend.reader_studies.design import Arm, Separation, TaskKind
from backend.reader_studies.items import CLASS, CONFIDENCE
from backend.study_results.describing import estimate
from backend.study_results.gathering import QuestionAnswers, TaskAnswers
from backend.study_results.pairing import OTHER_READERS, comparisons
from backend.study_results.schemas import DiagnosisResults, RocDifference, RocRow
from backend.study_results.statistics.bootstrap import Resampler, few, percentiles
from backend.study_results.statistics.figure import Figure, Flags, Floats, noted
from backend.study_results.statistics.proportion import wilson
from backend.study_results.statistics.roc import auc, over_readers

HOW = (
    "The score behind the ROC curve is the confidence with the sign of the class: positive for a class that counts as "
    "disease. Accuracy, sensitivity and specificity ask whether disease was called, not which class. Intervals of "
    "means and differences draw readers and images at random, and p of a difference in AUC is twice the share of these "
    "draws on the rarer side of 0; a full multi-reader multi-case analysis is made from the iMRMC export."
)
_NO_CLASSES = (
    "The design names no class that counts as disease, or the true class of no image is known. Both are needed for "
    "sensitivity, specificity and the ROC curve."
)
_ONE_SIDED = (
    "It needs images with and without disease that were judged. More answers, or images of both kinds, would help."
)
_NOBODY = "No reader has judged images of both kinds yet."
_ONE_READER = "One reader: the interval is over images only and says nothing about other readers."
_FEW_READERS = 5
_READERS_STREAM = 1


@dataclass(frozen=True, eq=False)
class _Arm:
    """One arm's calls.

    Attributes:
        scores: (M, C) signed confidence; NaN: none.
        hits: (M, C) 1 where disease was called rightly, or rightly not; NaN: not judged.
    """

    scores: Floats
    hits: Floats


@dataclass(frozen=True, eq=False)
class _Readings:
    """All arms' calls on the images whose truth is known. ``positive``: (C,) with disease."""

    positive: Flags
    arms: dict[str, _Arm]


def diagnosis_results(
    answers: TaskAnswers, arms: Mapping[str, Arm], separation: str, resampler: Resampler
) -> DiagnosisResults | None:
    """None for other kinds of tasks."""
    if answers.task.kind is not TaskKind.DIAGNOSIS:
        return None
    readings = _readings(answers)
    if readings is None:
        return DiagnosisResults(rows=[], differences=[], note=_NO_CLASSES)
    rows: list[RocRow] = []
    for arm_key in answers.task.arm_keys:
        rows += _arm_rows(answers, arm_key, readings, resampler)
    split = separation == Separation.SPLIT
    differences = [_difference(readings, pair, split, resampler) for pair in comparisons(arms, answers.task.arm_keys)]
    unknown = len(set(answers.images.tolist())) - len(readings.positive)
    left_out = f"Images left out because their true class is not known: {unknown}." if unknown else None
    return DiagnosisResults(rows=rows, differences=differences, note=" ".join(filter(None, (HOW, left_out))))


def _readings(answers: TaskAnswers) -> _Readings | None:
    asked = {each.question.key: each for each in answers.questions}
    truths = {item.case_number: item.truth.positive for item in answers.items if item.truth.positive is not None}
    if CLASS not in asked or not truths:
        return None
    images = sorted(truths)
    positive = np.array([truths[image] for image in images], dtype=np.bool_)
    called, scores = _calls(answers, asked[CLASS], asked.get(CONFIDENCE))
    arms = {}
    for arm_key in answers.task.arm_keys:
        inside = np.flatnonzero(answers.of_arm(arm_key))
        of_image = {int(answers.images[place]): place for place in inside[::-1]}
        table = np.full((2, len(answers.readers), len(images)), np.nan)
        for column, image in enumerate(images):
            if image in of_image:
                table[:, :, column] = scores[:, of_image[image]], called[:, of_image[image]]
        hits = np.where(np.isfinite(table[1]), table[1] == positive, np.nan)
        arms[arm_key] = _Arm(scores=table[0], hits=hits)
    return _Readings(positive, arms)


def _calls(answers: TaskAnswers, classes: QuestionAnswers, confidence: QuestionAnswers | None) -> tuple[Floats, Floats]:
    """(M, I) 1 where a class that counts as disease was chosen, and (M, I) the signed confidence."""
    diseases = {
        option.text
        for item in answers.items
        for question in item.content.questions
        if question.key == CLASS
        for option in question.options
        if option.key in answers.task.positive_classes
    }
    is_disease = np.array([label in diseases for label in classes.labels], dtype=np.float64)
    called = np.full(classes.first.shape, np.nan)
    given = np.isfinite(classes.first)
    called[given] = is_disease[classes.first[given].astype(np.int64)]
    sure = confidence.first if confidence is not None else np.full(called.shape, np.nan)
    return called, np.where(called > 0.5, sure, -sure) + 0 * called


def _arm_rows(answers: TaskAnswers, arm_key: str, readings: _Readings, resampler: Resampler) -> list[RocRow]:
    found, positive = readings.arms[arm_key], readings.positive
    judged = np.isfinite(found.hits)
    active = np.flatnonzero(judged.any(axis=1))
    rows = [_mean_row(arm_key, readings, resampler)]
    for row in active:
        own, hits = judged[row], found.hits[row] == 1
        rows.append(
            RocRow(
                arm_key=arm_key,
                reader=answers.readers[row],
                positives=int((own & positive).sum()),
                negatives=int((own & ~positive).sum()),
                auc=estimate(_reader_auc(found.scores[row], positive, resampler)),
                accuracy=estimate(wilson(int((hits & own).sum()), int(own.sum()))),
                sensitivity=estimate(_wilson(hits, own & positive, "with")),
                specificity=estimate(_wilson(hits, own & ~positive, "without")),
            )
        )
    return rows


def _wilson(hits: Flags, own: Flags, which: str) -> Figure:
    if not own.any():
        return Figure(None, note=f"No image {which} disease was judged. More answers, or such images, would help.")
    return wilson(int((hits & own).sum()), int(own.sum()))


def _reader_auc(scores: Floats, positive: Flags, resampler: Resampler) -> Figure:
    values, replicates = _auc(scores, positive, resampler)
    if not np.isfinite(values):
        return Figure(None, note=_ONE_SIDED)
    return noted(percentiles(values, replicates), few(int(np.isfinite(scores).sum())))


def _auc(scores: Floats, positive: Flags, resampler: Resampler) -> tuple[float, Floats]:
    """Of one reader: the value, and (R,) of the images drawn. The draws are those of all images with known truth."""
    own = np.isfinite(scores)
    weights = resampler.weights(len(positive))
    own_weights = weights if own.all() else weights[:, own]
    return float(auc(scores[own], positive[own])[0]), auc(scores[own], positive[own], own_weights)


def _shares(hits: Floats, among: Flags, resampler: Resampler) -> tuple[Floats, Floats]:
    """Of all readers: (M,) values, and (R, M) of the images drawn. ``hits``: (M, C); ``among``: (C,) images."""
    known = np.isfinite(hits) & among
    weights = resampler.weights(hits.shape[1])
    above, below = np.where(known, hits == 1, 0.0), known.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return above.sum(axis=1) / below.sum(axis=1), (weights @ above.T) / (weights @ below.T)


def _mean_row(arm_key: str, readings: _Readings, resampler: Resampler) -> RocRow:
    found, positive = readings.arms[arm_key], readings.positive
    judged = np.isfinite(found.hits).any(axis=0)
    areas = [_auc(scores, positive, resampler) for scores in found.scores]
    everything = np.ones_like(positive)
    return RocRow(
        arm_key=arm_key,
        reader="",
        positives=int((judged & positive).sum()),
        negatives=int((judged & ~positive).sum()),
        auc=estimate(_mean(*_stacked(areas, resampler), resampler)),
        accuracy=estimate(_mean(*_shares(found.hits, everything, resampler), resampler)),
        sensitivity=estimate(_mean(*_shares(found.hits, positive, resampler), resampler)),
        specificity=estimate(_mean(*_shares(found.hits, ~positive, resampler), resampler)),
    )


def _stacked(areas: list[tuple[float, Floats]], resampler: Resampler) -> tuple[Floats, Floats]:
    values = np.array([value for value, _ in areas], dtype=np.float64)
    if not areas:
        return values, np.zeros((resampler.resamples, 0))
    return values, np.stack([replicates for _, replicates in areas], axis=1)


def _mean(values: Floats, replicates: Floats, resampler: Resampler) -> Figure:
    """Over readers: ``values`` (M,), ``replicates`` (R, M); readers without a value are left out."""
    drawn = _over_drawn_readers(values, replicates, resampler)
    if drawn is None:
        return Figure(None, note=_NOBODY)
    known = values[np.isfinite(values)]
    return noted(percentiles(float(known.mean()), drawn), few_readers(len(known)))


def _over_drawn_readers(values: Floats, replicates: Floats, resampler: Resampler) -> Floats | None:
    """(R,) means over readers drawn at random; None without any."""
    known = np.isfinite(values)
    if not known.any():
        return None
    readers = resampler.weights(int(known.sum()), stream=_READERS_STREAM)
    return over_readers(replicates[:, known], readers)


def few_readers(readers: int) -> str | None:
    """What to say of intervals over so few readers."""
    if readers == 1:
        return _ONE_READER
    return f"Only {readers} readers: the interval is rough." if readers < _FEW_READERS else None


def _difference(readings: _Readings, pair: tuple[str, str], split: bool, resampler: Resampler) -> RocDifference:
    """Over the readers who have a figure under both arms; unless ``split``, on the images they judged under both."""
    (arm_key, against), positive = pair, readings.positive
    one, other = readings.arms[arm_key], readings.arms[against]
    if not split:
        one, other = _common(one, other), _common(other, one)
    areas = [_stacked([_auc(scores, positive, resampler) for scores in arm.scores], resampler) for arm in (one, other)]
    values, replicates = areas[0][0] - areas[1][0], areas[0][1] - areas[1][1]
    everything = np.ones_like(positive)
    shares = [_shares(arm.hits, everything, resampler) for arm in (one, other)]
    drawn = _over_drawn_readers(values, replicates, resampler)
    readers = int(np.isfinite(values).sum())
    judged = np.isfinite(one.hits).any(axis=0) | np.isfinite(other.hits).any(axis=0)
    return RocDifference(
        arm_key=arm_key,
        against=against,
        readers=readers,
        cases=int(judged.sum()),
        auc=estimate(_mean(values, replicates, resampler)),
        accuracy=estimate(_mean(shares[0][0] - shares[1][0], shares[0][1] - shares[1][1], resampler)),
        p_value=None if drawn is None else _p_value(drawn),
        note=" ".join(filter(None, (few_readers(readers), OTHER_READERS if split else None))) or None,
    )


def _common(one: _Arm, other: _Arm) -> _Arm:
    """One arm's calls where the same reader judged the same image under the other too."""
    return _Arm(
        scores=np.where(np.isfinite(other.scores), one.scores, np.nan),
        hits=np.where(np.isfinite(other.hits), one.hits, np.nan),
    )


def _p_value(drawn: Floats) -> float | None:
    """Two-sided: twice the share of resamples on the rarer side of 0, never 0 itself."""
    known = drawn[np.isfinite(drawn)]
    if not known.size or np.ptp(known) == 0:
        return None
    rarer = min(int((known <= 0).sum()), int((known >= 0).sum()))
    return min(1.0, 2 * (rarer + 1) / (known.size + 1))
