"""Whether an answer fits the questions of an item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backend.reader_studies.design import LIKERT_POINTS, QuestionKind
from backend.reader_studies.items import Question
from backend.readings.errors import BadAnswer

_RANGES = {QuestionKind.LIKERT: (1, LIKERT_POINTS), QuestionKind.SCALE: (0, 100)}


def check(
    asked: Sequence[Mapping[str, Any]],
    may_decline: bool,
    answers: Mapping[str, int | str],
    cannot_judge: bool,
    *,
    complete: bool,
) -> dict[str, int | str]:
    """What to keep of an answer: nothing but the refusal, when the item cannot be judged.

    Args:
        asked: ``Question`` as stored.
        may_decline: whether "cannot judge" is an answer.
        answers: by key of the question.
        cannot_judge: it was given.
        complete: nothing that is required may be missing.

    Raises:
        BadAnswer: names the question and the fault.
    """
    questions = {question.key: question for question in (Question.model_validate(each) for each in asked)}
    for key, value in answers.items():
        if key not in questions:
            raise BadAnswer(f"The item has no question '{key}'; its questions are {', '.join(questions)}.")
        _check_value(questions[key], value)
    if cannot_judge and not may_decline:
        raise BadAnswer("This item has to be judged: 'cannot judge' is no answer to it.")
    if complete and cannot_judge:
        return {}
    missing = [key for key, question in questions.items() if question.required and _is_empty(answers.get(key))]
    if complete and missing:
        raise BadAnswer(f"Not answered yet: {', '.join(missing)}. Answer all required questions of the item.")
    return dict(answers)


def _check_value(question: Question, value: int | str) -> None:
    if question.kind in _RANGES:
        least, most = _RANGES[question.kind]
        if not isinstance(value, int) or not least <= value <= most:
            raise BadAnswer(f"Question '{question.key}' takes a whole number from {least} to {most}.")
    elif not isinstance(value, str):
        raise BadAnswer(f"Question '{question.key}' takes text, not a number.")
    elif question.kind is QuestionKind.CHOICE:
        keys = [option.key for option in question.options]
        if value not in keys:
            raise BadAnswer(f"Question '{question.key}' has no such option; options are {', '.join(keys)}.")


def _is_empty(value: int | str | None) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
