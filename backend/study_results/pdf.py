"""The report as a PDF: A4, as many pages as it takes. The same report gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Table as Grid

from backend.core.letters import BOLD, GREY, INK, REGULAR, RULE, letters, printable, shortened, sign
from backend.study_results.blocks import Block, Heading, Picture, Report, Table, Words
from backend.study_results.figures import as_png

_WIDTH, _HEIGHT = A4
_MARGIN = 16 * mm
_INNER = _WIDTH - 2 * _MARGIN
_FOOTER = 8 * mm
_TALLEST = _HEIGHT - 2 * _MARGIN - 40 * mm
_DOTS = 200


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    # Long digests and words of other people's making must not run over the edge.
    known: dict[str, Any] = {
        "fontName": REGULAR,
        "fontSize": size,
        "leading": size * 1.35,
        "textColor": HexColor(INK),
        "splitLongWords": 1,
    }
    return ParagraphStyle(name, **(known | more))


_TITLE = _style("title", 17, fontName=BOLD, spaceAfter=6)
_HEADINGS = {
    1: _style("chapter", 13, fontName=BOLD, spaceBefore=14, spaceAfter=4),
    2: _style("section", 10, fontName=BOLD, spaceBefore=9, spaceAfter=3),
    3: _style("part", 9, fontName=BOLD, spaceBefore=6, spaceAfter=2),
}
_TEXT = _style("text", 8.5, spaceAfter=3)
_CAPTION = _style("caption", 8, fontName=BOLD, spaceBefore=6, spaceAfter=3)
_NOTE = _style("note", 7, textColor=HexColor(GREY), spaceBefore=1, leftIndent=6)
_CELL, _NUMBER = _style("cell", 7), _style("number", 7, alignment=TA_RIGHT)
_HEAD, _HEAD_NUMBER = _style("head", 7, fontName=BOLD), _style("head number", 7, fontName=BOLD, alignment=TA_RIGHT)
_MARK = _style("mark", 8.5, fontName=BOLD, backColor=HexColor("#fff6e5"), borderPadding=(3, 5, 3, 5), spaceBefore=6)
_FACT = _style("fact", 8, textColor=HexColor(GREY))


def as_pdf(report: Report) -> bytes:
    """The pages; on each, that it is for research only, the study, and how many pages there are."""
    letters()
    stream = io.BytesIO()
    document = BaseDocTemplate(stream, pagesize=A4, invariant=1, lang="en", pageCompression=1)
    frame = Frame(_MARGIN, _MARGIN + _FOOTER, _INNER, _HEIGHT - 2 * _MARGIN - _FOOTER, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate(id="page", frames=[frame])])
    story = [*_front(report), *_story(report.blocks)]
    document.build(story, canvasmaker=lambda *given, **named: _Pages(report, *given, **named))
    return stream.getvalue()


class _Pages(Canvas):
    """Keeps all pages until their number is known, then writes each with its footer."""

    def __init__(self, report: Report, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._report = report
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 (reportlab's name)
        self._kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        kept = self._kept
        for number, page in enumerate(kept, 1):
            self.__dict__.update(page)
            _footer(self, self._report, f"{number} of {len(kept)}")
            super().showPage()
        sign(self, f"{printable(self._report.title)}: reader study report", self._report.marks[0], self._report.moment)
        super().save()


def _footer(canvas: Canvas, report: Report, place: str) -> None:
    canvas.setStrokeColor(HexColor(RULE))
    canvas.setLineWidth(0.6)
    canvas.line(_MARGIN, _MARGIN + 5 * mm, _WIDTH - _MARGIN, _MARGIN + 5 * mm)
    canvas.setFillColor(HexColor(INK))
    canvas.setFont(BOLD, 7)
    canvas.drawString(_MARGIN, _MARGIN + 1.5 * mm, printable(" ".join(report.marks[:2])))
    canvas.setFont(REGULAR, 7)
    canvas.setFillColor(HexColor(GREY))
    canvas.drawString(_MARGIN, _MARGIN - 2 * mm, shortened(report.title, _INNER * 0.8, 7))
    canvas.drawRightString(_WIDTH - _MARGIN, _MARGIN - 2 * mm, place)


def _front(report: Report) -> Iterator[Flowable]:
    yield _paragraph(report.title, _TITLE)
    yield from (_paragraph(mark, _MARK) for mark in report.marks)
    yield Spacer(1, 8)
    rows = [[_paragraph(name, _FACT), _paragraph(value, _TEXT)] for name, value in report.facts]
    yield Grid(rows, colWidths=[60, _INNER - 60], style=TableStyle(_plain()), hAlign="LEFT")


def _story(blocks: Sequence[Block]) -> Iterator[Flowable]:
    """A heading, and those right below it, stay with the beginning of what they are about."""
    drawn = [_picture(block) if isinstance(block, Picture) else None for block in blocks]
    for place, block in enumerate(blocks):
        if isinstance(block, Heading):
            if place == 0 or not isinstance(blocks[place - 1], Heading):
                yield CondPageBreak(_needed(blocks[place:], drawn[place:]))
            yield _paragraph(block.text, _HEADINGS[block.depth])
        elif isinstance(block, Words):
            yield _paragraph(block.text, _TEXT)
        elif isinstance(block, Table):
            yield from _table(block)
        else:
            yield KeepTogether(
                [_paragraph(block.caption, _CAPTION), *(each for each in drawn[place : place + 1] if each)]
            )


def _needed(blocks: Sequence[Block], drawn: Sequence[Image | None]) -> float:
    """Room for headings and for what comes after them: a whole picture, or the first lines of a text or a table."""
    headings = list(takewhile(lambda block: isinstance(block, Heading), blocks))
    after = drawn[len(headings)] if len(headings) < len(blocks) else None
    picture = 10 * mm + float(after.drawHeight) if after is not None else 22 * mm
    return min(len(headings) * 11 * mm + picture, _HEIGHT - 2 * _MARGIN - _FOOTER)


def _table(table: Table) -> Iterator[Flowable]:
    """The first row stands again on every page. Rows that are taller than a page are split."""
    heads = [
        _paragraph(name, _HEAD if place < table.words else _HEAD_NUMBER) for place, name in enumerate(table.columns)
    ]
    rows = [
        [_paragraph(cell, _CELL if place < table.words else _NUMBER) for place, cell in enumerate(row)]
        for row in table.rows
    ]
    whole = sum(table.widths)
    grid = Grid(
        [heads, *rows],
        colWidths=[_INNER * width / whole for width in table.widths],
        repeatRows=1,
        splitInRow=1,
        style=TableStyle(
            [
                *_plain(),
                ("LINEBELOW", (0, 0), (-1, 0), 0.9, HexColor(GREY)),
                ("LINEBELOW", (0, 1), (-1, -1), 0.4, HexColor(RULE)),
                ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ]
        ),
    )
    yield CondPageBreak(40 * mm)  # a caption alone at the foot of a page helps nobody
    yield _paragraph(table.caption, _CAPTION)
    yield grid
    yield from (_paragraph(note, _NOTE) for note in table.notes)
    yield Spacer(1, 6)


def _plain() -> list[tuple[Any, ...]]:
    return [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
    ]


def _picture(picture: Picture) -> Image:
    content = as_png(picture.draw(), _DOTS)
    pixels = ImageReader(io.BytesIO(content)).getSize()
    wide, tall = (side * 72 / _DOTS for side in pixels)
    scale = min(1.0, _INNER / wide, _TALLEST / tall)
    return Image(io.BytesIO(content), wide * scale, tall * scale, hAlign="LEFT")


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    """What somebody typed is text, whatever it looks like; line breaks stay."""
    lines = [escape(printable(line)) for line in text.splitlines()] or [""]
    return Paragraph("<br/>".join(lines), style)
