"""Edits and decisions in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC
from math import prod

from backend.interventions.report.content import Report
from backend.interventions.schemas import EditRead, GroupOutcome

REGION_EDIT = (
    "A region edit changes what a group of concepts may look at, not a score: only the patches inside (or outside) "
    "the painted region feed the group’s visual concept, and its scores are computed anew from the image’s stored "
    "tokens. Region edits act before all score edits."
)


def in_effect(edits: Sequence[EditRead]) -> list[EditRead]:
    """In the order in which they act: region edits first."""
    return sorted(edits, key=lambda edit: edit.operation != "region")


def edits_in_words(report: Report) -> list[str]:
    """One line an edit, in the order in which they act."""
    return [_words(report, edit) for edit in in_effect(report.intervention.edits)]


def facts(report: Report) -> list[tuple[str, str]]:
    """Name and value of what identifies the report."""
    found, case = report.intervention, report.case
    kind = " (synthetic images only)" if found.model.synthetic else ""
    return [
        ("Case", f"{case.pseudonym}{' (synthetic image)' if case.synthetic else ''}"),
        ("Model", f"{found.model.name}{kind}, version {found.model.id[:8]}"),
        ("By", found.created_by.name if found.created_by else "unknown"),
        ("When", f"{found.created_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"),
        ("Decision", decision_in_words(report)),
        *([("Header", report.header_note)] if report.header_note else []),
    ]


def identifiers(report: Report) -> list[tuple[str, str]]:
    """In full: what an archive would search for."""
    found = report.intervention
    return [
        ("intervention", found.id),
        ("prediction", found.prediction_id),
        ("case", found.case_id),
        ("model version", found.model.id),
        ("SHA-256 of the image file", report.case.sha256),
    ]


def decision_in_words(report: Report) -> str:
    """What was predicted, and what is now."""
    found = report.intervention
    was, _ = report.outcome(found.baseline_class)
    before, now = report.outcome(found.predicted_class)
    if found.changed:
        return f"changes: {was.class_name} ({percent(was.probability)}) → {now.class_name} ({percent(now.probability)})"
    return f"stays: {now.class_name} ({percent(before.probability)} → {percent(now.probability)})"


def percent(share: float) -> str:
    """With one decimal; what is not all or nothing is not rounded to it."""
    if 0 < share < 0.0005:
        return "< 0.1 %"
    return "> 99.9 %" if 0.9995 <= share < 1 else f"{100 * share:.1f} %"


def signed(value: float) -> str:
    """With two decimals, a sign and a real minus; large ones in powers of ten, so that a column holds them."""
    text = f"{value:+.2f}" if abs(value) < 1000 else f"{value:+.1e}"
    return "0.00" if float(text) == 0 else text.replace("-", "−")


def _words(report: Report, edit: EditRead) -> str:
    if edit.operation == "region":
        return _region(report, edit)
    group = next(each for each in report.intervention.groups if any(o.id == edit.option_id for o in each.options))
    return f"{group.name}: {_SCORE_EDITS[str(edit.operation)](report, group, edit)}"


def _region(report: Report, edit: EditRead) -> str:
    group = next(each for each in report.intervention.groups if each.key == edit.group_key)
    count = len(edit.patches or [])
    total = f" of {prod(report.pictures.grid)}" if report.pictures else ""
    where = "inside" if edit.keep == "inside" else "outside"
    return f"{group.name}: looks only at what lies {where} the region (patches painted: {count}{total})"


def _text(group: GroupOutcome, option_id: str | None) -> str:
    return next(option.text for option in group.options if option.id == option_id)


def _set(_: Report, group: GroupOutcome, edit: EditRead) -> str:
    return f"score of “{_text(group, edit.option_id)}” set to {signed(edit.value or 0.0)}"


def _option(_: Report, group: GroupOutcome, edit: EditRead) -> str:
    text = _text(group, edit.option_id)
    return f"“{text}” switched" if len(group.options) == 1 else f"“{text}” made the present one"


def _class_mean(report: Report, _: GroupOutcome, edit: EditRead) -> str:
    name = report.outcome(edit.reference_class or "")[0].class_name
    return f"as in class “{name}” (average of its validation images)"


def _mean(_report: Report, _group: GroupOutcome, _edit: EditRead) -> str:
    return "unknown (average of all validation images)"


_SCORE_EDITS: dict[str, Callable[[Report, GroupOutcome, EditRead], str]] = {
    "set": _set,
    "option": _option,
    "class_mean": _class_mean,
    "mean": _mean,
}
