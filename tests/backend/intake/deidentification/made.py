"""Datasets whose every value can be found again."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from pydicom import DataElement, Dataset, config
from pydicom.sequence import Sequence

from backend.intake.deidentification.profile import definition
from backend.intake.deidentification.service import deidentify, header_json
from backend.intake.result import ElementAction

SECRET = bytes(range(32))
DAY = "20240229"
# Numbers have no room for a mark; this one is no dummy of ours.
NUMBER = 51966


def mark(tag: int) -> str:
    return f"Q{tag:08X}Z"


def element(tag: int, value: Any, vr: str | None = None) -> DataElement:
    entry = definition(tag)
    return DataElement(tag, vr or (entry.vr if entry else "UN"), value, validation_mode=config.IGNORE)


def marked(tag: int) -> DataElement:
    """An element with a value of its VR that no other element has, as far as the VR has room for it."""
    entry = definition(tag)
    vr = entry.vr if entry else "UN"
    text = mark(tag)
    values: dict[str, Any] = {
        **dict.fromkeys(("OB", "OW", "UN"), text.encode()),
        **dict.fromkeys(("US", "UL", "SS", "IS", "DS", "FD", "FL"), NUMBER),
        "DA": DAY,
        "DT": DAY + "101112.345678+0930",
        "TM": "101112.345678",
        "AS": "091Y",
        "UI": f"1.2.999.{tag}",
        "UR": f"https://{text}.example",
    }
    if vr == "SQ":
        item = Dataset()
        item.add(element(0x00081030, text, "LO"))
        item.add(element(0x00080070, text, "LO"))
        return element(tag, Sequence([item]))
    return element(tag, values.get(vr, text))


def inside(dataset: Dataset, sequence: int = 0x52009229) -> Dataset:
    """The dataset as an item of a sequence that the table does not name."""
    outer = Dataset()
    outer.add(element(sequence, Sequence([dataset])))
    return outer


def written(dataset: Dataset) -> bytes:
    """The bytes as a file and as the kept header, one after the other."""
    buffer = BytesIO()
    dataset.save_as(buffer, implicit_vr=False, little_endian=True)
    return buffer.getvalue() + header_json(dataset)


def patient(**elements: Any) -> Dataset:
    dataset = Dataset()
    dataset.PatientName, dataset.PatientID = "Roe^Jane", "4711-A"
    dataset.IssuerOfPatientID, dataset.StudyInstanceUID = "Ward 3", "1.2.999.1"
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


def cleaned(dataset: Dataset, secret: bytes = SECRET) -> Dataset:
    return deidentify(dataset, secret).dataset


def actions(dataset: Dataset) -> dict[str, ElementAction]:
    return {entry.tag: entry.action for entry in deidentify(dataset, SECRET).report.elements}
