"""Where the pixels are in the body: their distance, and which side is which."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from pydicom.dataset import Dataset

from backend.intake.dicom.elements import group, items, number, numbers, raw, text, texts
from backend.intake.display import Orientation, Spacing

_OPPOSITE: Final = {"L": "R", "R": "L", "A": "P", "P": "A", "H": "F", "F": "H"}
_SECOND_LETTER = 0.3  # of a direction's length: from about 17 degrees on, a direction has a second letter
_CENTIMETRES, _TWO_DIMENSIONAL = 3, 1  # PS3.3 C.8.5.5.1.15 and C.8.5.5.1.1


def spacing(dataset: Dataset) -> Spacing | None:
    """Millimetres between pixels, from the most to the least trustworthy attribute."""
    measures = group(dataset, "PixelMeasuresSequence", 0)
    if measures is not None and (found := _pair(measures, "PixelSpacing")):
        return _spacing(found, "PixelSpacing", calibrated=True)
    if found := _pair(dataset, "PixelSpacing"):
        # Equal to the detector's and with no word about a calibration, it is the detector's (PS3.3 10.7.1.3).
        at_detector = found == _pair(dataset, "ImagerPixelSpacing") and not text(dataset, "PixelSpacingCalibrationType")
        if not at_detector:
            return _spacing(found, "PixelSpacing", calibrated=True)
    return _of_ultrasound(dataset) or _of_detector(dataset)


def orientation(dataset: Dataset) -> Orientation | None:
    """Letters at the edges, from the patient's coordinates or from what the device says."""
    plane = group(dataset, "PlaneOrientationSequence", 0)
    cosines = numbers(dataset if plane is None else plane, "ImageOrientationPatient")
    if len(cosines) == 6:
        right, bottom = _letters(cosines[:3]), _letters(cosines[3:])
    else:
        named = texts(dataset, "PatientOrientation")
        right, bottom = (one[:2].upper() for one in named) if len(named) == 2 else ("", "")
    if not right or not bottom or not set(right + bottom) <= set(_OPPOSITE):
        return None
    return Orientation(left=_opposite(right), right=right, top=_opposite(bottom), bottom=bottom)


def _of_ultrasound(dataset: Dataset) -> Spacing | None:
    """Of its calibrated regions: only if all that show depth and width agree, since there is one ruler an image."""
    found = [
        (abs(down) * 10, abs(across) * 10)
        for region in items(dataset, "SequenceOfUltrasoundRegions")
        if raw(region, "RegionSpatialFormat") == _TWO_DIMENSIONAL
        and raw(region, "PhysicalUnitsXDirection") == raw(region, "PhysicalUnitsYDirection") == _CENTIMETRES
        and (down := number(region, "PhysicalDeltaY"))
        and (across := number(region, "PhysicalDeltaX"))
    ]
    if not found or any(
        not math.isclose(a, b, rel_tol=0.01) for one in found for a, b in zip(one, found[0], strict=True)
    ):
        return None
    return _spacing(found[0], "SequenceOfUltrasoundRegions", calibrated=True)


def _of_detector(dataset: Dataset) -> Spacing | None:
    if found := _pair(dataset, "ImagerPixelSpacing"):
        magnification = number(dataset, "EstimatedRadiographicMagnificationFactor")
        if magnification is not None and 1 <= magnification <= 10:
            source = "ImagerPixelSpacing / EstimatedRadiographicMagnificationFactor"
            return _spacing((found[0] / magnification, found[1] / magnification), source, calibrated=True)
        return _spacing(found, "ImagerPixelSpacing", calibrated=False)
    if found := _pair(dataset, "NominalScannedPixelSpacing"):
        return _spacing(found, "NominalScannedPixelSpacing", calibrated=False)
    return None


def _pair(dataset: Dataset, keyword: str) -> tuple[float, float] | None:
    found = numbers(dataset, keyword)
    return (found[0], found[1]) if len(found) == 2 else None


def _spacing(pair: tuple[float, float], source: str, *, calibrated: bool) -> Spacing | None:
    if not all(1e-6 < one < 1e3 for one in pair):
        return None
    return Spacing(row_mm=pair[0], column_mm=pair[1], source=source, calibrated=calibrated)


def _letters(direction: Sequence[float]) -> str:
    """Where a direction points to: the patient's left, back and head are positive (PS3.3 C.7.6.2.1.1)."""
    length = math.sqrt(sum(part * part for part in direction))
    if not 0.9 < length < 1.1:
        return ""
    named = [(abs(part), plus if part > 0 else _OPPOSITE[plus]) for part, plus in zip(direction, "LPH", strict=True)]
    named.sort(key=lambda one: -one[0])
    return named[0][1] + (named[1][1] if named[1][0] >= _SECOND_LETTER else "")


def _opposite(letters: str) -> str:
    return "".join(_OPPOSITE[letter] for letter in letters)
