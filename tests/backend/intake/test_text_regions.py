"""Text is found where there is some, and seldom elsewhere."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from backend.intake.text_regions import find_text
from tests.support.images import gradient

Levels = Any
SHAPE = (360, 480)


def tissue(seed: int, mean: float = 90, spread: float = 22, grain: float = 2.0) -> Levels:
    """Speckle, as of an ultrasound image."""
    noise = cv2.GaussianBlur(np.random.default_rng(seed).normal(0, 1, SHAPE), (0, 0), grain)
    return np.clip(mean + spread * noise / noise.std(), 0, 255).astype(np.uint8)


def with_text(ground: Levels, size: int, ink: Any, text: str = "DOE, JANE 1961-04-12", at: Any = (30, 200)) -> Levels:
    image = Image.fromarray(ground).convert("RGB")
    ImageDraw.Draw(image).text(at, text, fill=ink, font=ImageFont.load_default(size))
    return np.asarray(image)


@pytest.mark.parametrize("size", [12, 16, 24, 40])
@pytest.mark.parametrize(
    ("ground", "ink"),
    [(0, (255, 255, 255)), (245, (0, 0, 0)), (0, (255, 220, 0)), (10, (0, 255, 255)), (60, (255, 255, 255))],
)
def test_text_on_an_even_ground_is_found_where_it_is(size: int, ground: int, ink: Any) -> None:
    found = find_text(with_text(np.full(SHAPE, ground, np.uint8), size, ink))
    assert found
    for region in found:
        assert region.left >= 20
        assert 195 <= region.top <= 200 + size
        assert region.height <= 2 * size


@pytest.mark.parametrize("size", [20, 28, 40])
def test_white_text_over_tissue(size: int) -> None:
    found = sum(bool(find_text(with_text(tissue(seed), size, (255, 255, 255)))) for seed in range(10))
    assert found >= 7  # not all: it is one reason among others


def test_grey_pictures_and_large_ones() -> None:
    small = with_text(np.zeros(SHAPE, np.uint8), 24, (255, 255, 255))
    assert find_text(small[..., 0])
    large = cv2.resize(small, None, fx=8, fy=8, interpolation=cv2.INTER_CUBIC)
    found = find_text(large)
    assert found
    assert 195 * 8 <= found[0].top <= 230 * 8  # in pixels of the picture itself


NOISE = {
    "even": lambda r: r.integers(0, 256, SHAPE),
    "normal": lambda r: np.clip(r.normal(120, 40, SHAPE), 0, 255),
    "salt": lambda r: (r.random(SHAPE) < 0.03) * 255,
    "colour": lambda r: r.integers(0, 256, (*SHAPE, 3)),
}


@pytest.mark.parametrize("kind", NOISE)
def test_noise_is_no_text(kind: str) -> None:
    pictures = [NOISE[kind](np.random.default_rng(seed)).astype(np.uint8) for seed in range(20)]
    assert sum(bool(find_text(picture)) for picture in pictures) <= 1


@pytest.mark.parametrize("grain", [1.0, 1.5, 3.0, 6.0])
def test_speckle_is_no_text(grain: float) -> None:
    pictures = [tissue(seed, 110, 45, grain) for seed in range(20)]
    assert sum(bool(find_text(picture)) for picture in pictures) <= 1


def test_marks_of_a_scale_are_no_text() -> None:
    picture = np.zeros(SHAPE, np.uint8)
    for left in range(40, 440, 12):
        picture[100:112, left : left + 2] = 255
    assert find_text(picture) == []


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (4000, 1), (11, 11), (12, 400)])
def test_any_shape(size: tuple[int, int]) -> None:
    assert find_text(np.zeros((size[1], size[0]), np.uint8)) == []
    assert find_text(np.asarray(gradient(*size))) == []
