"""The design of a reader study, as a coordinator writes it and as a protocol keeps it.

One document: what is asked and of whom (GRRAS), which images, under which arms, in which tasks, in what order.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from backend.core.schemas import LINE, PARAGRAPHS, Create, HexId

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
# Of an answer: also of a concept ("margin.spiculated") or a class.
OptionKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,139}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), *LINE]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), *LINE]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), *PARAGRAPHS]
ConceptKey = Annotated[str, StringConstraints(min_length=1, max_length=140), *LINE]

MOST_CASES = 1000
MOST_ARMS = 8
MOST_TASKS = 6
MOST_QUESTIONS = 12
LIKERT_POINTS = 5
ANCHORS = ("Completely misaligned", "Mostly misaligned", "Partly aligned", "Mostly aligned", "Perfectly aligned")


class TaskKind(StrEnum):
    """``localization``: image, concept and map; one Likert rating. ``alignment``: image and map; pick the concept.
    ``diagnosis``: class and confidence, with or without explanation. ``questions``: free questions alone."""

    LOCALIZATION = "localization"
    ALIGNMENT = "alignment"
    DIAGNOSIS = "diagnosis"
    QUESTIONS = "questions"


class QuestionKind(StrEnum):
    """``likert``: 1 to 5 with words. ``choice``: one of some options. ``scale``: 0 to 100. ``text``: free."""

    LIKERT = "likert"
    CHOICE = "choice"
    SCALE = "scale"
    TEXT = "text"


class ShamKind(StrEnum):
    """What a sham arm shows in place of the map. ``other_concept``: the same image's map of an option of another group.
    ``other_image``: the map of the same option in another image. ``shuffled``: the map's patches in random places."""

    OTHER_CONCEPT = "other_concept"
    OTHER_IMAGE = "other_image"
    SHUFFLED = "shuffled"


class Separation(StrEnum):
    """How a reader meets the arms. ``mixed``: every image under every arm, all in one session. ``sessions``: every
    image under every arm, each in a session of its own, with a washout between. ``split``: every image under one arm
    only; which one changes from reader to reader."""

    MIXED = "mixed"
    SESSIONS = "sessions"
    SPLIT = "split"


class ConceptRule(StrEnum):
    """Which concepts of an image are asked about. ``strongest``: the present options that speak most for the predicted
    class. ``random``: the present options of groups drawn with the seed. In both an option is the one that the first
    real arm's model scores highest in its group."""

    STRONGEST = "strongest"
    RANDOM = "random"


class Grras(Create):
    """What the Guidelines for Reporting Reliability and Agreement Studies (Kottner et al., 2011) ask for."""

    subject_population: Words = Field("", description="GRRAS 3: whose images these are.")
    rater_population: Words = Field("", description="GRRAS 4: who reads, of whom they are a sample.")
    prior_evidence: Words = Field("", description="GRRAS 5: what is known of reliability and agreement.")
    sample_size: Words = Field("", description="GRRAS 6: why so many items and raters.")
    subject_sampling: Words = Field("", description="GRRAS 7: how images were chosen.")
    rater_sampling: Words = Field("", description="GRRAS 7: how raters were chosen.")
    repeat_interval: Words = Field("", description="GRRAS 8: time between repeated ratings.")
    clinical_information: Words = Field("", description="GRRAS 8: what is told beside the image.")
    blinding: Words = Field("", description="GRRAS 8: who does not know what.")
    independence: Words = Field("", description="GRRAS 9: how ratings were made independently.")
    analysis: Words = Field("", description="GRRAS 10: statistics, beyond those that Vitrine reports.")


class StudyCaseRef(Create):
    """One image: a case, or an image of a data set."""

    case_id: HexId | None = None
    dataset_id: Annotated[str, StringConstraints(max_length=64), *LINE] | None = None
    split: Literal["train", "validation", "test"] | None = None
    image: Annotated[str, StringConstraints(max_length=1024), *LINE] | None = Field(
        None, description="Key of an image of the data set."
    )
    practice: bool = Field(False, description="Shown first, and left out of results.")
    truth_class: ConceptKey | None = Field(None, description="Key of the true class; null where nobody knows.")
    clinical_information: Words = Field("", description="Told to the reader beside the image.")


class Sampling(Create):
    """How the images were chosen: for the methods text, and to draw them again."""

    method: Literal["hand_picked", "stratified_random", "all"] = "hand_picked"
    source: Line = ""
    strata: Literal["class", "dataset", "none"] = "none"
    seed: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    population: Annotated[int, Field(ge=0, lt=2**31)] | None = Field(
        None, description="How many there were to draw from."
    )


class Arm(Create):
    """One condition that readers are compared under."""

    key: Key
    name: Line
    model_version_id: HexId | None = Field(None, description="Null: the image alone.")
    map: Literal["gradcam", "magnet"] | None = None
    sham: ShamKind | None = None
    show_prediction: bool = Field(False, description="Diagnosis: the model's class and probability.")
    show_concepts: bool = Field(False, description="Diagnosis: the present option of each group, with its probability.")


class QuestionOption(Create):
    """One answer of a choice."""

    key: OptionKey
    text: Line


class FreeQuestion(Create):
    """A further question about an item."""

    key: Key
    kind: Literal[QuestionKind.LIKERT, QuestionKind.CHOICE, QuestionKind.TEXT]
    text: Line
    anchors: list[Line] = Field(default=[], max_length=LIKERT_POINTS, description="Likert: five words or sentences.")
    options: list[QuestionOption] = Field(default=[], max_length=9)
    required: bool = True


class Task(Create):
    """One kind of thing that readers are asked to do."""

    key: Key
    kind: TaskKind
    title: Line
    instructions: Words = ""
    arm_keys: list[Key] = Field(max_length=MOST_ARMS)
    anchors: list[Line] = Field(
        default=list(ANCHORS), max_length=LIKERT_POINTS, description="Localization: for 1 to 5."
    )
    concept_rule: ConceptRule = ConceptRule.STRONGEST
    concepts_per_case: Annotated[int, Field(ge=1, le=8)] = 1
    group_keys: list[ConceptKey] = Field(default=[], max_length=50, description="Only these groups; empty: all.")
    distractors: Annotated[int, Field(ge=3, le=4)] = 3
    positive_classes: list[ConceptKey] = Field(
        default=[],
        max_length=50,
        description="Diagnosis: the classes that count as disease; one side of the ROC curve.",
    )
    questions: list[FreeQuestion] = Field(default=[], max_length=MOST_QUESTIONS)
    cannot_judge: bool = True


class Order(Create):
    """How items are put in order, for each reader anew."""

    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    separation: Separation = Separation.MIXED
    washout_days: Annotated[int, Field(ge=0, le=365)] = 28
    repeats: Annotated[float, Field(ge=0, le=0.5, allow_inf_nan=False)] = Field(
        0.1, description="Share of a session's items that are shown again, unannounced."
    )
    gap: Annotated[int, Field(ge=0, le=50)] = Field(5, description="At least so many items between two of one image.")
    by_task: bool = Field(True, description="One task after the other; else all mixed.")


class Reading(Create):
    """Rules of the reading room."""

    idle_seconds: Annotated[int, Field(ge=5, le=600)] = Field(
        30, description="Without input for longer counts as idle."
    )
    show_progress: bool = True
    amend_answers: bool = Field(False, description="Readers may add a correction, with a reason, to a locked answer.")
    ask_profile: bool = Field(True, description="Readers say who they are as raters before they begin.")


class Access(Create):
    """Who sees what, and when."""

    live_results: Literal["nobody", "coordinators", "members"] = "nobody"


class StudyDesign(Create):
    """The whole design. A draft may be incomplete; ``checking`` says what is missing before it can be published."""

    title: Name
    question: Words = ""
    grras: Grras = Grras()
    instructions: Words = ""
    cases: list[StudyCaseRef] = Field(default=[], max_length=MOST_CASES)
    sampling: Sampling = Sampling()
    arms: list[Arm] = Field(default=[], max_length=MOST_ARMS)
    tasks: list[Task] = Field(default=[], max_length=MOST_TASKS)
    order: Order = Order()
    reading: Reading = Reading()
    access: Access = Access()
