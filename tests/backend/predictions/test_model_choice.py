"""Which model explains a case when several are active: its data set's, else one suggested from the image."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from backend.datasets.procedural import PROCEDURAL
from backend.predictions.suggestion import COLOURED, GREY, chroma, likely_modalities
from tests.support.explainer import ColourExplainer, ColourZoo, checkpoint_info, load_concept_set
from tests.support.images import encoded, png
from tests.support.server import API, StartServer, assert_error

CASES = f"{API}/cases"
SKIN, BREAST = "ab" * 16, "cd" * 16
BROWN, GREY_TONE = (180, 120, 90), (90, 90, 90)


@pytest.fixture
def client(start_server: StartServer, tmp_path: Path) -> TestClient:
    """Two active models, as the application comes."""
    breast = checkpoint_info(tmp_path / "breast", "breast", "busi", "cd" * 32, "busi")
    zoo = ColourZoo(
        [breast, checkpoint_info(tmp_path / "skin", "skin")],
        explainers={breast.folder: ColourExplainer(load_concept_set("busi"))},
    )
    return start_server(zoo=zoo)


def upload(client: TestClient, content: bytes) -> dict[str, Any]:
    case: dict[str, Any] = client.post(CASES, files={"file": ("a.png", content)}).json()
    return case


def explain(client: TestClient, case: dict[str, Any], **body: str) -> tuple[str, str]:
    """Name of the model, and why it was chosen."""
    answer = client.post(f"{CASES}/{case['id']}/predictions", json=body or None)
    assert answer.status_code == 201, answer.text
    found = answer.json()
    kept = client.get(f"{API}/predictions/{found['id']}").json()
    assert kept["model_choice"] == found["model_choice"]
    return found["model"]["name"], found["model_choice"]


@pytest.mark.parametrize(("colour", "model"), [(BROWN, "skin"), (GREY_TONE, "breast"), ((255, 255, 255), "breast")])
def test_an_upload_gets_a_suggestion(client: TestClient, colour: tuple[int, int, int], model: str) -> None:
    case = upload(client, png(colour))
    assert case["dataset"] is None
    assert explain(client, case) == (model, "image")
    # A suggestion is not written into the case: nobody has said where the image comes from.
    assert client.get(f"{CASES}/{case['id']}").json()["dataset"] is None


def test_a_picture_with_one_channel(client: TestClient) -> None:
    content = encoded(Image.new("L", (20, 20), 77))
    assert explain(client, upload(client, content)) == ("breast", "image")


def test_the_reader_chooses_another_model(client: TestClient) -> None:
    case = upload(client, png(GREY_TONE))
    assert explain(client, case, model_version_id=SKIN) == ("skin", "requested")
    assert explain(client, case, model_version_id=BREAST) == ("breast", "requested")


def test_a_case_told_to_be_of_a_data_set(client: TestClient) -> None:
    case = upload(client, png(GREY_TONE))
    for dataset, expected in (
        ("synthetic-dermoscopy", ("skin", "dataset")),
        ("busi", ("breast", "dataset")),
        ("synthetic-ultrasound", ("breast", "concepts")),  # no model of its own; the concepts are the same
    ):
        answer = client.patch(f"{CASES}/{case['id']}", json={"dataset": dataset})
        assert answer.json()["dataset"] == dataset
        assert explain(client, case) == expected
    assert_error(client.patch(f"{CASES}/{case['id']}", json={"dataset": "unknown"}), 400, "unknown_dataset")


@pytest.mark.parametrize(
    ("example", "expected"),
    [("dermoscopy-mel-1", ("skin", "dataset")), ("ultrasound-malignant-1", ("breast", "concepts"))],
)
def test_examples_get_the_model_of_their_modality(client: TestClient, example: str, expected: tuple[str, str]) -> None:
    assert explain(client, client.post(f"{API}/examples/{example}/cases").json()) == expected


def test_one_active_model_explains_everything(start_server: StartServer) -> None:
    client = start_server()
    assert explain(client, upload(client, png(GREY_TONE))) == ("colour", "only")


def test_models_of_other_modalities_still_give_a_suggestion(start_server: StartServer, tmp_path: Path) -> None:
    """Neither fits: one is taken all the same, and said to be a suggestion."""
    sets = {"a": "cardio", "b": "nct_crc_he"}
    infos = [checkpoint_info(tmp_path / name, name, name, name * 64, concept_set) for name, concept_set in sets.items()]
    explainers = {info.folder: ColourExplainer(info.concept_set) for info in infos}
    client = start_server(zoo=ColourZoo(infos, explainers=explainers))
    assert explain(client, upload(client, png(GREY_TONE))) == ("a", "image")  # a chest X-ray is grey
    assert explain(client, upload(client, png(BROWN))) == ("b", "image")


def test_every_medical_modality_has_its_place() -> None:
    names = ("isic2018", "busi", "nct_crc_he", "idrid", "retina", "siim", "cardio", "cmmd")
    assert {load_concept_set(name).modality for name in names} == {*GREY, *COLOURED}


@pytest.mark.parametrize("name", PROCEDURAL)
def test_drawn_pictures_are_recognised(name: str) -> None:
    drawn = PROCEDURAL[name]
    for class_index in range(len(drawn.concept_set.classes)):
        image = Image.fromarray(drawn.render(1000 + class_index, 96, class_index))
        assert likely_modalities(image)[0] == drawn.modality


def test_a_grey_picture_with_coloured_marks_is_still_grey() -> None:
    pixels = np.full((200, 300, 3), 60, np.uint8)
    pixels[:12, :40] = (255, 220, 0)  # callipers, a logo
    assert chroma(Image.fromarray(pixels)) > 0
    assert likely_modalities(Image.fromarray(pixels))[0] == "ultrasound"


@pytest.mark.parametrize(("colour", "expected"), [((0, 0, 0), 0), ((255, 0, 0), 255), ((200, 150, 100), 100)])
def test_chroma_by_hand(colour: tuple[int, int, int], expected: float) -> None:
    assert chroma(Image.new("RGB", (9, 5), colour)) == pytest.approx(expected)
