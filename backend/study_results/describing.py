"""What was answered: distributions, means, shares of right answers, confusions."""

from __future__ import annotations

import numpy as np

from backend.reader_studies.design import QuestionKind
from backend.study_results.gathering import Part, QuestionAnswers, TaskAnswers, parts
from backend.study_results.schemas import ChoiceRow, ConfusionRead, Estimate, LikertRow, ScaleRow
from backend.study_results.statistics import bootstrap
from backend.study_results.statistics.bootstrap import Resampler
from backend.study_results.statistics.figure import Figure, Flags
from backend.study_results.statistics.proportion import wilson


def estimate(found: Figure) -> Estimate:
    """As it is sent."""
    return Estimate(value=found.value, low=found.low, high=found.high, note=found.note)


def likert_rows(answers: TaskAnswers, asked: QuestionAnswers, resampler: Resampler) -> list[LikertRow]:
    """Ratings of each arm: as a whole, by data set, by concept and by reader. Empty for other kinds of questions."""
    if asked.question.kind is not QuestionKind.LIKERT:
        return []
    return [
        _likert(answers, asked, arm_key, part, resampler)
        for arm_key in answers.task.arm_keys
        for part in parts(answers, arm_key)
    ]


def choice_rows(answers: TaskAnswers, asked: QuestionAnswers) -> list[ChoiceRow]:
    """Choices, likewise."""
    if asked.question.kind is not QuestionKind.CHOICE:
        return []
    return [
        _choice(answers, asked, arm_key, part) for arm_key in answers.task.arm_keys for part in parts(answers, arm_key)
    ]


def scale_rows(answers: TaskAnswers, asked: QuestionAnswers, resampler: Resampler) -> list[ScaleRow]:
    """Numbers, likewise."""
    if asked.question.kind is not QuestionKind.SCALE:
        return []
    return [
        _scale(answers, asked, arm_key, part, resampler)
        for arm_key in answers.task.arm_keys
        for part in parts(answers, arm_key)
    ]


def confusions(answers: TaskAnswers, asked: QuestionAnswers) -> list[ConfusionRead]:
    """Of choices with a right answer; of the options that were shown or chosen under the arm."""
    if asked.question.kind is not QuestionKind.CHOICE or not asked.has_right:
        return []
    found = []
    for arm_key in answers.task.arm_keys:
        given = np.isfinite(asked.first) & answers.of_arm(arm_key) & np.isfinite(asked.right)
        shown = np.broadcast_to(asked.right, given.shape)[given].astype(np.int64)
        chosen = asked.first[given].astype(np.int64)
        if shown.size:
            used = np.unique(np.concatenate([shown, chosen]))
            table = np.zeros((len(asked.labels), len(asked.labels)), dtype=np.int64)
            np.add.at(table, (shown, chosen), 1)
            labels = [asked.labels[place] for place in used]
            found.append(ConfusionRead(arm_key=arm_key, labels=labels, rows=table[np.ix_(used, used)].tolist()))
    return found


def _likert(answers: TaskAnswers, asked: QuestionAnswers, arm_key: str, part: Part, resampler: Resampler) -> LikertRow:
    given = part.cells & np.isfinite(asked.first)
    values = asked.values[given]
    counts = np.bincount(asked.first[given].astype(np.int64), minlength=asked.categories)
    return LikertRow(
        arm_key=arm_key,
        by=part.by,
        level=part.level,
        counts=counts.tolist(),
        **_numbers(answers, part, given),
        mean=estimate(bootstrap.mean(values, _images(answers, given), resampler)),
        median=float(np.median(values)) if values.size else None,
    )


def _choice(answers: TaskAnswers, asked: QuestionAnswers, arm_key: str, part: Part) -> ChoiceRow:
    given = part.cells & np.isfinite(asked.first)
    counts = np.bincount(asked.first[given].astype(np.int64), minlength=asked.categories)
    offered = np.flatnonzero(asked.offered[part.items].any(axis=0))
    judged = part.cells & np.isfinite(asked.values)
    hits = int(np.nansum(asked.values[judged]))
    return ChoiceRow(
        arm_key=arm_key,
        by=part.by,
        level=part.level,
        counts={asked.labels[place]: int(counts[place]) for place in offered},
        **_numbers(answers, part, given),
        correct=hits if asked.has_right else None,
        judged=int(judged.sum()) if asked.has_right else None,
        accuracy=estimate(accuracy(hits, judged, given)) if asked.has_right else None,
    )


def accuracy(hits: int, judged: Flags, given: Flags) -> Figure:
    """Share of right answers among those whose right answer is known.

    Args:
        hits: right answers.
        judged: (M, I) answers whose right answer is known.
        given: (M, I) answers.
    """
    found = wilson(hits, int(judged.sum()))
    unknown = int(given.sum()) - int(judged.sum())
    if not unknown:
        return found
    answers = "1 answer, which is" if unknown == 1 else f"{unknown} answers, which are"
    return found._replace(note=f"The right answer is not known for {answers} left out.")


def _scale(answers: TaskAnswers, asked: QuestionAnswers, arm_key: str, part: Part, resampler: Resampler) -> ScaleRow:
    given = part.cells & np.isfinite(asked.first)
    values = asked.first[given]
    return ScaleRow(
        arm_key=arm_key,
        by=part.by,
        level=part.level,
        **_numbers(answers, part, given),
        mean=estimate(bootstrap.mean(values, _images(answers, given), resampler)),
        quartiles=np.quantile(values, (0.25, 0.5, 0.75)).tolist() if values.size else [],
    )


def _numbers(answers: TaskAnswers, part: Part, given: Flags) -> dict[str, int]:
    return {
        "cannot_judge": int((answers.cannot_judge & part.cells).sum()),
        "answers": int(given.sum()),
        "items": int(given.any(axis=0).sum()),
        "readers": int(given.any(axis=1).sum()),
    }


def _images(answers: TaskAnswers, given: Flags) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.broadcast_to(answers.images, given.shape)[given]
