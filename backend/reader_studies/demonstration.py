"""A study on the example images, ready to be looked at and read.

Its two readers are simulated: their answers are drawn, and everything that shows them says so.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.audit.service import Subject, record
from backend.db.base import now
from backend.db.study_tables import ReaderStudy, StudyAssignment, StudyReader, StudyResponse
from backend.examples.catalogue import Example, all_examples
from backend.model_registry import repository as models
from backend.model_registry.errors import NoActiveModel
from backend.reader_studies import publication_repository as repository
from backend.reader_studies import publishing, service
from backend.reader_studies.chance import chance
from backend.reader_studies.design import (
    Access,
    Arm,
    Grras,
    Order,
    Sampling,
    ShamKind,
    StudyCaseRef,
    StudyDesign,
    Task,
    TaskKind,
)
from backend.reader_studies.items import CLASS, CONCEPT, CONFIDENCE, RATING, ItemContent, ItemTruth, Question
from backend.reader_studies.schemas import StudyRead
from backend.resources import Resources

DATASET = "synthetic-dermoscopy"
SEED = 7
PRACTICE = 1  # of the first examples of each class, shown first
SIMULATED = 2
DISEASE = ("mel", "bcc", "akiec")


def create(session: Session, resources: Resources) -> StudyRead:
    """Drawn up and on its way to be published; one's own that is on its way already, if there is one.

    Raises:
        NoActiveModel, QueueFull: it cannot be prepared.
    """
    waiting = repository.waiting_demonstration(session, current().user_id)
    if waiting is not None:
        return service.get(session, resources, waiting)
    active = models.list_active(session, DATASET)
    if not active:
        raise NoActiveModel
    design = design_of(active[0].id)
    study = ReaderStudy(
        title=design.title, design=design.model_dump(mode="json"), owner_id=current().user_id, demonstration=True
    )
    session.add(study)
    session.flush()
    for slot in range(SIMULATED):
        session.add(StudyReader(study_id=study.id, user_id=None, slot=slot, profile=_PROFILES[slot]))
    told = {"title": study.title, "demonstration": True}
    record(session, "reader_study.created", Subject("reader_study", study.id), after=told)
    return publishing.publish(session, resources, study.id)


def design_of(model_version_id: str) -> StudyDesign:
    """Concepts at first without, then with their names; then diagnoses without and with explanation."""
    examples = [example for example in all_examples().values() if example.drawn.name == DATASET]
    return StudyDesign(
        title="Demonstration: can one see what the model sees?",
        question=(
            "Do maps point at what the concepts name, and do explanations change how well, and how surely, readers "
            "diagnose?"
        ),
        grras=_GRRAS,
        instructions=(
            "The images are drawn by a program, not taken of patients. You will see some images several times, under "
            "different conditions. Go by what you see, and do not dwell on an item."
        ),
        cases=_cases(examples),
        sampling=Sampling(method="hand_picked", source="The examples that come with Vitrine: one of each class"),
        arms=[
            Arm(key="gradcam", name="Grad-CAM of the concept", model_version_id=model_version_id, map="gradcam"),
            Arm(
                key="sham",
                name="Sham: the same concept in another image",
                model_version_id=model_version_id,
                map="gradcam",
                sham=ShamKind.OTHER_IMAGE,
            ),
            Arm(key="alone", name="Image alone"),
            Arm(
                key="explained",
                name="With prediction, concepts and map",
                model_version_id=model_version_id,
                map="gradcam",
                show_prediction=True,
                show_concepts=True,
            ),
        ],
        tasks=_tasks(),
        order=Order(seed=SEED, repeats=0.1, gap=3, washout_days=0),
        access=Access(live_results="coordinators"),
    )


def simulate(session: Session, study: ReaderStudy) -> None:
    """Answers of the simulated readers, in their stored order. Called once the study's items are written.

    Args:
        session: a writing one.
        study: a demonstration.
    """
    for reader in repository.readers(session, study.id):
        if reader.user_id is not None:
            continue
        draw = chance(SEED, "simulated", reader.slot)
        for assignment in repository.assignments_with_items(session, reader.id):
            session.add(_response(study, reader, assignment, draw))
        reader.status, reader.joined_at, reader.finished_at = "finished", now(), now()
    session.flush()


def _response(
    study: ReaderStudy, reader: StudyReader, assignment: StudyAssignment, draw: random.Random
) -> StudyResponse:
    item = assignment.item
    content, truth = ItemContent.model_validate(item.content), ItemTruth.model_validate(item.truth)
    # The same reader, the same item: what they see in it is drawn once, so that repeats nearly agree.
    seen = chance(SEED, "seen", reader.slot, item.number)
    cannot_judge = content.cannot_judge and seen.random() < 0.03
    answers = {} if cannot_judge else _answers(content, truth, seen, draw)
    seconds = min(60.0, draw.lognormvariate(2.0, 0.45))
    moment = now()
    return StudyResponse(
        study_id=study.id,
        reader_id=reader.id,
        assignment_id=assignment.id,
        answers=answers,
        cannot_judge=cannot_judge,
        comment="",
        active_ms=int(seconds * 1000),
        idle_ms=int(seconds * 1000 * draw.choice((0, 0, 0, 0.2))),
        opened_at=moment - timedelta(seconds=seconds),
        submitted_at=moment,
        protocol_version=1,
    )


def _answers(content: ItemContent, truth: ItemTruth, seen: random.Random, draw: random.Random) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    right = seen.random() < (0.85 if content.suggestion else 0.7)
    for question in content.questions:
        if question.key == RATING:
            weights = (30, 35, 20, 10, 5) if truth.sham else (2, 6, 17, 40, 35)
            (rating,) = seen.choices(range(1, 6), weights)
            wobble = draw.choice((-1, 0, 0, 0, 0, 0, 0, 1))
            answers[RATING] = max(1, min(5, rating + wobble))
        elif question.key == CONCEPT:
            answers[CONCEPT] = _choice(question, truth.answer, seen.random() < 0.8, seen)
        elif question.key == CLASS:
            answers[CLASS] = _choice(question, truth.class_key, right, seen)
        elif question.key == CONFIDENCE:
            middle = (75 if right else 55) + (8 if content.suggestion else 0)
            answers[CONFIDENCE] = max(0, min(100, round(seen.gauss(middle, 15) + draw.gauss(0, 4))))
    return answers


def _choice(question: Question, answer: str | None, right: bool, seen: random.Random) -> str:
    others = [option.key for option in question.options if option.key != answer]
    return answer if right and answer is not None else seen.choice(others)


def _cases(examples: list[Example]) -> list[StudyCaseRef]:
    """The first example of each class to be read; of the second ones some to practise with."""
    classes = len({example.class_key for example in examples})
    refs = [
        StudyCaseRef(
            dataset_id=DATASET,
            split="test",
            image=example.key,
            practice=place >= classes,
            truth_class=example.class_key,
        )
        for place, example in enumerate(examples[: classes + PRACTICE])
    ]
    return sorted(refs, key=lambda ref: not ref.practice)


def _tasks() -> list[Task]:
    return [
        Task(
            key="alignment",
            kind=TaskKind.ALIGNMENT,
            title="Name the concept",
            instructions="The map shows where a model looked for one concept. Say which one it is.",
            arm_keys=["gradcam"],
        ),
        Task(
            key="localization",
            kind=TaskKind.LOCALIZATION,
            title="Rate the place",
            instructions="Rate how well the map covers what the concept names in this image.",
            arm_keys=["gradcam", "sham"],
        ),
        Task(
            key="diagnosis",
            kind=TaskKind.DIAGNOSIS,
            title="Diagnose",
            instructions="Choose a class, and say how sure you are of it: 0 is a guess, 100 is certain.",
            arm_keys=["alone", "explained"],
            positive_classes=list(DISEASE),
        ),
    ]


_PROFILES: tuple[Mapping[str, Any], ...] = (
    {"profession": "Simulated reader", "years": 0, "experience": "Answers drawn by a program"},
    {"profession": "Simulated reader", "years": 0, "experience": "Answers drawn by a program"},
)
_GRRAS = Grras(
    subject_population="Procedurally drawn dermoscopy images, one of each of the seven classes of ISIC 2018.",
    rater_population="Simulated readers, and whoever tries the demonstration.",
    prior_evidence="None: the images are drawn.",
    sample_size="Seven images: enough to see how a study works, far too few for a conclusion.",
    subject_sampling="The examples that come with Vitrine.",
    rater_sampling="None.",
    repeat_interval="Minutes: repeats stand in the later part of the same session.",
    clinical_information="None.",
    blinding="Readers know neither the truth, nor which maps are shams, nor what others answered.",
    independence="Every reader has an order of their own and sees nobody else's answers.",
)
