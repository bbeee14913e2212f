"""Millimetres and letters."""

from __future__ import annotations

from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset

from backend.intake.dicom.geometry import orientation, spacing
from tests.support.dicom_files import item

AXIAL, CORONAL, SAGITTAL = [1, 0, 0, 0, 1, 0], [1, 0, 0, 0, 0, -1], [0, 1, 0, 0, 0, -1]


def region(across: float = 0.05, down: float = 0.04, kind: int = 1, unit: int = 3) -> Dataset:
    """Of an ultrasound; centimetres a pixel."""
    return item(RegionSpatialFormat=kind, PhysicalUnitsXDirection=unit, PhysicalUnitsYDirection=unit,
                PhysicalDeltaX=across, PhysicalDeltaY=down)  # fmt: skip


def header(**elements: Any) -> pydicom.Dataset:
    return item(**elements)


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"PixelSpacing": [0.5, 0.25]}, (0.5, 0.25, "PixelSpacing", True)),
        ({"ImagerPixelSpacing": [0.2, 0.1]}, (0.2, 0.1, "ImagerPixelSpacing", False)),
        (
            {"ImagerPixelSpacing": [0.2, 0.1], "EstimatedRadiographicMagnificationFactor": 2},
            (0.1, 0.05, "ImagerPixelSpacing / EstimatedRadiographicMagnificationFactor", True),
        ),
        ({"ImagerPixelSpacing": [0.2, 0.1], "PixelSpacing": [0.2, 0.1]}, (0.2, 0.1, "ImagerPixelSpacing", False)),
        ({"ImagerPixelSpacing": [0.2, 0.1], "PixelSpacing": [0.15, 0.07]}, (0.15, 0.07, "PixelSpacing", True)),
        (
            {"ImagerPixelSpacing": [0.2, 0.1], "PixelSpacing": [0.2, 0.1], "PixelSpacingCalibrationType": "GEOMETRY"},
            (0.2, 0.1, "PixelSpacing", True),
        ),
        ({"NominalScannedPixelSpacing": [0.1, 0.1]}, (0.1, 0.1, "NominalScannedPixelSpacing", False)),
        (
            {"SharedFunctionalGroupsSequence": [item(PixelMeasuresSequence=[item(PixelSpacing=[0.7, 0.6])])]},
            (0.7, 0.6, "PixelSpacing", True),
        ),
        (
            {"PerFrameFunctionalGroupsSequence": [item(PixelMeasuresSequence=[item(PixelSpacing=[0.9, 0.8])])],
             "SharedFunctionalGroupsSequence": [item(PixelMeasuresSequence=[item(PixelSpacing=[0.7, 0.6])])]},
            (0.9, 0.8, "PixelSpacing", True),
        ),
        ({"SequenceOfUltrasoundRegions": [region()]}, (0.4, 0.5, "SequenceOfUltrasoundRegions", True)),
        ({"SequenceOfUltrasoundRegions": [region(), region(3, 4, kind=3, unit=4)]},
         (0.4, 0.5, "SequenceOfUltrasoundRegions", True)),
        ({"SequenceOfUltrasoundRegions": [region(0.05, -0.04)]}, (0.4, 0.5, "SequenceOfUltrasoundRegions", True)),
    ],
)  # fmt: skip
def test_spacing(elements: dict[str, Any], expected: tuple[float, float, str, bool]) -> None:
    found = spacing(header(**elements))
    assert found is not None
    assert [found.row_mm, found.column_mm] == pytest.approx(expected[:2])
    assert (found.source, found.calibrated) == expected[2:]


@pytest.mark.parametrize(
    "elements",
    [
        {},
        {"PixelSpacing": [0, 0.5]},
        {"PixelSpacing": [-1, 1]},
        {"PixelSpacing": [0.5]},
        {"SequenceOfUltrasoundRegions": [region(), region(0.1, 0.1)]},
        {"SequenceOfUltrasoundRegions": [region(unit=4)]},
        {"SequenceOfUltrasoundRegions": [region(0, 0)]},
    ],
)
def test_no_spacing(elements: dict[str, Any]) -> None:
    assert spacing(header(**elements)) is None


@pytest.mark.parametrize(
    ("cosines", "letters"),
    [
        (AXIAL, ("R", "L", "A", "P")),
        (CORONAL, ("R", "L", "H", "F")),
        (SAGITTAL, ("A", "P", "H", "F")),
        ([-1, 0, 0, 0, -1, 0], ("L", "R", "P", "A")),
        ([0.8, 0.6, 0, 0, 0, -1], ("RA", "LP", "H", "F")),
        ([0.6, -0.8, 0, 0, 0, -1], ("PR", "AL", "H", "F")),
        ([0.98, 0.199, 0, 0, 0, -1], ("R", "L", "H", "F")),
    ],
)
def test_orientation_in_the_patient(cosines: list[float], letters: tuple[str, str, str, str]) -> None:
    for elements in (
        {"ImageOrientationPatient": cosines},
        {"SharedFunctionalGroupsSequence": [item(PlaneOrientationSequence=[item(ImageOrientationPatient=cosines)])]},
    ):
        found = orientation(header(**elements))
        assert found is not None
        assert (found.left, found.right, found.top, found.bottom) == letters


def test_orientation_that_the_device_says() -> None:
    found = orientation(header(PatientOrientation=["P", "FL"]))
    assert found is not None
    assert (found.left, found.right, found.top, found.bottom) == ("A", "P", "HR", "FL")


@pytest.mark.parametrize(
    "elements",
    [
        {},
        {"PatientOrientation": ["P"]},
        {"PatientOrientation": ["", ""]},
        {"PatientOrientation": ["LE", "RT"]},
        {"ImageOrientationPatient": [0, 0, 0, 0, 0, 0]},
        {"ImageOrientationPatient": [5, 0, 0, 0, 5, 0]},
        {"ImageOrientationPatient": [1, 0, 0]},
    ],
)
def test_no_orientation(elements: dict[str, Any]) -> None:
    assert orientation(header(**elements)) is None
