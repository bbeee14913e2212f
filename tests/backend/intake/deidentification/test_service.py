"""De-identification of whole headers: what it says about itself, and what it is given and gives back."""

from __future__ import annotations

import json
import warnings

import pytest
from pydicom import Dataset
from pydicom.sequence import Sequence

from backend.intake.deidentification.service import (
    deidentify,
    header_json,
    header_with_cleaned_pixels,
    picture_report,
    with_cleaned_pixels,
)
from backend.intake.result import Deidentification, ElementAction
from tests.backend.intake.deidentification.made import SECRET, actions, cleaned, element, inside, patient, written


def test_it_says_what_was_done_to_it():
    dataset = cleaned(patient())
    assert dataset.PatientIdentityRemoved == "YES"
    assert dataset.LongitudinalTemporalInformationModified == "MODIFIED"
    assert dataset.DeidentificationMethod
    codes = dataset.DeidentificationMethodCodeSequence
    assert [(item.CodeValue, item.CodingSchemeDesignator) for item in codes] == [("113100", "DCM"), ("113107", "DCM")]


def test_what_it_says_about_an_earlier_time_is_replaced():
    dataset = patient(PatientIdentityRemoved="NO", DeidentificationMethod="by Dr. Roe")
    dataset = cleaned(dataset)
    assert dataset.PatientIdentityRemoved == "YES"
    assert b"Dr." not in written(dataset)


def test_a_short_secret_is_refused():
    with pytest.raises(ValueError, match="32 bytes, not 0"):
        deidentify(patient(), b"")


def test_a_made_up_header_makes_a_short_report():
    dataset = Dataset()
    for group in range(0x0008, 0x7F00, 2):
        dataset.add(element(group << 16, 4, "UL"))
        dataset.add(element(group << 16 | 0xFEFE, b"x", "UN"))
    report = deidentify(dataset, SECRET).report
    assert len(report.elements) < 5
    assert sum(entry.occurrences for entry in report.elements) == len(dataset)


def test_the_given_dataset_stays_as_it_is():
    dataset = inside(patient(StudyDate="20240229", PixelRepresentation=0))
    before = dataset.to_json()
    cleaned(dataset)
    assert dataset.to_json() == before


def test_it_always_does_the_same():
    dataset = patient(StudyDate="20240229", SOPInstanceUID="1.2.999.5")
    assert written(cleaned(dataset)) == written(cleaned(dataset))
    assert deidentify(dataset, SECRET).report == deidentify(dataset, SECRET).report


def test_pixels_stay_out_of_header_and_report():
    dataset = patient(BitsAllocated=8)
    dataset.add(element(0x7FE00010, b"pixels pixels", "OB"))
    icon = Dataset()
    icon.add(element(0x7FE00010, b"pixels pixels", "OB"))
    dataset.add(element(0x00880200, Sequence([icon])))
    result = deidentify(inside(dataset), SECRET)
    assert b"pixels" not in written(result.dataset) + written(cleaned(dataset))
    assert "(7FE0,0010)" not in actions(dataset)


def test_no_warning_and_no_log_quotes_a_value(caplog):
    dataset = patient()
    dataset.add(element(0x00080016, "Jane Roe", "UI"))
    dataset.add(element(0x00180060, "Jane Roe", "LO"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        header_json(cleaned(dataset))
    assert not caplog.records


def test_the_kept_header_is_dicom_json():
    elements = json.loads(header_json(cleaned(patient(KVP="120", Rows=2))))
    assert elements["00280010"] == {"vr": "US", "Value": [2]}
    assert elements["00120062"] == {"vr": "CS", "Value": ["YES"]}
    assert Dataset.from_json(elements).KVP == 120


def test_cleaned_pixels_are_said_once():
    result = deidentify(patient(BurnedInAnnotation="YES"), SECRET)
    report = with_cleaned_pixels(with_cleaned_pixels(result.report))
    assert [code.value for code in report.methods] == ["113100", "113101", "113107"]
    assert [code.value for code in result.report.methods] == ["113100", "113107"]
    header = header_json(result.dataset)
    assert Dataset.from_json(json.loads(header)).BurnedInAnnotation == "YES"
    again = Dataset.from_json(json.loads(header_with_cleaned_pixels(header_with_cleaned_pixels(header))))
    assert again.BurnedInAnnotation == "NO"
    assert [item.CodeValue for item in again.DeidentificationMethodCodeSequence] == ["113100", "113107", "113101"]


def test_the_report_goes_through_json():
    report = deidentify(patient(StudyDate="20240229"), SECRET).report
    assert Deidentification.model_validate_json(report.model_dump_json()) == report


def test_a_picture_names_the_blocks_that_were_left_out():
    report = picture_report(["EXIF", "xmp", "Text", "Text", "ICC profile", "Artist", "Jane Roe's block"])
    named = {entry.tag: (entry.action, entry.occurrences) for entry in report.elements}
    assert named == {
        "Artist": (ElementAction.REMOVED, 1),
        "EXIF": (ElementAction.REMOVED, 1),
        "ICC": (ElementAction.REMOVED, 1),
        "XMP": (ElementAction.REMOVED, 1),
        "Text": (ElementAction.REMOVED, 2),
        "Other": (ElementAction.REMOVED, 1),
    }
    assert "Jane" not in report.model_dump_json()
    assert not picture_report([]).elements
