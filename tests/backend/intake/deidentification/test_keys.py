"""What one secret always makes alike: pseudonyms, UIDs and dates of a patient."""

from __future__ import annotations

from datetime import date

import pytest
from pydicom import Dataset
from pydicom.uid import UID, CTImageStorage

from backend.intake.deidentification.service import deidentify
from tests.backend.intake.deidentification.made import SECRET, cleaned, element, patient, written


def test_the_same_patient_has_the_same_pseudonym_in_every_file():
    first = deidentify(patient(SOPInstanceUID="1.2.999.5"), SECRET)
    again = deidentify(patient(PatientName="ROE^JANE^", SOPInstanceUID="1.2.999.6"), SECRET)
    assert first.pseudonym == again.pseudonym == first.dataset.PatientID
    assert not first.dataset.PatientName


@pytest.mark.parametrize("other", [{"PatientID": "4711-B"}, {"IssuerOfPatientID": "Ward 4"}])
def test_another_patient_has_another_pseudonym(other):
    assert deidentify(patient(), SECRET).pseudonym != deidentify(patient(**other), SECRET).pseudonym


def test_without_an_id_name_and_birth_date_tell_patients_apart():
    def pseudonym(name: str, born: str) -> str | None:
        return deidentify(patient(PatientID="", PatientName=name, PatientBirthDate=born), SECRET).pseudonym

    assert pseudonym("Roe^Jane", "19500101") == pseudonym("ROE^JANE^^", "19500101")
    assert len({pseudonym("Roe^Jane", "19500101"), pseudonym("Roe^Jane", "19500102"), pseudonym("Roe", "")}) == 3


def test_parts_of_the_key_do_not_run_together():
    one, other = patient(IssuerOfPatientID="A", PatientID="BC"), patient(IssuerOfPatientID="AB", PatientID="C")
    assert deidentify(one, SECRET).pseudonym != deidentify(other, SECRET).pseudonym


def test_a_file_without_a_patient_has_no_pseudonym():
    result = deidentify(patient(PatientID="", PatientName=""), SECRET)
    assert result.pseudonym is None
    assert not result.dataset.PatientID


def test_a_pseudonym_can_be_read_aloud():
    names = {deidentify(patient(PatientID=str(number)), SECRET).pseudonym or "" for number in range(300)}
    assert len(names) == 300
    for name in names:
        assert name.startswith("P-")
        assert len(name) == 12
        assert not set(name[2:]) & set("AEIOUY01L5SZ")


def test_another_secret_changes_everything():
    dataset = patient(StudyDate="20240229", SOPInstanceUID="1.2.999.5")
    one, other = cleaned(dataset), cleaned(dataset, bytes(32))
    assert one.PatientID != other.PatientID
    assert one.StudyInstanceUID != other.StudyInstanceUID
    assert one.StudyDate != other.StudyDate


def test_references_between_files_stay_true():
    image = patient(SOPInstanceUID="1.2.999.5")
    item = Dataset()
    item.ReferencedSOPInstanceUID, item.ReferencedSOPClassUID = "1.2.999.5", CTImageStorage
    referring = cleaned(patient(SOPInstanceUID="1.2.999.6", SourceImageSequence=[item]))
    assert referring.SourceImageSequence[0].ReferencedSOPInstanceUID == cleaned(image).SOPInstanceUID
    assert referring.SourceImageSequence[0].ReferencedSOPClassUID == CTImageStorage
    assert referring.StudyInstanceUID == cleaned(image).StudyInstanceUID


def test_new_uids_are_valid_and_well_known_ones_stay():
    dataset = cleaned(patient(SOPClassUID=CTImageStorage, FrameOfReferenceUID="1.2.840.10008.1.4.1.1"))
    uid = UID(dataset.StudyInstanceUID)
    assert uid.is_valid
    assert uid.startswith("2.25.")
    assert int(uid.split(".")[2]) < 2**128
    assert dataset.SOPClassUID == CTImageStorage
    assert dataset.FrameOfReferenceUID == "1.2.840.10008.1.4.1.1"


def test_coding_schemes_stay_and_other_uids_are_remapped():
    dataset = patient(CodingSchemeUID="2.16.840.1.113883.6.96", VolumeFrameOfReferenceUID="1.2.999.8")
    assert cleaned(dataset).CodingSchemeUID == "2.16.840.1.113883.6.96"
    assert cleaned(dataset).VolumeFrameOfReferenceUID.startswith("2.25.")


def test_lists_of_uids_are_remapped_one_by_one():
    dataset = cleaned(patient(IrradiationEventUID=["1.2.999.1", "1.2.999.2"]))
    assert len(dataset.IrradiationEventUID) == 2
    assert dataset.IrradiationEventUID[0] == dataset.StudyInstanceUID


def as_date(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def test_intervals_between_a_patients_dates_stay():
    early = cleaned(patient(StudyDate="20240228", AcquisitionDateTime="20240301235959.5", StudyTime="101112"))
    late = cleaned(patient(StudyDate="2025.03.01", SeriesDate="20240228"))
    assert (as_date(late.StudyDate) - as_date(early.StudyDate)).days == 367
    assert (as_date(early.AcquisitionDateTime) - as_date(early.StudyDate)).days == 2
    assert late.SeriesDate == early.StudyDate
    assert early.AcquisitionDateTime[8:] == "235959.5"
    assert early.StudyTime == "101112"


def test_dates_move_back_by_one_to_3650_days_differently_for_each_patient():
    shifts = set()
    for number in range(200):
        moved = as_date(cleaned(patient(PatientID=f"N{number}", StudyDate="20240229")).StudyDate)
        shifts.add((date(2024, 2, 29) - moved).days)
    assert len(shifts) > 150
    assert min(shifts) >= 1
    assert max(shifts) <= 3650


def test_a_date_time_keeps_its_precision_and_loses_its_place():
    for text, length in (("2024", 4), ("202402", 6), ("20240229", 8), ("2024022910", 10), ("20240229101112+0930", 14)):
        moved = cleaned(patient(AcquisitionDateTime=text)).AcquisitionDateTime
        assert len(moved) == length
        assert "+" not in moved


@pytest.mark.parametrize(
    "text",
    ["Roe 1950", "20241399", "20240230", "00010101", "20240101-20240105", "2024022", "२०२४०२२९", "20240229 Jane"],
)
def test_a_malformed_date_does_not_survive(text):
    dataset = Dataset()
    for tag in (0x00080020, 0x00080021, 0x00080012, 0x00380020, 0x0008002A, 0x00100030):
        dataset.add(element(tag, text))
    result = cleaned(dataset)
    assert text.encode() not in written(result)
    assert not result.StudyDate  # Z
    assert result[0x00080012].value == "19000101"  # X/D
    assert 0x00380020 not in result  # X


def test_a_malformed_time_does_not_survive():
    dataset = Dataset()
    dataset.add(element(0x00080030, "Jane Roe"))
    dataset.add(element(0x00080031, "256199"))
    data = written(cleaned(dataset))
    assert b"Roe" not in data
    assert b"256199" not in data


def test_birth_date_and_age_go():
    dataset = cleaned(patient(PatientBirthDate="19300101", PatientBirthTime="1010", PatientAge="094Y"))
    assert not dataset.PatientBirthDate
    assert "PatientBirthTime" not in dataset
    assert "PatientAge" not in dataset


@pytest.mark.parametrize(
    "written_as", [" 4711-a ", "4711-A\t", "4711－A", "4711-A\\"], ids=["small", "tab", "wide", "empty"]
)
def test_an_id_is_the_same_however_a_device_writes_it(written_as):
    one, other = patient(StudyDate="20240229"), patient(PatientID=written_as, StudyDate="20240229")
    assert deidentify(one, SECRET).pseudonym == deidentify(other, SECRET).pseudonym
    assert cleaned(one).StudyDate == cleaned(other).StudyDate


def test_an_issuer_is_the_same_however_a_device_writes_it():
    assert (
        deidentify(patient(IssuerOfPatientID="WARD  3 "), SECRET).pseudonym == deidentify(patient(), SECRET).pseudonym
    )


@pytest.mark.parametrize(
    "written_as", ["ROE ^JANE^^", "Roe^Jane=ロー^ジェーン", "roe^jane"], ids=["spaces", "other letters", "small"]
)
def test_without_an_id_a_name_is_the_same_however_a_device_writes_it(written_as):
    one = patient(PatientID="", PatientBirthDate="19500607")
    other = patient(PatientID=" ", PatientName=written_as, PatientBirthDate="1950.06.07")
    assert deidentify(one, SECRET).pseudonym == deidentify(other, SECRET).pseudonym


def test_pseudonyms_do_not_change_with_a_new_version():
    """Or a patient of a site would be two: whoever changes this breaks what sites have."""
    assert deidentify(patient(), SECRET).pseudonym == "P-3BXKK8XNVB"
    assert deidentify(patient(PatientID=""), SECRET).pseudonym == "P-RDTMBX4CXD"
