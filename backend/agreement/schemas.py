"""Agreement over HTTP."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from backend.auth.schemas import PersonRef
from backend.core.schemas import Read, Timestamp
from backend.predictions.schemas import ModelSummary

_CONFUSION = "Counts: rows are what people say, columns what the model says."
_KAPPA = "Cohen's kappa; null where it is undefined: nothing is labelled, or all say the same one thing."


class LabelsFormat(StrEnum):
    """For a spreadsheet, or for a script."""

    CSV = "csv"
    JSON = "json"


class ExportedAnswer(Read):
    """What a model says of a case, in the form of a label."""

    prediction_id: str
    class_key: str
    options: dict[str, str | None]


class ExportedLabel(Read):
    """A label, with what a retrain needs to find its image."""

    label_id: str
    case_id: str
    pseudonym: str
    image_sha256: str
    dataset: str | None
    author_id: str
    author: str
    concept_set_digest: str
    prediction_id: str
    created_at: Timestamp
    updated_at: Timestamp
    class_key: str | None
    options: dict[str, str | None] = Field(description="A group that is left out was not marked; null: absent.")
    model: ExportedAnswer | None = Field(description="Null where no model is named.")


class LabelsExport(Read):
    """Changed last first. Not for diagnosis."""

    notice: str
    model: ModelSummary | None
    labels: list[ExportedLabel]


class LabelledModel(Read):
    """A model that has predicted labelled cases, and how many labels there are on them."""

    id: str
    name: str
    labels: int


class ClassAgreement(Read):
    """People and model on the class."""

    labelled: int
    agreed: int
    rate: float | None
    kappa: float | None = Field(description=_KAPPA)
    keys: list[str]
    names: list[str]
    confusion: list[list[int]] = Field(description=_CONFUSION)


class OptionRef(Read):
    """One option."""

    id: str
    text: str


class GroupAgreement(Read):
    """People and model on the options of a group."""

    key: str
    name: str
    labelled: int
    agreed: int
    rate: float | None
    kappa: float | None = Field(description=_KAPPA)
    options: list[OptionRef]
    confusion: list[list[int]] = Field(description=f"{_CONFUSION} In a group of one option: present, then absent.")


class Accuracy(Read):
    """Share of labelled classes that are predicted, before and after; null where nothing is labelled."""

    labelled: int
    before: float | None
    after: float | None


class InterventionAccuracy(Read):
    """``stored``: with the last intervention of the label's author on the prediction. ``marked``: with the options that
    the author marked made the present ones."""

    stored: Accuracy
    marked: Accuracy


class Disagreement(Read):
    """One case where a person and the model differ."""

    case_id: str
    pseudonym: str
    prediction_id: str
    author: PersonRef
    group_key: str | None = Field(description="Null: the class.")
    person: str
    model: str


class AgreementRead(Read):
    """Labels that one may see, against one model's latest predictions of the same cases."""

    model: ModelSummary | None = Field(description="Null: there are no labels.")
    models: list[LabelledModel] = Field(description="Most labels first.")
    labels: int
    cases: int
    left_out: int = Field(description="Labels of these cases that mark nothing the model knows, or are too many.")
    class_: ClassAgreement = Field(serialization_alias="class")
    groups: list[GroupAgreement]
    interventions: InterventionAccuracy
    disagreements: list[Disagreement] = Field(description="Newest label first, at most 200.")
    disagreement_count: int


class OptionAgreement(Read):
    """People and model on one option: is it present or not."""

    option_id: str
    group_key: str
    labelled: int = Field(description="Labels that say something of its group.")
    present: int = Field(description="Of these, how many say that it is present.")
    agreed: int = Field(description="Of the labelled, on how many people and model say the same of this option.")
    sensitivity: float | None = Field(
        description="Of those that people call present, the share that the model does too. Null where there are none."
    )
    specificity: float | None = Field(
        description="Of those that people call absent, the share that the model does too. Null where there are none."
    )


class OptionsAgreement(Read):
    """Labels that one may see, against one model's latest predictions of the same cases, option by option."""

    model_version_id: str
    labels: int = Field(description="How many labels were held against it.")
    options: list[OptionAgreement] = Field(description="In the concept set's order.")
