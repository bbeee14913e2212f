"""A report as one page: A4, PDF. Whatever is too long for it is shortened and said to be."""

from __future__ import annotations

from backend.core.letters import GREY, RULE, wrapped
from backend.interventions.report.charts import draw_classes, draw_pushes
from backend.interventions.report.content import NOTICE, Report
from backend.interventions.report.pictures import figures
from backend.interventions.report.sheet import HEIGHT, WIDTH, Sheet
from backend.interventions.report.wording import REGION_EDIT, edits_in_words, facts, identifiers

_MARGIN = 40.0
_INNER = WIDTH - 2 * _MARGIN
_GAP = 12.0
_FOOTER = HEIGHT - 72.0
_PICTURE_HEIGHT = 168.0
_LINES = {"Decision": 2, "Header": 3}
_NOTE_LINES, _NOTE_LINES_BESIDE_MANY = 14, 5  # a note of 1,000 letters takes 11
_CAPTION_LINES = 4
_EDIT_SIZE, _EDIT_LINE = 7.5, 10.5
_MANY_EDITS = 12  # from here on they stand in two columns


def as_pdf(report: Report) -> bytes:
    """The page. Raises ValueError for a report without pictures."""
    found = report.intervention
    sheet = Sheet(f"What-if report {found.id}", NOTICE, found.created_at)
    y = _head(sheet, report)
    y = _figures(sheet, report, y)
    half = (_INNER - 2 * _GAP) / 2
    left = draw_classes(sheet, report, _MARGIN, y, half)
    right = draw_pushes(sheet, report, _MARGIN + half + 2 * _GAP, y, half)
    _edits(sheet, report, max(left, right) + _GAP)
    _footer(sheet, report)
    return sheet.finish()


def _head(sheet: Sheet, report: Report) -> float:
    sheet.text(_MARGIN, 34, f"What-if report: {report.case.pseudonym}", _INNER - 90, 15, bold=True)
    sheet.text_right(WIDTH - _MARGIN, 35, "SYNTHETIC" if report.synthetic else "Vitrine", 8, bold=True, colour=GREY)
    sheet.line(_MARGIN, 56, WIDTH - _MARGIN, 56)
    y = 62.0
    note, few = report.intervention.note, len(report.intervention.edits) < _MANY_EDITS
    lines = _LINES | {"Note": _NOTE_LINES if few else _NOTE_LINES_BESIDE_MANY}
    for name, value in [*facts(report), *([("Note", note)] if note.strip() else [])]:
        sheet.text(_MARGIN, y, name, 50, 8, colour=GREY)
        y = sheet.paragraph(_MARGIN + 52, y, value, _INNER - 52, lines.get(name, 1))
        y += 1
    return y + 6


def _figures(sheet: Sheet, report: Report, y: float) -> float:
    if report.pictures is None:
        raise ValueError("the page needs the report's pictures")
    drawn = figures(report, report.pictures)
    width = (_INNER - (len(drawn) - 1) * _GAP) / len(drawn)
    height = _PICTURE_HEIGHT
    tallest, lowest, x = 0.0, y, _MARGIN
    placed = []
    for figure in drawn:
        _, tall = sheet.picture(figure.picture, x, y, width, height)
        tallest = max(tallest, tall)
        placed.append((x, figure.caption))
        x += width + _GAP
    for x, caption in placed:
        end = sheet.paragraph(x, y + tallest + 4, caption, width, _CAPTION_LINES, 7, GREY)
        lowest = max(lowest, end)
    return lowest + _GAP


def _edits(sheet: Sheet, report: Report, y: float) -> None:
    words = edits_in_words(report)
    sheet.line(_MARGIN, y - 4, WIDTH - _MARGIN, y - 4)
    count = "1 edit" if len(words) == 1 else f"{len(words)} edits"
    sheet.text(_MARGIN, y + 2, f"What was changed ({count})", _INNER, 9, bold=True)
    y += 16
    regional = any(edit.operation == "region" for edit in report.intervention.edits)
    explained = wrapped(REGION_EDIT, _INNER, 7, 3) if regional else []
    bottom = _FOOTER - _GAP - len(explained) * 9.5
    columns = 1 if len(words) < _MANY_EDITS else 2
    rows = max(1, int((bottom - y) // _EDIT_LINE) - 1)
    shown = words if len(words) <= rows * columns else words[: rows * columns]
    width = (_INNER - (columns - 1) * _GAP) / columns
    per_column = rows if len(shown) == rows * columns else -(-len(shown) // columns)
    end = y
    for index, line in enumerate(shown):
        column, row = divmod(index, max(1, per_column))
        top = y + row * _EDIT_LINE
        sheet.text(_MARGIN + column * (width + _GAP), top, f"{index + 1}. {line}", width, _EDIT_SIZE)
        end = max(end, top + _EDIT_LINE)
    if not words:
        sheet.text(_MARGIN, y, "Nothing: this is the prediction itself.", _INNER, _EDIT_SIZE)
        end = y + _EDIT_LINE
    if len(shown) < len(words):
        told = f"and {len(words) - len(shown)} more; the JSON has all"
        sheet.text(_MARGIN, end, told, _INNER, _EDIT_SIZE, bold=True)
        end += _EDIT_LINE
    if regional:
        sheet.paragraph(_MARGIN, end + 4, REGION_EDIT, _INNER, 3, 7, GREY)


def _footer(sheet: Sheet, report: Report) -> None:
    y = _FOOTER
    sheet.line(_MARGIN, y, WIDTH - _MARGIN, y, RULE)
    sheet.text(_MARGIN, y + 5, NOTICE, _INNER, 9, bold=True)
    y += 19
    *ids, digest = [f"{name} {value}" for name, value in identifiers(report)]
    for line in (" · ".join(ids[:2]), " · ".join(ids[2:]), digest):
        sheet.text(_MARGIN, y, line, _INNER, 6.5, colour=GREY)
        y += 9
