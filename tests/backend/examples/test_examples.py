"""The gallery: real pictures of the generator, marked as synthetic everywhere."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from fastapi.testclient import TestClient

from backend.datasets.procedural import edition
from backend.examples import service
from backend.examples.catalogue import SIZE, all_examples
from models.concepts import load_concept_set
from models.data.synthetic import ultrasound
from models.data.synthetic.dermoscopy import render_sample
from tests.support.images import decoded
from tests.support.server import API, assert_error, stored_files

EXAMPLES = f"{API}/examples"
KEY = "dermoscopy-mel-1"


def test_two_of_every_class(client: TestClient) -> None:
    items = client.get(EXAMPLES).json()["items"]
    for modality, name in (("dermoscopy", "isic2018"), ("ultrasound", "busi")):
        of_modality = [item["class_key"] for item in items if item["modality"] == modality]
        assert Counter(of_modality) == {label.key: 2 for label in load_concept_set(name).classes}
    assert len({item["key"] for item in items}) == len(items) == 20
    assert {item["synthetic"] for item in items} == {True}
    assert items[0] == {
        "key": KEY,
        "title": "Melanoma, example 1",
        "class_key": "mel",
        "class_name": "Melanoma",
        "modality": "dermoscopy",
        "dataset": "synthetic-dermoscopy",
        "synthetic": True,
    }


def test_all_indices_differ() -> None:
    assert len({(example.drawn.name, example.index) for example in all_examples().values()}) == 20


def test_image_is_the_generators_test_picture(client: TestClient) -> None:
    answer = client.get(f"{EXAMPLES}/{KEY}/image")
    assert answer.headers["content-type"] == "image/png"
    example = all_examples()[KEY]
    sample = render_sample("test", example.index, SIZE, example.class_index)
    assert sample.class_index == example.class_index
    assert np.array_equal(np.asarray(decoded(answer.content)), sample.image)


def test_image_is_drawn_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get(f"{EXAMPLES}/{KEY}/image").content
    assert stored_files(client) == {f"examples/{edition()}/{KEY}.png"}
    monkeypatch.setattr(service, "render", lambda _: pytest.fail("drawn again"))
    assert client.get(f"{EXAMPLES}/{KEY}/image").content == first


def test_small_image(client: TestClient) -> None:
    answer = client.get(f"{EXAMPLES}/{KEY}/image?size=160")
    assert answer.headers["content-type"] == "image/webp"
    assert decoded(answer.content).size == (160, 160)
    assert "immutable" in answer.headers["cache-control"]


def test_an_ultrasound_example(client: TestClient) -> None:
    example = all_examples()["ultrasound-malignant-2"]
    shown = np.asarray(decoded(client.get(f"{EXAMPLES}/{example.key}/image").content))
    sample = ultrasound.render_sample("test", example.index, SIZE, example.class_index)
    assert example.drawn.concept_set.class_keys[sample.class_index] == "malignant"
    assert np.array_equal(shown, sample.image)
    case = client.post(f"{EXAMPLES}/{example.key}/cases").json()
    assert (case["dataset"], case["synthetic"]) == ("synthetic-ultrasound", True)


@pytest.mark.parametrize("size", ["0", "641", "x"])
def test_bad_sizes(client: TestClient, size: str) -> None:
    assert_error(client.get(f"{EXAMPLES}/{KEY}/image?size={size}"), 422, "validation_failed")


def test_case_from_an_example(client: TestClient) -> None:
    answer = client.post(f"{EXAMPLES}/{KEY}/cases")
    assert answer.status_code == 201
    case = answer.json()
    assert case["synthetic"] is True
    assert case["dataset"] == "synthetic-dermoscopy"
    assert (case["width"], case["height"]) == (SIZE, SIZE)
    assert case["pseudonym"] == "Example: Melanoma, example 1"
    shown = client.get(f"{API}/cases/{case['id']}/image").content
    example = client.get(f"{EXAMPLES}/{KEY}/image").content
    assert np.array_equal(np.asarray(decoded(shown)), np.asarray(decoded(example)))


@pytest.mark.parametrize("key", ["unknown", "..%2f..", "%00", "x" * 80])
def test_unknown_examples(client: TestClient, key: str) -> None:
    for answer in (client.get(f"{EXAMPLES}/{key}/image"), client.post(f"{EXAMPLES}/{key}/cases")):
        assert answer.status_code == 404
    assert_error(client.get(f"{EXAMPLES}/unknown/image"), 404, "example_not_found")
