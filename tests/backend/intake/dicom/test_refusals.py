"""What is not read, and why, in a sentence; known from the header, before anything is decoded."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom import uid

from backend.intake.dicom.failures import damaged_on_failure
from backend.intake.dicom.reading import read_dicom
from backend.intake.errors import Damaged, IntakeError, TooLarge, Unsupported
from backend.intake.limits import Limits
from tests.support.dicom_files import LIMITS, compressed, dataset, deflated, save, save_encapsulated

VALUES = np.arange(64, dtype=np.uint16).reshape(8, 8)


def opened(tmp_path: Path, values: np.ndarray = VALUES, limits: Limits = LIMITS, **elements: Any) -> Any:
    return read_dicom(save(dataset(values, **elements), tmp_path / "made.dcm"), limits)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (uid.EnhancedSRStorage, "structured report"),
        (uid.RTPlanStorage, "radiotherapy"),
        (uid.RTDoseStorage, "radiotherapy"),
        (uid.EncapsulatedPDFStorage, "document"),
        (uid.TwelveLeadECGWaveformStorage, "waveform"),
        (uid.VLWholeSlideMicroscopyImageStorage, "whole slide"),
        (uid.MediaStorageDirectoryStorage, "DICOMDIR"),
        (uid.GrayscaleSoftcopyPresentationStateStorage, "presentation state"),
    ],
)
def test_objects_that_are_no_images(kind: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=words):
        opened(tmp_path, SOPClassUID=kind)


def test_images_of_radiotherapy_are_read(tmp_path: Path) -> None:
    assert opened(tmp_path, SOPClassUID=uid.RTImageStorage).frames == 1


def test_a_header_without_pixels(tmp_path: Path) -> None:
    made = dataset(VALUES)
    del made.PixelData
    with pytest.raises(Damaged, match="no pixels"):
        read_dicom(save(made, tmp_path / "made.dcm"), LIMITS)
    for keyword in ("Rows", "Columns", "BitsAllocated"):
        delattr(made, keyword)
    with pytest.raises(Unsupported, match=r"Secondary Capture.*no pixels"):
        read_dicom(save(made, tmp_path / "made.dcm"), LIMITS)


@pytest.mark.parametrize("content", [b"", b"\0" * 500, b"hello, world" * 40, b"\x89PNG\r\n\x1a\n" + b"\0" * 300])
def test_no_dicom_at_all(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "made.dcm"
    path.write_bytes(content)
    with pytest.raises(IntakeError):
        read_dicom(path, LIMITS)


@pytest.mark.parametrize(
    "elements",
    [
        {"Rows": 65535, "Columns": 65535},
        {"Rows": 1001, "Columns": 1000},
        {"NumberOfFrames": "2147483647"},
        {"NumberOfFrames": "51"},
        {"Rows": 1000, "Columns": 1000, "NumberOfFrames": "5"},
        {"Rows": 1, "Columns": 40000},
    ],
)
def test_larger_than_the_limits(elements: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        opened(tmp_path, **elements)


def test_a_few_bytes_of_run_lengths_cannot_ask_for_memory(tmp_path: Path) -> None:
    made = dataset(VALUES, Rows=65535, Columns=65535)
    with pytest.raises(TooLarge):
        read_dicom(save_encapsulated(made, [b"\0" * 64], uid.RLELossless, tmp_path / "made.dcm"), LIMITS)


def test_colour_counts_three_values_a_pixel(tmp_path: Path) -> None:
    limits = LIMITS.model_copy(update={"max_values": 8 * 8 * 2})
    assert opened(tmp_path, limits=limits).frames == 1
    with pytest.raises(TooLarge):
        opened(tmp_path, np.zeros((8, 8, 3), np.uint8), limits=limits)


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ({"Rows": 0}, "no pixels"),
        ({"Rows": 9}, "cut off"),
        ({"NumberOfFrames": "2"}, "cut off"),
        ({"NumberOfFrames": "0"}, "no frames"),
        ({"NumberOfFrames": "-3"}, "no frames"),
        ({"Rows": None}, "Rows"),
        ({"BitsAllocated": None, "BitsStored": None, "HighBit": None}, "BitsAllocated"),
        ({"BitsStored": 17}, "bits stored"),
        ({"BitsStored": 0}, "bits stored"),
        ({"SamplesPerPixel": 3}, "3 values a pixel"),
        ({"PhotometricInterpretation": "RGB"}, "1 values a pixel"),
    ],
)
def test_headers_that_contradict_themselves(elements: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(Damaged, match=words):
        opened(tmp_path, **elements)


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ({"BitsAllocated": 12, "BitsStored": 12}, "12 bits"),
        ({"PhotometricInterpretation": "CMYK", "SamplesPerPixel": 4}, "CMYK"),
    ],
)
def test_pixels_that_are_not_read(elements: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=words):
        opened(tmp_path, **elements)


def test_a_deflated_file_that_inflates_without_end(tmp_path: Path) -> None:
    limits = LIMITS.model_copy(update={"max_values": 1000, "max_header_bytes": 1 << 20})
    path = deflated(dataset(VALUES), tmp_path / "made.dcm", more=64 << 20)
    assert path.stat().st_size < 200_000
    with pytest.raises(TooLarge, match="deflated"):
        read_dicom(path, limits)


def test_a_header_that_is_far_too_long(tmp_path: Path) -> None:
    limits = LIMITS.model_copy(update={"max_header_bytes": 10_000})
    assert opened(tmp_path, limits=limits).frames == 1
    with pytest.raises(TooLarge, match="header"):
        opened(tmp_path, limits=limits, ImageComments="x" * 10_200)


def test_the_pixels_do_not_count_as_header(tmp_path: Path) -> None:
    limits = LIMITS.model_copy(update={"max_header_bytes": 5_000})
    assert opened(tmp_path, np.zeros((200, 200), np.uint8), limits=limits).finish().highest == 0


def test_the_header_comes_back_without_pixels(tmp_path: Path) -> None:
    image = opened(tmp_path)
    assert "PixelData" not in image.dataset
    assert image.dataset.PatientName == "Doe^Jane"


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.4.94", "1.2.3.4", "1.2.840.10008.1.2.4.102"])
def test_transfer_syntaxes_that_are_not_read(syntax: str, tmp_path: Path) -> None:
    path = save_encapsulated(dataset(VALUES), [b"\0\0"], syntax, tmp_path / "made.dcm")
    with pytest.raises(Unsupported, match="xport"):
        read_dicom(path, LIMITS)


class PanicException(BaseException):
    """What a decoder in Rust raises."""


def test_failures_of_decoders_become_sentences() -> None:
    for raised in (ValueError("x"), RecursionError(), PanicException("x")):
        with pytest.raises(Damaged, match="Frame 1"), damaged_on_failure("Frame 1"):
            raise raised
    for ours in (MemoryError(), KeyboardInterrupt(), SystemExit(), Unsupported("y")):
        with pytest.raises(type(ours)), damaged_on_failure("Frame 1"):
            raise ours


def seeds() -> dict[str, bytes]:
    """One small file of each encoding whose decoder does not crash the process."""
    files = {}
    for name, made in (
        ("native", dataset(VALUES, WindowCenter=30, WindowWidth=20)),
        ("colour", dataset(np.zeros((8, 8, 3), np.uint8))),
        ("frames", dataset(np.stack([VALUES, VALUES]), frames=2)),
        ("rle", dataset(VALUES)),
    ):
        if name == "rle":
            made.compress(uid.RLELossless)
        stream = io.BytesIO()
        pydicom.dcmwrite(stream, made, enforce_file_format=True)
        files[name] = stream.getvalue()
    return files


@pytest.mark.parametrize(
    ("name", "content"), seeds().items(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_changed_bytes_and_cut_files_give_an_image_or_a_sentence(name: str, content: bytes, tmp_path: Path) -> None:
    random = np.random.default_rng(len(name))
    path = tmp_path / "changed.dcm"
    outcomes = set()
    for trial in range(250):
        changed = bytearray(content)
        for place in random.integers(128, len(content), random.integers(1, 6)):
            changed[place] = random.integers(0, 256)
        path.write_bytes(bytes(changed[: random.integers(0, len(content))] if trial % 4 == 0 else changed))
        try:
            image = read_dicom(path, LIMITS)
            outcomes.add(image.finish().values.value)
        except IntakeError as error:
            outcomes.add(error.code)
    assert {"damaged_image"} < outcomes


def test_a_damaged_frame_is_named(tmp_path: Path) -> None:
    good = compressed(np.zeros((40, 48), np.uint8), uid.JPEGLSLossless)
    bad = good[:-8] + b"\xff\xd9"
    made = dataset(np.zeros((2, 40, 48), np.uint8), frames=2)
    image = read_dicom(save_encapsulated(made, [good, bad], uid.JPEGLSLossless, tmp_path / "made.dcm"), LIMITS)
    assert image.frame(0).max() == 0
    with pytest.raises(Damaged, match="Frame 2"):
        image.finish()
