"""What a file is, by its content."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.intake.errors import Damaged, Unsupported
from backend.intake.kinds import HEAD_BYTES, kind_of
from backend.intake.result import SourceFormat
from tests.support.images import encoded, gradient

KINDS = {
    "PNG": SourceFormat.PNG,
    "JPEG": SourceFormat.JPEG,
    "TIFF": SourceFormat.TIFF,
    "WEBP": SourceFormat.WEBP,
    "BMP": SourceFormat.BMP,
    "JPEG2000": SourceFormat.JPEG2000,
}


@pytest.mark.parametrize(("name", "expected"), KINDS.items())
def test_accepted(name: str, expected: SourceFormat) -> None:
    assert kind_of(encoded(gradient(), name)[:HEAD_BYTES]) is expected


def test_variants_of_tiff_and_jpeg_2000() -> None:
    assert kind_of(encoded(gradient(), "TIFF", big_tiff=True)) is SourceFormat.TIFF
    assert kind_of(encoded(gradient(), "JPEG2000", no_jp2=True)) is SourceFormat.JPEG2000


@pytest.mark.parametrize("preamble", [b"\0" * 128, b"II*\0".ljust(128, b"\0"), b"\x89PNG\r\n\x1a\n".ljust(128, b"x")])
def test_dicom_wins_whatever_its_preamble(preamble: bytes) -> None:
    assert kind_of(preamble + b"DICM" + b"\x02\0\0\0UL\x04\0") is SourceFormat.DICOM


@pytest.mark.parametrize(
    "start",
    [
        b"\x08\x00\x05\x00CS\x0a\x00ISO_IR 100",  # explicit VR
        b"\x08\x00\x00\x00\x04\x00\x00\x00\x10\x00\x00\x00",  # implicit VR
        b"\x02\x00\x00\x00UL\x04\x00",
        b"\x00\x08\x00\x05\x00\x00\x00\x0aISO_IR 100",  # big endian
    ],
)
def test_dicom_without_a_preamble(start: bytes) -> None:
    assert kind_of(start + b"\0" * 100) is SourceFormat.DICOM


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("../../etc/passwd", "x")
    return stream.getvalue()


def hdf5() -> bytes:
    return b"\x89HDF\r\n\x1a\n" + b"\0" * 500


def numpy_file() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.zeros(3))
    return stream.getvalue()


FOREIGN = {
    "NIfTI": (struct.pack("<i", 348) + b"\0" * 340 + b"n+1\0", "3D Slicer"),
    "NIfTI-2": (struct.pack("<i", 540) + b"n+2\0\r\n\x1a\n" + b"\0" * 500, "3D Slicer"),
    "NIfTI packed": (gzip.compress(b"x" * 400), "3D Slicer"),
    "NRRD": (b"NRRD0004\ntype: short\n", "3D Slicer"),
    "MetaImage": (b"ObjectType = Image\nNDims = 3\n", "3D Slicer"),
    "zip": (zipped(), "Unpack"),
    "7z": (b"7z\xbc\xaf\x27\x1c", "Unpack"),
    "PDF": (b"%PDF-1.7\n", "PDF"),
    "PDF after a line": (b"junk\n%PDF-1.7\n", "PDF"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "PNG"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG"),
    "SVG with a declaration": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x --><SVG >', "SVG"),
    "HTML": (b"<!DOCTYPE html><html><body>hello</body></html>", "web page"),
    "GIF": (b"GIF89a" + b"\0" * 20, "GIF"),
    "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
    "AVIF": (b"\0\0\0\x18ftypavif\0\0\0\0", "AVIF"),
    "MP4": (b"\0\0\0\x18ftypisom\0\0\0\0", "video"),
    "AVI": (b"RIFF\x10\0\0\0AVI LIST", "video"),
    "MKV": (b"\x1aE\xdf\xa3\x01\0\0\0", "video"),
    "Photoshop": (b"8BPS\0\x01", "Photoshop"),
    "HDF5": (hdf5(), "16-bit"),
    "NumPy": (numpy_file(), "16-bit"),
    "sound": (b"RIFF\x10\0\0\0WAVEfmt ", "accepted"),
    "text": (b"hello world", "accepted"),
    "nothing but zeros": (b"\0" * 1000, "accepted"),
    "one byte": (b"x", "accepted"),
}


@pytest.mark.parametrize(("content", "words"), FOREIGN.values(), ids=FOREIGN)
def test_what_is_not_supported_says_what_to_use(content: bytes, words: str) -> None:
    with pytest.raises(Unsupported, match=words) as caught:
        kind_of(content[:HEAD_BYTES])
    assert str(caught.value).endswith(".")


def test_empty() -> None:
    with pytest.raises(Damaged, match="empty"):
        kind_of(b"")


@given(st.binary(max_size=600))
def test_any_bytes_are_a_kind_or_a_reason(head: bytes) -> None:
    with suppress(Damaged, Unsupported):
        assert kind_of(head) in SourceFormat
