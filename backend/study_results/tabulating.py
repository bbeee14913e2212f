"""The table of mean rating and choice accuracy by data set, in the form of the paper's Table 6."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from backend.reader_studies.design import TaskKind
from backend.reader_studies.items import CONCEPT, RATING
from backend.study_results.describing import estimate
from backend.study_results.gathering import UPLOADED, TaskAnswers
from backend.study_results.schemas import Estimate, TableRow
from backend.study_results.statistics import bootstrap
from backend.study_results.statistics.bootstrap import Resampler
from backend.study_results.statistics.figure import Figure, Floats, Ints, noted
from backend.study_results.statistics.proportion import wilson

# Draws of one data set must not follow those of another, nor those of readers.
_FIRST_STREAM = 2


class _Cell(NamedTuple):
    """Answers of one arm to images of one data set: ``values`` (N,), ``images`` (N,)."""

    values: Floats
    images: Ints


def table_rows(tasks: Sequence[TaskAnswers], arm_keys: Sequence[str], resampler: Resampler) -> list[TableRow]:
    """A line for each arm and data set, and one for the average over data sets, each counting once as in the paper.

    Args:
        tasks: all; those without localization and alignment are passed over.
        arm_keys: in the order of the design.
        resampler: draws images, within each data set for the average.
    """
    found = []
    for arm_key in arm_keys:
        localization = _cells(tasks, TaskKind.LOCALIZATION, RATING, arm_key)
        alignment = _cells(tasks, TaskKind.ALIGNMENT, CONCEPT, arm_key)
        datasets = sorted({*(localization or {}), *(alignment or {})})
        for dataset in datasets:
            ratings, choices = (cells.get(dataset) if cells else None for cells in (localization, alignment))
            found.append(_line(arm_key, dataset, ratings, choices, _mean(ratings, resampler), _accuracy(choices)))
        if datasets:
            found.append(_average_line(arm_key, localization, alignment, resampler))
    return found


def _cells(tasks: Sequence[TaskAnswers], kind: TaskKind, key: str, arm_key: str) -> dict[str, _Cell] | None:
    """By data set; None where the arm has no such items at all."""
    gathered: dict[str, list[_Cell]] = {}
    for answers in tasks:
        asked = next((each for each in answers.questions if each.question.key == key), None)
        if answers.task.kind is not kind or asked is None or arm_key not in answers.task.arm_keys:
            continue
        datasets = np.array([item.dataset or UPLOADED for item in answers.items], dtype=object)
        for dataset in set(datasets[answers.of_arm(arm_key)]):
            given = np.isfinite(asked.values) & answers.of_arm(arm_key) & (datasets == dataset)
            images = np.broadcast_to(answers.images, given.shape)[given]
            gathered.setdefault(dataset, []).append(_Cell(asked.values[given], images))
    return {dataset: _joined(cells) for dataset, cells in gathered.items()} or None


def _joined(cells: Sequence[_Cell]) -> _Cell:
    return _Cell(np.concatenate([cell.values for cell in cells]), np.concatenate([cell.images for cell in cells]))


def _all(cells: dict[str, _Cell] | None) -> _Cell | None:
    return _joined(list(cells.values())) if cells else None


def _average_line(
    arm_key: str, localization: dict[str, _Cell] | None, alignment: dict[str, _Cell] | None, resampler: Resampler
) -> TableRow:
    """Of one data set alone the average is its own line: the same figures must not have two intervals."""
    ratings, choices = _all(localization), _all(alignment)
    mean = _mean(ratings, resampler) if len(localization or {}) == 1 else _average(localization, resampler)
    accuracy = _accuracy(choices) if len(alignment or {}) == 1 else _average(alignment, resampler)
    return _line(arm_key, "", ratings, choices, mean, accuracy)


def _mean(cell: _Cell | None, resampler: Resampler) -> Estimate | None:
    return None if cell is None else estimate(bootstrap.mean(cell.values, cell.images, resampler))


def _accuracy(cell: _Cell | None) -> Estimate | None:
    return None if cell is None else estimate(wilson(int(cell.values.sum()), cell.values.size))


def _average(cells: dict[str, _Cell] | None, resampler: Resampler) -> Estimate | None:
    """Unweighted mean over data sets with answers; its interval draws images within each."""
    if cells is None:
        return None
    answered = [cells[dataset] for dataset in sorted(cells) if cells[dataset].values.size]
    if not answered:
        return estimate(Figure(None, note="There are no answers yet."))
    value = float(np.mean([cell.values.mean() for cell in answered]))
    missing = len(cells) - len(answered)
    note = f"{missing} of {len(cells)} data sets without answers left out." if missing else None
    images = min(np.unique(cell.images).size for cell in answered)
    if images < 2:
        alone = "There is no interval: a data set has one image with answers. More images would help."
        return estimate(noted(Figure(value, note=alone), note))
    if all(np.ptp(cell.values) == 0 for cell in answered):
        equal = "There is no interval: all answers within a data set are equal. More images would help."
        return estimate(noted(Figure(value, note=equal), note))
    replicates = [
        bootstrap.mean_replicates(cell.values, cell.images, resampler, stream=_FIRST_STREAM + place)
        for place, cell in enumerate(answered)
    ]
    return estimate(noted(bootstrap.percentiles(value, np.mean(replicates, axis=0)), bootstrap.few(images), note))


def _line(
    arm_key: str,
    dataset: str,
    ratings: _Cell | None,
    choices: _Cell | None,
    localization: Estimate | None,
    alignment: Estimate | None,
) -> TableRow:
    return TableRow(
        arm_key=arm_key,
        dataset=dataset,
        localization=localization,
        localization_answers=0 if ratings is None else ratings.values.size,
        alignment=alignment,
        alignment_correct=0 if choices is None else int(choices.values.sum()),
        alignment_answers=0 if choices is None else choices.values.size,
    )
