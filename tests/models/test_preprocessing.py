"""Where the patch grid lies in the picture, and what the encoder sees."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from models.encoders.loading import Preprocessing
from models.explanation import Region
from models.preprocessing import normalise
from models.squares import as_square

PLAIN = Preprocessing((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), "squash")


def prepare(image: Image.Image, size: int, mode: str) -> tuple[torch.Tensor, Region]:
    square = as_square(image, size, mode)
    return normalise(square.pixels[None], PLAIN), square.region


def test_padding_keeps_the_whole_image_and_takes_the_colour_of_its_edge() -> None:
    image = Image.new("RGB", (200, 100), (200, 100, 50))
    inputs, region = prepare(image, 32, "longest")
    assert region == Region(0.0, -50.0, 200.0, 200.0)
    torch.testing.assert_close(inputs[0, :, 0, 0], torch.tensor([200, 100, 50]) / 255)
    assert inputs.std((2, 3)).max() < 1e-6


def test_centre_crop_covers_the_middle_square() -> None:
    pixels = np.zeros((60, 100, 3), np.uint8)
    pixels[:, 20:80] = 255
    inputs, region = prepare(Image.fromarray(pixels), 30, "shortest")
    assert region == Region(20.0, 0.0, 60.0, 60.0)
    assert inputs[..., 2:-2].min() > 0.99


def test_squash_covers_the_image() -> None:
    _, region = prepare(Image.new("L", (90, 30)), 16, "squash")
    assert region == Region(0.0, 0.0, 90.0, 30.0)


@given(width=st.integers(1, 400), height=st.integers(1, 400))
def test_the_region_of_a_padded_image_contains_it(width: int, height: int) -> None:
    inputs, region = prepare(Image.new("RGB", (width, height)), 32, "longest")
    assert inputs.shape == (1, 3, 32, 32)
    assert region.x <= 1e-9
    assert region.x + region.width >= width - 1e-9
    assert region.y <= 1e-9
    assert region.y + region.height >= height - 1e-9


def test_a_marked_pixel_is_found_where_the_region_says() -> None:
    pixels = np.zeros((100, 160, 3), np.uint8)
    pixels[70:74, 120:124] = 255
    inputs, region = prepare(Image.fromarray(pixels), 80, "longest")
    row, column = divmod(int(inputs[0, 0].argmax()), 80)
    assert region.x + (column + 0.5) * region.width / 80 == pytest.approx(122, abs=2)
    assert region.y + (row + 0.5) * region.height / 80 == pytest.approx(72, abs=2)


def test_normalise_subtracts_the_mean_and_divides() -> None:
    batch = np.full((2, 4, 4, 3), 255, np.uint8)
    result = normalise(batch, Preprocessing((0.5, 0.25, 0.0), (0.5, 0.25, 1.0), "squash"))
    assert result[0, :, 0, 0].tolist() == [1.0, 3.0, 1.0]


@pytest.mark.parametrize("shape", [(4, 4, 3), (1, 4, 4, 4)])
def test_normalise_refuses_other_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="uint8"):
        normalise(np.zeros(shape, np.uint8), PLAIN)
