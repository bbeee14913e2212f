"""Rules for the arms of a design."""

from __future__ import annotations

from collections.abc import Iterator

from backend.reader_studies.design import Arm, ShamKind, StudyDesign
from backend.reader_studies.facts import Facts, error, repeated, warning
from backend.reader_studies.schemas import Problem

LEAST = 2  # images, or groups of concepts, for there to be another one


def arm_problems(design: StudyDesign, facts: Facts) -> Iterator[Problem]:
    """Each arm for itself, then all of them."""
    if not design.arms:
        yield error("arms", "arms", "There is no arm. Add at least one: a model with a map, or the image alone.")
        return
    for place in repeated([arm.key for arm in design.arms]):
        text = f"Two arms have the key '{design.arms[place].key}'. Give one of them another key."
        yield error("arms", f"arms.{place}.key", text)
    for place, arm in enumerate(design.arms):
        yield from _arm(design, facts, place, arm)
    yield from _equal_arms(design)
    used = {key for task in design.tasks for key in task.arm_keys}
    if design.tasks:
        for place, arm in enumerate(design.arms):
            if arm.key not in used:
                text = f"No task uses arm '{arm.name}'. Add it to a task, or take it out."
                yield warning("arms", f"arms.{place}", text)
    if any(arm.map is not None for arm in design.arms) and not any(arm.sham for arm in design.arms):
        text = (
            "There is no sham arm, so nobody can tell whether readers judge the map or trust any map. Add an arm that "
            "shows another concept's or a shuffled map."
        )
        yield warning("arms", "arms", text)


def _arm(design: StudyDesign, facts: Facts, place: int, arm: Arm) -> Iterator[Problem]:
    name = f"Arm '{arm.name or arm.key}'"
    if not arm.name:
        yield error("arms", f"arms.{place}.name", f"Arm {place + 1} has no name. Tables and exports need one.")
    if arm.model_version_id is None:
        if arm.map or arm.show_prediction or arm.show_concepts:
            what = "a map" if arm.map else "what a model says"
            text = f"{name} shows {what} and has no model. Choose a model, or show the image alone."
            yield error("arms", f"arms.{place}.model_version_id", text)
    elif arm.model_version_id not in facts.concept_sets:
        text = f"{name}: the model version is gone, or its weights are. Choose another one."
        yield error("arms", f"arms.{place}.model_version_id", text)
    if arm.sham is None:
        return
    if arm.map is None:
        text = f"{name} is a sham of a map and has none. Choose the map that it stands in for, or make it no sham."
        yield error("arms", f"arms.{place}.sham", text)
    if arm.sham is ShamKind.OTHER_IMAGE and sum(not ref.practice for ref in design.cases) < LEAST:
        text = (
            f"{name} shows another image's map, and fewer than two images count. Add images, or another kind of sham."
        )
        yield error("arms", f"arms.{place}.sham", text)
    concept_set = facts.concept_sets.get(arm.model_version_id or "")
    if arm.sham is ShamKind.OTHER_CONCEPT and concept_set is not None and concept_set.group_count < LEAST:
        text = f"{name} shows another concept's map, and its model has one group of concepts only. Choose another sham."
        yield error("arms", f"arms.{place}.sham", text)


def _equal_arms(design: StudyDesign) -> Iterator[Problem]:
    seen: dict[str, Arm] = {}
    for place, arm in enumerate(design.arms):
        shown = arm.model_copy(update={"key": "", "name": ""}).model_dump_json()
        first = seen.setdefault(shown, arm)
        if first is not arm:
            text = f"Arms '{first.name}' and '{arm.name}' show the same. Change one of them, or take it out."
            yield warning("arms", f"arms.{place}", text)
