"""Rules for the free questions of a task, and for scales."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backend.reader_studies.design import LIKERT_POINTS, FreeQuestion, QuestionKind, Task, TaskKind
from backend.reader_studies.facts import error, repeated
from backend.reader_studies.items import CLASS, CONCEPT, CONFIDENCE, RATING
from backend.reader_studies.schemas import Problem

LEAST_OPTIONS = 2
_BROUGHT = (RATING, CONCEPT, CLASS, CONFIDENCE)


def question_problems(place: int, task: Task) -> Iterator[Problem]:
    """Of what one task asks, as far as no model has a say in it."""
    if task.kind is TaskKind.LOCALIZATION:
        yield from anchor_problems(f"tasks.{place}.anchors", f"Task '{task.title}'", task.anchors)
    if task.kind is TaskKind.QUESTIONS and not task.questions:
        yield error("tasks", f"tasks.{place}.questions", f"Task '{task.title}' asks nothing. Add a question.")
    keys = [question.key for question in task.questions]
    for number in repeated(keys):
        text = f"Two questions of task '{task.title}' have the key '{keys[number]}'. Give one of them another key."
        yield error("tasks", f"tasks.{place}.questions.{number}.key", text)
    for number, question in enumerate(task.questions):
        yield from _question(f"tasks.{place}.questions.{number}", number, task, question)


def _question(where: str, number: int, task: Task, question: FreeQuestion) -> Iterator[Problem]:
    name = f"Question {number + 1} of task '{task.title}'"
    if question.key in _BROUGHT:
        text = f"{name} has the key '{question.key}', which tasks use for their own questions. Give it another key."
        yield error("tasks", f"{where}.key", text)
    if not question.text:
        yield error("tasks", f"{where}.text", f"{name} has no text. Say what you want to know.")
    if question.kind is QuestionKind.LIKERT:
        yield from anchor_problems(f"{where}.anchors", name, question.anchors)
    if question.kind is not QuestionKind.CHOICE:
        return
    if len(question.options) < LEAST_OPTIONS:
        yield error("tasks", f"{where}.options", f"{name} needs at least two answers to choose from. Add them.")
    for doubled in repeated([option.key for option in question.options]):
        text = f"{name} has two answers with the key '{question.options[doubled].key}'. Give one another key."
        yield error("tasks", f"{where}.options.{doubled}.key", text)
    texts = [option.text.casefold() for option in question.options]
    for doubled in repeated(texts):
        text = f"{name} has two answers with the same text. Change one, so that readers can tell them apart."
        yield error("tasks", f"{where}.options.{doubled}.text", text)
    for empty in (empty for empty, words in enumerate(texts) if not words):
        yield error("tasks", f"{where}.options.{empty}.text", f"{name}: answer {empty + 1} has no text. Give it one.")


def anchor_problems(where: str, name: str, anchors: Sequence[str]) -> Iterator[Problem]:
    """Of a Likert scale: words for each point, no two alike."""
    if len(anchors) != LIKERT_POINTS or not all(anchors):
        text = f"{name} needs words for each of the {LIKERT_POINTS} points of its scale. Fill them in."
        yield error("tasks", where, text)
    elif repeated([anchor.casefold() for anchor in anchors]):
        yield error("tasks", where, f"{name} has the same words for two points of its scale. Change one of them.")
