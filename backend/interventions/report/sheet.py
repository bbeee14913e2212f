"""A page to draw on: origin at the top left, points, one font in two weights, text that always fits."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from matplotlib import get_data_path
from PIL import Image
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
INK, GREY, RULE = "#1b1f24", "#5b6570", "#c9d0d6"
_REGULAR, _BOLD = "VitrineSans", "VitrineSans-Bold"
_MISSING = "\N{WHITE SQUARE}"
_ELLIPSIS = "…"


@cache
def _letters() -> frozenset[int]:
    """Registers the fonts, once a process; returns the letters they have. DejaVu Sans: Latin, Greek, Cyrillic."""
    folder = Path(get_data_path()) / "fonts" / "ttf"
    known: list[frozenset[int]] = []
    for name, file in ((_REGULAR, "DejaVuSans.ttf"), (_BOLD, "DejaVuSans-Bold.ttf")):
        font = TTFont(name, str(folder / file))
        pdfmetrics.registerFont(font)
        known.append(frozenset(font.face.charToGlyph))
    return known[0] & known[1]


def printable(text: str) -> str:
    """One line; letters that the font lacks become boxes, and what cannot be seen is left out."""
    return " ".join("".join(map(_shown, text)).split())


def _shown(letter: str) -> str:
    if letter.isspace():
        return " "
    if not letter.isprintable():
        return ""
    return letter if ord(letter) in _letters() else _MISSING


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Of printable text, in points."""
    _letters()
    return float(pdfmetrics.stringWidth(text, _BOLD if bold else _REGULAR, size))


def shortened(text: str, width: float, size: float, bold: bool = False) -> str:
    """Printable, with an ellipsis if it is wider than ``width``."""
    text = printable(text)
    if text_width(text, size, bold) <= width:
        return text
    return _longest(text, width - text_width(_ELLIPSIS, size, bold), size, bold).rstrip() + _ELLIPSIS


def wrapped(text: str, width: float, size: float, most: int) -> list[str]:
    """Printable lines, broken between words, or within one that is too long; the last of ``most`` may be shortened."""
    words, lines = printable(text).split(" "), [""]
    while words and words[0]:
        longer = f"{lines[-1]} {words[0]}".strip()
        if text_width(longer, size) <= width:
            lines[-1] = longer
            words.pop(0)
        elif len(lines) == most:
            lines[-1] = shortened(" ".join([lines[-1], *words]), width, size)
            break
        elif lines[-1]:
            lines.append("")
        else:
            lines[-1] = _longest(words[0], width, size, bold=False)
            words[0] = words[0][len(lines[-1]) :]
            lines.append("")
    return [line for line in lines if line]


def _longest(text: str, width: float, size: float, bold: bool) -> str:
    """The longest beginning that fits, at least one letter."""
    low, high = 1, max(1, len(text))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if text_width(text[:middle], size, bold) <= width else (low, middle - 1)
    return text[:low]


class Sheet:
    """One page. The same calls give the same bytes.

    Args:
        title: of the document.
        subject: what its properties say it is about.
        moment: what the file says it was made at.
    """

    def __init__(self, title: str, subject: str, moment: datetime) -> None:
        _letters()
        self._stream = io.BytesIO()
        self._canvas = Canvas(self._stream, pagesize=A4, pageCompression=1, invariant=1, lang="en")
        stamp = f"D:{moment.astimezone(UTC):%Y%m%d%H%M%S}+00'00'"
        self._canvas.setDateFormatter(lambda *_: stamp)
        self._canvas.setTitle(title)
        self._canvas.setSubject(subject)
        self._canvas.setAuthor("Vitrine")
        self._canvas.setCreator("Vitrine")

    def text(
        self, x: float, y: float, text: str, width: float, size: float = 8, bold: bool = False, colour: str = INK
    ) -> None:
        """One line whose top is at ``y``, shortened to ``width``."""
        self._write(x, y, shortened(text, width, size, bold), size, bold, colour)

    def text_right(self, x: float, y: float, text: str, size: float = 8, bold: bool = False, colour: str = INK) -> None:
        """One line that ends at ``x``."""
        text = printable(text)
        self._write(x - text_width(text, size, bold), y, text, size, bold, colour)

    def paragraph(
        self, x: float, y: float, text: str, width: float, most: int, size: float = 8, colour: str = INK
    ) -> float:
        """At most ``most`` lines; returns where the next one would begin."""
        for line in wrapped(text, width, size, most):
            self._write(x, y, line, size, bold=False, colour=colour)
            y += size * 1.35
        return y

    def box(self, x: float, y: float, width: float, height: float, fill: str | None, stroke: str | None = None) -> None:
        """A rectangle; ``y`` is its top."""
        if fill:
            self._canvas.setFillColor(HexColor(fill))
        if stroke:
            self._canvas.setStrokeColor(HexColor(stroke))
            self._canvas.setLineWidth(0.6)
        self._canvas.rect(x, HEIGHT - y - height, width, height, stroke=int(stroke is not None), fill=int(bool(fill)))

    def line(self, x0: float, y0: float, x1: float, y1: float, colour: str = RULE) -> None:
        """A thin one."""
        self._canvas.setStrokeColor(HexColor(colour))
        self._canvas.setLineWidth(0.6)
        self._canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    def picture(self, picture: Image.Image, x: float, y: float, width: float, height: float) -> tuple[float, float]:
        """As large as fits into the box, at its top left; returns width and height as drawn."""
        scale = min(width / picture.width, height / picture.height)
        drawn = max(1.0, picture.width * scale), max(1.0, picture.height * scale)
        stream = io.BytesIO()
        picture.save(stream, "JPEG", quality=90, subsampling=0)
        stream.seek(0)
        self._canvas.drawImage(ImageReader(stream), x, HEIGHT - y - drawn[1], *drawn)
        return drawn

    def finish(self) -> bytes:
        """The file."""
        self._canvas.showPage()
        self._canvas.save()
        return self._stream.getvalue()

    def _write(self, x: float, y: float, text: str, size: float, bold: bool, colour: str) -> None:
        self._canvas.setFont(_BOLD if bold else _REGULAR, size)
        self._canvas.setFillColor(HexColor(colour))
        self._canvas.drawString(x, HEIGHT - y - size * 0.93, text)
