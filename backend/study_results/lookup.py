"""What outputs look up again and again in a study's data."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from backend.reader_studies.design import Arm, QuestionKind, StudyDesign, Task
from backend.reader_studies.items import CLASS, CONCEPT, Question
from backend.study_results.data import AnswerData, ItemData, RaterData, StudyData


class Study:
    """A study's data with its design and its parts by key.

    Args:
        data: as loaded.
    """

    def __init__(self, data: StudyData) -> None:
        self.data = data
        self.document: dict[str, Any] = data.protocols[-1]
        self.design = StudyDesign.model_validate(self.document["design"])
        self.items: dict[int, ItemData] = {item.number: item for item in data.items}
        self.arms: dict[str, Arm] = {arm.key: arm for arm in self.design.arms}
        self.tasks: dict[str, Task] = {task.key: task for task in self.design.tasks}
        self.readers: dict[str, RaterData] = {reader.code: reader for reader in data.readers}

    @property
    def version(self) -> int:
        """Of the protocol that holds."""
        return int(self.document["version"])

    @cached_property
    def models(self) -> dict[str, dict[str, Any]]:
        """Model versions by id, as the protocol names them."""
        return {model["id"]: model for model in self.document["models"]}

    @cached_property
    def cases(self) -> list[dict[str, Any]]:
        """Images, as the protocol lists them."""
        return list(self.document["cases"])

    def model_name(self, model_version_id: str | None) -> str | None:
        """With the beginning of its id, since two versions may be called the same."""
        if model_version_id is None:
            return None
        known = self.models.get(model_version_id)
        return f"{known['name']} ({model_version_id[:8]})" if known else model_version_id

    def counted(self) -> Iterator[tuple[AnswerData, ItemData]]:
        """Answers that results are made of: no practice, no second showing, no reader that was withdrawn."""
        for answer in self.data.answers:
            item = self.items[answer.item]
            if not item.practice and not answer.repeated and self.readers[answer.reader].status != "withdrawn":
                yield answer, item


def right_answer(item: ItemData, question: Question) -> str | None:
    """Key of the right choice; None where there is none, or nobody knows it."""
    if question.kind is not QuestionKind.CHOICE:
        return None
    if question.key == CONCEPT:
        return item.truth.answer
    return item.truth.class_key if question.key == CLASS else None


def in_words(question: Question, answer: Any) -> str:
    """An answer as the reader saw it: the anchor of a rating, the text of an option."""
    if answer is None:
        return ""
    if question.kind is QuestionKind.LIKERT and isinstance(answer, int) and 1 <= answer <= len(question.anchors):
        return question.anchors[answer - 1]
    if question.kind is QuestionKind.CHOICE:
        return next((option.text for option in question.options if option.key == answer), str(answer))
    return str(answer)
