"""Designs of reader studies with every kind of arm and task, and open studies straight in the database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from backend.audit.chain import canonical
from backend.core.storage import Storage
from backend.db.base import new_id, now
from backend.db.study_tables import ReaderStudy, StudyCase, StudyItem, StudyProtocol, StudyReader
from backend.reader_studies import orders
from backend.reader_studies.building import BuiltItem
from backend.reader_studies.design import (
    Arm,
    FreeQuestion,
    Order,
    QuestionKind,
    QuestionOption,
    ShamKind,
    StudyCaseRef,
    StudyDesign,
    Task,
    TaskKind,
)
from tests.support.images import png
from tests.support.labels import model_id
from tests.support.people import COORDINATOR, OTHER_READER, READER, Person, become
from tests.support.server import API, resources_of

STUDIES = f"{API}/reader-studies"
CLASSES = ("mel", "nv")  # of isic2018, the concept set of the test model


def coloured_cases(client: TestClient, count: int, person: Person = COORDINATOR) -> list[str]:
    """Ids of so many small images of one colour each, no two alike. The client is left as that person's."""
    become(client, person)
    found = []
    for number in range(count):
        colour = ((37 * number + 20) % 256, (91 * number + 60) % 256, (53 * number + 120) % 256)
        answer = client.post(f"{API}/cases", files={"file": ("image.png", png(colour, (24 + number % 3, 16)))})
        assert answer.status_code == 201, answer.text
        found.append(str(answer.json()["id"]))
    return found


def refs(case_ids: Sequence[str], practice: int = 0) -> list[StudyCaseRef]:
    """Images of a design; the first ``practice`` of them for practice. Classes take turns."""
    return [
        StudyCaseRef(case_id=case_id, practice=place < practice, truth_class=CLASSES[place % len(CLASSES)])
        for place, case_id in enumerate(case_ids)
    ]


def arms(model: str) -> list[Arm]:
    """One of each kind: ``real``, ``sham``, ``alone``, ``told``."""
    return [
        Arm(key="real", name="Grad-CAM", model_version_id=model, map="gradcam"),
        Arm(key="sham", name="Other concept", model_version_id=model, map="gradcam", sham=ShamKind.OTHER_CONCEPT),
        Arm(key="alone", name="Image alone"),
        Arm(
            key="told",
            name="With explanation",
            model_version_id=model,
            map="gradcam",
            show_prediction=True,
            show_concepts=True,
        ),
    ]


def tasks() -> list[Task]:
    """One of each kind: ``which`` (alignment), ``where`` (localization), ``what`` (diagnosis), ``free``."""
    return [
        Task(key="which", kind=TaskKind.ALIGNMENT, title="Which concept?", arm_keys=["real", "sham"]),
        Task(key="where", kind=TaskKind.LOCALIZATION, title="Where is it?", arm_keys=["real", "sham"]),
        Task(
            key="what",
            kind=TaskKind.DIAGNOSIS,
            title="What is it?",
            arm_keys=["alone", "told"],
            positive_classes=["mel"],
        ),
        Task(
            key="free",
            kind=TaskKind.QUESTIONS,
            title="Your impression",
            arm_keys=["real"],
            questions=[
                FreeQuestion(key="useful", kind=QuestionKind.LIKERT, text="Useful?", anchors=["1", "2", "3", "4", "5"]),
                FreeQuestion(
                    key="quality",
                    kind=QuestionKind.CHOICE,
                    text="Quality?",
                    options=[QuestionOption(key="good", text="Good"), QuestionOption(key="poor", text="Poor")],
                ),
                FreeQuestion(key="remark", kind=QuestionKind.TEXT, text="Remarks", required=False),
            ],
        ),
    ]


def make_design(client: TestClient, cases: int = 4, practice: int = 1, **changes: Any) -> StudyDesign:
    """A design that can be published: ``cases`` images that count, ``practice`` before them, all kinds of tasks.

    Args:
        client: left as the coordinator's, whose images they are.
        cases: how many.
        practice: how many beside.
        changes: fields of ``StudyDesign``.
    """
    uploaded = coloured_cases(client, cases + practice)
    resources_of(client).inference.wait_until_registered()
    fields: dict[str, Any] = {
        "title": "Do maps show what they say?",
        "question": "Do the model's maps lie where readers see the concept?",
        "cases": refs(uploaded, practice),
        "arms": arms(model_id(client)),
        "tasks": tasks(),
        "order": Order(seed=7, repeats=0.25, gap=2),
    }
    return StudyDesign(**(fields | changes))


def create_study(client: TestClient, design: StudyDesign, person: Person = COORDINATOR) -> dict[str, Any]:
    """A draft, over HTTP. The client is left as that person's."""
    answer = become(client, person).post(STUDIES, json={"design": design.model_dump(mode="json")})
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


def add_published(
    client: TestClient,
    design: StudyDesign,
    readers: Sequence[Person | None] = (READER, OTHER_READER),
    owner: Person = COORDINATOR,
    built: Sequence[BuiltItem] = (),
) -> str:
    """An open study straight in the database, made without a model and without a job; its id. Orders are the real ones.

    Args:
        client: of the server.
        design: to be published.
        readers: None: a simulated one.
        owner: of the study.
        built: its items; without them they hold what the design asks, with made-up maps.
    """
    with resources_of(client).database.writing() as session:
        study = ReaderStudy(
            id=new_id(),
            title=design.title,
            status="open",
            design=design.model_dump(mode="json"),
            owner_id=owner.id,
            published_at=now(),
        )
        session.add(study)
        session.flush()
        cases = _add_cases(session, study, design, resources_of(client).storage)
        items = _built_items(study, cases, built) if built else _made_up_items(study, design, cases)
        session.add_all(items)
        session.flush()
        _add_protocol(session, study, design, cases, items)
        for slot, person in enumerate(readers):
            reader = StudyReader(id=new_id(), study_id=study.id, user_id=person.id if person else None, slot=slot)
            session.add(reader)
            session.flush()
            orders.assign(session, study, reader)
        return study.id


def _add_cases(session: Session, study: ReaderStudy, design: StudyDesign, storage: Storage) -> list[StudyCase]:
    rows = []
    for number, ref in enumerate(design.cases, 1):
        content = png((11 * number % 256, 70, 200), (24, 16))
        kept = {"case_id": ref.case_id, "dataset_id": ref.dataset_id, "split": ref.split, "image": ref.image}
        rows.append(
            StudyCase(
                id=new_id(), study_id=study.id, number=number, case_id=ref.case_id, dataset="made-up",
                source={name: value for name, value in kept.items() if value} | {"label": f"P{number}"},
                truth_class=ref.truth_class, practice=ref.practice, synthetic=True, width=24, height=16,
                sha256=hashlib.sha256(content).hexdigest(),
                image_key=storage.put(f"reader-studies/{study.id}", content, ".png"),
            )
        )  # fmt: skip
    session.add_all(rows)
    session.flush()
    return rows


def _built_items(study: ReaderStudy, cases: list[StudyCase], built: Sequence[BuiltItem]) -> list[StudyItem]:
    return [
        StudyItem(
            id=new_id(), study_id=study.id, number=number, study_case_id=cases[item.case_index].id,
            task_key=item.task_key, arm_key=item.arm_key, unit=item.unit, practice=item.practice,
            option_id=item.option_id, content=item.content.model_dump(mode="json"),
            truth=item.truth.model_dump(mode="json"),
        )
        for number, item in enumerate(built, 1)
    ]  # fmt: skip


def _made_up_items(study: ReaderStudy, design: StudyDesign, cases: list[StudyCase]) -> list[StudyItem]:
    by_key = {arm.key: arm for arm in design.arms}
    rows: list[StudyItem] = []
    unit = 0
    for task in design.tasks:
        for case in cases:
            unit += 1
            for arm_key in task.arm_keys[:1] if case.practice else task.arm_keys:
                rows.append(
                    StudyItem(
                        id=new_id(), study_id=study.id, number=len(rows) + 1, study_case_id=case.id,
                        task_key=task.key, arm_key=arm_key, unit=unit, practice=case.practice,
                        option_id=_option(task), content=_content(task, by_key[arm_key]),
                        truth=_truth(task, by_key[arm_key], case),
                    )
                )  # fmt: skip
    return rows


def _add_protocol(
    session: Session, study: ReaderStudy, design: StudyDesign, cases: list[StudyCase], items: list[StudyItem]
) -> None:
    numbers = {case.id: case.number for case in cases}
    document: dict[str, Any] = {
        "format": "vitrine-reader-study/1",
        "study_id": study.id,
        "version": 1,
        "software": "test",
        "published_at": now().isoformat(),
        "design": design.model_dump(mode="json"),
        "models": [],
        "cases": [
            {
                name: getattr(case, name)
                for name in ("number", "dataset", "source", "sha256", "truth_class", "practice", "synthetic")
            }
            for case in cases
        ],
        "items": [
            {name: getattr(item, name) for name in ("number", "unit", "task_key", "arm_key", "practice", "option_id")}
            | {"case_number": numbers[item.study_case_id], "truth": item.truth}
            for item in items
        ],
        "previous_hash": None,
    }
    document = json.loads(canonical(document))
    digest = hashlib.sha256(canonical(document).encode()).hexdigest()
    session.add(StudyProtocol(study_id=study.id, version=1, document=document, hash=digest, reason="Published."))
    session.flush()


def _option(task: Task) -> str | None:
    return "color.blue" if task.kind in (TaskKind.ALIGNMENT, TaskKind.LOCALIZATION) else None


def _content(task: Task, arm: Arm) -> dict[str, Any]:
    pixels = {"width": 3, "height": 2, "values": "AP8A/wD/"} if arm.map else None
    shown = {"group": "Colour", "option": "blue"} if task.kind is TaskKind.LOCALIZATION else None
    told = {"class_name": "Melanoma", "probability": 0.75, "concepts": []} if arm.show_prediction else None
    return {
        "kind": task.kind.value, "task_title": task.title, "prompt": task.instructions, "concept": shown,
        "suggestion": told, "clinical_information": "", "map": pixels, "questions": _questions(task),
        "cannot_judge": task.cannot_judge,
    }  # fmt: skip


def _questions(task: Task) -> list[dict[str, Any]]:
    def question(key: str, kind: str, anchors: Sequence[str] = (), options: Sequence[str] = ()) -> dict[str, Any]:
        choices = [{"key": option, "text": option.title()} for option in options]
        return {
            "key": key, "kind": kind, "text": f"{key}?", "anchors": list(anchors), "options": choices, "required": True,
        }  # fmt: skip

    brought = {
        TaskKind.LOCALIZATION: [question("rating", "likert", task.anchors)],
        TaskKind.ALIGNMENT: [question("concept", "choice", options=["a", "b", "c", "d"])],
        TaskKind.DIAGNOSIS: [
            question("class", "choice", options=CLASSES),
            question("confidence", "scale", ["Guess", "Sure"]),
        ],
        TaskKind.QUESTIONS: [],
    }
    return brought[task.kind] + [free.model_dump(mode="json") for free in task.questions]


def _truth(task: Task, arm: Arm, case: StudyCase) -> dict[str, Any]:
    asked = task.kind is TaskKind.DIAGNOSIS and case.truth_class is not None
    return {
        "answer": "b" if task.kind is TaskKind.ALIGNMENT else None, "class_key": case.truth_class,
        "positive": case.truth_class in task.positive_classes if asked else None,
        "model_version_id": arm.model_version_id, "map_kind": arm.map, "sham": arm.sham and arm.sham.value,
        "map_option_id": _option(task) if arm.map else None, "map_case_number": case.number if arm.map else None,
        "map_sha256": "0" * 64 if arm.map else None,
    }  # fmt: skip
