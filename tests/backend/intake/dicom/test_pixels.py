"""Every way in which pixels can lie in a file gives the same values back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom import uid

from backend.intake.dicom import kept as kept_values
from backend.intake.dicom import pixels
from backend.intake.dicom.reading import DicomImage, read_dicom
from backend.intake.display import Values
from backend.intake.errors import Damaged, Unsupported
from backend.intake.render import render
from tests.support.dicom_files import LIMITS, compressed, dataset, deflated, save, save_encapsulated

RANDOM = np.random.default_rng(8)
NATIVE = [uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian]


def grey(dtype: str = "u2", shape: tuple[int, ...] = (7, 5), most: int | None = None) -> np.ndarray:
    information = np.iinfo(dtype)
    return RANDOM.integers(information.min, (most or information.max) + 1, shape).astype(dtype)


def opened(made: pydicom.Dataset, tmp_path: Path, syntax: str = uid.ExplicitVRLittleEndian) -> DicomImage:
    return read_dicom(save(made, tmp_path / "made.dcm", syntax), LIMITS)


@pytest.mark.parametrize("syntax", NATIVE)
@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2"])
def test_uncompressed(dtype: str, syntax: str, tmp_path: Path) -> None:
    values = grey(dtype)
    image = opened(dataset(values), tmp_path, syntax)
    assert (image.width, image.height, image.frames) == (5, 7, 1)
    assert np.array_equal(image.frame(0), values)
    shown = image.finish()
    assert (shown.values, shown.bytes_per_value, shown.signed) == (Values.GREY, values.itemsize, dtype[0] == "i")
    assert (shown.lowest, shown.highest) == (values.min(), values.max())
    assert image.frame(0).dtype.newbyteorder("=") == values.dtype
    assert render(image.frame(0), shown, image.rendering).shape == (7, 5)


def test_bits_that_are_not_stored_do_not_count(tmp_path: Path) -> None:
    values = grey("u2", most=4095)
    overlaid = values | np.uint16(0xF000)
    assert np.array_equal(opened(dataset(overlaid, BitsStored=12), tmp_path).frame(0), values)


def test_sign_is_extended_from_the_stored_bits(tmp_path: Path) -> None:
    values = RANDOM.integers(-2048, 2048, (7, 5)).astype("i2")
    image = opened(dataset((values & 0x0FFF).astype("i2"), BitsStored=12), tmp_path)
    assert np.array_equal(image.frame(0), values)
    assert image.finish().lowest < 0


def test_values_at_the_top_of_their_bits(tmp_path: Path) -> None:
    values = grey("u2", most=4095)
    image = opened(dataset((values << 4).astype("u2"), BitsStored=12, HighBit=15), tmp_path)
    assert np.array_equal(image.frame(0), values)


def test_one_bit_a_pixel(tmp_path: Path) -> None:
    values = RANDOM.integers(0, 2, (8, 6)).astype("u1")
    made = dataset(values, BitsAllocated=1, BitsStored=1, HighBit=0)
    made.PixelData = np.packbits(values.ravel(), bitorder="little").tobytes()
    image = opened(made, tmp_path)
    assert np.array_equal(image.frame(0), values)
    assert set(np.unique(render(image.frame(0), image.finish(), image.rendering))) == {0, 255}


@pytest.mark.parametrize("syntax", NATIVE)
@pytest.mark.parametrize("planar", [0, 1])
def test_red_green_blue(planar: int, syntax: str, tmp_path: Path) -> None:
    values = grey("u1", (6, 4, 3))
    made = dataset(values, PlanarConfiguration=planar)
    if planar:
        made.PixelData = values.transpose(2, 0, 1).tobytes()
    image = opened(made, tmp_path, syntax)
    assert np.array_equal(image.frame(0), values)
    shown = image.finish()
    assert (shown.values, shown.windows, shown.table, image.rendering.window) == (Values.COLOUR, [], None, None)
    assert np.array_equal(render(image.frame(0), shown, image.rendering), values)


def test_sixteen_bits_a_colour_become_eight(tmp_path: Path) -> None:
    values = grey("u2", (6, 4, 3))
    assert np.array_equal(opened(dataset(values), tmp_path).frame(0), values >> 8)


def test_luminance_and_chrominance_become_red_green_blue(tmp_path: Path) -> None:
    """PS3.3 C.7.6.3.1.2: grey has chrominance 128; full red is (76, 85, 255)."""
    values = np.array([[[0, 128, 128], [255, 128, 128]], [[76, 85, 255], [100, 128, 128]]], "u1")
    seen = opened(dataset(values, PhotometricInterpretation="YBR_FULL"), tmp_path).frame(0)
    expected = np.array([[[0, 0, 0], [255, 255, 255]], [[254, 0, 0], [100, 100, 100]]])
    assert np.abs(seen.astype(int) - expected).max() <= 1


def test_chrominance_for_every_second_pixel(tmp_path: Path) -> None:
    made = dataset(np.zeros((2, 4, 3), "u1"), PhotometricInterpretation="YBR_FULL_422")
    made.PixelData = bytes([10, 20, 128, 128, 30, 40, 128, 128, 76, 76, 85, 255, 50, 60, 128, 128])
    seen = opened(made, tmp_path).frame(0)
    assert seen[0, :, 0].tolist() == [10, 20, 30, 40]
    assert np.abs(seen[1, :2].astype(int) - [254, 0, 0]).max() <= 1


def test_chrominance_for_every_pixel_whatever_the_header_says(tmp_path: Path) -> None:
    values = np.full((2, 4, 3), 128, "u1")
    assert (opened(dataset(values, PhotometricInterpretation="YBR_FULL_422"), tmp_path).frame(0) == 128).all()


def test_frames_in_any_order(tmp_path: Path) -> None:
    values = grey("u2", (4, 5, 6))
    image = opened(dataset(values, frames=4), tmp_path)
    assert [image.frames, image.width, image.height] == [4, 6, 5]
    for index in (2, 0, 1, 3, 3):
        assert np.array_equal(image.frame(index), values[index])
    with pytest.raises(IndexError, match="from 0 to 3"):
        image.frame(4)


@pytest.mark.parametrize("dtype", ["u1", "u2", "i2"])
def test_run_lengths_in_any_order(dtype: str, tmp_path: Path) -> None:
    values = grey(dtype, (3, 5, 6))
    made = dataset(values, frames=3)
    made.compress(uid.RLELossless)
    path = tmp_path / "rle.dcm"
    made.save_as(path, enforce_file_format=True)
    image = read_dicom(path, LIMITS)
    for index in (0, 1, 2, 1, 0):
        assert np.array_equal(image.frame(index), values[index])


@pytest.mark.parametrize("syntax", [uid.JPEGLSLossless, uid.JPEG2000Lossless])
@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_lossless_codestreams(dtype: str, syntax: str, tmp_path: Path) -> None:
    values = grey(dtype, (3, 40, 48))
    made = dataset(values, frames=3)
    path = save_encapsulated(made, [compressed(frame, syntax) for frame in values], syntax, tmp_path / "made.dcm")
    image = read_dicom(path, LIMITS)
    assert all(np.array_equal(image.frame(index), values[index]) for index in (0, 1, 2, 1))


def test_jpeg_2000_in_colour(tmp_path: Path) -> None:
    values = grey("u1", (40, 48, 3))
    path = save_encapsulated(dataset(values), [compressed(values, uid.JPEG2000Lossless)], uid.JPEG2000Lossless,
                             tmp_path / "made.dcm")  # fmt: skip
    assert np.array_equal(read_dicom(path, LIMITS).frame(0), values)


def test_jpeg_in_colour(tmp_path: Path) -> None:
    values = np.zeros((16, 16, 3), "u1")
    values[:8], values[8:] = (200, 30, 60), (20, 160, 220)
    made = dataset(values, PhotometricInterpretation="YBR_FULL_422")
    path = save_encapsulated(made, [compressed(values, uid.JPEGBaseline8Bit)], uid.JPEGBaseline8Bit, tmp_path / "m.dcm")
    assert np.abs(read_dicom(path, LIMITS).frame(0).astype(int) - values).max() <= 6


def test_deflated(tmp_path: Path) -> None:
    values = grey("u2")
    assert np.array_equal(read_dicom(deflated(dataset(values), tmp_path / "made.dcm"), LIMITS).frame(0), values)


@pytest.mark.parametrize("implicit", [False, True])
def test_without_preamble_and_meta_information(implicit: bool, tmp_path: Path) -> None:
    values = grey("u2")
    made = dataset(values)
    path = tmp_path / "bare.dcm"
    del made.file_meta
    made.save_as(path, implicit_vr=implicit, little_endian=True, enforce_file_format=False)
    assert np.array_equal(read_dicom(path, LIMITS).frame(0), values)


@pytest.mark.parametrize(("keyword", "dtype"), [("FloatPixelData", "f4"), ("DoubleFloatPixelData", "f8")])
def test_fractions_keep_their_meaning(keyword: str, dtype: str, tmp_path: Path) -> None:
    values = RANDOM.normal(0, 3, (7, 5)).astype(dtype)
    values[0, 0] = np.nan
    made = dataset(np.zeros((7, 5), "u2"), BitsAllocated=8 * int(dtype[1]), BitsStored=None, HighBit=None)
    del made.PixelData
    setattr(made, keyword, values.tobytes())
    image = opened(made, tmp_path)
    shown, kept = image.finish(), image.frame(0)
    assert (kept.dtype, shown.bytes_per_value) == (np.dtype("<u2"), 2)
    meant = kept * shown.slope + shown.intercept
    assert np.abs(meant - values)[np.isfinite(values)].max() <= shown.slope
    assert shown.highest == pytest.approx(np.nanmax(values), abs=shown.slope)


def test_more_than_sixteen_bits_keep_their_meaning(tmp_path: Path) -> None:
    values = RANDOM.integers(0, 1 << 31, (2, 7, 5)).astype("u4")
    image = opened(dataset(values, frames=2, RescaleSlope=0.5, RescaleIntercept=10), tmp_path)
    shown = image.finish()
    for index in (0, 1):
        meant = image.frame(index) * shown.slope + shown.intercept
        assert np.abs(meant - (values[index] * 0.5 + 10)).max() <= shown.slope


def test_large_pictures_are_converted_in_strips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    colours = grey("u1", (7, 5, 3))
    wide = RANDOM.integers(0, 1 << 31, (7, 5)).astype("u4")

    def kept() -> list[list[int]]:
        luminance = opened(dataset(colours, PhotometricInterpretation="YBR_FULL"), tmp_path).frame(0)
        return [luminance.ravel().tolist(), opened(dataset(wide), tmp_path).frame(0).ravel().tolist()]

    at_once = kept()
    for module in (pixels, kept_values):
        monkeypatch.setattr(module, "_STRIP", 11)
    assert kept() == at_once


def test_few_values_in_many_bits_are_kept_as_they_are(tmp_path: Path) -> None:
    values = np.array([[-5, 7], [-32768, 32767]], "i4")
    image = opened(dataset(values, RescaleSlope=2), tmp_path)
    assert image.frame(0).tolist() == values.tolist()
    assert (image.finish().slope, image.finish().signed) == (2, True)


def test_monochrome1_is_shown_inverted(tmp_path: Path) -> None:
    values = np.array([[0, 255]], "u1")
    image = opened(dataset(values, PhotometricInterpretation="MONOCHROME1"), tmp_path)
    assert image.frame(0).tolist() == [[0, 255]]
    assert image.finish().inverted
    assert image.rendering.inverted
    assert render(image.frame(0), image.finish(), image.rendering).tolist() == [[255, 0]]


def test_padding_is_neither_lowest_nor_highest(tmp_path: Path) -> None:
    values = np.array([[-2000, -1500], [0, 100]], "i2")
    single = opened(dataset(values, PixelPaddingValue=-2000), tmp_path).finish()
    assert (single.lowest, single.highest) == (-1500, 100)
    ranged = opened(dataset(values, PixelPaddingValue=-2000, PixelPaddingRangeLimit=-1400), tmp_path).finish()
    assert (ranged.lowest, ranged.highest) == (0, 100)
    alone = opened(dataset(np.full((2, 2), -2000, "i2"), PixelPaddingValue=-2000), tmp_path).finish()
    assert (alone.lowest, alone.highest) == (-2000, -2000)


def test_a_codestream_of_another_size_is_not_decoded(tmp_path: Path) -> None:
    for syntax in (uid.JPEGLSLossless, uid.JPEG2000Lossless, uid.JPEGBaseline8Bit):
        made = dataset(np.zeros((16, 16), "u1"))
        path = save_encapsulated(made, [compressed(np.zeros((64, 64), "u1"), syntax)], syntax, tmp_path / "made.dcm")
        with pytest.raises(Damaged, match="promises 16 x 16 pixels"):
            read_dicom(path, LIMITS)


def test_fewer_compressed_frames_than_promised(tmp_path: Path) -> None:
    made = dataset(np.zeros((3, 16, 16), "u1"), frames=3)
    frame = compressed(np.zeros((16, 16), "u1"), uid.JPEGLSLossless)
    path = save_encapsulated(made, [frame, frame], uid.JPEGLSLossless, tmp_path / "made.dcm")
    with pytest.raises(Damaged):
        read_dicom(path, LIMITS).finish()


def test_encodings_that_are_not_read(tmp_path: Path) -> None:
    made = dataset(np.zeros((16, 16), "u2"), BitsStored=12)
    path = save_encapsulated(made, [b"\xff\xd8\xff\xd9"], uid.JPEGExtended12Bit, tmp_path / "made.dcm")
    with pytest.raises(Unsupported, match="12 bits"):
        read_dicom(path, LIMITS)
    video = save_encapsulated(made, [b"\0\0"], uid.MPEG2MPML, tmp_path / "video.dcm")
    with pytest.raises(Unsupported, match="video"):
        read_dicom(video, LIMITS)
