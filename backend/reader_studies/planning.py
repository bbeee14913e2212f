"""What a design comes to, for one reader.

Counted by the rules by which items and orders are made (``building``, ``orders``), without making any. An image in
which a model sees fewer concepts than a task asks about still gives as many items: the rest are concepts that the model
does not see there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from backend.reader_studies.building import ASK_CONCEPTS, concept_set_of
from backend.reader_studies.choosing import concepts_of
from backend.reader_studies.design import Separation, StudyDesign, Task
from backend.reader_studies.orders import repeats_of, sessions_of
from backend.reader_studies.schemas import StudyPlan
from models.concepts import ConceptSet

SECONDS_AN_ITEM = 20


def plan_of(design: StudyDesign, concept_sets: Mapping[str, ConceptSet]) -> StudyPlan | None:
    """None while nothing can be counted: without images that count, without tasks, or with tasks without arms.

    Args:
        design: may be a draft.
        concept_sets: by id of the model version; of those that are there.
    """
    cases = sum(not ref.practice for ref in design.cases)
    known = {arm.key for arm in design.arms}
    if (
        not cases
        or not design.tasks
        or not all(task.arm_keys and known.issuperset(task.arm_keys) for task in design.tasks)
    ):
        return None
    units = [_units(design, task, concept_sets) for task in design.tasks]
    by_session = [_items_of(design, units, cases, session) for session in range(sessions_of(design))]
    repeats = sum(repeats_of(items, design.order.repeats) for items in by_session)
    practice = (len(design.cases) - cases) * sum(units)
    shown = sum(by_session) + repeats + practice
    return StudyPlan(
        items=sum(by_session),
        repeats=repeats,
        practice=practice,
        sessions=len(by_session),
        minutes=math.ceil(shown * SECONDS_AN_ITEM / 60),
    )


def _units(design: StudyDesign, task: Task, concept_sets: Mapping[str, ConceptSet]) -> int:
    """Of one image: the concepts that are asked about, or one."""
    if task.kind not in ASK_CONCEPTS:
        return 1
    concept_set = concept_set_of(design, task, concept_sets)
    return task.concepts_per_case if concept_set is None else concepts_of(task, concept_set)


def _items_of(design: StudyDesign, units: list[int], cases: int, session: int) -> int:
    """Items of one session, from 0: every arm of every unit, or one arm of each where sessions or readers part them."""
    tasks = list(zip(design.tasks, units, strict=True))
    if design.order.separation is Separation.MIXED:
        return sum(cases * unit * len(task.arm_keys) for task, unit in tasks)
    if design.order.separation is Separation.SPLIT:
        return sum(cases * unit for _, unit in tasks)
    return sum(cases * unit for task, unit in tasks if session < len(task.arm_keys))
