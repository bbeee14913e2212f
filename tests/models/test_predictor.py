"""Several images in one pass: each gets what it would get alone."""

from __future__ import annotations

import gc
import shutil
import weakref
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.torch import load_file, save_file

from models.checkpoint import list_zoo
from models.predictor import Predictor

COMPARED = ("logits", "probabilities", "scores", "option_probabilities", "contributions", "magnet", "tokens")


def pictures() -> list[Image.Image]:
    """Of different shapes and colours, so that a mix-up shows."""
    random = np.random.default_rng(3)
    shapes = ((60, 90), (224, 224), (300, 200), (48, 48), (500, 120))
    return [
        Image.fromarray((random.integers(0, 256, (*shape, 3)) * (place + 1) / 5).astype(np.uint8))
        for place, shape in enumerate(shapes)
    ]


@pytest.mark.parametrize("folder", list_zoo(), ids=lambda folder: folder.name)
def test_a_batch_is_its_images(folder: Path) -> None:
    predictor = Predictor.from_folder(folder, "cpu", "float32")
    images = pictures()
    together = predictor.explain_all([predictor.prepare(image) for image in images])
    alone = [predictor.explain(image) for image in images]

    assert len(together) == len(images)
    for found, expected in zip(together, alone, strict=True):
        for name in COMPARED:
            assert np.allclose(getattr(found, name), getattr(expected, name), atol=2e-4), name
        assert np.allclose(found.gradcam, expected.gradcam, atol=1e-3 * float(expected.gradcam.max()))
        assert np.mean(found.index_map == expected.index_map) > 0.98  # a patch between two codes may go either way
        assert found.region == expected.region
        assert found.familiarity.distance == pytest.approx(expected.familiarity.distance, rel=1e-3)
        assert found.predicted_class == expected.predicted_class
        assert np.allclose(found.contributions.sum(0) + found.bias, found.logits, atol=1e-4)
    for first, second in pairwise(together):
        assert not np.allclose(first.scores, second.scores, atol=1e-2)


def _other_head(folder: Path, into: Path) -> Path:
    """The same model with another bias of its head."""
    shutil.copytree(folder, into)
    weights = load_file(into / "weights.safetensors")
    weights["bottleneck.head.bias"] = weights["bottleneck.head.bias"] + 1.0
    save_file(weights, into / "weights.safetensors")
    return into


def test_versions_with_the_same_encoder_hold_it_once(tmp_path: Path) -> None:
    folder = list_zoo()[0]
    image = pictures()[0]
    first = Predictor.from_folder(folder, "cpu", "float32")
    expected = first.explain(image)
    second = Predictor.from_folder(_other_head(folder, tmp_path / "other"), "cpu", "float32")
    other = Predictor.from_folder(list_zoo()[1], "cpu", "float32")

    assert second._encoder is first._encoder
    assert other._encoder is not first._encoder
    assert np.allclose(second.explain(image).logits, expected.logits + 1.0, atol=1e-4)
    assert np.array_equal(first.explain(image).logits, expected.logits)
    shared = weakref.ref(first._encoder)
    del first
    gc.collect()
    assert shared() is not None
    del second
    gc.collect()
    assert shared() is None


def test_another_precision_is_another_encoder() -> None:
    exact = Predictor.from_folder(list_zoo()[0], "cpu", "float32")
    coarse = Predictor.from_folder(list_zoo()[0], "cpu", "bfloat16")
    again = Predictor.from_folder(list_zoo()[0], "cpu", "bfloat16")

    assert (exact.precision, coarse.precision, again.precision) == ("float32", "bfloat16", "bfloat16")
    assert exact._encoder is not coarse._encoder
    assert again._encoder is coarse._encoder


def test_an_explanation_does_not_hold_the_whole_batch() -> None:
    predictor = Predictor.from_folder(list_zoo()[0], "cpu", "float32")
    found = predictor.explain_all([predictor.prepare(image) for image in pictures()])[0]
    for name in ("tokens", "magnet", "gradcam"):
        base = getattr(found, name).base
        assert base is None or base.size == getattr(found, name).size
