"""The tag table of DICOM PS3.15 E.1-1: nothing that it names keeps its value, at the top or in a sequence."""

from __future__ import annotations

import pytest
from pydicom import Dataset
from pydicom.sequence import Sequence

from backend.intake.deidentification.profile import NOT_SHIFTED, PATIENT_ID, TABLE, TIMES, Rule, definition
from backend.intake.deidentification.service import deidentify
from backend.intake.result import ElementAction
from tests.backend.intake.deidentification.made import DAY, NUMBER, SECRET, element, inside, mark, marked, written

# Of the printed table, so that a slip in how it is read shows.
PRINTED = {
    0x00080050: Rule.EMPTY,  # Accession Number
    0x00080014: Rule.REMAP,  # Instance Creator UID
    0x00080018: Rule.REMAP,  # SOP Instance UID
    0x00080080: Rule.REPLACE,  # Institution Name: X/Z/D
    0x00080081: Rule.REMOVE,  # Institution Address
    0x00080090: Rule.EMPTY,  # Referring Physician's Name
    0x00081030: Rule.REMOVE,  # Study Description
    0x00081110: Rule.EMPTY,  # Referenced Study Sequence: X/Z
    0x00081140: Rule.REMAP_INSIDE,  # Referenced Image Sequence: X/Z/U*
    0x00082112: Rule.REMAP_INSIDE,  # Source Image Sequence: X/Z/U*
    0x00100010: Rule.EMPTY,  # Patient's Name
    0x00100020: Rule.REPLACE,  # Patient ID: Z/D
    0x00100030: Rule.EMPTY,  # Patient's Birth Date
    0x00101010: Rule.REMOVE,  # Patient's Age
    0x00101040: Rule.REMOVE,  # Patient's Address
    0x00102160: Rule.REMOVE,  # Ethnic Group
    0x00104000: Rule.REMOVE,  # Patient Comments
    0x0020000D: Rule.REMAP,  # Study Instance UID
    0x00200010: Rule.EMPTY,  # Study ID
    0x00204000: Rule.REMOVE,  # Image Comments
    0x0040A730: Rule.REPLACE,  # Content Sequence
    0x00420011: Rule.REPLACE,  # Encapsulated Document
    0x00880200: Rule.REMOVE,  # Icon Image Sequence
    0x04000561: Rule.REMOVE,  # Original Attributes Sequence
    0xFFFAFFFA: Rule.REMOVE,  # Digital Signatures Sequence
    0xFFFCFFFC: Rule.REMOVE,  # Data Set Trailing Padding
}


def whole_table() -> Dataset:
    dataset = Dataset()
    for tag in TABLE:
        # Groups below 8 belong to messages and to the file's beginning: pydicom writes neither in a dataset.
        if tag >> 16 >= 0x0008:
            dataset.add(marked(tag))
    return dataset


def tags_of(dataset: Dataset) -> list[int]:
    return [int(element.tag) for element in dataset]


def vr_of(tag: int) -> str:
    entry = definition(tag)
    return entry.vr if entry else "UN"


def left(tag: int) -> bool:
    """Whether something stays in this element's place."""
    return TABLE[tag] is not Rule.REMOVE or (vr_of(tag) in TIMES and tag not in NOT_SHIFTED)


@pytest.mark.parametrize("tag", PRINTED, ids=lambda tag: f"{tag:08X}")
def test_the_table_is_read_as_it_is_printed(tag):
    assert TABLE[tag] is PRINTED[tag]


def test_the_table_is_whole():
    assert len(TABLE) > 640


@pytest.mark.parametrize("nested", [False, True], ids=["top", "in a sequence"])
def test_no_value_of_the_table_is_written_again(nested):
    dataset = whole_table()
    before = written(dataset)
    data = written(deidentify(inside(dataset) if nested else dataset, SECRET).dataset)
    for tag in tags_of(dataset):
        vr = vr_of(tag)
        values = {
            "DA": [DAY],
            "DT": [DAY],
            "AS": ["091Y"],
            "UI": [f"1.2.999.{tag}"],
            "TM": ["101112"] if tag in NOT_SHIFTED else [],
            "DS": [str(NUMBER)],
            "IS": [str(NUMBER)],
            "US": [],
        }.get(vr, [mark(tag)])
        for value in values:
            # Sequences of the U* rule stay, and their items are cleaned; an allowed text inside is no secret.
            if TABLE[tag] is Rule.REMAP_INSIDE:
                assert data.count(value.encode()) == 2  # Manufacturer, in the file and in the header
                continue
            if value != "101112":  # other times are kept, by the option
                assert value.encode() in before
                assert value.encode() not in data, f"{tag:08X}"


@pytest.mark.parametrize("nested", [False, True], ids=["top", "in a sequence"])
def test_each_rule_leaves_what_it_says(nested):
    dataset = whole_table()
    cleaned = deidentify(inside(dataset) if nested else dataset, SECRET).dataset
    cleaned = cleaned[0x52009229].value[0] if nested else cleaned
    for tag in tags_of(dataset):
        assert (tag in cleaned) is left(tag), f"{tag:08X}"
        if not left(tag):
            continue
        rule, vr, value = TABLE[tag], vr_of(tag), cleaned[tag].value
        if vr in TIMES and tag not in NOT_SHIFTED:
            assert value, f"{tag:08X}"
            assert (value == dataset[tag].value) is (vr == "TM")
        elif rule is Rule.EMPTY or vr == "PN" or (vr == "SQ" and rule is Rule.REPLACE):
            assert not value, f"{tag:08X}"
        elif rule is Rule.REMAP:
            assert value.startswith("2.25."), f"{tag:08X}"
        elif rule is Rule.REPLACE and tag != PATIENT_ID:
            assert value, f"{tag:08X}"


def test_the_report_names_every_element_and_no_value():
    dataset = whole_table()
    report = deidentify(dataset, SECRET).report
    named = {entry.tag for entry in report.elements}
    kept_times = {tag for tag in TABLE if vr_of(tag) == "TM" and tag not in NOT_SHIFTED}
    inside_only = {tag for tag in TABLE if TABLE[tag] is Rule.REMAP_INSIDE}
    expected = set(tags_of(dataset)) - kept_times - inside_only
    assert {f"({tag >> 16:04X},{tag & 0xFFFF:04X})" for tag in expected} <= named
    assert [entry.tag for entry in report.elements] == sorted(entry.tag for entry in report.elements)
    text = report.model_dump_json()
    assert not any(mark(tag) in text for tag in tags_of(dataset))
    assert DAY not in text


def test_the_report_counts_sequences_too():
    dataset = Dataset()
    dataset.add(element(0x00081030, "one"))
    items = []
    for _ in range(3):
        item = Dataset()
        item.add(element(0x00081030, "another"))
        items.append(item)
    dataset.add(element(0x52009229, Sequence(items)))
    (entry,) = deidentify(dataset, SECRET).report.elements
    assert (entry.tag, entry.action, entry.occurrences) == ("(0008,1030)", ElementAction.REMOVED, 4)
    assert entry.name == "Study Description"
