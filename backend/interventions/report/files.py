"""A report as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from backend.core.schemas import Read
from backend.core.spreadsheet import Cell, csv_table
from backend.interventions.report.content import NOTICE, CaseFacts, Report
from backend.interventions.report.wording import edits_in_words, facts, identifiers, in_effect
from backend.interventions.schemas import GroupOutcome, InterventionRead

# One table for everything, so that a script can pick its rows by their kind.
COLUMNS = ("kind", "group_key", "option_id", "class_key", "text", "before", "after_region", "after")


class ReportRead(Read):
    """An intervention with its case and with what the head made of the scores before. Not for diagnosis."""

    notice: str
    synthetic: bool = Field(description="Procedural image, or a model that knows no others.")
    case: CaseFacts
    header_note: str | None = Field(description="Where the image's DICOM header and the model disagree, in words.")
    intervention: InterventionRead
    bias: dict[str, float] = Field(description="By class key.")
    contributions_as_predicted: dict[str, dict[str, float]] = Field(description="By option id, then class key.")


def as_json(report: Report) -> bytes:
    """Everything: a ``ReportRead``."""
    content = ReportRead(
        notice=NOTICE,
        synthetic=report.synthetic,
        case=report.case,
        header_note=report.header_note,
        intervention=report.intervention,
        bias=dict(report.bias),
        contributions_as_predicted={option: dict(row) for option, row in report.contributions.items()},
    )
    return content.model_dump_json(indent=1).encode() + b"\n"


def as_csv(report: Report) -> bytes:
    """A row for each fact, edit, class and option, and for what each option adds to each class."""
    return csv_table(COLUMNS, _rows(report))


def _rows(report: Report) -> Iterator[tuple[Cell, ...]]:
    for name, value in [("Notice", NOTICE), *facts(report), ("Note", report.intervention.note), *identifiers(report)]:
        yield ("about", "", "", "", f"{name}: {value}", None, None, None)
    for words, edit in zip(edits_in_words(report), in_effect(report.intervention.edits), strict=True):
        yield ("edit", edit.group_key or "", edit.option_id or "", "", words, None, None, edit.value)
    for before, after in zip(report.intervention.baseline, report.intervention.intervened, strict=True):
        key, name = before.class_key, before.class_name
        yield ("probability", "", "", key, name, before.probability, None, after.probability)
        yield ("logit", "", "", key, name, before.logit, None, after.logit)
    for group in report.intervention.groups:
        yield from _of_group(report, group)


def _of_group(report: Report, group: GroupOutcome) -> Iterator[tuple[Cell, ...]]:
    for option in group.options:
        text = f"{group.name}: {option.text}"
        yield ("score", group.key, option.id, "", text, option.before, option.after_region, option.after)
        for key, after in option.contributions.items():
            yield ("contribution", group.key, option.id, key, text, report.before(option, key), None, after)
