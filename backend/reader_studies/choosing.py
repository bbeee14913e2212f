"""Which concepts are asked about, and what stands beside the right answer: seeded, and fixed for all readers.

Shapes: O options, C classes.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from backend.reader_studies.chance import chance
from backend.reader_studies.design import Arm, ConceptRule, StudyDesign, Task
from backend.reader_studies.items import ShownConcept, ShownOption
from backend.reader_studies.stimuli import group_of
from models.concepts import ConceptSet
from models.concepts.schema import Group, Option
from models.explanation import Explanation

MOST_LETTERS = 200


class CannotBuild(ValueError):
    """The design asks for something that its models and images cannot give; the message says what, and what to do."""


def arms_of(design: StudyDesign, task: Task) -> list[Arm]:
    """Of a task, in its order."""
    arms = {arm.key: arm for arm in design.arms}
    missing = [key for key in task.arm_keys if key not in arms]
    if missing:
        raise CannotBuild(f"Task '{task.title}' names an arm '{missing[0]}' that is not there; choose another one.")
    return [arms[key] for key in task.arm_keys]


def reference_arm(design: StudyDesign, task: Task) -> Arm | None:
    """The first arm with a model and without a sham: its model decides which concepts are asked about."""
    found = (arm for arm in arms_of(design, task) if arm.sham is None and arm.model_version_id is not None)
    return next(found, None)


def eligible_groups(task: Task, concept_set: ConceptSet) -> list[Group]:
    """Groups that a task may ask about: those that it names, or all that have a place in the image."""
    if task.group_keys:
        return [group for group in concept_set.groups if group.key in task.group_keys]
    return [group for group in concept_set.groups if group.localizable]


def concepts_of(task: Task, concept_set: ConceptSet) -> int:
    """How many concepts of each image a task asks about."""
    return min(task.concepts_per_case, len(eligible_groups(task, concept_set)))


def choose_options(task: Task, concept_set: ConceptSet, explanation: Explanation, seed: int, case: int) -> list[str]:
    """Ids of the options of an image that are asked about, by the task's rule.

    Of each group the option that the model scores highest; a concept of one option that the model does not see in the
    image comes last.

    Raises:
        CannotBuild: the task has no group to ask about.
    """
    groups = eligible_groups(task, concept_set)
    if not groups:
        raise CannotBuild(
            f"Task '{task.title}': the model's concept set has no group to ask about. Choose groups, or another model."
        )
    best = [_best(explanation, group) for group in groups]
    if task.concept_rule is ConceptRule.RANDOM:
        chance(seed, "concepts", task.key, case).shuffle(best)
    else:
        best.sort(key=lambda option_id: -_speaks(explanation, option_id))
    present = set(present_options(concept_set, explanation))
    best.sort(key=lambda option_id: option_id not in present)  # stable: the order within each half stays
    return best[: task.concepts_per_case]


def present_options(concept_set: ConceptSet, explanation: Explanation) -> list[str]:
    """Id of the option of each group that the model sees in the image; none for a concept that it does not see."""
    best = [_best(explanation, group) for group in concept_set.groups]
    return [
        option_id
        for option_id, group in zip(best, concept_set.groups, strict=True)
        if not group.is_binary or _probability(explanation, option_id) >= 0.5
    ]


def speaks_most(concept_set: ConceptSet, explanation: Explanation) -> str:
    """Id of the present option that speaks most for the predicted class: with a place in the image, if there is one."""
    places = {group.key for group in concept_set.groups if group.localizable}
    present = present_options(concept_set, explanation) or list(explanation.option_ids)
    return max(present, key=lambda option_id: (group_of(option_id) in places, _speaks(explanation, option_id)))


def shown_options(concept_set: ConceptSet, explanation: Explanation) -> list[ShownOption]:
    """What the model sees in the image, in words."""
    found = []
    for option_id in present_options(concept_set, explanation):
        concept = shown_concept(concept_set, option_id)
        found.append(
            ShownOption(group=concept.group, option=concept.option, probability=_probability(explanation, option_id))
        )
    return found


def shown_concept(concept_set: ConceptSet, option_id: str) -> ShownConcept:
    """An option in words."""
    group, option = _option(concept_set, option_id)
    return ShownConcept(group=group.name, option=option.text)


def words_of(concept_set: ConceptSet, option_id: str) -> str:
    """An option in one line, such as "Mass margin: spiculated"."""
    group, option = _option(concept_set, option_id)
    same = group.is_binary and option.text.casefold() == group.name.casefold()
    return shortened(group.name if same else f"{group.name}: {option.text}")


def shortened(text: str) -> str:
    """As one line of an answer."""
    return textwrap.shorten(text, MOST_LETTERS, placeholder=" …")


def choices(
    task: Task, concept_set: ConceptSet, option_id: str, seed: int, case: int, *, tell_options_apart: bool
) -> list[str]:
    """Ids of the right option and its distractors, shuffled; the same for all readers and arms.

    Distractors are other options of the same group first, since they are the most plausible ones, then options of
    other groups, a different group each as long as there are some.

    Args:
        task: says how many.
        concept_set: of the reference arm's model.
        option_id: the right one.
        seed: of the design.
        case: number of the image.
        tell_options_apart: whether maps of two options of one group differ. Magnet maps do not: with them every
            distractor is of another group.

    Raises:
        CannotBuild: there are too few options.
    """
    draw = chance(seed, "choices", task.key, case, option_id)
    own, _ = _option(concept_set, option_id)
    near = [f"{own.key}.{key}" for key in own.option_keys if f"{own.key}.{key}" != option_id]
    draw.shuffle(near)
    groups = [group for group in concept_set.groups if group.key != own.key]
    draw.shuffle(groups)
    groups.sort(key=lambda group: not group.localizable)
    columns = [draw.sample(group.option_keys, len(group.options)) for group in groups]
    most = max((len(column) for column in columns), default=0)
    far = [
        f"{group.key}.{column[row]}"
        for row in range(1 if not tell_options_apart else most)
        for group, column in zip(groups, columns, strict=True)
        if row < len(column)
    ]
    distractors = ((near if tell_options_apart else []) + far)[: task.distractors]
    if len(distractors) < task.distractors:
        raise CannotBuild(
            f"Task '{task.title}' needs {task.distractors} distractors beside '{option_id}', and the concept set has "
            f"{len(distractors)}. Ask for fewer, or choose a model with more concepts."
        )
    found = [option_id, *distractors]
    draw.shuffle(found)
    return found


def _option(concept_set: ConceptSet, option_id: str) -> tuple[Group, Option]:
    for group in concept_set.groups:
        for option in group.options:
            if f"{group.key}.{option.key}" == option_id:
                return group, option
    raise CannotBuild(f"The concept set has no option '{option_id}'; give arms of one task models with the same ones.")


def _best(explanation: Explanation, group: Group) -> str:
    ids = [f"{group.key}.{key}" for key in group.option_keys]
    scores: Sequence[float] = [float(explanation.scores[explanation.option_ids.index(each)]) for each in ids]
    return ids[scores.index(max(scores))]


def _speaks(explanation: Explanation, option_id: str) -> float:
    """For the predicted class, by its contribution to that class's logit."""
    predicted = explanation.class_keys.index(explanation.predicted_class)
    return float(explanation.contributions[explanation.option_ids.index(option_id), predicted])


def _probability(explanation: Explanation, option_id: str) -> float:
    return float(explanation.option_probabilities[explanation.option_ids.index(option_id)])
