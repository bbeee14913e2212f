"""What readers are asked, in words that are the same under every arm."""

from __future__ import annotations

from collections.abc import Sequence

from backend.reader_studies.choosing import CannotBuild, shortened, words_of
from backend.reader_studies.design import LIKERT_POINTS, FreeQuestion, QuestionKind, QuestionOption, Task, TaskKind
from backend.reader_studies.items import CLASS, CONCEPT, CONFIDENCE, RATING, Question
from models.concepts import ConceptSet

PROMPTS = {
    TaskKind.LOCALIZATION: "The highlighted area is meant to show where the image has the finding named here. "
    "Rate how well the two match.",
    TaskKind.ALIGNMENT: "The highlighted area belongs to one finding. Choose the finding that fits it best.",
    TaskKind.DIAGNOSIS: "Choose the diagnosis that fits the image best, and say how sure you are of it.",
    TaskKind.QUESTIONS: "Look at the image and answer the questions.",
}
RATING_TEXT = "How well does the highlighted area match the place of the finding?"
CONCEPT_TEXT = "Which finding does the highlighted area show?"
CLASS_TEXT = "Which diagnosis fits best?"
CONFIDENCE_TEXT = "How sure are you of this diagnosis?"
CONFIDENCE_ENDS = ["Not sure at all", "Completely sure"]
LEAST_OPTIONS = 2


def questions_of(task: Task, concept_set: ConceptSet | None, choices: Sequence[str]) -> list[Question]:
    """The task's own questions, then its free ones.

    Args:
        task: of the design.
        concept_set: of the model that the task's concepts and classes come from.
        choices: alignment: ids of the options to choose from, in their order.

    Raises:
        CannotBuild: a question lacks words or answers.
    """
    found = [*_own(task, concept_set, choices), *map(_free, task.questions)]
    keys = [question.key for question in found]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise CannotBuild(f"Task '{task.title}' has two questions with the key '{twice}'; name one of them otherwise.")
    return found


def _own(task: Task, concept_set: ConceptSet | None, choices: Sequence[str]) -> list[Question]:
    if task.kind is TaskKind.LOCALIZATION:
        return [_question(RATING, QuestionKind.LIKERT, RATING_TEXT, anchors=_anchors(task.title, task.anchors))]
    if task.kind is TaskKind.QUESTIONS:
        return []
    if concept_set is None:
        raise CannotBuild(f"Task '{task.title}' has no arm with a model, whose concepts and classes it would ask for.")
    if task.kind is TaskKind.ALIGNMENT:
        options = [QuestionOption(key=key, text=words_of(concept_set, key)) for key in choices]
        return [_question(CONCEPT, QuestionKind.CHOICE, CONCEPT_TEXT, options=options)]
    classes = [QuestionOption(key=label.key, text=shortened(label.name)) for label in concept_set.classes]
    return [
        _question(CLASS, QuestionKind.CHOICE, CLASS_TEXT, options=classes),
        _question(CONFIDENCE, QuestionKind.SCALE, CONFIDENCE_TEXT, anchors=CONFIDENCE_ENDS),
    ]


def _free(asked: FreeQuestion) -> Question:
    anchors, options = [], []
    if asked.kind is QuestionKind.LIKERT:
        anchors = _anchors(asked.text, asked.anchors)
    if asked.kind is QuestionKind.CHOICE:
        options = list(asked.options)
        if len({option.key for option in options}) < max(LEAST_OPTIONS, len(options)):
            raise CannotBuild(f"Question '{asked.text}' needs at least two answers, each with a key of its own.")
    return _question(asked.key, asked.kind, asked.text, anchors=anchors, options=options, required=asked.required)


def _anchors(where: str, anchors: Sequence[str]) -> list[str]:
    if len(anchors) != LIKERT_POINTS or not all(anchors):
        raise CannotBuild(f"'{where}' needs words for all {LIKERT_POINTS} points of its scale.")
    return list(anchors)


def _question(
    key: str,
    kind: QuestionKind,
    text: str,
    anchors: Sequence[str] = (),
    options: Sequence[QuestionOption] = (),
    *,
    required: bool = True,
) -> Question:
    return Question(key=key, kind=kind, text=text, anchors=list(anchors), options=list(options), required=required)
