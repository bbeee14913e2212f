"""What a model says of a case, in the terms in which people label it; and what it would say had they told it.

Shapes: K concept groups, O options, C classes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import TypeAdapter

from models.concepts import ConceptSet
from models.intervene.editing import Predicted, decide_from
from models.intervene.scores import Array, DecisionHead

PRESENT, ABSENT = 0, 1


@dataclass(frozen=True, eq=False)
class Answer:
    """One prediction, without all that is not compared.

    Attributes:
        prediction_id: of it.
        predicted: scores (O,) and logits (C,).
        class_index: of the predicted class.
        options: (K,) place within its group of the option that the model sees; PRESENT or ABSENT in a group of one.
    """

    prediction_id: str
    predicted: Predicted
    class_index: int
    options: tuple[int, ...]


@dataclass(frozen=True)
class Marks:
    """What a label says that a concept set knows.

    Attributes:
        class_index: None: not marked, or a class that it does not have.
        options: place of the option by index of the group, as in ``Answer``.
    """

    class_index: int | None
    options: Mapping[int, int]

    @property
    def empty(self) -> bool:
        return self.class_index is None and not self.options


@dataclass(frozen=True)
class _Option:
    score: float
    probability: float


@dataclass(frozen=True)
class _Group:
    options: list[_Option]


@dataclass(frozen=True)
class _Class:
    logit: float
    probability: float


@dataclass(frozen=True)
class _Document:
    groups: list[_Group]
    classes: list[_Class]


# Makes objects of what is needed only: most of a document is contributions, and reading it all takes six times as long.
_DOCUMENT = TypeAdapter(_Document)


def answer(prediction_id: str, content: str) -> Answer:
    """From a prediction's document, as JSON. In a group of one option, present is what is likelier than not."""
    document = _DOCUMENT.validate_json(content)
    logits = _numbers(each.logit for each in document.classes)
    predicted = Predicted(
        _numbers(option.score for group in document.groups for option in group.options),
        logits,
        _numbers(each.probability for each in document.classes),
    )
    return Answer(
        prediction_id, predicted, int(logits.argmax()), tuple(_seen(group.options) for group in document.groups)
    )


class Vocabulary:
    """A concept set, for looking up labels. Labels of a related one count where the ids are the same.

    Args:
        concept_set: the model's.
    """

    def __init__(self, concept_set: ConceptSet) -> None:
        self.concept_set = concept_set
        self._classes = {key: index for index, key in enumerate(concept_set.class_keys)}
        self._groups = {
            group.key: (index, {f"{group.key}.{key}": place for place, key in enumerate(group.option_keys)})
            for index, group in enumerate(concept_set.groups)
        }

    def marks(self, class_key: str | None, options: Mapping[str, str | None]) -> Marks:
        """What of a label can be held against the model."""
        known = {}
        for key, option_id in options.items():
            index, places = self._groups.get(key, (-1, {}))
            if option_id in places:
                known[index] = places[option_id]
            elif option_id is None and len(places) == 1:
                known[index] = ABSENT
        return Marks(self._classes.get(class_key or ""), known)

    def is_related_to(self, other: ConceptSet) -> bool:
        """Whether labels of the other one mean the same here: another version, or one that shares a class.

        Ids of options alone would not do: a shape is irregular on skin and in ultrasound.
        """
        return other.name == self.concept_set.name or bool({*self.concept_set.class_keys} & {*other.class_keys})

    def told(self, group: int, place: int) -> str:
        """An answer for a group, in words."""
        options = self.concept_set.groups[group].options
        if len(options) == 1:
            return "present" if place == PRESENT else "absent"
        return options[place].text


def after_marks(head: DecisionHead, found: Answer, marks: Marks) -> int:
    """The class predicted once the marked options are the present ones.

    Groups in which the person says what the model says stay as predicted: replacing their scores by averages would move
    decisions without anything that the person knows and the model does not.
    """
    scores = found.predicted.scores
    for group, place in marks.options.items():
        if place == found.options[group]:
            continue
        columns = head.concept_set.group_slices[group]
        binary = columns.stop - columns.start == 1  # ``make_present`` switches it
        scores = head.make_present(scores, columns.start if binary else columns.start + place)
    return decide_from(head, found.predicted, scores).predicted


def _seen(options: Sequence[_Option]) -> int:
    if len(options) == 1:
        return PRESENT if options[0].probability >= 0.5 else ABSENT
    return max(range(len(options)), key=lambda place: options[place].score)


def _numbers(values: Iterable[float]) -> Array:
    return np.fromiter(values, np.float64)
