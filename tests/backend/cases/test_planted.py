"""A patient planted in every place of a DICOM file is looked for in every byte that is kept, and in every answer."""

from __future__ import annotations

import base64
import gzip
import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from fastapi.testclient import TestClient
from pydicom.dataset import Dataset

from tests.support.dicom_files import dataset, item, lut, save
from tests.support.people import ADMINISTRATOR, OTHER_READER, READER, become
from tests.support.server import API, StartServer, resources_of

CASES = f"{API}/cases"
NAME, NUMBER, BORN, DAY, ROOT = "Querulanta", "774411", "19310203", "20240229", "1.2.999.31415"
PLANTED = (NAME, "ゲルランタ", NUMBER, BORN, DAY, "1931-02-03", ROOT, "SN99887", "Klinikum Nord")
END = f"{NAME} at the end".encode()
# Twelve bits are kept of sixteen; the rest is an overlay of old.
PIXELS = np.arange(256, dtype=np.uint16).reshape(16, 16) | 0xA000


def _nested(depth: int) -> Dataset:
    """Of the patient, also below."""
    made = item(
        PatientName=f"{NAME}^Zoe", PatientID=NUMBER, PatientAge="093Y", StudyDate=DAY, ImageComments=f"of {NAME}",
        ReferencedSOPInstanceUID=f"{ROOT}.{depth}", Manufacturer=NAME, DeviceSerialNumber="SN99887",
    )  # fmt: skip
    made.private_block(0x0021, f"{NAME} PRIVATE", create=True).add_new(1, "SQ", [item(PatientName=f"{NAME}^Zoe")])
    if depth:
        made.ReferencedImageSequence = [_nested(depth - 1)]
    return made


def _patient() -> dict[str, Any]:
    return {
        "SpecificCharacterSet": ["", "ISO 2022 IR 87"],
        "PatientName": f"{NAME}^Zoe=ゲルランタ^ゾエ", "PatientID": NUMBER,
        "PatientBirthDate": BORN, "PatientAge": "093Y", "OtherPatientIDs": [NUMBER, f"X{NUMBER}"],
        "InstitutionName": "Klinikum Nord", "StudyDescription": f"{NAME} {BORN}", "SeriesDescription": "1931-02-03",
        "ImageComments": f"of {NAME}", "ProtocolName": NAME, "DeviceSerialNumber": "SN99887", "StationName": NAME,
        "StudyDate": DAY, "AcquisitionDateTime": f"{DAY}101112", "StudyInstanceUID": f"{ROOT}.1",
        "SOPInstanceUID": f"{ROOT}.2", "SeriesInstanceUID": f"{ROOT}.3", "Modality": "CR",
        "BodyPartExamined": NAME.upper(), "Manufacturer": f"{NAME} Ltd", "ManufacturerModelName": "Klinikum Nord 1",
        "SoftwareVersions": "1931-02-03", "SequenceName": f"x{NUMBER}", "SeriesNumber": NUMBER,
        "CodingSchemeUID": f"1.2.3.{NUMBER}", "EncapsulatedDocument": f"{NAME} ".encode(),
        "ICCProfile": f"{NAME} ".encode(), "ImageType": ["ORIGINAL", "PRIMARY", NAME.upper()],
    }  # fmt: skip


def _shown() -> dict[str, Any]:
    return {
        "WindowCenter": [40, 20], "WindowWidth": [80, 90], "WindowCenterWidthExplanation": [NAME, NUMBER],
        "RescaleSlope": 1, "RescaleIntercept": 0, "RescaleType": f"{NAME} units", "BitsStored": 12,
        "VOILUTSequence": [lut([0, 1, 2, 3], 0, 16, LUTExplanation=f"for {NAME}")],
    }  # fmt: skip


def planted(path: Path) -> bytes:
    """The file."""
    made = dataset(PIXELS, **_patient(), **_shown())
    made.ReferencedImageSequence = [_nested(3)]
    made.SharedFunctionalGroupsSequence = [item(DerivationImageSequence=[_nested(1)])]
    made.ContentSequence = [item(TextValue=f"{NAME} {BORN}", PersonName=f"{NAME}^Zoe")]
    made.IconImageSequence = [item(PixelData=f"{NAME} ".encode())]
    made["IconImageSequence"].value[0]["PixelData"].VR = "OB"
    made.WaveformSequence = [item(WaveformData=f"{NAME} ".encode())]
    made["WaveformSequence"].value[0]["WaveformData"].VR = "OB"
    made.private_block(0x0009, f"{NAME} LTD", create=True).add_new(1, "LO", f"{NAME} private")
    for tag, vr, value in (
        (0x00041130, "CS", NAME.upper()),
        (0x00085678, "UN", f"{NAME} ".encode()),
        (0x50003000, "OW", f"{NAME} ".encode()),
        (0x60003000, "OW", f"{NAME} ".encode()),
        (0x60004000, "LT", NAME),
        (0xFFFCFFFC, "OB", f"{NAME} ".encode()),
    ):
        made.add_new(tag, vr, value)
    meta: Any = made.file_meta
    meta.SourceApplicationEntityTitle, meta.PrivateInformationCreatorUID = NAME.upper(), f"{ROOT}.9"
    meta.PrivateInformation = f"{NAME} ".encode()
    made.PixelData += f"{NAME} ".encode()
    made.preamble = f"{NAME} ".encode().ljust(128, b"\0")
    return save(made, path).read_bytes() + END


def _forms(text: str) -> Iterator[bytes]:
    """As bytes, as JSON and as base64, wherever that begins."""
    yield text.lower().encode()
    yield text.encode("unicode_escape").lower()
    yield text.encode("utf-16-le").lower()
    for start in range(3):
        for written in {text, text.upper(), text.lower()}:
            coded = base64.b64encode(b"\0" * start + written.encode())
            yield coded[4 if start else 0 : -4].lower()


def assert_clean(content: bytes, where: str) -> None:
    for whole in (content, gzip.decompress(content) if content[:2] == b"\x1f\x8b" else b""):
        for text in PLANTED:
            assert not any(form in whole.lower() for form in _forms(text)), f"{text} in {where}"


def _answers(client: TestClient, case_id: str, *, may_read_trail: bool = True) -> Iterator[tuple[str, bytes]]:
    one = f"{CASES}/{case_id}"
    for path in (
        CASES, f"{CASES}?search=P-", one, f"{one}/display", f"{one}/deidentification", f"{one}/image",
        f"{one}/image?frame=0&inverted=true", f"{one}/thumbnail", f"{one}/frames/0", f"{API}/audit-events",
        f"{API}/audit-events/export?format=csv",
    ):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == (403 if "audit" in path and not may_read_trail else 200), path
        yield path, answer.content + repr(sorted(answer.headers.items())).encode()


@pytest.mark.parametrize("keep_originals", [False, True], ids=["usual", "originals kept"])
def test_a_planted_patient_is_nowhere(
    start_server: StartServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, keep_originals: bool
) -> None:
    content = planted(tmp_path / "planted.dcm")
    with pytest.raises(AssertionError):
        assert_clean(content, "the file itself, or this test finds nothing")
    client = start_server(keep_originals=keep_originals)
    with caplog.at_level(logging.DEBUG):
        answer = client.post(CASES, files={"file": (f"{NAME}-{NUMBER}.dcm", content)})
        assert answer.status_code == 201, answer.text
        case = answer.json()
        assert case["review"] == "waiting"
        for path, found in _answers(client, case["id"]):
            assert_clean(found, path)
        region = {"x": 1, "y": 1, "width": 3, "height": 3}
        answer = client.post(f"{CASES}/{case['id']}/review", json={"regions": [region]})
        assert answer.status_code == 200, answer.text
        answer = client.put(f"{CASES}/{case['id']}/sharing", json={"visibility": "open"})
        assert answer.status_code == 200, answer.text
        for person in (READER, OTHER_READER, ADMINISTRATOR):
            become(client, person)
            for path, found in _answers(client, case["id"], may_read_trail=person == ADMINISTRATOR):
                assert_clean(found, f"{path} for {person}")
    assert_clean(caplog.text.encode(), "the log")
    files = [path for path in resources_of(client).settings.data_dir.rglob("*") if path.is_file()]
    assert len(files) > 5
    for file in files:
        assert_clean(file.read_bytes(), str(file))
        assert_clean(file.name.encode(), "the name of a file")


def test_a_planted_file_that_is_refused_says_nothing_of_it(
    client: TestClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    content = planted(tmp_path / "planted.dcm")
    made = pydicom.dcmread(io.BytesIO(content[: -len(END)]))
    made.PhotometricInterpretation = NAME.upper()
    stream = io.BytesIO()
    made.save_as(stream)
    files = {"colours": stream.getvalue(), "cut off": content[:-700], "half": content[: len(content) // 2]}
    for what, change in (("no size", "Rows"), ("no bits", "BitsAllocated"), ("no pixels", "PixelData")):
        made = pydicom.dcmread(io.BytesIO(content[: -len(END)]))
        delattr(made, change)
        stream = io.BytesIO()
        made.save_as(stream, enforce_file_format=False)
        files[what] = stream.getvalue()
    with caplog.at_level(logging.DEBUG):
        for what, file in files.items():
            answer = client.post(CASES, files={"file": (f"{NAME}.dcm", file)})
            assert 400 <= answer.status_code < 500, what
            assert_clean(answer.content, what)
    assert_clean(caplog.text.encode(), "the log")
    for path in resources_of(client).settings.data_dir.rglob("*"):
        assert not path.is_file() or "intake" not in path.parts
