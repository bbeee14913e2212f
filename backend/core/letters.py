"""Letters on pages: one font in two weights, and text that always fits. What all of the application's PDFs share."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from matplotlib import get_data_path
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

INK, GREY, RULE = "#1b1f24", "#5b6570", "#c9d0d6"
REGULAR, BOLD = "VitrineSans", "VitrineSans-Bold"
_MISSING = "\N{WHITE SQUARE}"
_ELLIPSIS = "…"


@cache
def letters() -> frozenset[int]:
    """Registers the fonts, once a process; returns the letters they have. DejaVu Sans: Latin, Greek, Cyrillic."""
    folder = Path(get_data_path()) / "fonts" / "ttf"
    known: list[frozenset[int]] = []
    for name, file in ((REGULAR, "DejaVuSans.ttf"), (BOLD, "DejaVuSans-Bold.ttf")):
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
    return letter if ord(letter) in letters() else _MISSING


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Of printable text, in points."""
    letters()
    return float(pdfmetrics.stringWidth(text, BOLD if bold else REGULAR, size))


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


def sign(canvas: Any, title: str, subject: str, moment: datetime) -> None:
    """What the properties of a PDF say; the same calls give the same bytes.

    Args:
        canvas: reportlab's.
        title: of the document.
        subject: what it is about.
        moment: when it was made.
    """
    letters()
    stamp = f"D:{moment.astimezone(UTC):%Y%m%d%H%M%S}+00'00'"
    canvas.setDateFormatter(lambda *_: stamp)
    canvas.setTitle(title)
    canvas.setSubject(subject)
    canvas.setAuthor("Vitrine")
    canvas.setCreator("Vitrine")
