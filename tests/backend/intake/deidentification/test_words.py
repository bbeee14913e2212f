"""Names, numbers, places and dates of the file, where no rule looks for them."""

from __future__ import annotations

import pytest
from pydicom.sequence import Sequence

from backend.intake.deidentification.service import deidentify
from backend.intake.deidentification.words import Words
from backend.intake.result import ElementAction
from tests.backend.intake.deidentification.made import SECRET, actions, cleaned, element, inside, patient, written


def test_a_kept_text_that_names_the_patient_is_emptied():
    dataset = patient(
        Manufacturer="for Jane", CodeMeaning="id 4711-A x", BodyPartExamined="ROE", SoftwareVersions="Janet"
    )
    result = deidentify(dataset, SECRET)
    assert not result.dataset.Manufacturer
    assert not result.dataset.CodeMeaning
    assert not result.dataset.BodyPartExamined
    assert result.dataset.SoftwareVersions == "Janet"
    assert actions(dataset)["(0008,0070)"] is ElementAction.CLEANED


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Querulanta^Zoe", "QUERULANTA"),
        ("Querulanta^Zoe", "for Zoë"),
        ("Müller^Änne", "Mueller"),
        ("Müller^Änne", "MULLER"),
        ("Mueller^Anne", "Müller"),
        ("Ng^Li", "Ng"),
        ("Doe^Jane", "DOEJANE3"),
        ("Doe^Jane", "jdoe"),
        ("Yamada^Tarou=山田^太郎", "山田太郎用"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "やまだ"),
        ("Hong^Gildong=洪^吉洞=홍^길동", "길동"),
        ("=王^小明", "王"),
    ],
)  # fmt: skip
def test_names_are_found_however_they_are_written(name, text):
    dataset = patient(SpecificCharacterSet="ISO_IR 192", PatientName=name, Manufacturer=text)
    assert not cleaned(dataset).Manufacturer
    assert actions(dataset)["(0008,0070)"] is ElementAction.CLEANED


@pytest.mark.parametrize("text", ["Siemens", "GE MEDICAL SYSTEMS", "B31f", "2.0", "Janet", "山"])
def test_other_texts_stay(text):
    dataset = patient(SpecificCharacterSet="ISO_IR 192", PatientName="Doe^Jane^Q^Dr^MD=山田^太郎", Manufacturer=text)
    assert cleaned(dataset).Manufacturer == text


def test_what_a_kind_of_image_is_called_is_no_name_of_two_letters():
    dataset = patient(PatientName="Us^Mr", Modality="US", Manufacturer="US")
    assert cleaned(dataset).Modality == "US"
    assert not cleaned(dataset).Manufacturer


def test_names_and_numbers_in_sequences_are_looked_for_as_well():
    request = patient(PatientName="Querulanta^Zoe", PatientID="MRN-774411")
    dataset = patient(Manufacturer="Querulanta", ManufacturerModelName="x MRN774411")
    dataset.add(element(0x00081140, Sequence([inside(request)])))
    data = written(cleaned(dataset)).lower()
    assert b"querulanta" not in data
    assert b"774411" not in data


def test_the_patients_own_name_comes_first_where_there_are_too_many():
    dataset = patient(PatientName="Zzyzx^Zoe", OperatorsName=[f"Aname{number}^B" for number in range(700)])
    dataset.Manufacturer = "Zzyzx"
    assert not cleaned(dataset).Manufacturer


@pytest.mark.parametrize(
    "text", ["20240229", "2024-02-29", "29.02.2024", "02/29/2024", "x29FEB2024", "19500607", "7.6.1950 07061950"]
)
def test_the_patients_dates_are_not_kept_as_text(text):
    dataset = patient(PatientBirthDate="19500607", StudyDate="20240229", Manufacturer=text)
    assert not cleaned(dataset).Manufacturer


def test_places_and_devices_are_not_kept_as_text():
    dataset = patient(InstitutionName="St. Mary", StationName="CTROOM7", DeviceSerialNumber="SN-99887")
    dataset.Manufacturer, dataset.ManufacturerModelName, dataset.SoftwareVersions = "ST MARY", "x-ctroom7", "SN99887"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "CTROOM7"]
    result = cleaned(dataset)
    assert not any((result.Manufacturer, result.ManufacturerModelName, result.SoftwareVersions))
    assert list(result.ImageType) == ["ORIGINAL", "PRIMARY", "CTROOM7"]  # a coded value is more often one than a place


def test_numbers_of_the_patient_are_not_kept_as_numbers():
    dataset = patient(PatientID="0774411", StudyDate="20240229", Rows=512)
    dataset.SeriesNumber, dataset.AcquisitionNumber, dataset.InstanceNumber = "774411", "20240229", "77441"
    dataset.KVP = "774411.0"
    result = cleaned(dataset)
    assert result.SeriesNumber is None
    assert result.AcquisitionNumber is None
    assert result.KVP is None
    assert result.InstanceNumber == 77441
    assert result.Rows == 512


def test_a_class_that_holds_a_number_of_the_patient_is_replaced():
    dataset = patient(PatientID="MRN 10008", CodingSchemeUID="1.2.999.10008", SOPClassUID="1.2.840.10008.5.1.4.1.1.2")
    result = cleaned(dataset)
    assert result.CodingSchemeUID.startswith("2.25.")
    assert result.SOPClassUID == "1.2.840.10008.5.1.4.1.1.2"  # one of the standard's own


def test_names_of_files_on_media_go():
    dataset = patient()
    dataset.add(element(0x00041130, "QFILESET"))
    dataset.add(element(0x00041500, ["QDIR", "QFILE"]))
    data = written(cleaned(inside(dataset)))
    assert b"QFILE" not in data
    assert b"QDIR" not in data


def test_texts_are_compared_once():
    words = Words(patient())
    assert words.found_in("for Roe") is words.found_in("for Roe") is True
    assert words.found_in("for R.") is words.found_in("for R.") is False
