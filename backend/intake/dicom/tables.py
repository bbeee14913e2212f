"""Lookup tables of a header: of the modality, of the values of interest, and palettes (PS3.3 C.11.1, C.11.2, C.7.9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from backend.intake.dicom.elements import items, numbers, raw, text
from backend.intake.display import VoiTable
from backend.intake.errors import Damaged

Words = npt.NDArray[np.uint16]
_MAX_ENTRIES: Final = 65_536
_COLOURS: Final = ("Red", "Green", "Blue")


class Table(NamedTuple):
    """``entries[value - first]``; outside, the nearest end holds."""

    first: int
    bits: int
    entries: Words

    def applied(self, values: npt.NDArray[np.generic]) -> Words:
        """Of the same shape as the values."""
        return np.take(self.entries, _places(values, self.first, len(self.entries)))


class Palette(NamedTuple):
    """Red, green and blue, 8 bits each: (entries, 3)."""

    first: int
    colours: npt.NDArray[np.uint8]

    def applied(self, values: npt.NDArray[np.generic]) -> npt.NDArray[np.uint8]:
        """(H, W) to (H, W, 3)."""
        return np.take(self.colours, _places(values, self.first, len(self.colours)), axis=0)


def modality_table(dataset: Dataset, *, signed: bool, big_endian: bool) -> Table | None:
    """From stored to modality values, where the header has a table instead of a rescale."""
    found = items(dataset, "ModalityLUTSequence")
    return _table(found[0], signed=signed, big_endian=big_endian) if found else None


def voi_table(dataset: Dataset, *, signed: bool, big_endian: bool) -> VoiTable | None:
    """From modality values to brightness."""
    found = items(dataset, "VOILUTSequence")
    table = _table(found[0], signed=signed, big_endian=big_endian) if found else None
    if table is None:
        return None
    name = text(found[0], "LUTExplanation")[:64] or "Table of the file"
    return VoiTable(name=name, first=table.first, bits=table.bits, entries=table.entries.tolist())


def palette(dataset: Dataset, *, signed: bool, big_endian: bool) -> Palette:
    """Of a PALETTE COLOR image.

    Raises:
        Damaged: without all three colours there is no picture.
    """
    channels = []
    for colour in _COLOURS:
        described = numbers(dataset, f"{colour}PaletteColorLookupTableDescriptor")
        plain = raw(dataset, f"{colour}PaletteColorLookupTableData")
        segmented = raw(dataset, f"Segmented{colour}PaletteColorLookupTableData")
        if len(described) != 3 or (plain is None and segmented is None):
            raise Damaged("The image has a colour palette that is missing or incomplete; export it as RGB.")
        count, first, bits = _descriptor(described, signed=signed)
        if plain is not None:
            entries = _entries(plain, count, big_endian=big_endian)
        else:
            entries = _expanded(_segments(segmented, bits, big_endian=big_endian), count, bits)
        channels.append((first, bits, entries))
    length = min(len(entries) for _, _, entries in channels)
    # Some write 8-bit colours and say 16: then nothing would be brighter than 1 of 255.
    deep = channels[0][1] > 8 and max(int(entries.max()) for _, _, entries in channels) > 255
    colours = np.stack([entries[:length] >> (8 if deep else 0) for _, _, entries in channels], axis=-1)
    return Palette(channels[0][0], np.minimum(colours, 255).astype(np.uint8))


def _places(values: npt.NDArray[np.generic], first: int, count: int) -> npt.NDArray[Any]:
    """Of values in a table; whole pictures, so that the type is as small as it can be."""
    index: npt.NDArray[Any] = values.astype(np.int64 if values.dtype.itemsize > 2 else np.int32)
    index -= first
    np.clip(index, 0, count - 1, out=index)
    return index


def _table(item: Dataset, *, signed: bool, big_endian: bool) -> Table | None:
    described, data = numbers(item, "LUTDescriptor"), raw(item, "LUTData")
    if len(described) != 3 or data is None:
        return None
    count, first, bits = _descriptor(described, signed=signed)
    return Table(first, bits, _entries(data, count, big_endian=big_endian))


def _descriptor(described: Sequence[float], *, signed: bool) -> tuple[int, int, int]:
    """Number of entries, the value of the first one, bits of an entry."""
    count, first, bits = (int(one) for one in described)
    if signed and first > 32_767:  # written as an unsigned number
        first -= 65_536
    if not 1 <= bits <= 16 or not 0 <= count <= _MAX_ENTRIES:
        raise Damaged("The image has a lookup table that cannot be read; export it again.")
    return count or _MAX_ENTRIES, first, bits


def _entries(data: object, count: int, *, big_endian: bool) -> Words:
    """Bytes (8 or 16 bits an entry) or numbers, as the file has them."""
    if isinstance(data, bytes | bytearray):
        packed = len(data) <= count + 1
        words = np.frombuffer(data, np.uint8) if packed else _as_words(data, big_endian=big_endian)
        entries = words.astype(np.uint16)[:count]
    else:
        listed: list[Any] = list(data) if isinstance(data, Sequence) else [data]
        entries = np.array([int(one) & 0xFFFF for one in listed[:count]], np.uint16)
        if count > 1 and len(listed) * 2 <= count + 1:  # two entries of 8 bits in each number
            entries = entries.astype("<u2").view(np.uint8).astype(np.uint16)[:count]
    if not len(entries):
        raise Damaged("The image has an empty lookup table; export it again.")
    return entries


def _as_words(data: bytes | bytearray, *, big_endian: bool) -> Words:
    return np.frombuffer(data[: len(data) // 2 * 2], ">u2" if big_endian else "<u2").astype(np.uint16)


def _segments(data: object, bits: int, *, big_endian: bool) -> list[int]:
    if not isinstance(data, bytes | bytearray):
        return [int(one) for one in data] if isinstance(data, Sequence) else []
    words = np.frombuffer(data, np.uint8) if bits <= 8 else _as_words(data, big_endian=big_endian)
    return [int(one) for one in words]


def _expanded(data: Sequence[int], count: int, bits: int) -> Words:
    """A segmented table (PS3.3 C.7.9.2): discrete, linear and indirect segments.

    An indirect segment repeats others, but never indirect ones, so that a small table cannot grow without end.
    """
    made: list[int] = []
    place = 0
    try:
        while place + 1 < len(data) and len(made) < count:
            if data[place] == 2:
                width = 4 if bits <= 8 else 2
                parts = data[place + 2 : place + 2 + width]
                # In bytes, least significant part first.
                offset = sum(part << 32 // width * n for n, part in enumerate(parts)) // (1 if bits <= 8 else 2)
                for _ in range(data[place + 1]):
                    offset = _segment(data, offset, made)
                    if len(made) >= count:
                        break
                place += 2 + width
            else:
                place = _segment(data, place, made)
    except IndexError as error:
        raise Damaged("The image has a colour palette that is cut off; export it as RGB.") from error
    if not made:
        raise Damaged("The image has an empty colour palette; export it as RGB.")
    return np.array(made[:count], np.uint16)


def _segment(data: Sequence[int], place: int, made: list[int]) -> int:
    """Appends one discrete or linear segment; returns where the next begins."""
    kind, length = data[place], data[place + 1]
    if kind == 0 and length:
        made.extend(data[place + 2 : place + 2 + length])
        return place + 2 + length
    if kind == 1 and length and made:
        end = data[place + 2]
        made.extend(int(one) for one in np.rint(np.linspace(made[-1], end, length + 1)[1:]))
        return place + 3
    raise Damaged("The image has a colour palette that cannot be read; export it as RGB.")
