"""The size that a compressed frame says it has: it must be the header's, or a decoder could be asked for any memory."""

from __future__ import annotations

import struct
from typing import Final

from pydicom import uid

from backend.intake.dicom.layout import Layout
from backend.intake.errors import Damaged

_J2K: Final = b"\xff\x4f\xff\x51"  # start of codestream, then the size
# Start of frame: all but the tables for Huffman and arithmetic coding; and that of JPEG-LS.
_JPEG_FRAMES: Final = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC} | {0xF7}
_ALONE: Final = {0x01, *range(0xD0, 0xD9)}  # markers without content


def check_codestream(encoded: bytes, layout: Layout, syntax: uid.UID) -> None:
    """Compares with the header, reading a few bytes.

    Raises:
        Damaged: it has another size or another number of colours, or none is found.
    """
    if syntax == uid.RLELossless:  # has no size of its own
        return
    found = _j2k_size(encoded) if encoded.find(_J2K, 0, 4096) >= 0 else _jpeg_size(encoded)
    if found != (layout.columns, layout.rows, layout.samples):
        width, height, samples = found
        raise Damaged(
            f"The header promises {layout.columns} x {layout.rows} pixels of {layout.samples} values, but a compressed "
            f"frame has {width} x {height} of {samples}; export the image again."
        )


def _j2k_size(encoded: bytes) -> tuple[int, int, int]:
    start = encoded.find(_J2K) + 8  # after both markers, the length and the capabilities
    right, bottom, left, top, *_, samples = struct.unpack_from(">8IH", encoded, start)
    return right - left, bottom - top, samples


def _jpeg_size(encoded: bytes) -> tuple[int, int, int]:
    place = encoded.index(b"\xff\xd8") + 2
    while True:
        if encoded[place] != 0xFF:
            raise ValueError(f"no marker at byte {place}")
        kind = encoded[place + 1]
        if kind == 0xFF:  # filling
            place += 1
        elif kind in _ALONE:
            place += 2
        elif kind in _JPEG_FRAMES:
            height, width, samples = struct.unpack_from(">HHB", encoded, place + 5)
            return width, height, samples
        else:
            place += 2 + int(struct.unpack_from(">H", encoded, place + 2)[0])
