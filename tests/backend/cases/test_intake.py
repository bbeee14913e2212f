"""Uploads through the process that decodes, as outside of tests."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pydicom
import pytest
from fastapi.testclient import TestClient
from pydicom.data import get_testdata_file
from pydicom.uid import UltrasoundImageStorage

from backend.audit.service import Subject
from tests.support.accounts import events
from tests.support.images import deep_pages, png, png_header
from tests.support.server import API, StartServer, assert_error, resources_of, stored_files

CASES = f"{API}/cases"


@pytest.fixture
def client(real_sandbox: None, start_server: StartServer) -> TestClient:
    return start_server()


def post(client: TestClient, content: bytes, **form: str) -> Any:
    return client.post(CASES, files={"file": ("upload", content)}, data=form)


def scan(**changes: Any) -> bytes:
    """A CT slice of pydicom's, with a patient."""
    dataset = pydicom.dcmread(str(get_testdata_file("CT_small.dcm")))
    dataset.PatientName, dataset.PatientID = "Doe^Jane", "12345"
    for name, value in changes.items():
        setattr(dataset, name, value)
    stream = io.BytesIO()
    dataset.save_as(stream)
    return stream.getvalue()


def test_pictures_and_what_is_none(client: TestClient) -> None:
    assert post(client, png()).status_code == 201
    before = stored_files(client)
    for content, status, code in (
        (b"hello", 415, "unsupported_image"),
        (b"", 400, "damaged_image"),
        (png()[:60], 400, "damaged_image"),
        (png_header(30_000, 30_000), 413, "image_too_large"),
        (b"II*\0" + b"\xff" * 100, 400, "damaged_image"),
        (b"\0" * 128 + b"DICM" + b"\xff" * 100, 415, "unsupported_image"),
    ):
        assert_error(post(client, content), status, code)
    assert stored_files(client) == before
    assert list(resources_of(client).settings.intake_dir.iterdir()) == []


def test_deep_pages(client: TestClient) -> None:
    pages = [np.arange(64, dtype=np.uint16).reshape(8, 8) * step for step in (1, 900)]
    case = post(client, deep_pages(pages)).json()
    assert (case["frames"], case["values_kept"]) == (2, True)
    values = client.get(f"{CASES}/{case['id']}/frames/1").content
    assert np.array_equal(np.frombuffer(values, "<u2").reshape(8, 8), pages[1])


def test_a_scan_keeps_its_values_and_nothing_of_the_patient(client: TestClient) -> None:
    answer = post(client, scan())
    assert answer.status_code == 201, answer.text
    case = answer.json()
    assert (case["source_format"], case["frames"], case["values_kept"]) == ("dicom", 1, True)
    display = client.get(f"{CASES}/{case['id']}/display").json()["display"]
    assert display["unit"] == "HU"
    report = client.get(f"{CASES}/{case['id']}/deidentification").json()["report"]
    assert "113100" in {code["value"] for code in report["methods"]}
    assert "(0010,0010)" in {element["tag"] for element in report["elements"]}
    storage = resources_of(client).storage
    for name in stored_files(client):
        content = storage.read(name)
        assert b"Doe" not in content
        assert b"12345" not in content
    (event, *_) = events(client, "case.created")
    assert event.subject == str(Subject("case", case["id"]))
    assert "Doe" not in (event.after or "")


def test_the_same_patient_has_the_same_pseudonym(client: TestClient) -> None:
    first, second, other = (
        post(client, scan(InstanceNumber=number, PatientID=patient)).json()["pseudonym"]
        for number, patient in ((1, "12345"), (2, "12345"), (3, "54321"))
    )
    assert first == second != other
    assert "12345" not in first
    named = post(client, scan(InstanceNumber=4), pseudonym="Mine").json()
    assert named["pseudonym"] == "Mine"


def test_an_ultrasound_waits_for_a_look(client: TestClient) -> None:
    content = scan(Modality="US", SOPClassUID=UltrasoundImageStorage)
    model = client.get(f"{API}/models").json()["items"][0]["id"]
    case = post(client, content).json()
    assert case["review"] == "waiting"
    assert case["suspects"]
    assert_error(client.post(f"{CASES}/{case['id']}/predictions"), 409, "case_waits")
    answer = client.post(f"{CASES}/{case['id']}/review", json={})
    assert answer.json() == case | {"review": "done"}
    # The only model here is for skin: it explains an ultrasound image only if somebody wants that.
    made = client.post(f"{CASES}/{case['id']}/predictions", json={"model_version_id": model})
    assert made.status_code == 201, made.text
    assert "US (ultrasound)" in made.json()["header_note"]
