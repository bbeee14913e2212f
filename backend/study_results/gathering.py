"""Answers as arrays: of each task, one cell for each reader and item.

Shapes: M readers, I items of a task. Practice items and readers who were withdrawn are not in them. First showings and
second ones of hidden repeats stand apart. NaN: no answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backend.reader_studies.design import LIKERT_POINTS, QuestionKind, Task
from backend.reader_studies.items import Question
from backend.study_results.data import AnswerData, ItemData, StudyData
from backend.study_results.lookup import right_answer
from backend.study_results.schemas import By
from backend.study_results.statistics.figure import Flags, Floats, Ints

UPLOADED = "Uploaded cases"  # instead of a data set
_HIGHEST = 100


@dataclass(frozen=True, eq=False)
class QuestionAnswers:
    """What was answered to one question of a task.

    Attributes:
        question: as the first item has it.
        labels: of a choice: texts of the options, V of them; the keys may mean something else from item to item.
        first: (M, I) first showings. Ratings from 0 to 4, places in ``labels``, or numbers.
        second: (M, I) second showings.
        right: (I,) place in ``labels`` of the right choice; NaN where there is none.
        offered: (I, V) which options an item has.
        texts: how many words were written.
    """

    question: Question
    labels: tuple[str, ...]
    first: Floats
    second: Floats
    right: Floats
    offered: Flags
    texts: int

    @property
    def categories(self) -> int:
        """How many answers are possible."""
        if self.question.kind is QuestionKind.LIKERT:
            return LIKERT_POINTS
        return len(self.labels) if self.question.kind is QuestionKind.CHOICE else _HIGHEST + 1

    @property
    def has_right(self) -> bool:
        """Whether there are right answers."""
        return bool(np.isfinite(self.right).any())

    @property
    def values(self) -> Floats:
        """(M, I) what is averaged: ratings from 1 to 5, numbers, or 1 for a right choice and 0 for a wrong one."""
        if self.question.kind is QuestionKind.LIKERT:
            return self.first + 1
        if self.question.kind is QuestionKind.CHOICE:
            known = np.isfinite(self.first) & np.isfinite(self.right)
            return np.where(known, self.first == self.right, np.nan)
        return self.first


@dataclass(frozen=True, eq=False)
class TaskAnswers:
    """All that counts of one task.

    Attributes:
        task: of the design.
        items: I of them.
        readers: codes, M of them.
        arms: (I,) place of the item's arm in ``task.arm_keys``.
        images: (I,) number of the image.
        units: (I,) number of the unit.
        cannot_judge: (M, I) first showings that could not be judged.
        questions: in the order in which they stand.
        shown: answers of all showings, as (reader's place, item's place, answer).
    """

    task: Task
    items: tuple[ItemData, ...]
    readers: tuple[str, ...]
    arms: Ints
    images: Ints
    units: Ints
    cannot_judge: Flags
    questions: tuple[QuestionAnswers, ...]
    shown: tuple[tuple[int, int, AnswerData], ...]

    def of_arm(self, arm_key: str) -> Flags:
        """(I,) items of an arm."""
        return np.equal(self.arms, self.task.arm_keys.index(arm_key))


@dataclass(frozen=True, eq=False)
class Part:
    """Some readers' answers to some items, for a row of results.

    Attributes:
        by: what the part is about.
        level: name of it.
        readers: (M,) which.
        items: (I,) which.
    """

    by: By
    level: str
    readers: Flags
    items: Flags

    @property
    def cells(self) -> Flags:
        """(M, I)."""
        return np.asarray(self.readers[:, None] & self.items[None, :])


def gather(data: StudyData, task: Task) -> TaskAnswers:
    """The answers to one task that count."""
    items = tuple(item for item in data.items if item.task_key == task.key and not item.practice)
    items = tuple(item for item in items if item.arm_key in task.arm_keys)
    readers = tuple(reader.code for reader in data.readers if reader.status != "withdrawn")
    places = {item.number: place for place, item in enumerate(items)}
    rows = {code: row for row, code in enumerate(readers)}
    shown = tuple(
        (rows[answer.reader], places[answer.item], answer)
        for answer in data.answers
        if answer.item in places and answer.reader in rows
    )
    cannot_judge = np.zeros((len(readers), len(items)), dtype=np.bool_)
    for row, place, answer in shown:
        if answer.cannot_judge and not answer.repeated:
            cannot_judge[row, place] = True
    return TaskAnswers(
        task=task,
        items=items,
        readers=readers,
        arms=np.array([task.arm_keys.index(item.arm_key) for item in items], dtype=np.int64),
        images=np.array([item.case_number for item in items], dtype=np.int64),
        units=np.array([item.unit for item in items], dtype=np.int64),
        cannot_judge=cannot_judge,
        questions=tuple(_answers_to(key, items, len(readers), shown) for key in _question_keys(items)),
        shown=shown,
    )


def parts(answers: TaskAnswers, arm_key: str) -> Iterator[Part]:
    """An arm as a whole, then by data set, concept and reader."""
    everybody, items = np.ones(len(answers.readers), dtype=np.bool_), answers.of_arm(arm_key)
    yield Part(By.ALL, "", everybody, items)
    datasets = [item.dataset or UPLOADED for item in answers.items]
    concepts = [item.concept or "" for item in answers.items]
    for by, names in ((By.DATASET, datasets), (By.CONCEPT, concepts)):
        all_names = np.array(names, dtype=object)
        for name in sorted({name for name, inside in zip(names, items, strict=True) if inside and name}):
            yield Part(by, name, everybody, np.asarray(items & (all_names == name)))
    for row, code in enumerate(answers.readers):
        yield Part(By.READER, code, np.arange(len(answers.readers)) == row, items)


def _question_keys(items: Sequence[ItemData]) -> list[str]:
    return list(dict.fromkeys(question.key for item in items for question in item.content.questions))


def _answers_to(
    key: str, items: Sequence[ItemData], readers: int, shown: Sequence[tuple[int, int, AnswerData]]
) -> QuestionAnswers:
    asked = [next((question for question in item.content.questions if question.key == key), None) for item in items]
    texts = [
        {option.key: option.text for option in question.options} if question is not None else {} for question in asked
    ]
    labels = tuple(dict.fromkeys(text for of_item in texts for text in of_item.values()))
    index = {text: place for place, text in enumerate(labels)}
    choices = [{option: index[text] for option, text in of_item.items()} for of_item in texts]
    first, second = (np.full((readers, len(items)), np.nan) for _ in range(2))
    written = 0
    for row, place, answer in shown:
        question = asked[place]
        given = answer.answers.get(key)
        if question is None or answer.cannot_judge or given is None:
            continue
        table = second if answer.repeated else first
        if question.kind is QuestionKind.TEXT:
            written += not answer.repeated and bool(str(given).strip())
        elif math.isnan(table[row, place]):
            table[row, place] = _as_number(question.kind, given, choices[place])
    right, offered = np.full(len(items), np.nan), np.zeros((len(items), len(labels)), dtype=np.bool_)
    for place, (item, question) in enumerate(zip(items, asked, strict=True)):
        if question is not None:
            right[place] = choices[place].get(right_answer(item, question) or "", np.nan)
            offered[place, list(choices[place].values())] = True
    known = next(question for question in asked if question is not None)
    return QuestionAnswers(known, labels, first, second, right, offered, written)


def _as_number(kind: QuestionKind, given: Any, choices: dict[str, int]) -> float:
    """NaN for what cannot be an answer to such a question."""
    if kind is QuestionKind.CHOICE:
        return choices.get(str(given), math.nan)
    if isinstance(given, bool) or not isinstance(given, int | float):
        return math.nan
    if kind is QuestionKind.LIKERT:
        return float(given - 1) if given in range(1, LIKERT_POINTS + 1) else math.nan
    return float(given) if 0 <= given <= _HIGHEST else math.nan
