"""Every DICOM file that ships with pydicom, and files damaged on purpose."""

from __future__ import annotations

import re
import warnings
from io import BytesIO
from pathlib import Path
from struct import pack

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.intake.deidentification.keys import text_of
from backend.intake.deidentification.profile import TABLE
from backend.intake.deidentification.service import deidentify, header_json, suspects
from tests.backend.intake.deidentification.made import SECRET, written

ROOT = Path(pydicom.__file__).parent / "data" / "test_files"
FILES = sorted(path for path in ROOT.rglob("*") if path.is_file() and path.suffix in (".dcm", ""))
NAME = "Querulanta"


def read(source: Path | BytesIO) -> pydicom.Dataset | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return pydicom.dcmread(source, force=True, stop_before_pixels=True)
        except Exception:  # noqa: BLE001  (what cannot be read never comes to de-identification)
            return None


def secrets_of(dataset: pydicom.Dataset) -> set[str]:
    names = [*re.split(r"[\^=\s\\]+", text_of(dataset, "PatientName")), text_of(dataset, "PatientName")]
    return {text for text in (*names, text_of(dataset, "PatientID")) if len(text) > 3}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_pass_and_lose_their_patient(path):
    dataset = read(path)
    if dataset is None:
        return
    suspects(dataset)
    result = deidentify(dataset, SECRET)
    header, report = header_json(result.dataset).decode(), result.report.model_dump_json()
    data = written(result.dataset)
    assert not {text_of(dataset, "PatientName"), text_of(dataset, "PatientID")} & set(re.findall(r'"([^"]+)"', report))
    for secret in secrets_of(dataset):
        assert secret not in header
        assert secret.encode() not in data


def test_there_are_files_to_try():
    assert len(FILES) > 100
    assert sum(read(path) is not None for path in FILES) > 100


TAGS = [
    *sorted(tag for tag in TABLE if tag >> 16 > 0x0002),
    0x00080005, 0x00080008, 0x00080016, 0x00080060, 0x00080070, 0x00080104, 0x00080115, 0x00180060, 0x00200013,
    0x00280010, 0x00280030, 0x00280106, 0x00283000, 0x00283006, 0x00282000, 0x00091001, 0x00085678, 0x60003000,
]  # fmt: skip
VRS = [
    "AE",
    "AS",
    "AT",
    "CS",
    "DA",
    "DS",
    "DT",
    "FD",
    "FL",
    "IS",
    "LO",
    "LT",
    "OB",
    "OW",
    "PN",
    "SH",
    "SL",
    "SQ",
    "SS",
    "ST",
    "TM",
    "UC",
    "UI",
    "UL",
    "UN",
    "UR",
    "US",
    "UT",
    "ZZ",
]
LONG = {"OB", "OW", "SQ", "UC", "UN", "UR", "UT"}


def encoded(tag: int, vr: str, value: bytes) -> bytes:
    length = b"\0\0" + pack("<I", len(value)) if vr in LONG else pack("<H", len(value))
    return pack("<HH", tag >> 16, tag & 0xFFFF) + vr.encode() + length + value


@settings(max_examples=400, deadline=None)
@given(
    elements=st.lists(
        st.tuples(
            st.sampled_from(TAGS),
            st.sampled_from(VRS),
            st.sampled_from([NAME.encode(), f"20240229{NAME}".encode(), f"1.2.{NAME}\\{NAME}".encode()])
            | st.builds(lambda text: text + NAME.encode() + text, st.binary(max_size=12)),
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda entry: entry[0],
    )
)
def test_nothing_in_a_wrong_place_survives(elements):
    patient = [(0x00100010, "PN", NAME.encode())]
    listed = sorted(patient + [entry for entry in elements if entry[0] != 0x00100010])
    dataset = read(BytesIO(b"".join(encoded(*entry) for entry in listed)))
    if dataset is None:
        return
    suspects(dataset)
    result = deidentify(dataset, SECRET)
    assert NAME.casefold() not in header_json(result.dataset).decode().casefold()
    assert NAME not in result.report.model_dump_json()


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_files_pass(data):
    source = (ROOT / data.draw(st.sampled_from(["CT_small.dcm", "reportsi.dcm", "nested_priv_SQ.dcm"]))).read_bytes()
    damaged = bytearray(source[:8000])
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(132, len(damaged) - 1), st.integers(0, 255)), max_size=20)
    ):
        damaged[place] = byte
    dataset = read(BytesIO(bytes(damaged)))
    if dataset is None:
        return
    suspects(dataset)
    header_json(deidentify(dataset, SECRET).dataset)
