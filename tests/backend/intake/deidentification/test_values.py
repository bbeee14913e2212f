"""What the table does not name: what may stay, and what goes."""

from __future__ import annotations

from io import BytesIO

import pytest
from pydicom import Dataset, dcmread
from pydicom.sequence import Sequence

from backend.intake.deidentification.service import deidentify
from backend.intake.result import ElementAction
from tests.backend.intake.deidentification.made import SECRET, cleaned, element, inside, patient, written


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


def test_sequences_without_end_end():
    dataset = patient()
    for _ in range(60):
        dataset = inside(dataset)
    assert b"2.25." not in written(cleaned(dataset))
