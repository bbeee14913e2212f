"""Reading PDF files, with another program than the one that makes them."""

from __future__ import annotations

import pypdfium2 as pdfium


def text_of(content: bytes) -> str:
    """Of the one page there must be, in one line."""
    document = pdfium.PdfDocument(content)
    assert len(document) == 1
    return " ".join(document[0].get_textpage().get_text_range().split())
