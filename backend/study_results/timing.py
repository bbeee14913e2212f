"""How long answers took."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backend.study_results.data import AnswerData
from backend.study_results.gathering import TaskAnswers
from backend.study_results.schemas import TimeRow


def time_rows(answers: TaskAnswers) -> list[TimeRow]:
    """Arm by arm, of all readers and of each; second showings and items that could not be judged too."""
    found = []
    for arm_key in answers.task.arm_keys:
        inside = answers.of_arm(arm_key)
        by_reader: dict[int, list[AnswerData]] = {}
        for row, place, answer in answers.shown:
            if inside[place]:
                by_reader.setdefault(row, []).append(answer)
        found.append(_row(arm_key, "", [answer for each in by_reader.values() for answer in each]))
        found += [_row(arm_key, answers.readers[row], by_reader[row]) for row in sorted(by_reader)]
    return found


def _row(arm_key: str, reader: str, answers: Sequence[AnswerData]) -> TimeRow:
    active = np.array([answer.active_seconds for answer in answers], dtype=np.float64)
    idle = sum(answer.idle_seconds for answer in answers)
    lower, median, upper = np.quantile(active, (0.25, 0.5, 0.75)).tolist() if active.size else (None, None, None)
    whole = float(active.sum()) + idle
    return TimeRow(
        arm_key=arm_key,
        reader=reader,
        answers=len(answers),
        median=median,
        lower_quartile=lower,
        upper_quartile=upper,
        idle_share=idle / whole if whole > 0 else None,
    )
