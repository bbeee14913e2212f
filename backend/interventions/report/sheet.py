"""A page to draw on: origin at the top left, points, one font in two weights, text that always fits."""

from __future__ import annotations

import io
from datetime import datetime

from PIL import Image
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from backend.core.letters import BOLD, INK, REGULAR, RULE, printable, shortened, sign, text_width, wrapped

WIDTH, HEIGHT = A4


class Sheet:
    """One page. The same calls give the same bytes.

    Args:
        title: of the document.
        subject: what its properties say it is about.
        moment: what the file says it was made at.
    """

    def __init__(self, title: str, subject: str, moment: datetime) -> None:
        self._stream = io.BytesIO()
        self._canvas = Canvas(self._stream, pagesize=A4, pageCompression=1, invariant=1, lang="en")
        sign(self._canvas, title, subject, moment)

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
        self._canvas.setFont(BOLD if bold else REGULAR, size)
        self._canvas.setFillColor(HexColor(colour))
        self._canvas.drawString(x, HEIGHT - y - size * 0.93, text)
