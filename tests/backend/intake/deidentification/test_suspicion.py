"""Which headers make a person look at the pixels."""

from __future__ import annotations

import pytest
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID

from backend.intake.deidentification.suspicion import suspects
from tests.backend.intake.deidentification.made import element

QUIET = {"Modality": "CT", "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"], "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2"}


def dataset(**elements: object) -> Dataset:
    made = Dataset()
    for keyword, value in {**QUIET, **elements}.items():
        setattr(made, keyword, value)
    return made


@pytest.mark.parametrize(
    ("elements", "word"),
    [
        ({"Modality": "US"}, "Ultrasound"),
        ({"Modality": "US", "BurnedInAnnotation": "NO"}, "Ultrasound"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.6.1"}, "Ultrasound"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}, "secondary capture"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7.2"}, "secondary capture"),
        ({"BurnedInAnnotation": "YES"}, "burned"),
        ({"Modality": "ES"}, "endoscopies"),
        ({"ConversionType": "DF"}, "digitised film"),
        ({"ConversionType": "SD"}, "scanned document"),
        ({"ImageType": ["DERIVED", "SECONDARY", "SCREEN SAVE"]}, "screen"),
        ({"ImageType": ["DERIVED", "SECONDARY", "OTHER", "CSA REPORT"]}, "page"),
        ({"RecognizableVisualFeatures": "YES"}, "recognised"),
        ({"Modality": ["US", ""]}, "Ultrasound"),
        ({"Modality": ["CT", "us"]}, "Ultrasound"),
        ({"Modality": ""}, "unnamed"),
        ({"BurnedInAnnotation": ["NO", "YES"]}, "burned"),
        ({"ConversionType": ["DI", "SD"]}, "scanned document"),
    ],
)
def test_it_gives_a_reason(elements, word):
    (reason,) = suspects(dataset(**elements))
    assert word in reason
    assert reason.endswith(".")


@pytest.mark.parametrize(
    "elements",
    [
        {},
        {"Modality": "MR", "ImageType": ["DERIVED", "SECONDARY", "MPR"]},
        {"Modality": "DX", "BurnedInAnnotation": "NO"},
        {"Modality": "XC", "BurnedInAnnotation": "NO"},
        {"ConversionType": "DI"},
        {"ImageType": "ORIGINAL"},
    ],
)
def test_it_leaves_usual_images_alone(elements):
    assert suspects(dataset(**elements)) == []


def test_it_reads_what_is_malformed():
    made = Dataset()
    made.add(element(0x00080008, 3.5, "FD"))
    made.add(element(0x00080060, 7, "US"))
    assert suspects(made) == []


def test_what_does_not_say_what_it_is_may_be_anything():
    (reason,) = suspects(Dataset())
    assert "unnamed" in reason


def test_the_beginning_of_the_file_counts_where_the_header_is_silent():
    made = dataset(SOPClassUID="")
    made.file_meta = FileMetaDataset()
    made.file_meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.6.1")
    (reason,) = suspects(made)
    assert "Ultrasound" in reason
