"""What the model sees of a case that keeps values: the frame and the window that the person sees."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy.orm.attributes import flag_modified

from backend.db.tables import Prediction
from backend.interventions.report.content import Pictures
from tests.support.explainer import ColourZoo
from tests.support.images import decoded, deep_pages
from tests.support.server import API, Predict, Upload, assert_error, resources_of

CASES = f"{API}/cases"
PAGES = [np.arange(24 * 16, dtype=np.uint16).reshape(16, 24) * step for step in (10, 40, 90)]
WANTED = {"frame": 2, "window": {"center": 9000.0, "width": 20_000.0}, "inverted": True}
QUERY = {"frame": 2, "center": 9000, "width": 20_000, "inverted": True}


@pytest.fixture
def case(upload: Upload) -> dict[str, Any]:
    return upload(deep_pages(PAGES), name="pages.tiff")


@pytest.fixture
def seen(zoo: ColourZoo, monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray[Any, Any]]:
    """The pictures that models were given."""
    found: list[np.ndarray[Any, Any]] = []
    real = type(zoo.explainer).explain

    def explain(self: Any, image: Image.Image) -> Any:
        assert image.mode == "RGB"
        found.append(np.asarray(image))
        return real(self, image)

    monkeypatch.setattr(type(zoo.explainer), "explain", explain)
    return found


def viewed(client: TestClient, case: dict[str, Any], **query: Any) -> np.ndarray[Any, Any]:
    return np.asarray(decoded(client.get(f"{CASES}/{case['id']}/image", params=query).content).convert("RGB"))


def test_by_default_as_the_cases_image(
    client: TestClient, case: dict[str, Any], predict: Predict, seen: list[np.ndarray[Any, Any]]
) -> None:
    default = client.get(f"{CASES}/{case['id']}/display").json()["rendering"]
    made = predict(case["id"])
    assert made["rendering"] == default
    assert np.array_equal(seen[0], viewed(client, case))
    assert client.get(f"{API}/predictions/{made['id']}").json() == made


def test_as_the_viewer_shows_it(client: TestClient, case: dict[str, Any], seen: list[np.ndarray[Any, Any]]) -> None:
    answer = client.post(f"{CASES}/{case['id']}/predictions", json={"rendering": WANTED})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert {name: made["rendering"][name] for name in WANTED} == WANTED
    assert np.array_equal(seen[0], viewed(client, case, **QUERY))
    assert not np.array_equal(seen[0], viewed(client, case))
    listed = client.get(f"{CASES}/{case['id']}/predictions").json()["items"]
    assert listed == [made]


def test_a_map_lies_over_what_the_model_saw(client: TestClient, case: dict[str, Any]) -> None:
    made = client.post(f"{CASES}/{case['id']}/predictions", json={"rendering": WANTED}).json()
    query = {"format": "png", "alpha": 0}  # so that only the image is left
    picture = decoded(client.get(f"{API}/predictions/{made['id']}/maps/index", params=query).content)
    assert np.array_equal(np.asarray(picture.convert("RGB")), viewed(client, case, **QUERY))


def test_the_report_shows_what_the_model_saw(
    client: TestClient, case: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = client.post(f"{CASES}/{case['id']}/predictions", json={"rendering": WANTED}).json()
    kept = client.post(f"{API}/predictions/{made['id']}/interventions", json={"edits": []}).json()
    drawn: list[np.ndarray[Any, Any]] = []

    def pictures(image: Image.Image, *others: Any) -> Pictures:
        drawn.append(np.asarray(image))
        return Pictures(image, *others)

    monkeypatch.setattr("backend.interventions.exports.Pictures", pictures)
    assert client.get(f"{API}/interventions/{kept['id']}/export").status_code == 200
    assert np.array_equal(drawn[0], viewed(client, case, **QUERY))


def test_an_image_without_values_has_no_rendering(client: TestClient, upload: Upload, predict: Predict) -> None:
    case = upload()
    assert predict(case["id"])["rendering"] is None
    address = f"{CASES}/{case['id']}/predictions"
    assert client.post(address, json={"rendering": {"frame": 0}}).json()["rendering"] is None
    assert_error(client.post(address, json={"rendering": {"frame": 1}}), 404, "frame_not_found")
    window = {"center": 1, "width": 2}
    assert_error(client.post(address, json={"rendering": {"window": window}}), 400, "bad_rendering")


@pytest.mark.parametrize(
    ("rendering", "status", "code"),
    [
        ({"frame": 3}, 404, "frame_not_found"),
        ({"frame": -1}, 422, "validation_failed"),
        ({"window": {"center": 1, "width": 0}}, 422, "validation_failed"),
        ({"window": {"center": 1}}, 422, "validation_failed"),
    ],
)
def test_renderings_that_cannot_be(
    client: TestClient, case: dict[str, Any], rendering: dict[str, Any], status: int, code: str
) -> None:
    assert_error(client.post(f"{CASES}/{case['id']}/predictions", json={"rendering": rendering}), status, code)


def test_a_prediction_from_before_has_none(client: TestClient, upload: Upload, predict: Predict) -> None:
    made = predict(upload()["id"])
    with resources_of(client).database.writing() as session:
        row = session.get_one(Prediction, made["id"])
        del row.document["rendering"]
        flag_modified(row, "document")
    assert client.get(f"{API}/predictions/{made['id']}").json() == made
