"""Files that are almost right."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence

_BYTES = (0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF)
_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_HEAD = 1024  # most of what decides a decoder's way stands in the beginning
_MAGIC = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"\xff\xd8\xff\xe0",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"RIFF\xff\xff\0\0WEBPVP8 ",
    b"BM",
    b"\0\0\0\x0cjP  \r\n\x87\n",
    b"\xff\x4f\xff\x51",
    b"GIF89a",
    b"\0" * 128 + b"DICM\x02\0\0\0UL\x04\0",
    b"PK\x03\x04",
    b"<svg ",
)

Mutation = Callable[[bytearray, random.Random], bytearray]


def mutate(files: Sequence[bytes], draw: random.Random) -> bytes:
    """One file of the corpus after one to eight changes; now and then bytes that only begin like a file.

    Args:
        files: at least one.
        draw: the same state gives the same bytes.
    """
    if draw.random() < 0.03:
        return draw.choice(_MAGIC) + draw.randbytes(draw.randrange(4096))
    content = bytearray(draw.choice(files))
    for _ in range(draw.randint(1, 8)):
        if not content:
            break
        content = draw.choice(_MUTATIONS)(content, draw)
    if draw.random() < 0.05:
        content += _cut(bytearray(draw.choice(files)), draw)
    return bytes(content)


def _place(content: bytearray, draw: random.Random) -> int:
    return draw.randrange(min(len(content), _HEAD) if draw.random() < 0.6 else len(content))


def _flip(content: bytearray, draw: random.Random) -> bytearray:
    content[_place(content, draw)] ^= 1 << draw.randrange(8)
    return content


def _overwrite(content: bytearray, draw: random.Random) -> bytearray:
    content[_place(content, draw)] = draw.choice(_BYTES)
    return content


def _number(content: bytearray, draw: random.Random) -> bytearray:
    """Lengths, sizes and counts are 16 or 32 bits wide, in either order."""
    form = draw.choice(("<H", ">H", "<I", ">I"))
    packed = struct.pack(form, draw.choice(_NUMBERS) & (0xFFFF if form[1] == "H" else 0xFFFFFFFF))
    at = _place(content, draw)
    content[at : at + len(packed)] = packed
    return content


def _remove(content: bytearray, draw: random.Random) -> bytearray:
    at = _place(content, draw)
    del content[at : at + draw.choice((1, 2, 4, 16, 256))]
    return content


def _insert(content: bytearray, draw: random.Random) -> bytearray:
    at = _place(content, draw)
    content[at:at] = draw.randbytes(draw.choice((1, 2, 4, 16, 256)))
    return content


def _repeat(content: bytearray, draw: random.Random) -> bytearray:
    at = _place(content, draw)
    piece = content[at : at + draw.choice((4, 16, 64, 1024))]
    content[at:at] = piece * draw.randint(1, 20)
    return content


def _cut(content: bytearray, draw: random.Random) -> bytearray:
    return content[: draw.randrange(len(content) + 1)]


_MUTATIONS: tuple[Mutation, ...] = (_flip, _flip, _overwrite, _number, _number, _remove, _insert, _repeat, _cut)
