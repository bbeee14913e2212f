"""Maps as numbers and as pictures."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from backend.predictions import maps
from backend.predictions.mapfiles import pack_maps, unpack_maps
from models.explain.overlay import index_map_layer, overlay, render_map
from models.explanation import Explanation
from tests.support.explainer import explain_by_colour, load_concept_set
from tests.support.images import decoded, encoded, gradient
from tests.support.server import API, UNKNOWN_ID, Predict, Upload, assert_error, resources_of

CONCEPTS = load_concept_set("isic2018")


@pytest.fixture
def explanation() -> Explanation:
    return explain_by_colour(gradient(), CONCEPTS)


@pytest.fixture
def address(upload: Upload, predict: Predict) -> str:
    """Of the maps of a prediction for the gradient image."""
    return f"{API}/predictions/{predict(upload(encoded(gradient()))['id'])['id']}/maps"


def numbers(client: TestClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def test_all_gradcam_maps_in_one_answer(client: TestClient, address: str, explanation: Explanation) -> None:
    found = numbers(client, f"{address}/gradcam")
    assert found["kind"] == "gradcam"
    assert found["grid"] == [14, 14]
    assert found["region"] == {"x": 0, "y": 0, "width": 48, "height": 32}
    assert [item["option_id"] for item in found["maps"]] == list(CONCEPTS.option_ids)
    assert found["maps"][0]["group_key"] == CONCEPTS.group_keys[0]
    values = np.array([item["values"] for item in found["maps"]])
    assert np.allclose(values, explanation.gradcam, rtol=1e-4)


def test_all_magnet_maps_sum_to_one(client: TestClient, address: str, explanation: Explanation) -> None:
    found = numbers(client, f"{address}/magnet")
    assert [item["group_key"] for item in found["maps"]] == list(CONCEPTS.group_keys)
    assert {item["option_id"] for item in found["maps"]} == {None}
    values = np.array([item["values"] for item in found["maps"]])
    assert np.allclose(values.sum(0), 1, atol=1e-3)
    assert np.allclose(values, explanation.magnet, rtol=1e-4)


def test_index_map(client: TestClient, address: str, explanation: Explanation) -> None:
    found = numbers(client, f"{address}/index")
    assert len(found["maps"]) == 1
    assert (found["maps"][0]["option_id"], found["maps"][0]["group_key"]) == (None, None)
    assert found["maps"][0]["values"] == explanation.index_map.tolist()


def test_selections(client: TestClient, address: str) -> None:
    one = numbers(client, f"{address}/gradcam?option=pattern.lacunae")["maps"]
    assert [item["option_id"] for item in one] == ["pattern.lacunae"]
    group = numbers(client, f"{address}/gradcam?group=border")["maps"]
    assert [item["option_id"] for item in group] == ["border.fading", "border.sharp", "border.rolled"]
    magnet = numbers(client, f"{address}/magnet?group=border")["maps"]
    assert [item["group_key"] for item in magnet] == ["border"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("gradcam?option=pattern.unknown", 404, "map_not_found"),
        ("gradcam?option=border.sharp&group=color", 404, "map_not_found"),
        ("magnet?group=unknown", 404, "map_not_found"),
        ("magnet?group=%00", 404, "map_not_found"),
        ("magnet?option=border.sharp", 400, "bad_map_request"),
        ("index?group=border", 400, "bad_map_request"),
        ("gradcam?format=png", 400, "bad_map_request"),
        ("gradcam?format=png&group=border", 400, "bad_map_request"),
        ("magnet?format=png", 400, "bad_map_request"),
        ("gradcam?format=gif", 422, "validation_failed"),
        ("saliency", 422, "validation_failed"),
        ("index?alpha=1.1", 422, "validation_failed"),
        ("index?alpha=nan", 422, "validation_failed"),
        ("index?alpha=-0.1", 422, "validation_failed"),
        ("index?colormap=rainbow", 422, "validation_failed"),
        ("index?layer=both", 422, "validation_failed"),
        ("gradcam?option=" + "x" * 141, 422, "validation_failed"),
    ],
)
def test_wrong_requests(client: TestClient, address: str, query: str, status: int, code: str) -> None:
    assert_error(client.get(f"{address}/{query}"), status, code)


def test_unknown_prediction(client: TestClient) -> None:
    assert_error(client.get(f"{API}/predictions/{UNKNOWN_ID}/maps/index"), 404, "prediction_not_found")


def picture(client: TestClient, address: str) -> np.ndarray:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    return np.asarray(decoded(answer.content))


@pytest.mark.parametrize("colormap", ["viridis", "jet", "gray"])
@pytest.mark.parametrize("strip", [10_000_000, 48 * 5, 1])
def test_layer_is_that_of_models(
    client: TestClient, address: str, explanation: Explanation, colormap: Any, strip: int, monkeypatch: Any
) -> None:
    monkeypatch.setattr(maps, "_STRIP_PIXELS", strip)  # drawing in strips changes nothing
    query = f"format=png&layer=map&colormap={colormap}"
    expected = render_map(explanation.gradcam[3], explanation.region, (48, 32), colormap)
    found = picture(client, f"{address}/gradcam?option={CONCEPTS.option_ids[3]}&{query}")
    assert found.shape == (32, 48, 4)
    assert np.array_equal(found, expected)
    expected = index_map_layer(explanation.index_map, explanation.region, (48, 32))
    assert np.array_equal(picture(client, f"{address}/index?{query}"), expected)


@pytest.mark.parametrize("strip", [10_000_000, 48 * 5])
def test_overlay_is_blended(
    client: TestClient, address: str, explanation: Explanation, strip: int, monkeypatch: Any
) -> None:
    monkeypatch.setattr(maps, "_STRIP_PIXELS", strip)
    layer = render_map(explanation.magnet[2], explanation.region, (48, 32), "viridis")
    expected = overlay(np.asarray(gradient()), layer, 0.25)
    group = CONCEPTS.group_keys[2]
    found = picture(client, f"{address}/magnet?group={group}&format=png&alpha=0.25")
    assert found.shape == (32, 48, 3)
    assert np.array_equal(found, expected)
    bare = picture(client, f"{address}/magnet?group={group}&format=png&alpha=0")
    assert np.array_equal(bare, np.asarray(gradient()))


def test_maps_are_kept_by_the_browser(client: TestClient, address: str) -> None:
    tags = set()
    for query in ("index", "magnet", "index?format=png", "index?format=png&alpha=0.5", "index?format=png&layer=map"):
        answer = client.get(f"{address}/{query}")
        assert answer.headers["cache-control"] == "private, no-cache"
        tags.add(answer.headers["etag"])
        again = client.get(f"{address}/{query}", headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304
    assert len(tags) == 5


def test_lost_maps_are_said(client: TestClient, address: str) -> None:
    storage = resources_of(client).storage
    root = resources_of(client).settings.storage_dir
    (npz,) = root.rglob("*.npz")
    storage.delete(str(npz.relative_to(root)))
    assert_error(client.get(f"{address}/index"), 404, "file_missing")


def test_map_files_round_trip(explanation: Explanation) -> None:
    found = unpack_maps(pack_maps(explanation))
    assert np.array_equal(found.magnet, explanation.magnet)
    assert np.array_equal(found.gradcam, explanation.gradcam)
    assert np.array_equal(found.index, explanation.index_map)


def test_map_files_with_values_that_are_no_numbers_are_refused(explanation: Explanation) -> None:
    explanation.gradcam[0, 0, 0] = np.nan
    with pytest.raises(ValueError, match="gradcam"):
        pack_maps(explanation)


def test_map_files_are_never_unpickled() -> None:

    stream = io.BytesIO()
    np.savez(stream, magnet=np.array([{"a": 1}], dtype=object), gradcam=np.zeros(1), index=np.zeros(1))
    with pytest.raises(ValueError, match="pickle"):
        unpack_maps(stream.getvalue())
