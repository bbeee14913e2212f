"""Tables of the modality, of the values of interest and of colours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom import uid
from pydicom.pixels.processing import apply_color_lut

from backend.intake.dicom.reading import read_dicom
from backend.intake.dicom.tables import palette
from backend.intake.display import VoiTable
from backend.intake.errors import Damaged
from backend.intake.render import render
from tests.support.dicom_files import LIMITS, dataset, lut, save

VALUES = np.array([[0, 1, 2], [3, 4, 250]], np.uint8)


def opened(made: pydicom.Dataset, tmp_path: Path, syntax: str = uid.ExplicitVRLittleEndian) -> Any:
    return read_dicom(save(made, tmp_path / "made.dcm", syntax), LIMITS)


@pytest.mark.parametrize("syntax", [uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian])
def test_a_modality_table_is_applied_to_what_is_kept(syntax: str, tmp_path: Path) -> None:
    table = lut([100, 2000, 30000, 65000], 1, 16, ModalityLUTType="HU")
    image = opened(dataset(VALUES, ModalityLUTSequence=[table]), tmp_path, syntax)
    assert image.frame(0).tolist() == [[100, 100, 2000], [30000, 65000, 65000]]
    display = image.finish()
    assert (display.slope, display.intercept, display.unit, display.bytes_per_value) == (1, 0, "HU", 2)
    assert (display.lowest, display.highest) == (100, 65000)


def test_a_modality_table_of_signed_values(tmp_path: Path) -> None:
    values = np.array([[-3, -2, 0]], np.int16)
    image = opened(dataset(values, ModalityLUTSequence=[lut([5, 6, 7], -2, 8)]), tmp_path)
    assert image.frame(0).tolist() == [[5, 5, 7]]
    assert image.finish().signed is False


@pytest.mark.parametrize("syntax", [uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian])
def test_a_voi_table_is_used_where_there_is_no_window(syntax: str, tmp_path: Path) -> None:
    table = lut([0, 1000, 4095], 1, 12, LUTExplanation="Log")
    image = opened(dataset(VALUES, VOILUTSequence=[table]), tmp_path, syntax)
    assert image.finish().table == VoiTable(name="Log", first=1, bits=12, entries=[0, 1000, 4095])
    assert image.rendering.window is None
    seen = render(image.frame(0), image.finish(), image.rendering)
    assert seen.tolist() == [[0, 0, 62], [255, 255, 255]]


def test_a_window_goes_before_a_voi_table(tmp_path: Path) -> None:
    made = dataset(VALUES, VOILUTSequence=[lut([0, 9], 0, 8)], WindowCenter=3, WindowWidth=4)
    assert opened(made, tmp_path).finish().table is None


def palette_of(red: list[int], green: list[int], blue: list[int], first: int = 0, bits: int = 8) -> pydicom.Dataset:
    made = dataset(VALUES, PhotometricInterpretation="PALETTE COLOR")
    for colour, entries in (("Red", red), ("Green", green), ("Blue", blue)):
        made.add_new(f"{colour}PaletteColorLookupTableDescriptor", "US", [len(entries), first, bits])
        data = np.array(entries, np.uint8 if bits == 8 else "<u2").tobytes()
        made.add_new(f"{colour}PaletteColorLookupTableData", "OW", data + b"\0" * (len(data) % 2))
    return made


def test_a_palette_of_eight_bits(tmp_path: Path) -> None:
    image = opened(palette_of([0, 10, 20], [1, 11, 21], [2, 12, 22], first=1), tmp_path)
    assert image.frame(0)[0].tolist() == [[0, 1, 2], [0, 1, 2], [10, 11, 12]]
    assert image.frame(0)[1, 2].tolist() == [20, 21, 22]
    assert image.finish().values == "colour"


def test_a_palette_of_sixteen_bits(tmp_path: Path) -> None:
    image = opened(palette_of([0, 65535], [256, 32768], [0, 0], bits=16), tmp_path)
    assert image.frame(0)[0, :2].tolist() == [[0, 1, 0], [255, 128, 0]]


def test_a_palette_that_says_sixteen_bits_but_has_eight(tmp_path: Path) -> None:
    image = opened(palette_of([0, 255], [1, 128], [0, 7], bits=16), tmp_path)
    assert image.frame(0)[0, :2].tolist() == [[0, 1, 0], [255, 128, 7]]


def segmented(entries: bytes, bits: int, count: int) -> pydicom.Dataset:
    made = dataset(VALUES, PhotometricInterpretation="PALETTE COLOR")
    for colour in ("Red", "Green", "Blue"):
        made.add_new(f"{colour}PaletteColorLookupTableDescriptor", "US", [count, 0, bits])
        made.add_new(f"Segmented{colour}PaletteColorLookupTableData", "OW", entries)
    return made


@pytest.mark.parametrize("bits", [8, 16])
def test_a_palette_in_segments_is_as_pydicom_expands_it(bits: int) -> None:
    most = 255 if bits == 8 else 65535
    words = [0, 2, 5, most, 1, 4, 0, 0, 3, 7, 8, 9, 1, 3, most]  # discrete, linear, discrete, linear
    data = np.array([*words, 0] if bits == 8 else words, np.uint8 if bits == 8 else "<u2").tobytes()
    made = segmented(data, bits, 12)
    ours = palette(made, signed=False, big_endian=False)
    made.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    theirs = apply_color_lut(np.arange(12, dtype=np.uint8), made) >> (bits - 8)
    assert np.array_equal(ours.colours, theirs)


def test_a_segment_that_repeats_others() -> None:
    """PS3.3 C.7.9.2.3: two segments, from byte 0 on, once more."""
    words = [0, 1, 3, 1, 2, 9, 2, 2, 0, 0, 0, 0]
    found = palette(segmented(bytes(words), 8, 6), signed=False, big_endian=False)
    assert found.colours[:, 0].tolist() == [3, 6, 9, 3, 6, 9]


@pytest.mark.parametrize(
    "words",
    [
        [1, 5, 9, 0],  # begins with a line from nowhere
        [0, 200, 1, 2, 1, 3],  # ends in the middle: then a line without an end
        [0, 1, 7, 2, 255, 4, 0, 0, 0, 0],  # repeats a repetition
        [0, 0] * 40,  # nothing, many times
        [9, 9, 9, 9],
    ],
)
def test_segments_that_make_no_sense(words: list[int]) -> None:
    made = segmented(bytes(words), 8, 250)
    if words[:2] == [0, 200]:
        assert len(palette(made, signed=False, big_endian=False).colours) == 4
        return
    with pytest.raises(Damaged):
        palette(made, signed=False, big_endian=False)


def test_a_palette_without_a_colour(tmp_path: Path) -> None:
    made = palette_of([0, 1], [0, 1], [0, 1])
    del made.BluePaletteColorLookupTableData
    with pytest.raises(Damaged, match="palette"):
        opened(made, tmp_path)


@pytest.mark.parametrize("descriptor", [[2, 0, 0], [2, 0, 17]])
def test_a_table_with_impossible_bits(descriptor: list[int], tmp_path: Path) -> None:
    table = lut([1, 2], 0, 8)
    table["LUTDescriptor"].value = descriptor
    with pytest.raises(Damaged, match="lookup table"):
        opened(dataset(VALUES, ModalityLUTSequence=[table]), tmp_path)
