"""Several images in one pass: each gets what it would get alone."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

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


def test_an_explanation_does_not_hold_the_whole_batch() -> None:
    predictor = Predictor.from_folder(list_zoo()[0], "cpu", "float32")
    found = predictor.explain_all([predictor.prepare(image) for image in pictures()])[0]
    for name in ("tokens", "magnet", "gradcam"):
        base = getattr(found, name).base
        assert base is None or base.size == getattr(found, name).size
