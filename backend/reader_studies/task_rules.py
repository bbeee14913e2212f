"""Rules for the tasks of a design."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backend.reader_studies.building import ASK_CONCEPTS, concept_set_of
from backend.reader_studies.case_rules import MOST_NAMED
from backend.reader_studies.choosing import eligible_groups, reference_arm
from backend.reader_studies.design import StudyDesign, Task, TaskKind
from backend.reader_studies.facts import Facts, error, listed, repeated, warning
from backend.reader_studies.question_rules import question_problems
from backend.reader_studies.schemas import Problem
from models.concepts import ConceptSet
from models.concepts.schema import Group


def task_problems(design: StudyDesign, facts: Facts) -> Iterator[Problem]:
    """Each task for itself, then their order."""
    if not design.tasks:
        yield error("tasks", "tasks", "There is no task. Add what readers are to do.")
    for place in repeated([task.key for task in design.tasks]):
        text = f"Two tasks have the key '{design.tasks[place].key}'. Give one of them another key."
        yield error("tasks", f"tasks.{place}.key", text)
    known = {arm.key for arm in design.arms}
    for place, task in enumerate(design.tasks):
        if not task.title:
            yield error("tasks", f"tasks.{place}.title", f"Task {place + 1} has no title. Readers see it; give it one.")
        if task.arm_keys and known.issuperset(task.arm_keys):
            yield from _arms_of_task(design, facts, place, task)
            yield from _asked(design, facts, place, task)
        else:
            yield from _missing_arms(design, place, task)
        yield from question_problems(place, task)
    yield from _gives_away(design)


def _missing_arms(design: StudyDesign, place: int, task: Task) -> Iterator[Problem]:
    where = f"tasks.{place}.arm_keys"
    if not task.arm_keys:
        yield error("tasks", where, f"Task '{task.title}' has no arm. Choose under which arms images are shown.")
        return
    known = {arm.key for arm in design.arms}
    gone = listed([key for key in task.arm_keys if key not in known])
    yield error("tasks", where, f"Task '{task.title}' names arms that are not there: {gone}. Take them out.")


def _arms_of_task(design: StudyDesign, facts: Facts, place: int, task: Task) -> Iterator[Problem]:
    where = f"tasks.{place}.arm_keys"
    if repeated(task.arm_keys):
        yield error("tasks", where, f"Task '{task.title}' names an arm twice. Take one out.")
    arms = [next(arm for arm in design.arms if arm.key == key) for key in task.arm_keys]
    if task.kind in ASK_CONCEPTS:
        bare = [arm.name for arm in arms if arm.map is None or arm.model_version_id is None]
        if bare:
            text = f"Task '{task.title}' is about a map, and these arms show none: {listed(bare)}. Take them out."
            yield error("tasks", where, text)
        if reference_arm(design, task) is None:
            text = (
                f"Task '{task.title}' has sham arms only. Add an arm that shows the real map: its model decides which "
                "concepts are asked about."
            )
            yield error("tasks", where, text)
    elif all(arm.sham for arm in arms):
        text = f"Task '{task.title}' has sham arms only. Add the arm that they are compared with."
        yield error("tasks", where, text)
    sets = [found for arm in arms if (found := facts.concept_sets.get(arm.model_version_id or "")) is not None]
    if task.kind in ASK_CONCEPTS and len({frozenset(known.option_ids) for known in sets}) > 1:
        text = (
            f"The models of task '{task.title}' do not know the same concepts, so there is none to ask about under all "
            "its arms. Choose versions of one model, or make a task for each."
        )
        yield error("tasks", where, text)
    if task.kind is TaskKind.DIAGNOSIS and len({frozenset(known.class_keys) for known in sets}) > 1:
        text = (
            f"The models of task '{task.title}' do not know the same classes, so readers could not answer alike under "
            "all its arms. Choose models of the same classes, or make a task for each."
        )
        yield error("tasks", where, text)


def _asked(design: StudyDesign, facts: Facts, place: int, task: Task) -> Iterator[Problem]:
    """What the task's own questions need of the concept set."""
    where = f"tasks.{place}"
    if task.kind is TaskKind.QUESTIONS:
        return
    if task.kind is TaskKind.DIAGNOSIS and not any(arm.model_version_id for arm in design.arms):
        text = f"Task '{task.title}' asks for a class, and no arm has a model that says which there are. Add one."
        yield error("tasks", f"{where}.arm_keys", text)
    concept_set = concept_set_of(design, task, facts.concept_sets)
    if concept_set is None:
        return
    if task.kind is TaskKind.DIAGNOSIS:
        yield from _classes(facts.truths(design), where, task, concept_set)
    else:
        yield from _concepts(design, where, task, concept_set)


def _classes(truths: Sequence[str | None], where: str, task: Task, concept_set: ConceptSet) -> Iterator[Problem]:
    """``truths``: of the images."""
    keys, where_positive = concept_set.class_keys, f"{where}.positive_classes"
    unknown = [key for key in task.positive_classes if key not in keys]
    if unknown:
        text = (
            f"Task '{task.title}': there is no class {listed(unknown)}; there are {listed(keys, 50)}. Choose of these."
        )
        yield error("tasks", where_positive, text)
    if not task.positive_classes:
        text = f"Task '{task.title}' does not say which classes count as disease. Choose them, for the ROC curve."
        yield error("tasks", where_positive, text)
    elif set(keys) <= set(task.positive_classes):
        text = f"Task '{task.title}' counts every class as disease, so there is no ROC curve. Leave at least one out."
        yield error("tasks", where_positive, text)
    strange = [place for place, truth in enumerate(truths) if truth is not None and truth not in keys]
    for place in strange[:MOST_NAMED]:
        text = (
            f"Image {place + 1} is of class '{truths[place]}', which readers of task '{task.title}' "
            f"cannot choose; there are {listed(keys, 50)}. Give it one of these, or take the image out."
        )
        yield error("cases", f"cases.{place}.truth_class", text)


def _concepts(design: StudyDesign, where: str, task: Task, concept_set: ConceptSet) -> Iterator[Problem]:
    keys = concept_set.group_keys
    unknown = [key for key in task.group_keys if key not in keys]
    if unknown:
        text = f"Task '{task.title}': no group {listed(unknown)}; there are {listed(keys, 50)}. Choose of these."
        yield error("tasks", f"{where}.group_keys", text)
    groups = eligible_groups(task, concept_set)
    if not groups:
        if not task.group_keys:
            text = (
                f"Task '{task.title}': no group of the model is marked as having a place in the image. Choose the "
                "groups to ask about."
            )
            yield error("tasks", f"{where}.group_keys", text)
        return
    placeless = [group.name for group in groups if not group.localizable]
    if placeless:
        text = (
            f"Task '{task.title}' asks for the place of {listed(placeless)}, which the concept set does not mark as "
            "having one. Leave these groups out, or say why a map of them can be judged."
        )
        yield warning("tasks", f"{where}.group_keys", text)
    if task.concepts_per_case > len(groups):
        text = (
            f"Task '{task.title}' asks for {task.concepts_per_case} concepts of each image, and has {len(groups)} "
            "groups with one each. Ask for fewer; no more than these will be shown."
        )
        yield warning("tasks", f"{where}.concepts_per_case", text)
    if task.kind is TaskKind.ALIGNMENT:
        arms = [arm for arm in design.arms if arm.key in task.arm_keys]
        apart = all(arm.map != "magnet" for arm in arms)
        yield from _distractors(where, task, concept_set, groups, apart=apart)


def _distractors(
    where: str, task: Task, concept_set: ConceptSet, groups: Sequence[Group], *, apart: bool
) -> Iterator[Problem]:
    """As ``choosing.choices`` finds them. A Magnet map is of a group, so there all others are of other groups."""
    poor = []
    for group in groups:
        far = sum(len(each.options) if apart else 1 for each in concept_set.groups if each.key != group.key)
        near = len(group.options) - 1 if apart else 0
        if near + far < task.distractors:
            poor.append(group.name)
    if poor:
        text = (
            f"Task '{task.title}' needs {task.distractors + 1} options to choose among, and for {listed(poor)} there "
            "are fewer. Ask for fewer distractors, or choose a model with more concepts."
        )
        yield error("tasks", f"{where}.distractors", text)


def _gives_away(design: StudyDesign) -> Iterator[Problem]:
    """A localization task names the concept that an alignment task asks for."""
    for place, task in enumerate(design.tasks):
        if task.kind is not TaskKind.LOCALIZATION:
            continue
        for later, other in enumerate(design.tasks):
            apart = task.group_keys and other.group_keys and not set(task.group_keys) & set(other.group_keys)
            if other.kind is not TaskKind.ALIGNMENT or apart:
                continue
            if design.order.by_task and place < later:
                text = (
                    f"'{task.title}' names the concept of an image before '{other.title}' asks for it on the same "
                    f"images. Put '{other.title}' first."
                )
                yield warning("tasks", f"tasks.{place}", text)
            elif not design.order.by_task:
                text = (
                    f"With all tasks mixed, '{task.title}' names the concept of an image before '{other.title}' asks "
                    f"for it. Let one task follow the other, '{other.title}' first."
                )
                yield warning("order", "order.by_task", text)
