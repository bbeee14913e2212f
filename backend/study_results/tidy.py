"""Answers as a tidy table: one row for each answer to one question."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from backend.core.spreadsheet import Cell, csv_table
from backend.reader_studies.items import Question
from backend.study_results.data import AnswerData, ItemData, StudyData
from backend.study_results.dictionary import COLUMNS
from backend.study_results.lookup import Study, in_words, right_answer


def as_csv(data: StudyData) -> bytes:
    """UTF-8, RFC 4180. All answers: of practice items, of repeats and of withdrawn readers too, each marked as such.

    An item that could not be judged, and an optional question that was passed over, have rows with empty answers.
    """
    return csv_table(COLUMNS, ([row[name] for name in COLUMNS] for row in rows(data)))


def rows(data: StudyData) -> Iterator[dict[str, Cell]]:
    """By column, in the order in which answers were given."""
    study = Study(data)
    for answer in data.answers:
        item = study.items[answer.item]
        shared = _of_answer(study, answer, item)
        for question in item.content.questions:
            yield shared | _of_question(answer, item, question)


def utc(moment: datetime) -> str:
    """ISO 8601, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _of_answer(study: Study, answer: AnswerData, item: ItemData) -> dict[str, Cell]:
    return {
        "study": study.data.study_id,
        "protocol_version": answer.protocol_version,
        "reader": answer.reader,
        "reader_status": study.readers[answer.reader].status,
        "session": answer.session,
        "position": answer.position + 1,
        "item": item.number,
        "unit": item.unit,
        "task": item.task_key,
        "arm": item.arm_key,
        "sham": item.truth.sham,
        "model_version": study.model_name(item.truth.model_version_id),
        "map": item.truth.map_kind,
        "case": item.case_number,
        "dataset": item.dataset,
        "concept": item.concept,
        "practice": _flag(item.practice),
        "repeated": _flag(answer.repeated),
        "cannot_judge": _flag(answer.cannot_judge),
        "comment": answer.comment,
        "active_seconds": answer.active_seconds,
        "idle_seconds": answer.idle_seconds,
        "opened_at": utc(answer.opened_at),
        "submitted_at": utc(answer.submitted_at),
        "amended": _flag(bool(answer.amendments)),
    }


def _of_question(answer: AnswerData, item: ItemData, question: Question) -> dict[str, Cell]:
    given: Any = answer.answers.get(question.key)
    right = right_answer(item, question)
    return {
        "question": question.key,
        "answer": given,
        "answer_text": in_words(question, given),
        "correct_answer": right,
        "correct": None if right is None or given is None else _flag(given == right),
        "amended_answer": answer.amendments[-1].answers.get(question.key) if answer.amendments else None,
    }


def _flag(value: bool) -> str:
    return "true" if value else "false"
