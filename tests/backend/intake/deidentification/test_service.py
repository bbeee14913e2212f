"""De-identification of whole headers: what the table does not name, what is added, and what must fit together."""

from __future__ import annotations

import json
import warnings
from datetime import date
from io import BytesIO

import pytest
from pydicom import Dataset, dcmread
from pydicom.sequence import Sequence
from pydicom.uid import UID, CTImageStorage

from backend.intake.deidentification.service import (
    deidentify,
    header_json,
    header_with_cleaned_pixels,
    picture_report,
    with_cleaned_pixels,
)
from backend.intake.result import Deidentification, ElementAction
from tests.backend.intake.deidentification.made import SECRET, element, inside, patient, written


def cleaned(dataset: Dataset, secret: bytes = SECRET) -> Dataset:
    return deidentify(dataset, secret).dataset


def actions(dataset: Dataset) -> dict[str, ElementAction]:
    return {entry.tag: entry.action for entry in deidentify(dataset, SECRET).report.elements}


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


def test_numbers_whose_vr_depends_on_others_are_kept_also_in_sequences():
    table = Dataset()
    table.add(element(0x00283002, [4096, -1024, 16], "SS"))
    dataset = patient(PixelRepresentation=1, Rows=2)
    dataset.add(element(0x00280120, -2000, "SS"))
    dataset.add(element(0x00283000, Sequence([table])))
    buffer = BytesIO()
    dataset.save_as(buffer, implicit_vr=True, little_endian=True)
    buffer.seek(0)
    result = cleaned(dcmread(buffer, force=True))
    assert result.PixelPaddingValue == -2000
    assert list(result.ModalityLUTSequence[0].LUTDescriptor) == [4096, -1024, 16]


def test_text_in_other_alphabets_is_kept_and_names_in_them_go():
    dataset = patient(SpecificCharacterSet="ISO_IR 144", PatientName="Иванова^Анна", Manufacturer="Завод")
    dataset.ManufacturerModelName = "Иванова 3"
    buffer = BytesIO()
    dataset.save_as(buffer, implicit_vr=False, little_endian=True)
    buffer.seek(0)
    result = cleaned(dcmread(buffer, force=True))
    assert result.Manufacturer == "Завод"
    assert not result.ManufacturerModelName
    assert "Завод".encode() in written(result)


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


def test_it_always_does_the_same():
    dataset = patient(StudyDate="20240229", SOPInstanceUID="1.2.999.5")
    assert written(cleaned(dataset)) == written(cleaned(dataset))
    assert deidentify(dataset, SECRET).report == deidentify(dataset, SECRET).report


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


def test_private_elements_go_and_are_counted_in_sequences_too():
    dataset = patient()
    dataset.private_block(0x0019, "ROE LTD", create=True).add_new(1, "LO", "Jane private")
    dataset[0x00191001].private_creator  # noqa: B018  (as pydicom made it)
    result = deidentify(inside(dataset), SECRET)
    assert result.report.private_removed == 2
    assert b"private" not in written(result.dataset)
    assert b"ROE LTD" not in written(result.dataset)


def test_overlays_curves_group_lengths_and_unknown_elements_go():
    dataset = Dataset()
    for tag, vr in (
        (0x60003000, "OB"),
        (0x60000022, "LO"),
        (0x60021500, "LO"),
        (0x60FE4000, "LT"),
        (0x50003000, "OB"),
        (0x50020022, "LO"),
        (0x00085678, "UN"),
        (0x0008ABCD, "LO"),
        (0x00100000, "UL"),
    ):
        dataset.add(element(tag, {"OB": b"Jane Roe", "UN": b"Jane Roe", "UL": 7}.get(vr, "Jane Roe"), vr))
    result = deidentify(inside(dataset), SECRET)
    assert not len(result.dataset[0x52009229].value[0])
    assert b"Jane" not in written(result.dataset)
    named = {entry.tag: entry for entry in result.report.elements}
    assert named["(60xx,3000)"].name == "Overlay Data"
    assert named["(xxxx,xxxx)"].occurrences == 2
    assert named["(xxxx,0000)"].name == "Group Length"


def test_free_text_and_bytes_that_the_table_does_not_name_go():
    dataset = Dataset()
    for tag in (0x00080115, 0x00401400, 0x00189908, 0x00081190, 0x0040A160, 0x00620006):
        dataset.add(element(tag, "written by Jane", "LT"))
    dataset.add(element(0x00282000, b"written by Jane"))
    dataset.add(element(0x00281101, [256, 0, 16], "US"))
    dataset.add(element(0x00281201, b"written by Jane"))
    assert b"Jane" not in written(cleaned(dataset))
    assert list(cleaned(dataset)[0x00281101].value) == [256, 0, 16]


def test_of_the_patient_and_the_visit_only_the_table_decides():
    code = Dataset()
    code.CodeValue, code.CodeMeaning = "1", "Ward of Dr. Doe"
    dataset = patient(PatientBodyMassIndex="41", TypeOfPatientID="TEXT", RequestingServiceCodeSequence=[code])
    result = cleaned(inside(dataset))[0x52009229].value[0]
    assert {element.keyword for element in result} == {"PatientName", "PatientID", "StudyInstanceUID"}


def test_names_of_people_go_wherever_they_stand():
    dataset = cleaned(inside(patient(EvaluatorName="Doe^John", OperatorsName="Poe^Max", PersonName="Moe^Tim")))
    item = dataset[0x52009229].value[0]
    assert not item.EvaluatorName
    assert not item.OperatorsName
    assert not any(name in written(dataset) for name in (b"Doe", b"Poe", b"Moe"))


def test_what_says_how_the_image_was_made_is_kept():
    dataset = patient(
        Manufacturer="ACME", ConvolutionKernel="B31f", KVP="120", Rows=512, PixelSpacing=["0.50", "0.5"],
        WindowCenter=["40", "-600"], BodyPartExamined="CHEST", ImageType=["ORIGINAL", "PRIMARY"],
    )  # fmt: skip
    result = cleaned(dataset)
    for keyword in (
        "Manufacturer",
        "ConvolutionKernel",
        "KVP",
        "Rows",
        "WindowCenter",
        "BodyPartExamined",
        "ImageType",
    ):
        assert result[keyword].value == dataset[keyword].value
    assert result.PixelSpacing == [0.5, 0.5]


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
    ("tag", "vr", "value"),
    [
        (0x00280010, "LO", "Jane Roe"),
        (0x00080060, "LT", "Jane Roe"),
        (0x00280030, "DS", ["1", "2", "3"]),
        (0x00080008, "CS", "written by hand, at length"),
        (0x00080070, "LO", "a" * 65),
        (0x00080070, "LO", "line\nbreak"),
        (0x00080016, "UI", "Jane^Roe"),
        (0x00280010, "US", [1, 2, 3]),
        (0x00189305, "FD", float("nan")),
        (0x00081140, "LO", "Jane Roe"),
        (0x0008ABCD, "ZZ", b"Jane Roe"),
    ],
)
def test_values_that_do_not_fit_their_element_go(tag, vr, value):
    dataset = Dataset()
    dataset.add(element(tag, value, vr))
    result = deidentify(dataset, SECRET)
    assert tag not in result.dataset
    assert [entry.action for entry in result.report.elements] == [ElementAction.REMOVED]


def test_numbers_are_written_anew():
    dataset = Dataset()
    dataset.add(element(0x00180060, "00140.000000", "DS"))
    dataset.add(element(0x00200013, "+0007", "IS"))
    data = written(cleaned(dataset))
    assert b"00140" not in data
    assert b"+0007" not in data
    assert cleaned(dataset).KVP == 140
    assert cleaned(dataset).InstanceNumber == 7


def test_pixels_stay_out_of_header_and_report():
    dataset = patient(BitsAllocated=8)
    dataset.add(element(0x7FE00010, b"pixels pixels", "OB"))
    icon = Dataset()
    icon.add(element(0x7FE00010, b"pixels pixels", "OB"))
    dataset.add(element(0x00880200, Sequence([icon])))
    result = deidentify(inside(dataset), SECRET)
    assert b"pixels" not in written(result.dataset) + written(cleaned(dataset))
    assert "(7FE0,0010)" not in actions(dataset)


def test_sequences_without_end_end():
    dataset = patient()
    for _ in range(60):
        dataset = inside(dataset)
    assert b"2.25." not in written(cleaned(dataset))


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
