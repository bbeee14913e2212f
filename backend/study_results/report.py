"""What a report says, in what order. How it looks is decided by ``html`` and ``pdf``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from typing import Any

from backend.reader_studies.design import QuestionKind
from backend.reader_studies.protocols import changes
from backend.study_results import tables
from backend.study_results.blocks import Block, Heading, Picture, Report, Table, Words
from backend.study_results.data import StudyData
from backend.study_results.document import software
from backend.study_results.figures import (
    LikertBar,
    Point,
    Span,
    confusion_figure,
    forest_figure,
    likert_figure,
    spans_figure,
)
from backend.study_results.lookup import Study
from backend.study_results.methods import CHECKLIST, methods
from backend.study_results.schemas import By, QuestionResults, StudyResults, TaskResults
from backend.study_results.wording import arm_names, level, number, percent, sentence
from models.explain.export import NOT_FOR_DIAGNOSIS

SIMULATED = "Demonstration with simulated readers: these figures say nothing about people."
INTERIM = "The study is still open: these figures are not final."
_MOST_LINES = 20  # of a figure that must fit on a page
_MOST_LABELS = 24  # a confusion matrix with more cannot be read


def make_report(data: StudyData, results: StudyResults) -> Report:
    """The report of a study, from its data and what was found in them."""
    study = Study(data)
    blocks = (*_methods(study, results), *_results(study, results), *_provenance(study))
    return Report(results.title, _marks(results), _facts(study, results), blocks, results.computed_at)


def summarize(data: StudyData, results: StudyResults) -> Report:
    """The same without methods and provenance."""
    study = Study(data)
    blocks = tuple(_results(study, results))
    return Report(results.title, _marks(results), _facts(study, results), blocks, results.computed_at)


def _results(study: Study, results: StudyResults) -> Iterator[Block]:
    names = arm_names(results.arms)
    yield from _summary(study, results, names)
    for task in results.tasks:
        yield from _task(task, names)


def _marks(results: StudyResults) -> tuple[str, ...]:
    marks = [NOT_FOR_DIAGNOSIS]
    if results.demonstration or (results.readers and all(reader.simulated for reader in results.readers)):
        marks.append(SIMULATED)
    if results.status != "closed":
        marks.append(INTERIM)
    return tuple(marks)


def _facts(study: Study, results: StudyResults) -> tuple[tuple[str, str], ...]:
    withdrawn = sum(reader.status == "withdrawn" for reader in results.readers)
    return (
        ("Question", study.design.question.strip() or "Not stated in the protocol."),
        ("Readers", f"{len(results.readers)}{f' ({withdrawn} withdrawn)' if withdrawn else ''}"),
        (
            "Answers",
            f"{results.answers} of {results.expected}, second showings included, practice and withdrawn readers not",
        ),
        ("Protocol", f"version {results.protocol_version}, SHA-256 {results.protocol_hash}"),
        ("Study", f"{results.study_id}, {results.status}"),
        ("Computed", f"{results.computed_at:%Y-%m-%d %H:%M} UTC"),
    )


def _methods(study: Study, results: StudyResults) -> Iterator[Block]:
    yield Heading("Methods")
    for section in methods(study, results):
        numbers = ", ".join(str(item) for item in section.numbers)
        yield Heading(f"{section.title} (GRRAS {numbers})", 2)
        for text in section.sentences:
            yield Words(text)


def _summary(study: Study, results: StudyResults, names: tables.Names) -> Iterator[Block]:
    yield Heading("Results")
    for note in results.notes:
        yield Words(sentence(note))
    yield Heading("Participants and images (GRRAS 11, 12)", 2)
    yield tables.participants(study, results)
    yield tables.images(study)
    if results.table:
        yield Heading("Localization and semantic alignment", 2)
        yield tables.human_evaluation(results, names)


def _task(task: TaskResults, names: tables.Names) -> Iterator[Block]:
    yield Heading(task.title)
    for question in task.questions:
        yield Heading(question.text, 2)
        yield from _answers(question, names)
        yield from _comparisons(question, names)
    if task.diagnosis is not None:
        yield Heading("Diagnostic accuracy", 2)
        if task.diagnosis.rows:
            yield tables.diagnosis(task.diagnosis, names)
        elif task.diagnosis.note:
            yield Words(sentence(task.diagnosis.note))
        if task.diagnosis.differences:
            yield tables.diagnosis_differences(task.diagnosis, names)
    if task.times:
        yield Heading("Time", 2)
        yield from _times(task, names)


def _answers(question: QuestionResults, names: tables.Names) -> Iterator[Block]:
    if question.likert:
        yield _likert(question, names)
        yield tables.likert(question, names)
    if question.choice:
        yield tables.choice(question, names)
    for confusion in question.confusion:
        arm = names.get(confusion.arm_key, confusion.arm_key)
        if 1 < len(confusion.labels) <= _MOST_LABELS and any(map(any, confusion.rows)):
            yield Picture(
                f"{arm}: what was chosen (columns) for what was right (rows). Counts; darker: more of the row.",
                _confusion_in_words(confusion.labels, confusion.rows),
                partial(confusion_figure, confusion.labels, confusion.rows),
            )
        elif len(confusion.labels) > _MOST_LABELS:
            yield Words(f"{arm}: the confusion matrix of {len(confusion.labels)} options is too large to print.")
    if question.scale:
        yield tables.scale(question, names)
    if question.kind is QuestionKind.TEXT:
        yield Words(f"Answers in words: {question.texts}; they stand in the exports.")


def _comparisons(question: QuestionResults, names: tables.Names) -> Iterator[Block]:
    if question.paired:
        points = [
            Point(f"{names.get(row.arm_key, row.arm_key)} − {names.get(row.against, row.against)}", row.difference)
            for row in question.paired
        ]
        if any(point.estimate.value is not None for point in points):
            said = "; ".join(f"{point.label}: {number(point.estimate.value)}" for point in points)
            of = "difference of shares" if question.kind is QuestionKind.CHOICE else "mean difference"
            yield Picture(
                "Differences between arms with 95 % intervals; right of the line, the first arm has more.",
                said,
                partial(forest_figure, points, of),
            )
        yield tables.paired(question, names)
    if question.agreement:
        sham = {key for key, name in names.items() if "sham" in name.lower()}
        points = [
            Point(
                f"{names.get(row.arm_key, row.arm_key)}\n{tables.measure_of(question, row.measure)}",
                row.estimate,
                row.arm_key in sham,
            )
            for row in question.agreement
            if len(row.readers) > 2 or row.measure not in ("weighted_kappa", "kappa")
        ]
        if any(point.estimate.value is not None for point in points):
            said = "; ".join(f"{' '.join(point.label.split())}: {number(point.estimate.value)}" for point in points)
            yield Picture(
                "Agreement between readers with 95 % intervals. 1: perfect; 0: by chance. Hollow squares: sham arms.",
                said,
                partial(forest_figure, points, "agreement", top=1.02),
            )
        yield tables.agreement(question, names)
    if question.repeats:
        yield tables.repeats(question)


def _likert(question: QuestionResults, names: tables.Names) -> Picture:
    rows = [row for row in question.likert if row.by in (By.ALL, By.DATASET)]
    if len(rows) > _MOST_LINES:
        rows = [row for row in rows if row.by is By.ALL]
    bars = [
        LikertBar(
            names.get(row.arm_key, row.arm_key) + ("" if row.by is By.ALL else f"\n{level(row.by, row.level)}"),
            row.counts,
        )
        for row in rows
    ]
    said = "; ".join(f"{' '.join(bar.label.split())}: {', '.join(map(str, bar.counts))}" for bar in bars)
    return Picture(
        "Distribution of ratings; numbers are counts.",
        f"Counts of ratings 1 to 5. {said}",
        partial(likert_figure, bars, question.anchors),
    )


def _times(task: TaskResults, names: tables.Names) -> Iterator[Block]:
    spans = [
        Span(
            f"{names.get(row.arm_key, row.arm_key)}, {row.reader or 'all'}",
            row.lower_quartile,
            row.median,
            row.upper_quartile,
        )
        for row in task.times
        if (len(task.times) <= _MOST_LINES or not row.reader)
        and row.median is not None
        and row.lower_quartile is not None
        and row.upper_quartile is not None
    ]
    if spans:
        said = "; ".join(f"{span.label}: {number(span.median, 1)}" for span in spans)
        yield Picture(
            "Active seconds for an answer: medians in boxes from the lower to the upper quartile.",
            f"Medians in seconds. {said}",
            partial(spans_figure, spans, "seconds"),
        )
    yield tables.times(task, names)


def _provenance(study: Study) -> Iterator[Block]:
    yield Heading("Protocol and provenance")
    rows = [
        (
            str(document["version"]),
            _moment(str(document.get("amended_at") or document["published_at"])),
            _short(document.get("reason")),
            digest,
        )
        for document, digest in zip(study.data.protocols, study.data.hashes, strict=True)
    ]
    caption = "Versions of the protocol. SHA-256 is of the protocol document as canonical JSON."
    yield Table(caption, ("Version", "Date", "Reason", "SHA-256"), tuple(rows), (0.9, 2, 3, 4.4), words=4)
    yield from _amendments(study)
    models = [
        (str(model["name"]), str(model["id"]), str(model.get("weights_digest", "")))
        for model in study.document["models"]
    ]
    if models:
        yield Table("Model versions.", ("Model", "Id", "Digest of the weights"), tuple(models), (2, 3.4, 5), words=3)
    versions = ", ".join(f"{name} {found}" for name, found in software().items() if found)
    yield Words(f"Figures were computed with {versions}.")
    yield tables.checklist(CHECKLIST)


def _amendments(study: Study) -> Iterator[Block]:
    rows = [
        (str(after["version"]), change.field, _short(change.before), _short(change.after))
        for before, after in pairwise(study.data.protocols)
        for change in changes(before["design"], after["design"])
    ]
    if rows:
        columns = ("Version", "Field", "Before", "After")
        yield Table("What the amendments changed.", columns, tuple(rows), (0.9, 2.4, 4, 4), words=4)


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _short(value: Any) -> str:
    text = " ".join(str("" if value is None else value).split())
    return text if len(text) <= 300 else f"{text[:299]}…"


def _confusion_in_words(labels: list[str], rows: list[list[int]]) -> str:
    right = sum(row[place] for place, row in enumerate(rows))
    total = sum(map(sum, rows))
    return (
        f"Matrix of {len(labels)} options: {right} of {total} choices ({percent(right / total)}) lie on the diagonal."
    )
