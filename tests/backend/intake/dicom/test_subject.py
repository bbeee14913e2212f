"""What a header says an image is of: defined terms alone, whatever else stands there."""

from __future__ import annotations

from typing import Any

import pytest
from pydicom import uid
from pydicom.config import disable_value_validation
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from backend.intake.dicom.subject import body_part, modality


def header(**elements: Any) -> Dataset:
    made = Dataset()
    with disable_value_validation():
        for keyword, value in elements.items():
            setattr(made, keyword, value)
    return made


def region(value: str) -> Dataset:
    return header(AnatomicRegionSequence=[header(CodeValue=value)])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("US", "US"), ("mg", "MG"), (" CT ", "CT"), ("DMS", "DMS"), (["MR", "CT"], "MR"), ("RTIMAGE", "RTIMAGE"),
        ("", None), (None, None), ("DOE^JANE", None), ("X-RAY", None), ("C", None), ("A" * 17, None), ("ÜS", None),
        ("US2", None),
    ],
)  # fmt: skip
def test_modality(said: Any, expected: str | None) -> None:
    assert modality(header(Modality=said)) == expected


def test_without_any_the_kind_of_object_says_it() -> None:
    for sop_class, expected in (
        (uid.CTImageStorage, "CT"),
        (uid.EnhancedMRImageStorage, "MR"),
        (uid.UltrasoundMultiFrameImageStorage, "US"),
        (uid.DigitalMammographyXRayImageStorageForPresentation, "MG"),
        (uid.BreastTomosynthesisImageStorage, "MG"),
        (uid.ComputedRadiographyImageStorage, "CR"),
        (uid.DigitalXRayImageStorageForPresentation, "DX"),
        (uid.PositronEmissionTomographyImageStorage, "PT"),
        (uid.NuclearMedicineImageStorage, "NM"),
        (uid.OphthalmicPhotography8BitImageStorage, "OP"),
        (uid.OphthalmicTomographyImageStorage, "OPT"),
        (uid.VLPhotographicImageStorage, "XC"),
        (uid.DermoscopicPhotographyImageStorage, "DMS"),
        (uid.SecondaryCaptureImageStorage, None),
        (uid.UID("1.2.3"), None),
    ):
        assert modality(header(SOPClassUID=sop_class)) == expected
    assert modality(header(SOPClassUID=uid.CTImageStorage, Modality="PT")) == "PT"
    assert modality(Dataset()) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [("BREAST", "BREAST"), ("Chest", "CHEST"), ("", None), ("DOE JANE", None), ("C-SPINE", None), ("KNEE2", None)],
)
def test_body_part(said: str, expected: str | None) -> None:
    assert body_part(header(BodyPartExamined=said)) == expected


@pytest.mark.parametrize(
    "name", ["Breast", "Chest", "Lung", "Heart", "Eye", "Skin", "Thyroid", "Abdomen", "Colon", "Rectum"]
)
def test_body_part_by_code(name: str) -> None:
    assert body_part(region(getattr(codes.SCT, name).value)) == name.upper()


@pytest.mark.parametrize(
    ("code", "term"), [("T-04000", "BREAST"), ("T-D3000", "CHEST"), ("51185008", "CHEST"), ("1", None)]
)
def test_body_part_by_an_older_or_unknown_code(code: str, term: str | None) -> None:
    assert body_part(region(code)) == term
    both = region(code)
    both.BodyPartExamined = "KNEE"
    assert body_part(both) == "KNEE"
