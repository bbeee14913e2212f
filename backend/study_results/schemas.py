"""Results of a reader study over HTTP.

Practice items, and readers who were withdrawn, count nowhere. Second showings of hidden repeats count only in
``repeats`` and ``times``. Answers are those that were locked; amendments stand in the exports.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from backend.core.schemas import Read, Timestamp
from backend.reader_studies.design import QuestionKind, TaskKind


class ExportFormat(StrEnum):
    """``csv``: one row an answer to a question (tidy). ``dictionary``: what its columns mean, as CSV. ``json``:
    protocol, items, orders and answers. ``imrmc``: for iMRMC. ``html``, ``pdf``: the report."""

    CSV = "csv"
    DICTIONARY = "dictionary"
    JSON = "json"
    IMRMC = "imrmc"
    HTML = "html"
    PDF = "pdf"


class By(StrEnum):
    """What a row is about. ``all``: everything of an arm."""

    ALL = "all"
    DATASET = "dataset"
    CONCEPT = "concept"
    READER = "reader"


class Estimate(Read):
    """A figure with its interval. Where there is none, ``note`` says why."""

    value: float | None
    low: float | None = Field(description="Of the 95 % interval.")
    high: float | None
    note: str | None = Field(description="Sentence, where value or interval is missing or must be read with care.")


class LikertRow(Read):
    """Ratings on a scale of five."""

    arm_key: str
    by: By
    level: str = Field(description="Name of the data set, concept or reader; empty with `all`.")
    counts: list[int] = Field(description="Answers of 1 to 5.")
    cannot_judge: int
    answers: int = Field(description="Ratings given; without those that could not be judged.")
    items: int
    readers: int
    mean: Estimate = Field(description="Interval: bootstrap over images.")
    median: float | None


class ChoiceRow(Read):
    """Choices; with a right answer, how many were right."""

    arm_key: str
    by: By
    level: str
    counts: dict[str, int] = Field(description="By the option's text.")
    cannot_judge: int
    answers: int
    items: int
    readers: int
    correct: int | None = Field(description="Null where there is no right answer.")
    judged: int | None = Field(description="Answers whose right answer is known: what `correct` is out of.")
    accuracy: Estimate | None = Field(description="Interval: Wilson.")


class ScaleRow(Read):
    """Numbers from 0 to 100."""

    arm_key: str
    by: By
    level: str
    cannot_judge: int
    answers: int
    items: int
    readers: int
    mean: Estimate
    quartiles: list[float] = Field(description="25, 50 and 75 %; empty without answers.")


class ConfusionRead(Read):
    """What was chosen for what was right; under a sham arm, for what the real map would have shown."""

    arm_key: str
    labels: list[str]
    rows: list[list[int]] = Field(description="Row: the right answer. Column: what was chosen. Both as `labels`.")


class AgreementRow(Read):
    """How far readers agree under one arm."""

    arm_key: str
    measure: Literal["krippendorff_alpha", "weighted_kappa", "ac2", "icc_a1", "kappa"]
    readers: list[str] = Field(description="Codes; two with a pairwise measure.")
    items: int = Field(description="That at least two of them rated; for ICC(A,1), all of them.")
    estimate: Estimate


class RepeatRow(Read):
    """How far a reader agrees with themselves on items that were shown twice."""

    reader: str = Field(description="Code; empty for all readers together.")
    pairs: int
    same: Estimate = Field(description="Share of equal answers, Wilson interval.")
    kappa: Estimate = Field(description="Quadratic weights for ratings, Cohen's for choices.")


class PairedRow(Read):
    """One arm against another, on the same images and concepts."""

    arm_key: str
    against: str = Field(description="Key of the other arm: the sham where there is one.")
    sham: bool
    pairs: int = Field(description="Units: one image and concept, averaged over the readers who answered both.")
    difference: Estimate = Field(description="Mean of arm minus other; bootstrap over images.")
    p_value: float | None
    test: str = Field(description="Name of the test, and how many permutations.")
    wilcoxon_p: float | None
    note: str | None


class QuestionResults(Read):
    """What was answered to one question."""

    key: str
    text: str
    kind: QuestionKind
    anchors: list[str]
    likert: list[LikertRow]
    choice: list[ChoiceRow]
    scale: list[ScaleRow]
    texts: int = Field(description="How many wrote something; the words stand in the export.")
    confusion: list[ConfusionRead]
    agreement: list[AgreementRow]
    repeats: list[RepeatRow]
    paired: list[PairedRow]


class RocRow(Read):
    """A reader's diagnoses under one arm."""

    arm_key: str
    reader: str = Field(description="Code; empty for the mean over readers.")
    positives: int
    negatives: int
    auc: Estimate = Field(description="Mann-Whitney; bootstrap over images, and over readers for the mean.")
    accuracy: Estimate
    sensitivity: Estimate
    specificity: Estimate


class RocDifference(Read):
    """Diagnosis under one arm minus under another, over readers and images."""

    arm_key: str
    against: str
    readers: int
    cases: int
    auc: Estimate
    accuracy: Estimate
    p_value: float | None = Field(description="Two-sided, from the bootstrap over readers and images.")
    note: str | None


class DiagnosisResults(Read):
    """Readers as diagnosticians."""

    rows: list[RocRow]
    differences: list[RocDifference]
    note: str | None


class TimeRow(Read):
    """Active seconds an answer took; idle time apart."""

    arm_key: str
    reader: str = Field(description="Code; empty for all.")
    answers: int
    median: float | None
    lower_quartile: float | None
    upper_quartile: float | None
    idle_share: float | None = Field(description="Idle time as a share of all.")


class TaskResults(Read):
    """One task."""

    task_key: str
    kind: TaskKind
    title: str
    questions: list[QuestionResults]
    diagnosis: DiagnosisResults | None
    times: list[TimeRow]


class ArmRead(Read):
    """One arm, by name."""

    key: str
    name: str
    sham: bool
    model: str | None = Field(description="Name of the model version.")
    map: str | None


class ResultReader(Read):
    """One reader, by code; names stand with the study's readers, not with results."""

    code: str
    simulated: bool
    status: str
    profession: str | None
    years: int | None
    answers: int
    expected: int


class TableRow(Read):
    """A line of the table of mean rating and choice accuracy (the paper's Table 6)."""

    arm_key: str
    dataset: str = Field(description="Empty for the average line.")
    localization: Estimate | None
    localization_answers: int
    alignment: Estimate | None
    alignment_correct: int
    alignment_answers: int


class StudyResults(Read):
    """Everything that was found."""

    study_id: str
    title: str
    demonstration: bool
    status: str
    protocol_version: int
    protocol_hash: str
    answers: int
    expected: int
    amendments: int = Field(description="Corrections of locked answers; not in these figures.")
    readers: list[ResultReader]
    arms: list[ArmRead]
    table: list[TableRow]
    tasks: list[TaskResults]
    resamples: int
    seed: int = Field(description="Of bootstrap and permutations.")
    notes: list[str] = Field(description="What the one who reads the figures should know.")
    computed_at: Timestamp
