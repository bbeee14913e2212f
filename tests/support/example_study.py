"""A whole reader study as plain data, with answers at random."""

from __future__ import annotations

from typing import Any

import numpy as np

from backend.reader_studies.design import QuestionKind, Separation, TaskKind
from backend.reader_studies.items import CONCEPT, RATING
from backend.study_results.data import ItemData, StudyData
from tests.support.study_data import (
    ALIGNMENT,
    ALONE,
    CLASSES,
    CONCEPTS,
    DIAGNOSIS,
    LOCALIZATION,
    QUESTIONS,
    REAL,
    SHAM,
    StudyBuilder,
    design,
)


def example_study(
    readers: int = 3, cases: int = 12, seed: int = 0, separation: Separation = Separation.MIXED
) -> StudyData:
    """All kinds of tasks, two data sets, a sham arm, practice, repeats, a "cannot judge" and an amendment."""
    random = np.random.default_rng(seed)
    whole = design([REAL, SHAM, ALONE], [LOCALIZATION, ALIGNMENT, DIAGNOSIS, QUESTIONS], separation)
    builder = StudyBuilder(whole, readers)
    practice = builder.item("where", "real", 0, concept=CONCEPTS[0], practice=True)
    for task in whole.tasks:
        for case in range(1, cases + 1):
            for arm in task.arm_keys:
                builder.item(
                    task.key,
                    arm,
                    case,
                    unit=100 * whole.tasks.index(task) + case,
                    concept=CONCEPTS[case % 5] if task.kind in (TaskKind.LOCALIZATION, TaskKind.ALIGNMENT) else None,
                    dataset="CMMD" if case % 2 else "BUSI",
                    truth_class=CLASSES[case % 2],
                )
    for reader in range(readers):
        builder.answer(reader, practice, {RATING: 3})
        for item in builder.items:
            if not item.practice and _is_given(builder, item, reader):
                _answer_at_random(builder, reader, item, random)
    return builder.build()


def _is_given(builder: StudyBuilder, item: ItemData, reader: int) -> bool:
    """With ``split`` a reader has each image under one arm alone."""
    if builder.design.order.separation is not Separation.SPLIT:
        return True
    arms = builder.tasks[item.task_key].arm_keys
    return arms[(item.unit + reader) % len(arms)] == item.arm_key


def _answer_at_random(builder: StudyBuilder, reader: int, item: ItemData, random: np.random.Generator) -> None:
    if random.random() < 0.05:
        builder.answer(reader, item.number, None, seconds=5.0)
        return
    given = random_answers(item, random)
    amended = given if random.random() < 0.02 else None
    builder.answer(
        reader,
        item.number,
        given,
        seconds=float(random.uniform(5, 40)),
        idle=float(random.uniform(0, 5)),
        amended=amended,
    )
    if random.random() < 0.15:
        again = given if random.random() < 0.7 else random_answers(item, random)
        builder.answer(reader, item.number, again, repeated=True, seconds=float(random.uniform(5, 20)))


def random_answers(item: ItemData, random: np.random.Generator) -> dict[str, Any]:
    """To every question of an item; better than chance where there is a right answer and the arm is no sham."""
    answers: dict[str, Any] = {}
    for question in item.content.questions:
        if question.kind is QuestionKind.LIKERT:
            answers[question.key] = int(random.integers(1, 4) if item.arm_key == "sham" else random.integers(2, 6))
        elif question.kind is QuestionKind.SCALE:
            answers[question.key] = int(random.integers(0, 101))
        elif question.kind is QuestionKind.TEXT:
            answers[question.key] = "Nothing special."
        else:
            right = item.truth.answer if question.key == CONCEPT else item.truth.class_key
            keys = [option.key for option in question.options]
            is_right = right in keys and item.arm_key != "sham" and random.random() < 0.7
            answers[question.key] = right if is_right else keys[int(random.integers(len(keys)))]
    return answers
