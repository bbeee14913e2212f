"""Items of a design: what a reader sees, and what no reader is told.

Imports no torch: explanations come from whoever has a model (the server for a preview, a job for publication).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from backend.reader_studies import stimuli
from backend.reader_studies.chance import chance
from backend.reader_studies.choosing import (
    CannotBuild,
    arms_of,
    choices,
    choose_options,
    present_options,
    reference_arm,
    shown_concept,
    shown_options,
    speaks_most,
)
from backend.reader_studies.design import Arm, ShamKind, StudyDesign, Task, TaskKind
from backend.reader_studies.items import ItemContent, ItemTruth, MapPixels, Suggestion
from backend.reader_studies.questions import PROMPTS, questions_of
from backend.reader_studies.stimuli import PatchMap, group_of
from models.concepts import ConceptSet
from models.explanation import Explanation

# (place of the case in the design, id of the model version) -> its explanation. Asked for again and again: keep them.
Explained = Callable[[int, str], Explanation]
TOO_MANY = "The study comes to more than 20,000 items. Take images, arms, tasks or concepts of an image out."
ASK_CONCEPTS = (TaskKind.LOCALIZATION, TaskKind.ALIGNMENT)
MOST_ITEMS = 20_000  # each with a map of some kilobytes
_LOOKED_AT = 5  # other maps, until one is found in which there is something to see


@dataclass(frozen=True)
class CaseFacts:
    """What items need to know of an image of the design.

    Attributes:
        width: in pixels; of images that are not shown themselves, anything.
        height: in pixels.
        practice: whether it is shown first, and left out of results.
        class_key: of the true class; None where nobody knows.
        clinical_information: told beside the image.
    """

    width: int
    height: int
    practice: bool = False
    class_key: str | None = None
    clinical_information: str = ""


@dataclass(frozen=True)
class BuiltItem:
    """One item. Items of one ``unit`` differ in their arm alone.

    Attributes:
        content: what a reader sees.
        truth: what no reader is told.
        unit: from 1.
        task_key: of the design.
        arm_key: of the design.
        case_index: place of the image in the design.
        option_id: what is asked about; None where that is no concept.
        practice: whether it counts for nothing.
    """

    content: ItemContent
    truth: ItemTruth
    unit: int
    task_key: str
    arm_key: str
    case_index: int
    option_id: str | None
    practice: bool


@dataclass(frozen=True)
class _Study:
    design: StudyDesign
    concept_sets: Mapping[str, ConceptSet]
    cases: Sequence[CaseFacts]
    explain: Explained

    @property
    def seed(self) -> int:
        return self.design.order.seed


@dataclass(frozen=True)
class _Map:
    """What is drawn: whose map it really is, and the pixels."""

    pixels: MapPixels
    option_id: str
    case_index: int


def build_items(
    design: StudyDesign, concept_sets: Mapping[str, ConceptSet], cases: Sequence[CaseFacts], explain: Explained
) -> list[BuiltItem]:
    """All items of a study, in the order of their numbers.

    Args:
        design: without errors.
        concept_sets: by id of the model version.
        cases: of the design, in its order.
        explain: gives a model's explanation of an image.

    Raises:
        CannotBuild: the design asks for something that its models and images cannot give.
    """
    study = _Study(design, concept_sets, cases, explain)
    items: list[BuiltItem] = []
    unit = 0
    for task in design.tasks:
        for index, case in enumerate(cases):
            arms = [_practice_arm(design, task)] if case.practice else arms_of(design, task)
            for option_id in _asked(study, task, index):
                unit += 1
                items += [_item(study, task, arm, index, option_id, unit) for arm in arms]
                if len(items) > MOST_ITEMS:
                    raise CannotBuild(TOO_MANY)
    return items


def build_item(
    design: StudyDesign,
    concept_sets: Mapping[str, ConceptSet],
    cases: Sequence[CaseFacts],
    task_key: str,
    arm_key: str,
    case_index: int,
    explain: Explained,
) -> BuiltItem:
    """One item as publication would make it: the first of this image. Asks only for the explanations that it needs.

    Args:
        design: may be a draft.
        concept_sets: by id of the model version.
        cases: of the design, in its order; only the one that is shown must have its true size.
        task_key: of the design.
        arm_key: of the task.
        case_index: place of the image in the design.
        explain: gives a model's explanation of an image.

    Raises:
        CannotBuild: there is no such task, arm or image, or they do not fit each other.
    """
    task = next((task for task in design.tasks if task.key == task_key), None)
    if task is None or case_index >= len(cases):
        raise CannotBuild("The design has no such task or image; save the draft and choose again.")
    arm = next((arm for arm in arms_of(design, task) if arm.key == arm_key), None)
    if arm is None:
        raise CannotBuild(f"Task '{task.title}' has no such arm; choose one of its arms.")
    study = _Study(design, concept_sets, cases, explain)
    return _item(study, task, arm, case_index, _asked(study, task, case_index)[0], 1)


def source_model(design: StudyDesign, task: Task) -> str | None:
    """Id of the model version whose options and classes a task asks for: its reference arm's, else that of any arm of
    the design.
    """
    own = reference_arm(design, task)
    arms = [*([own] if own else []), *arms_of(design, task), *design.arms]
    return next((arm.model_version_id for arm in arms if arm.model_version_id is not None), None)


def concept_set_of(design: StudyDesign, task: Task, concept_sets: Mapping[str, ConceptSet]) -> ConceptSet | None:
    """Of ``source_model``; None if there is none, or it is not known."""
    return concept_sets.get(source_model(design, task) or "")


def _practice_arm(design: StudyDesign, task: Task) -> Arm:
    return reference_arm(design, task) or arms_of(design, task)[0]


def _asked(study: _Study, task: Task, index: int) -> Sequence[str | None]:
    """Options of an image that a task asks about; one None where it asks about no concept."""
    if task.kind not in ASK_CONCEPTS:
        return [None]
    arm = reference_arm(study.design, task)
    if arm is None or arm.model_version_id is None:
        raise CannotBuild(f"Task '{task.title}' needs an arm with a model and without a sham; add one.")
    explanation = study.explain(index, arm.model_version_id)
    return choose_options(task, study.concept_sets[arm.model_version_id], explanation, study.seed, index)


def _item(study: _Study, task: Task, arm: Arm, index: int, option_id: str | None, unit: int) -> BuiltItem:
    case = study.cases[index]
    drawn = _map(study, task, arm, index, option_id)
    content = _content(study, task, arm, index, option_id)
    truth = ItemTruth(
        answer=option_id if task.kind is TaskKind.ALIGNMENT else None,
        class_key=case.class_key,
        positive=case.class_key in task.positive_classes if case.class_key and task.positive_classes else None,
        model_version_id=arm.model_version_id,
        map_kind=arm.map if drawn else None,
        sham=arm.sham.value if drawn and arm.sham else None,
        map_option_id=drawn.option_id if drawn else None,
        map_case_number=drawn.case_index + 1 if drawn else None,
        map_sha256=stimuli.sha256_of(drawn.pixels) if drawn else None,
    )
    shown = content.model_copy(update={"map": drawn.pixels if drawn else None})
    return BuiltItem(shown, truth, unit, task.key, arm.key, index, option_id, case.practice)


def _content(study: _Study, task: Task, arm: Arm, index: int, option_id: str | None) -> ItemContent:
    """Everything but the map: under a sham the same as under the arm that it is the sham of."""
    concept_set, concept = concept_set_of(study.design, task, study.concept_sets), None
    offered: list[str] = []
    if task.kind is TaskKind.ALIGNMENT and concept_set is not None and option_id is not None:
        apart = all(each.map != "magnet" for each in arms_of(study.design, task))
        offered = choices(task, concept_set, option_id, study.seed, index, tell_options_apart=apart)
    if task.kind is TaskKind.LOCALIZATION and concept_set is not None and option_id is not None:
        concept = shown_concept(concept_set, option_id)
    elif task.kind not in ASK_CONCEPTS and arm.map is not None and arm.model_version_id is not None:
        own = study.concept_sets[arm.model_version_id]
        concept = shown_concept(own, speaks_most(own, study.explain(index, arm.model_version_id)))
    return ItemContent(
        kind=task.kind,
        task_title=task.title,
        prompt=PROMPTS[task.kind],
        concept=concept,
        suggestion=_suggestion(study, task, arm, index),
        clinical_information=study.cases[index].clinical_information,
        map=None,
        questions=questions_of(task, concept_set, offered),
        cannot_judge=task.cannot_judge,
    )


def _suggestion(study: _Study, task: Task, arm: Arm, index: int) -> Suggestion | None:
    if task.kind in ASK_CONCEPTS or arm.model_version_id is None or not (arm.show_prediction or arm.show_concepts):
        return None
    found = study.explain(index, arm.model_version_id)
    place = found.class_keys.index(found.predicted_class)
    return Suggestion(
        class_name=found.class_names[place] if arm.show_prediction else None,
        probability=float(found.probabilities[place]) if arm.show_prediction else None,
        concepts=shown_options(study.concept_sets[arm.model_version_id], found) if arm.show_concepts else [],
    )


def _map(study: _Study, task: Task, arm: Arm, index: int, option_id: str | None) -> _Map | None:
    """The arm's map of the option that is asked about, or of the one that speaks most for the predicted class."""
    if arm.map is None or arm.model_version_id is None:
        if task.kind in ASK_CONCEPTS:
            raise CannotBuild(f"Task '{task.title}' shows a map, and arm '{arm.name}' has none; choose model and map.")
        return None
    explanation = study.explain(index, arm.model_version_id)
    option = option_id or speaks_most(study.concept_sets[arm.model_version_id], explanation)
    try:
        values, option, of_case = _shown_map(study, task, arm, index, option)
        case = study.cases[index]
        pixels = stimuli.render(values, explanation.region, case.width, case.height)
    except ValueError as error:
        raise CannotBuild(f"Arm '{arm.name}', image {index + 1}: {error}") from error
    return _Map(pixels, option, of_case)


def _shown_map(study: _Study, task: Task, arm: Arm, index: int, option: str) -> tuple[PatchMap, str, int]:
    """Patch map, and of which option and image it is: the real one, or what a sham puts in its place."""
    model, kind = str(arm.model_version_id), str(arm.map)
    explanation = study.explain(index, model)
    own = stimuli.patch_map(explanation, kind, option)
    if arm.sham is None:
        return own, option, index
    if arm.sham is ShamKind.SHUFFLED:
        return stimuli.shuffled(own, study.seed, task.key, index, option), option, index
    draw = chance(study.seed, "sham", arm.sham.value, task.key, index, option)
    if arm.sham is ShamKind.OTHER_CONCEPT:
        others = _other_options(study.concept_sets[model], explanation, option)
        draw.shuffle(others)
        maps = [stimuli.patch_map(explanation, kind, other) for other in others]
        place = stimuli.first_like(own, maps)
        return maps[place], others[place], index
    images = _other_images(study.cases, index)
    draw.shuffle(images)
    images = images[:_LOOKED_AT]
    # Patch by patch over this image: whatever the shape of the other one was.
    maps = [stimuli.patch_map(study.explain(image, model), kind, option) for image in images]
    place = stimuli.first_like(own, maps)
    return maps[place], option, images[place]


def _other_options(concept_set: ConceptSet, explanation: Explanation, option: str) -> list[str]:
    """The present option of every other group: with a place in the image, if there is one."""
    places = {group.key for group in concept_set.groups if group.localizable}
    others = [each for each in present_options(concept_set, explanation) if group_of(each) != group_of(option)]
    others = others or [each for each in explanation.option_ids if group_of(each) != group_of(option)]
    if not others:
        raise CannotBuild("the model has one group of concepts only, so there is no other concept's map to show")
    return [each for each in others if group_of(each) in places] or others


def _other_images(cases: Sequence[CaseFacts], index: int) -> list[int]:
    others = [place for place in range(len(cases)) if place != index]
    if not others:
        raise CannotBuild("the study has one image only, so there is no other image's map to show")
    return [place for place in others if not cases[place].practice] or others
