"""An explanation as files: what is written, and that it says what it must."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.concepts import ConceptSet, load_concept_set
from models.explain.export import NOT_FOR_DIAGNOSIS, strongest_options, write_explanation
from models.explanation import CodeUse, Explanation, Familiarity, Region

ROWS, COLUMNS = 4, 6


@pytest.fixture
def busi() -> ConceptSet:
    return load_concept_set("busi")


@pytest.fixture
def explanation(busi: ConceptSet) -> Explanation:
    random = np.random.default_rng(0)
    options, classes = busi.option_count, len(busi.classes)
    contributions = random.normal(size=(options, classes)).astype(np.float32)
    contributions[6, 1], contributions[2, 1] = -9.0, 7.0
    bias = np.zeros(classes, np.float32)
    return Explanation(
        class_keys=busi.class_keys,
        class_names=busi.class_names,
        predicted_class="benign",
        logits=contributions.sum(0) + bias,
        probabilities=np.full(classes, 1 / classes, np.float32),
        bias=bias,
        option_ids=busi.option_ids,
        scores=random.normal(size=options).astype(np.float32),
        option_probabilities=np.full(options, 1 / 3, np.float32),
        contributions=contributions,
        group_keys=busi.group_keys,
        grid=(ROWS, COLUMNS),
        index_map=random.integers(0, 5, (ROWS, COLUMNS)),
        codes=(CodeUse(0, "shape", 0.5, 24),),
        magnet=np.full((busi.group_count, ROWS, COLUMNS), 1 / busi.group_count, np.float32),
        gradcam=random.random((options, ROWS, COLUMNS)).astype(np.float32),
        region=Region(0, 0, 60, 40),
        familiarity=Familiarity(0.1, 50.0),
        timings_ms={"encoder": 1.0},
    )


def test_strongest_options_count_pushes_both_ways(explanation: Explanation) -> None:
    assert strongest_options(explanation, 2) == [6, 2]
    assert len(strongest_options(explanation, 99)) == len(explanation.scores)


def test_one_document_and_one_picture_a_map(explanation: Explanation, busi: ConceptSet, tmp_path: Path) -> None:
    image = Image.new("RGB", (60, 40), (120, 60, 30))
    written = write_explanation(tmp_path / "new" / "out", image, explanation, busi, {"model": "m"}, top=2)

    names = {path.name for path in written}
    assert names == {path.name for path in (tmp_path / "new" / "out").iterdir()}
    assert {"explanation.json", "index-map.png"} <= names
    assert {f"gradcam-{busi.option_ids[index]}.png" for index in (6, 2)} <= names
    assert {f"magnet-{key}.png" for key in busi.group_keys} <= names
    assert len(names) == 2 + 2 + busi.group_count


def test_the_document_holds_the_whole_explanation(explanation: Explanation, busi: ConceptSet, tmp_path: Path) -> None:
    write_explanation(tmp_path, Image.new("RGB", (60, 40)), explanation, busi, {"model": {"name": "m"}})
    document = json.loads((tmp_path / "explanation.json").read_text())

    assert document["notice"] == NOT_FOR_DIAGNOSIS
    assert document["model"] == {"name": "m"}
    assert document["explanation"] == explanation.to_dict()


@pytest.mark.parametrize("size", [(60, 40), (1, 1), (5000, 20), (40, 3000)])
def test_pictures_of_any_size_are_legible_and_bounded(
    size: tuple[int, int], explanation: Explanation, busi: ConceptSet, tmp_path: Path
) -> None:
    write_explanation(tmp_path, Image.new("RGB", size, "red"), explanation, busi, {}, top=1)

    with Image.open(tmp_path / "index-map.png") as picture:
        assert 512 <= max(picture.size) <= 2048 + 200  # the caption comes on top


def test_a_caption_stands_below_the_picture(explanation: Explanation, busi: ConceptSet, tmp_path: Path) -> None:
    write_explanation(tmp_path, Image.new("RGB", (600, 400), "red"), explanation, busi, {}, top=1)

    with Image.open(tmp_path / "magnet-shape.png") as picture:
        band = np.asarray(picture)[400:]
    assert picture.width == 600
    assert band.max() == 255, "white text"
    assert np.median(band) == 0, "on black"
