"""A DICOM header leads the choice of the model: where it fits none, none is suggested, and a choice is noted."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from tests.support.dicom_files import dataset
from tests.support.explainer import ColourExplainer, ColourZoo, checkpoint_info, load_concept_set
from tests.support.pages import text_of
from tests.support.server import API, StartServer, assert_error

CASES = f"{API}/cases"
SETS = {"skin": "isic2018", "breast": "busi", "chest": "siim"}
IDS = {name: letters * 16 for name, letters in (("skin", "ab"), ("breast", "cd"), ("chest", "ef"))}


def serve(start_server: StartServer, folder: Path, *names: str) -> TestClient:
    infos = [checkpoint_info(folder / name, name, SETS[name], IDS[name] * 2, SETS[name]) for name in names]
    explainers = {info.folder: ColourExplainer(load_concept_set(info.concept_set.name)) for info in infos}
    return start_server(zoo=ColourZoo(infos, explainers=explainers))


@pytest.fixture
def client(start_server: StartServer, tmp_path: Path) -> TestClient:
    return serve(start_server, tmp_path, *SETS)


def upload(client: TestClient, **elements: Any) -> dict[str, Any]:
    """A DICOM file; if somebody must look at it first, they have."""
    stream = io.BytesIO()
    pixels = np.arange(20 * 30, dtype=np.uint16).reshape(20, 30)
    dataset(pixels, **elements).save_as(stream, enforce_file_format=True)
    answer = client.post(CASES, files={"file": ("scan.dcm", stream.getvalue())})
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    if case["review"] == "waiting":
        case = client.post(f"{CASES}/{case['id']}/review", json={}).json()
    return case


def explain(client: TestClient, case: dict[str, Any], **body: Any) -> Any:
    return client.post(f"{CASES}/{case['id']}/predictions", json=body or None)


@pytest.mark.parametrize(
    ("elements", "model"),
    [
        ({"Modality": "US"}, "breast"),
        ({"Modality": "US", "BodyPartExamined": "BREAST"}, "breast"),
        ({"Modality": "DX", "BodyPartExamined": "CHEST"}, "chest"),
        ({"Modality": "XC", "BurnedInAnnotation": "NO"}, "skin"),  # although it is grey
    ],
    ids=["ultrasound", "breast", "chest", "photograph"],
)
def test_the_header_leads(client: TestClient, elements: dict[str, str], model: str) -> None:
    case = upload(client, **elements)
    assert (case["modality"], case["body_part"]) == (elements["Modality"], elements.get("BodyPartExamined"))
    made = explain(client, case)
    assert made.status_code == 201, made.text
    assert made.json()["model"]["name"] == model
    assert (made.json()["model_choice"], made.json()["header_note"]) == ("header", None)


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ({"Modality": "CT"}, "CT (computed tomography)"),
        ({"Modality": "MR", "BodyPartExamined": "BREAST"}, "MR (magnetic resonance) of BREAST"),
        ({"Modality": "US", "BodyPartExamined": "THYROID"}, "US (ultrasound) of THYROID"),
        ({"Modality": "MG"}, "MG (mammography), and no active model"),
        ({"Modality": "DX"}, "not of which part of the body"),
        ({"Modality": "OT"}, "OT (another kind of image)"),
        ({"Modality": None}, "does not say which kind"),
    ],
    ids=["ct", "mr", "thyroid", "mammogram", "x-ray", "other", "silent"],
)
def test_no_model_is_guessed(client: TestClient, elements: dict[str, Any], words: str) -> None:
    case = upload(client, **elements)
    said = assert_error(explain(client, case), 409, "model_choice_needed")
    assert words in said
    assert "choose a model yourself" in said
    assert client.get(f"{CASES}/{case['id']}/predictions").json()["items"] == []


def test_not_even_the_only_one(start_server: StartServer, tmp_path: Path) -> None:
    client = serve(start_server, tmp_path, "breast")
    assert_error(explain(client, upload(client, Modality="CT")), 409, "model_choice_needed")
    assert explain(client, upload(client, Modality="US", InstanceNumber="2")).json()["model_choice"] == "header"


def test_a_deliberate_choice_is_taken_and_noted(client: TestClient) -> None:
    case = upload(client, Modality="CT")
    made = explain(client, case, model_version_id=IDS["breast"])
    assert made.status_code == 201, made.text
    note = made.json()["header_note"]
    assert made.json()["model_choice"] == "requested"
    assert "CT (computed tomography)" in note
    assert "Breast ultrasound" in note
    assert client.get(f"{API}/predictions/{made.json()['id']}").json()["header_note"] == note
    (listed,) = client.get(f"{CASES}/{case['id']}/predictions").json()["items"]
    assert listed["header_note"] == note
    # A first choice chooses nothing for the next time.
    assert_error(explain(client, case), 409, "model_choice_needed")


def test_a_data_set_said_by_a_person_is_a_choice_as_well(client: TestClient) -> None:
    case = upload(client, Modality="CT")
    assert client.patch(f"{CASES}/{case['id']}", json={"dataset": "busi"}).status_code == 200
    made = explain(client, case).json()
    assert (made["model"]["name"], made["model_choice"]) == ("breast", "dataset")
    assert "CT (computed tomography)" in made["header_note"]


def test_the_right_choice_is_not_noted(client: TestClient) -> None:
    made = explain(client, upload(client, Modality="DX"), model_version_id=IDS["chest"]).json()
    assert (made["model_choice"], made["header_note"]) == ("requested", None)


def test_a_report_says_it_too(client: TestClient) -> None:
    made = explain(client, upload(client, Modality="CT"), model_version_id=IDS["breast"]).json()
    stored = client.post(f"{API}/predictions/{made['id']}/interventions", json={"edits": [], "note": ""}).json()
    address = f"{API}/interventions/{stored['id']}/export"
    told = client.get(address, params={"format": "json"}).json()
    assert told["header_note"] == made["header_note"]
    assert "CT (computed tomography)" in client.get(address, params={"format": "csv"}).text
    assert "CT (computed tomography)" in " ".join(text_of(client.get(address).content).split())
