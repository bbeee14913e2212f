"""What an item shows, and what it hides."""

from __future__ import annotations

from pydantic import Field

from backend.core.schemas import Read
from backend.reader_studies.design import QuestionKind, QuestionOption, TaskKind

# Keys of the questions that tasks bring with them.
RATING, CONCEPT, CLASS, CONFIDENCE = "rating", "concept", "class", "confidence"


class Question(Read):
    """One question, as it stands below the image."""

    key: str
    kind: QuestionKind
    text: str
    anchors: list[str] = Field(description="Likert: words for 1 to 5. Scale: words for both ends. Else empty.")
    options: list[QuestionOption] = Field(description="Choice: in the order in which they stand. Else empty.")
    required: bool


class ShownConcept(Read):
    """The concept that a map is said to show."""

    group: str
    option: str


class ShownOption(Read):
    """What a model sees in the image, told to the reader."""

    group: str
    option: str
    probability: float


class Suggestion(Read):
    """What a model says of the image, told to the reader."""

    class_name: str | None
    probability: float | None
    concepts: list[ShownOption]


class MapPixels(Read):
    """A map over the whole image, fitted to it: the same size under every arm, and as many bytes."""

    width: int
    height: int
    values: str = Field(description="Base64 of width x height bytes, row by row; 0 to 255 of the map's own range.")


class ItemContent(Read):
    """Everything that an item shows beside its image."""

    kind: TaskKind
    task_title: str
    prompt: str
    concept: ShownConcept | None
    suggestion: Suggestion | None
    clinical_information: str
    map: MapPixels | None
    questions: list[Question]
    cannot_judge: bool


class ItemTruth(Read):
    """What no reader is told.

    ``answer``: key of the right choice of the question ``concept``. ``class_key`` and ``positive``: of the image.
    ``map_option_id``: whose map is really shown; for a sham not the item's option. ``map_sha256``: of the map's bytes.
    """

    answer: str | None
    class_key: str | None
    positive: bool | None
    model_version_id: str | None
    map_kind: str | None
    sham: str | None
    map_option_id: str | None
    map_case_number: int | None
    map_sha256: str | None
