"""What a draft lacks before it can be published, and what a reviewer would ask about.

``problems`` knows nothing but the design and ``Facts``; ``problems_of`` looks these up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from backend.access.permissions import PERMISSIONS, Permission, Role
from backend.access.principal import SYSTEM, acting_as
from backend.datasets.library import DatasetLibrary
from backend.db.study_tables import ReaderStudy
from backend.model_registry.presenting import has_files
from backend.reader_studies import repository
from backend.reader_studies.arm_rules import arm_problems
from backend.reader_studies.case_rules import case_problems
from backend.reader_studies.design import Grras, Separation, StudyDesign, TaskKind
from backend.reader_studies.facts import Facts, error, listed, warning
from backend.reader_studies.planning import plan_of
from backend.reader_studies.schemas import Problem
from backend.reader_studies.sources import Source, resolve
from backend.reader_studies.task_rules import task_problems
from models.concepts import ConceptSet

LEAST_WASHOUT = 28
LEAST_READERS = 2
MOST_ITEMS = 20_000  # for one reader; more are nobody's plan
_GRRAS = {
    "subject_population": "whose images these are",
    "rater_population": "who reads",
    "prior_evidence": "what is known already",
    "sample_size": "why so many images and readers",
    "subject_sampling": "how images were chosen",
    "rater_sampling": "how readers were chosen",
    "repeat_interval": "time between repeats",
    "clinical_information": "what is told beside the image",
    "blinding": "who does not know what",
    "independence": "how ratings are independent",
    "analysis": "statistics",
}


def problems_of(session: Session, library: DatasetLibrary, study: ReaderStudy, design: StudyDesign) -> list[Problem]:
    """Of a draft, errors first.

    Args:
        session: to look up what the design refers to, as the one who asks sees it.
        library: of data sets.
        study: whose readers count.
        design: as it stands, or is to be.
    """
    sources = resolve(session, library, design.cases)
    readers = repository.reader_ids(session, study.id)
    insiders = {study.owner_id, *(member.user_id for member in repository.members(session, study.id))} & {*readers}
    with acting_as(SYSTEM):  # who sees which case and who administers the server, only counted
        known = repository.known_cases(session, (ref.case_id for ref in design.cases if ref.case_id), readers)
        roles = {user_id: Role(role) for user_id, role in repository.account_roles(session, readers).items()}
    insiders |= {user_id for user_id, role in roles.items() if role is Role.ADMINISTRATOR}
    outside = (role for user_id, role in roles.items() if user_id not in insiders)
    facts = Facts(
        concept_sets=concept_sets_of(session, design),
        sources=sources,
        readers=len(readers),
        insiders=len(insiders),
        dataset_readers=sum(Permission.DATASETS_READ in PERMISSIONS[role] for role in outside),
        known=_places(sources, known),
    )
    return problems(design, facts)


def concept_sets_of(session: Session, design: StudyDesign) -> dict[str, ConceptSet]:
    """By id of the design's model versions; of those that are registered and whose weights are there."""
    wanted = {arm.model_version_id for arm in design.arms if arm.model_version_id is not None}
    return {
        row.id: ConceptSet.model_validate(row.concept_set)
        for row in repository.models(session, wanted).values()
        if has_files(row.folder)
    }


def problems(design: StudyDesign, facts: Facts) -> list[Problem]:
    """Errors first, each kind in the order of the steps."""
    found = [
        *_question_problems(design),
        *case_problems(design, facts),
        *arm_problems(design, facts),
        *task_problems(design, facts),
        *_size_problems(design, facts),
        *_order_problems(design),
        *_reader_problems(design, facts),
        *_access_problems(design),
    ]
    return sorted(found, key=lambda problem: problem.severity != "error")


def _question_problems(design: StudyDesign) -> Iterator[Problem]:
    if not design.question:
        text = "The study has no question. Say what it is to find out, in a sentence or two."
        yield error("question", "question", text)
    empty = [words for name, words in _GRRAS.items() if not getattr(design.grras, name)]
    if empty:
        text = (
            f"GRRAS asks for more than is written down: {listed(empty, len(empty))}. Fill these fields in; the methods "
            "text of the report comes from them."
        )
        yield warning("question", "grras", text)


def _size_problems(design: StudyDesign, facts: Facts) -> Iterator[Problem]:
    plan = plan_of(design, facts.concept_sets)
    if plan is not None and plan.items > MOST_ITEMS:
        text = (
            f"One reader would have {plan.items:,} items, and {MOST_ITEMS:,} is the most. Take images, arms, tasks or "
            "concepts of an image out."
        )
        yield error("tasks", "tasks", text)


def _order_problems(design: StudyDesign) -> Iterator[Problem]:
    order = design.order
    if order.separation is Separation.SESSIONS and order.washout_days < LEAST_WASHOUT:
        text = (
            f"Readers remember images for weeks, and the washout is {order.washout_days} days. Use {LEAST_WASHOUT} "
            "or more, or say why fewer are enough."
        )
        yield warning("order", "order.washout_days", text)
    if order.repeats == 0:
        text = (
            "No item is shown twice, so nothing is known of how much a reader agrees with themselves. "
            "Repeat 5 to 10 % of the items."
        )
        yield warning("order", "order.repeats", text)
    elif design.reading.amend_answers:
        text = (
            "Readers may correct locked answers, so they can look up what they said when an item comes a second time. "
            "Take corrections or repeats out."
        )
        yield warning("order", "reading.amend_answers", text)
    if order.separation is Separation.MIXED:
        yield from _remembered(design)
    counted = sum(not ref.practice for ref in design.cases)
    if 0 < counted <= order.gap and any(len(task.arm_keys) > 1 for task in design.tasks):
        text = (
            f"{order.gap} items between two of one image cannot be kept with {counted} images. Add images, or make the "
            "gap smaller."
        )
        yield warning("order", "order.gap", text)


def _remembered(design: StudyDesign) -> Iterator[Problem]:
    """A diagnosis with the explanation is no news to who has just made it without, and the other way round."""
    arms = {arm.key: arm for arm in design.arms}
    for task in design.tasks:
        shown = [arms[key] for key in task.arm_keys if key in arms]
        told = any(arm.map or arm.show_prediction or arm.show_concepts for arm in shown)
        if task.kind is TaskKind.DIAGNOSIS and told and len(shown) > 1:
            text = (
                f"In '{task.title}' readers diagnose an image with and without explanation in one session, and "
                f"remember what they said. Give each arm a session of its own, with a washout of {LEAST_WASHOUT} days."
            )
            yield warning("order", "order.separation", text)


def _reader_problems(design: StudyDesign, facts: Facts) -> Iterator[Problem]:
    if facts.readers < LEAST_READERS:
        invited = "one reader is" if facts.readers == 1 else "no reader is"
        text = f"So far {invited} invited: agreement between readers needs two or more. Invite them, now or later."
        yield warning("readers", "", text)
    arms = max((len(task.arm_keys) for task in design.tasks), default=0)
    if design.order.separation is Separation.SPLIT and arms and facts.readers >= LEAST_READERS and facts.readers % arms:
        text = (
            f"Each reader has every image under one of {arms} arms, and {facts.readers} readers do not share them "
            f"evenly. Invite a multiple of {arms}."
        )
        yield warning("readers", "", text)
    if facts.insiders:
        who = "1 reader runs" if facts.insiders == 1 else f"{facts.insiders} readers run"
        text = f"{who} the study, observes it or administers the server, and so is not blinded. Invite others instead."
        yield warning("readers", "", text)
    yield from _can_look_up(facts)


def _can_look_up(facts: Facts) -> Iterator[Problem]:
    """Data sets stand in Vitrine with the class of every image, for all but accounts of the role reader."""
    places = [number for number, each in enumerate(facts.sources, 1) if each and each.place.kind == "dataset"]
    if places and facts.dataset_readers:
        who = "1 reader" if facts.dataset_readers == 1 else f"{facts.dataset_readers} readers"
        text = (
            f"{who} can look up the class of images of the study, because coordinators and researchers see data sets: "
            f"{listed([str(number) for number in places])}. Invite accounts of the role reader, which see none."
        )
        yield warning("readers", "", text)


def _access_problems(design: StudyDesign) -> Iterator[Problem]:
    if design.access.live_results != "nobody":
        text = (
            "Results can be seen while readers still read, so whoever ends the study may know what that does to them. "
            "Keep them hidden until closing, or fix the number of readers beforehand."
        )
        yield warning("access", "access.live_results", text)


def _places(sources: Sequence[Source | None], known: set[str]) -> list[int]:
    return [place for place, source in enumerate(sources) if source is not None and source.case_id in known]


if set(_GRRAS) != set(Grras.model_fields):
    raise RuntimeError("every field of GRRAS needs its words")
