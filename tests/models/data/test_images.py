"""Files of every usual kind become upright RGB with 8 bits; the others are refused with their name."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from PIL import ExifTags, Image
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian

from models.data import images
from models.data.errors import DataError
from models.data.images import DicomImage, FileImage
from tests.support.trees import dicom

RNG = np.random.default_rng(2)
COLOURS = np.kron(RNG.integers(0, 256, (3, 5, 3), dtype=np.uint8), np.ones((8, 8, 1), np.uint8))


def saved(path: Path, image: Image.Image, **options: Any) -> np.ndarray:
    image.save(path, **options)
    pixels = FileImage(path).read()
    assert pixels.dtype == np.uint8
    assert pixels.shape[2] == 3
    return pixels


@pytest.mark.parametrize("suffix", ["png", "bmp", "tif", "webp"])
def test_lossless_formats(suffix: str, tmp_path: Path) -> None:
    options = {"lossless": True} if suffix == "webp" else {}
    assert np.array_equal(saved(tmp_path / f"x.{suffix}", Image.fromarray(COLOURS), **options), COLOURS)


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGBA"])
def test_modes(mode: str, tmp_path: Path) -> None:
    source = Image.fromarray(COLOURS).convert(mode)
    assert np.array_equal(saved(tmp_path / "x.png", source), np.asarray(source.convert("RGB")))


def test_cmyk(tmp_path: Path) -> None:
    found = saved(tmp_path / "x.jpg", Image.fromarray(COLOURS).convert("CMYK"), quality=97)
    assert np.abs(found.astype(int) - COLOURS).mean() < 12


@pytest.mark.parametrize(("orientation", "turns"), [(1, 0), (3, 2), (6, 3), (8, 1)])
def test_what_a_camera_says_of_its_orientation(orientation: int, turns: int, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    found = saved(tmp_path / "x.jpg", Image.fromarray(COLOURS), exif=exif, quality=98, subsampling=0)
    expected = np.rot90(COLOURS, turns)
    assert found.shape == expected.shape
    assert np.abs(found.astype(int) - expected).mean() < 6


def test_alpha_is_laid_over_black(tmp_path: Path) -> None:
    alpha = np.full((24, 40, 1), 255, np.uint8)
    alpha[:, :20] = 0
    found = saved(tmp_path / "x.png", Image.fromarray(np.concatenate([COLOURS, alpha], axis=2)))
    assert not found[:, :20].any()
    assert np.array_equal(found[:, 20:], COLOURS[:, 20:])


def test_sixteen_bits_and_the_twelve_of_detectors(tmp_path: Path) -> None:
    levels = np.arange(24 * 40, dtype=np.uint16).reshape(24, 40)
    full = saved(tmp_path / "a.png", Image.fromarray(levels * 68))
    assert full[0, 0, 0] == 0
    assert full[-1, -1, 0] == round(959 * 68 / 65535 * 255)
    twelve = saved(tmp_path / "b.png", Image.fromarray(levels + 500))
    assert (twelve.min(), twelve.max()) == (0, 255)
    assert (np.diff(twelve[:, :, 0].reshape(-1).astype(int)) >= 0).all()


def write_dicom(path: Path, pixels: np.ndarray, **tags: Any) -> np.ndarray:
    """A DICOM with these pixels as the importer reads it."""
    dicom(path)
    header = pydicom.dcmread(path)
    bits = pixels.dtype.itemsize * 8
    header.Rows, header.Columns = pixels.shape[-2:] if pixels.ndim < 4 else pixels.shape[-3:-1]
    header.BitsAllocated = header.BitsStored = bits
    header.HighBit = bits - 1
    header.PixelRepresentation = int(pixels.dtype.kind == "i")
    header.PixelData = pixels.tobytes()
    for name, value in tags.items():
        setattr(header, name, value)
    header.save_as(path)
    return DicomImage(path).read()


RAMP = np.arange(64 * 8, dtype=np.int16).reshape(64, 8)


def test_a_window_is_applied_after_the_rescaling(tmp_path: Path) -> None:
    tags = {"RescaleSlope": 2, "RescaleIntercept": -100, "WindowCenter": [200, 0], "WindowWidth": [200, 1]}
    found = write_dicom(tmp_path / "x.dcm", RAMP, **tags)
    values = RAMP * 2.0 - 100
    # DICOM PS3.3 C.11.2.1.2.1, linear, the first of two windows
    expected = np.clip(((values - 199.5) / 199 + 0.5) * 255, 0, 255)
    assert np.abs(found[:, :, 0] - expected).max() <= 1
    assert (found[:, :, 0] == found[:, :, 2]).all()


def test_a_table_instead_of_a_window(tmp_path: Path) -> None:
    table = Dataset()
    table.LUTDescriptor = [512, 0, 16]
    table.LUTData = (65535 - 100 * np.arange(512)).astype("<u2").tobytes()
    found = write_dicom(tmp_path / "x.dcm", RAMP.astype(np.uint16), VOILUTSequence=[table])[:, :, 0]
    assert found[0, 0] == 255
    assert found[-1, -1] == 0


def test_monochrome1_is_turned_round(tmp_path: Path) -> None:
    plain = write_dicom(tmp_path / "a.dcm", RAMP)
    turned = write_dicom(tmp_path / "b.dcm", RAMP, PhotometricInterpretation="MONOCHROME1")
    assert np.array_equal(plain, 255 - turned)
    assert plain[-1, -1, 0] == 255


def test_only_the_first_frame_and_colours_as_they_are(tmp_path: Path) -> None:
    frames = np.stack([RAMP, RAMP[::-1]])
    first = write_dicom(tmp_path / "a.dcm", frames, NumberOfFrames=2)
    assert np.array_equal(first, write_dicom(tmp_path / "b.dcm", RAMP))
    tags = {"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": 0}
    assert np.array_equal(write_dicom(tmp_path / "c.dcm", COLOURS[None], **tags), COLOURS)


def test_what_is_missing_damaged_or_something_else_is_named(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.png"
    Image.fromarray(RNG.integers(0, 256, (60, 60, 3), dtype=np.uint8)).save(damaged)
    damaged.write_bytes(damaged.read_bytes()[:900])
    (tmp_path / "text.jpg").write_text("no picture")
    (tmp_path / "text.dcm").write_text("no DICOM")
    Image.new("RGB", (4, 4)).save(tmp_path / "picture.gif")
    for source, reason in (
        (FileImage(tmp_path / "gone.png"), "no such file"),
        (FileImage(tmp_path), "cannot be read"),
        (FileImage(damaged), "cannot be read as a picture"),
        (FileImage(tmp_path / "text.jpg"), "not a picture of a known format"),
        (FileImage(tmp_path / "picture.gif"), "not a picture of a known format"),
        (DicomImage(tmp_path / "gone.dcm"), "no such file"),
        (DicomImage(tmp_path / "text.dcm"), "cannot be read as a DICOM image"),
    ):
        with pytest.raises(DataError, match=reason) as caught:
            source.read()
        assert str(source.path) in str(caught.value)


def _png_of(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [7_100, 12_000, 60_000])
def test_a_bomb_is_refused_before_it_is_decoded(side: int, tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(_png_of(side, side))
    with pytest.raises(DataError, match="million pixels"):
        FileImage(path).read()


def test_dicom_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_PIXELS", 1000)
    with pytest.raises(DataError, match="too many"):  # all frames count: some decoders unpack them all
        write_dicom(tmp_path / "x.dcm", np.stack([RAMP] * 3), NumberOfFrames=3)
    path = dicom(tmp_path / "y.dcm")
    header = pydicom.dcmread(path)
    header.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    header.save_as(path)
    with pytest.raises(DataError, match="deflated"):
        DicomImage(path).read()


def test_a_dicom_without_an_image(tmp_path: Path) -> None:
    path = dicom(tmp_path / "x.dcm")
    header = pydicom.dcmread(path)
    del header.PixelData, header.Rows
    header.save_as(path)
    with pytest.raises(DataError, match="holds no image"):
        DicomImage(path).read()
