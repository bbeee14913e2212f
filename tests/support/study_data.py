"""Reader studies as plain data, without a database, put together item by item."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from backend.reader_studies.design import (
    ANCHORS,
    Access,
    Arm,
    FreeQuestion,
    Order,
    QuestionKind,
    QuestionOption,
    Separation,
    ShamKind,
    StudyDesign,
    Task,
    TaskKind,
)
from backend.reader_studies.items import (
    CLASS,
    CONCEPT,
    CONFIDENCE,
    RATING,
    ItemContent,
    ItemTruth,
    Question,
    ShownConcept,
)
from backend.study_results.data import AmendmentData, AnswerData, ItemData, OrderEntry, RaterData, StudyData

STUDY_ID = "5" * 32
MODEL_ID = "a" * 32
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)

REAL = Arm(key="real", name="Grad-CAM", model_version_id=MODEL_ID, map="gradcam")
SHAM = Arm(key="sham", name="Sham map", model_version_id=MODEL_ID, map="gradcam", sham=ShamKind.SHUFFLED)
ALONE = Arm(key="alone", name="Image alone")

LOCALIZATION = Task(key="where", kind=TaskKind.LOCALIZATION, title="Where is it?", arm_keys=["real", "sham"])
ALIGNMENT = Task(key="which", kind=TaskKind.ALIGNMENT, title="Which concept is it?", arm_keys=["real", "sham"])
DIAGNOSIS = Task(
    key="diagnosis",
    kind=TaskKind.DIAGNOSIS,
    title="What is it?",
    arm_keys=["alone", "real"],
    positive_classes=["malignant"],
)
USEFUL = FreeQuestion(
    key="useful", kind=QuestionKind.LIKERT, text="Was the map useful?", anchors=["No", "Little", "Half", "Much", "Yes"]
)
QUALITY = FreeQuestion(
    key="quality",
    kind=QuestionKind.CHOICE,
    text="How is the image?",
    options=[QuestionOption(key="good", text="Good"), QuestionOption(key="poor", text="Poor")],
    required=False,
)
REMARK = FreeQuestion(key="remark", kind=QuestionKind.TEXT, text="What did you notice?", required=False)
QUESTIONS = Task(
    key="free",
    kind=TaskKind.QUESTIONS,
    title="Your impression",
    arm_keys=["real"],
    questions=[USEFUL, QUALITY, REMARK],
)
CLASSES = ("benign", "malignant")
CONCEPTS = ("Margin: spiculated", "Margin: smooth", "Shape: round", "Shape: irregular", "Calcification: present")


def design(
    arms: Sequence[Arm] = (REAL, SHAM),
    tasks: Sequence[Task] = (LOCALIZATION,),
    separation: Separation = Separation.MIXED,
    **more: Any,
) -> StudyDesign:
    """A design; its cases are not listed, since statistics read those of the items."""
    return StudyDesign(
        title="Do maps show what they say?",
        question="Do maps lie where radiologists look?",
        arms=list(arms),
        tasks=list(tasks),
        order=Order(separation=separation),
        access=Access(),
        **more,
    )


class StudyBuilder:
    """Puts a study together item by item.

    Args:
        design: of it.
        readers: how many; they are called R1, R2 …
    """

    def __init__(self, design: StudyDesign, readers: int = 2) -> None:
        self.design = design
        self.tasks = {task.key: task for task in design.tasks}
        self.arms = {arm.key: arm for arm in design.arms}
        profile = {"profession": "Radiologist", "years": 7, "experience": ""}
        self.readers = [
            RaterData(
                code=f"R{place + 1}", simulated=False, status="reading", profile=profile, order_digest=None, order=()
            )
            for place in range(readers)
        ]
        self.items: list[ItemData] = []
        self.answers: list[AnswerData] = []
        self._clock = START

    def item(
        self,
        task: str,
        arm: str,
        case: int,
        *,
        unit: int | None = None,
        concept: str | None = None,
        dataset: str | None = "CMMD",
        truth_class: str | None = None,
        choices: Sequence[str] = (),
        practice: bool = False,
    ) -> int:
        """Adds one; its number. ``unit`` is the case where it is not said; the right choice is ``concept``."""
        choices = choices or (CONCEPTS if self.tasks[task].kind is TaskKind.ALIGNMENT else ())
        keys = {text: f"c{place}" for place, text in enumerate(choices)}
        shown = self.tasks[task].kind is TaskKind.LOCALIZATION and concept
        group, _, option = (concept or "").partition(": ")
        number = len(self.items) + 1
        self.items.append(
            ItemData(
                number=number,
                task_key=task,
                arm_key=arm,
                unit=case if unit is None else unit,
                case_number=case,
                dataset=dataset,
                practice=practice,
                option_id=concept and concept.lower().replace(": ", "."),
                concept=concept,
                content=ItemContent(
                    kind=self.tasks[task].kind,
                    task_title=self.tasks[task].title,
                    prompt="",
                    concept=ShownConcept(group=group, option=option) if shown else None,
                    suggestion=None,
                    clinical_information="",
                    map=None,
                    questions=questions_of(self.tasks[task], keys),
                    cannot_judge=True,
                ),
                truth=self._truth(task, arm, case, truth_class, keys.get(concept or "")),
            )
        )
        return number

    def answer(
        self,
        reader: int,
        item: int,
        answers: Mapping[str, Any] | None = None,
        *,
        repeated: bool = False,
        session: int = 1,
        seconds: float = 10.0,
        idle: float = 0.0,
        amended: Mapping[str, Any] | None = None,
    ) -> None:
        """Adds one. Without ``answers`` it could not be judged. Readers count from 0."""
        opened, self._clock = self._clock, self._clock + timedelta(seconds=seconds + idle)
        rater = self.readers[reader]
        position = sum(1 for entry in rater.order if entry.session == session)
        self.readers[reader] = replace(rater, order=(*rater.order, OrderEntry(session, position, item, repeated)))
        correction = AmendmentData(dict(amended or {}), False, "I looked at the wrong side.", self._clock)
        self.answers.append(
            AnswerData(
                reader=rater.code,
                item=item,
                session=session,
                position=position,
                repeated=repeated,
                answers=dict(answers or {}),
                cannot_judge=answers is None,
                comment="",
                active_seconds=seconds,
                idle_seconds=idle,
                opened_at=opened,
                submitted_at=self._clock,
                protocol_version=1,
                amendments=(correction,) if amended is not None else (),
            )
        )

    def expect(self, reader: int, item: int) -> None:
        """Gives a reader an item that they have not answered."""
        rater = self.readers[reader]
        entry = OrderEntry(1, len(rater.order), item, False)
        self.readers[reader] = replace(rater, order=(*rater.order, entry))

    def change_reader(self, reader: int, **fields: Any) -> None:
        """Such as ``status="withdrawn"``."""
        self.readers[reader] = replace(self.readers[reader], **fields)

    def build(self, status: str = "closed", demonstration: bool = False) -> StudyData:
        """The study, with a protocol of the form in which they are published."""
        document = self._protocol()
        text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return StudyData(
            study_id=STUDY_ID,
            demonstration=demonstration,
            status=status,
            protocols=(document,),
            hashes=(hashlib.sha256(text.encode()).hexdigest(),),
            readers=tuple(self.readers),
            items=tuple(self.items),
            answers=tuple(self.answers),
        )

    def _truth(self, task: str, arm: str, case: int, truth_class: str | None, right: str | None) -> ItemTruth:
        asked, shown = self.tasks[task], self.arms[arm]
        positive = truth_class in asked.positive_classes if truth_class and asked.positive_classes else None
        return ItemTruth(
            answer=right,
            class_key=truth_class,
            positive=positive,
            model_version_id=shown.model_version_id,
            map_kind=shown.map,
            sham=shown.sham,
            map_option_id=None,
            map_case_number=case if shown.map else None,
            map_sha256="0" * 64 if shown.map else None,
        )

    def _protocol(self) -> dict[str, Any]:
        cases = {item.case_number: item for item in self.items}
        return {
            "format": "vitrine-reader-study/1",
            "study_id": STUDY_ID,
            "version": 1,
            "software": "0.1.0",
            "published_at": START.isoformat(),
            "design": self.design.model_dump(mode="json"),
            "models": [{"id": MODEL_ID, "name": "IVQ-CBM", "weights_digest": "1" * 64, "concept_set_digest": "2" * 64}],
            "cases": [
                {
                    "number": number,
                    "dataset": item.dataset,
                    "source": {},
                    "sha256": "3" * 64,
                    "truth_class": item.truth.class_key,
                    "practice": item.practice,
                    "synthetic": True,
                }
                for number, item in sorted(cases.items())
            ],
            "items": [
                {
                    "number": item.number,
                    "unit": item.unit,
                    "task_key": item.task_key,
                    "arm_key": item.arm_key,
                    "case_number": item.case_number,
                    "practice": item.practice,
                    "option_id": item.option_id,
                    "truth": item.truth.model_dump(mode="json"),
                }
                for item in self.items
            ],
            "previous_hash": None,
        }


def questions_of(task: Task, choices: Mapping[str, str]) -> list[Question]:
    """The questions that a task brings, then its free ones. ``choices``: key by text, for an alignment task."""
    found = []
    if task.kind is TaskKind.LOCALIZATION:
        found.append(_question(RATING, QuestionKind.LIKERT, "How well does the map fit?", list(ANCHORS)))
    if task.kind is TaskKind.ALIGNMENT:
        options = [QuestionOption(key=key, text=text) for text, key in choices.items()]
        found.append(_question(CONCEPT, QuestionKind.CHOICE, "Which concept does the map show?", [], options))
    if task.kind is TaskKind.DIAGNOSIS:
        options = [QuestionOption(key=key, text=key.capitalize()) for key in CLASSES]
        found.append(_question(CLASS, QuestionKind.CHOICE, "What is it?", [], options))
        found.append(_question(CONFIDENCE, QuestionKind.SCALE, "How sure are you?", ["Guess", "Certain"]))
    return found + [
        _question(free.key, QuestionKind(free.kind), free.text, free.anchors, free.options, free.required)
        for free in task.questions
    ]


def _question(
    key: str,
    kind: QuestionKind,
    text: str,
    anchors: list[str],
    options: Sequence[QuestionOption] = (),
    required: bool = True,
) -> Question:
    return Question(key=key, kind=kind, text=text, anchors=anchors, options=list(options), required=required)


def ratings_study(ratings: Sequence[Sequence[int | None]], arm: str = "real", cases: Sequence[int] = ()) -> StudyData:
    """Localization alone, under one arm. ``ratings``: (readers, items); None: not answered. ``cases``: of each item."""
    builder = StudyBuilder(design(arms=[REAL, SHAM]), readers=len(ratings))
    for place in range(len(ratings[0]) if ratings else 0):
        item = builder.item("where", arm, cases[place] if cases else place, unit=place, concept=CONCEPTS[place % 5])
        for reader, row in enumerate(ratings):
            if row[place] is not None:
                builder.answer(reader, item, {RATING: row[place]})
    return builder.build()
