"""Every file that ships with pydicom: an image or a sentence, and the images as pydicom itself would show them."""

from __future__ import annotations

import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut, apply_voi_lut

from backend.intake.dicom.reading import DicomImage, read_dicom
from backend.intake.errors import Damaged, IntakeError, Unsupported
from backend.intake.limits import Limits
from backend.intake.render import render

FOLDER = Path(pydicom.__file__).parent / "data" / "test_files"
FILES = sorted(path for path in FOLDER.rglob("*") if path.is_file() and path.suffix != ".py")
LIMITS = Limits(max_pixels=50_000_000, max_values=300_000_000)
# How many files of the wheel of pydicom 3.0 end how, and by what the sentence speaks of.
EXPECTED = {
    "(image)": 82,
    "no pixels": 54,
    "radiotherapy": 12,
    "DICOMDIR": 8,
    "structured report": 3,
    "JPEG with 12 bits": 2,
    "waveform": 1,
    "not an image the server reads": 10,
    "cut off": 1,
    "does not say the image's Rows": 2,
    "a compressed frame has": 1,
}


def outcome(path: Path) -> DicomImage | IntakeError:
    try:
        image = read_dicom(path, LIMITS)
        image.finish()
    except IntakeError as error:
        return error
    return image


OUTCOMES = {path: outcome(path) for path in FILES}
IMAGES = [path for path in FILES if isinstance(OUTCOMES[path], DicomImage)]


def test_each_is_an_image_or_a_sentence() -> None:
    found: Counter[str] = Counter()
    for path, result in OUTCOMES.items():
        spoken = (
            [words for words in EXPECTED if words in str(result)] if isinstance(result, IntakeError) else ["(image)"]
        )
        assert len(spoken) == 1, (path.name, str(result))
        found[spoken[0]] += 1
    assert dict(found) == EXPECTED


def test_most_sentences_end_with_what_to_do() -> None:
    for path, result in OUTCOMES.items():
        if isinstance(result, Damaged | Unsupported):
            assert any(verb in str(result) for verb in ("upload", "xport", "save", "accepted")), (
                path.name,
                str(result),
            )


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.name)
def test_the_first_frame_is_as_pydicom_shows_it(path: Path) -> None:
    """pydicom's own modality and VOI functions, apart from ours, scaled from their range to 0..255."""
    image = OUTCOMES[path]
    assert isinstance(image, DicomImage)
    header = pydicom.dcmread(path, force=True)
    if "TransferSyntaxUID" not in header.file_meta:
        header.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian
    seen = render(image.frame(0), image.finish(), image.rendering).astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        values = header.pixel_array if image.frames == 1 else header.pixel_array[0]
        if header.PhotometricInterpretation == "PALETTE COLOR":
            colours = apply_color_lut(values, header)
            expected = (colours >> 8 if colours.dtype == np.uint16 else colours).astype(float)
        elif header.SamplesPerPixel == 3:
            expected = (values >> (header.BitsStored - 8)).astype(float)
        else:
            expected = _grey(values, header)
    assert np.abs(seen - expected).max() <= 1.0


def _grey(values: np.ndarray, header: pydicom.Dataset) -> np.ndarray:
    modality = apply_modality_lut(values, header).astype(float)
    if "WindowWidth" in header:
        bits = header.BitsStored
        ends = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if header.PixelRepresentation else (0, 2**bits - 1)
        slope, intercept = float(header.get("RescaleSlope", 1)), float(header.get("RescaleIntercept", 0))
        low, high = (end * slope + intercept for end in ends)
        windowed = apply_voi_lut(modality, header, prefer_lut=False)
    elif header.BitsStored == 8 and header.PixelRepresentation == 0:
        windowed, low, high = modality, 0.0, 255.0
    else:
        windowed, low, high = modality, modality.min(), modality.max()
    brightness = (windowed - low) / (high - low) * 255
    return 255 - brightness if header.PhotometricInterpretation == "MONOCHROME1" else brightness
