"""The two charts of a report: class probabilities before and after, and what each group pushes."""

from __future__ import annotations

from itertools import accumulate, pairwise

from backend.core.letters import GREY, RULE
from backend.interventions.report.content import Push, Report, pushes
from backend.interventions.report.sheet import Sheet
from backend.interventions.report.wording import percent, signed
from backend.interventions.schemas import ClassOutcome

_BEFORE, _AFTER, _FOR, _AGAINST = "#a3adb6", "#1c6e8c", "#2c7a5b", "#b4482f"
_MOST_CLASSES, _MOST_GROUPS = 8, 8
_NUMBERS = 70.0  # width of the column at the right


def draw_classes(sheet: Sheet, report: Report, x: float, y: float, width: float) -> float:
    """Two bars a class: grey before, blue after. Returns where the chart ends."""
    y = _heading(sheet, x, y, width, ("Class probabilities", "in bold: what is predicted after the changes"))
    y = _legend(sheet, x, y, (("before", _BEFORE), ("after", _AFTER)))
    pairs = list(zip(report.intervention.baseline, report.intervention.intervened, strict=True))
    shown = _likeliest(pairs)
    names, track = width * 0.42, width * 0.58 - _NUMBERS - 6
    for before, after in shown:
        predicted = after.class_key == report.intervention.predicted_class
        sheet.text(x, y + 2, before.class_name, names - 5, 7.5, bold=predicted)
        for row, share, colour in ((0, before.probability, _BEFORE), (6, after.probability, _AFTER)):
            sheet.line(x + names, y + row + 5, x + names + track, y + row + 5)
            sheet.box(x + names, y + row, max(0.4, track * share), 5, colour)
        told = f"{percent(before.probability)} → {percent(after.probability)}"
        sheet.text_right(x + width, y + 2, told, 7, bold=predicted)
        y += 17
    if len(shown) < len(pairs):
        sheet.text(x, y, f"and {len(pairs) - len(shown)} more; the JSON has all", width, 7, colour=GREY)
        y += 11
    return y


def draw_pushes(sheet: Sheet, report: Report, x: float, y: float, width: float) -> float:
    """A waterfall from the bias to the class's logit, before and after. Returns where the chart ends."""
    before, after = report.outcome(report.intervention.predicted_class)
    y = _heading(sheet, x, y, width, ("What each group pushes", f"for “{after.class_name}”, in logits"))
    y = _legend(sheet, x, y, (("before", _BEFORE), ("after, towards it", _FOR), ("after, away from it", _AGAINST)))
    found = pushes(report, report.intervention.predicted_class, _MOST_GROUPS)
    names, track = width * 0.36, width * 0.64 - _NUMBERS - 6
    olds, news = _steps([push.before for push in found]), _steps([push.after for push in found])
    ends = [0.0, *(end for step in (*olds, *news) for end in step)]
    low, high = min(ends), max(ends)
    left, scale = x + names, track / ((high - low) or 1.0)
    zero, top = left - low * scale, y
    for push, old, new in zip(found, olds, news, strict=True):
        sheet.text(x, y + 2, push.name, names - 5, 7.5)
        for row, (start, end), colour in ((0, old, _BEFORE), (6, new, _FOR if push.after >= 0 else _AGAINST)):
            sheet.box(left + (min(start, end) - low) * scale, y + row, max(0.4, abs(end - start) * scale), 5, colour)
        _numbers(sheet, x + width, y + 2, push)
        y += 15
    sheet.line(zero, top - 3, zero, y, GREY)
    sheet.line(x, y, x + width, y)
    sheet.text(x, y + 3, "Sum: the class’s logit", width - _NUMBERS, 7.5, bold=True)
    _numbers(sheet, x + width, y + 3, Push("", before.logit, after.logit), bold=True)
    return y + 14


def _likeliest(pairs: list[tuple[ClassOutcome, ClassOutcome]]) -> list[tuple[ClassOutcome, ClassOutcome]]:
    """In the model's order; of many, those that are likeliest before or after."""
    ranked = sorted(pairs, key=lambda pair: -max(pair[0].probability, pair[1].probability))
    kept = {pair[0].class_key for pair in ranked[:_MOST_CLASSES]}
    return [pair for pair in pairs if pair[0].class_key in kept]


def _steps(values: list[float]) -> list[tuple[float, float]]:
    """Where each push begins and ends, one upon the other."""
    return list(pairwise(accumulate(values, initial=0.0)))


def _numbers(sheet: Sheet, right: float, y: float, push: Push, bold: bool = False) -> None:
    same = f"{push.before:.2f}" == f"{push.after:.2f}"
    told = signed(push.after) if same else f"{signed(push.before)} → {signed(push.after)}"
    sheet.text_right(right, y, told, 7, bold=bold or not same)


def _heading(sheet: Sheet, x: float, y: float, width: float, lines: tuple[str, str]) -> float:
    sheet.text(x, y, lines[0], width, 9, bold=True)
    sheet.text(x, y + 12, lines[1], width, 7, colour=GREY)
    return y + 23


def _legend(sheet: Sheet, x: float, y: float, entries: tuple[tuple[str, str], ...]) -> float:
    for name, colour in entries:
        sheet.box(x, y + 1, 6, 6, colour, RULE)
        sheet.text(x + 9, y, name, 100, 7, colour=GREY)
        x += 16 + 3.9 * len(name)
    return y + 14
