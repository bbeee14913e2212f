"""Maps as pictures: where a patch lands, what is transparent, how a blend adds up."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import colormaps

from models.explain.overlay import (
    COLORMAPS,
    categorical_palette,
    index_map_layer,
    overlay,
    render_map,
)
from models.explanation import Region

WHOLE = Region(0, 0, 64, 48)


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic"])
def test_a_flat_map_is_one_colour(interpolation: str) -> None:
    layer = render_map(np.full((3, 4), 2.0), WHOLE, (64, 48), "gray", interpolation)

    assert layer.shape == (48, 64, 4)
    assert layer.dtype == np.uint8
    assert (layer == 255).all()


@pytest.mark.parametrize("colormap", COLORMAPS)
def test_colours_are_matplotlibs(colormap: str) -> None:
    values = np.array([[0.0, 0.5, 1.0]])
    layer = render_map(values, Region(0, 0, 3, 1), (3, 1), colormap, "nearest")

    expected = np.rint(colormaps[colormap](np.array([0, 128, 255])) * 255)
    np.testing.assert_array_equal(layer[0], expected)


def test_bilinear_agrees_with_torch() -> None:
    values = np.random.default_rng(0).random((14, 14))
    layer = render_map(values, Region(0, 0, 224, 160), (224, 160), "gray", value_range=(0, 1))

    expected = torch.nn.functional.interpolate(
        torch.from_numpy(values)[None, None], (160, 224), mode="bilinear", align_corners=False
    )
    np.testing.assert_allclose(layer[..., 0], expected[0, 0].numpy() * 255, atol=0.51)


def test_bicubic_passes_through_the_patch_centres() -> None:
    values = np.random.default_rng(1).random((5, 5))
    layer = render_map(values, Region(0, 0, 35, 35), (35, 35), "gray", "bicubic", (0, 1))

    np.testing.assert_allclose(layer[3::7, 3::7, 0], values * 255, atol=0.51)


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic"])
def test_a_padded_image_shows_only_its_part_of_the_grid(interpolation: str) -> None:
    # 60 x 20 padded to 60 x 60: the image is the middle third of the grid.
    values = np.array([[9.0, 9.0, 9.0], [1.0, 1.0, 1.0], [9.0, 9.0, 9.0]])
    layer = render_map(values, Region(0, -20, 60, 60), (60, 20), "gray", interpolation, (0, 9))

    assert (layer[..., 3] == 255).all()
    middle = layer[10, :, 0]
    assert (np.abs(middle.astype(int) - round(255 / 9)) <= 20).all()
    if interpolation == "nearest":
        assert (layer[..., 0] == round(255 / 9)).all()


def test_a_cropped_image_is_transparent_outside_the_grid() -> None:
    layer = render_map(np.ones((2, 2)), Region(20, 0, 20, 20), (60, 20), "viridis", "bilinear")

    np.testing.assert_array_equal(layer[0, :, 3] == 255, (np.arange(60) >= 20) & (np.arange(60) < 40))


def test_zeros_are_the_first_colour_and_not_amplified() -> None:
    layer = render_map(np.zeros((2, 2)), WHOLE, (64, 48), "gray")
    assert (layer[..., :3] == 0).all()


@settings(max_examples=60, deadline=None)
@given(
    rows=st.integers(1, 6),
    columns=st.integers(1, 6),
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    corner=st.tuples(st.floats(-30, 30), st.floats(-30, 30)),
    extent=st.tuples(st.floats(0.5, 80), st.floats(0.5, 80)),
    interpolation=st.sampled_from(["nearest", "bilinear", "bicubic"]),
    seed=st.integers(0, 99),
)
def test_values_never_leave_the_range_of_the_map(
    rows: int,
    columns: int,
    size: tuple,
    corner: tuple,
    extent: tuple,
    interpolation: str,
    seed: int,
) -> None:
    values = np.random.default_rng(seed).uniform(0.25, 0.75, (rows, columns))
    region = Region(*corner, *extent)
    layer = render_map(values, region, size, "gray", interpolation, (0, 1))

    assert layer[..., 0].min() >= np.rint(values.min() * 255)
    assert layer[..., 0].max() <= np.rint(values.max() * 255)
    assert set(np.unique(layer[..., 3])) <= {0, 255}


def test_each_code_keeps_its_colour_and_its_edges() -> None:
    layer = index_map_layer(np.array([[0, 3], [1, 1]]), Region(0, 0, 40, 20), (40, 20))

    colours = {tuple(colour) for colour in layer.reshape(-1, 4)}
    palette = categorical_palette(4)
    assert colours == {(*palette[code].tolist(), 255) for code in (0, 1, 3)}
    np.testing.assert_array_equal(layer[5, 19, :3], palette[0])
    np.testing.assert_array_equal(layer[5, 20, :3], palette[3])
    np.testing.assert_array_equal(layer[10, :, :3], np.tile(palette[1], (40, 1)))


def test_a_code_has_one_colour_however_many_there_are() -> None:
    palette = categorical_palette(200)
    np.testing.assert_array_equal(palette[:3], categorical_palette(3))
    assert len({tuple(colour) for colour in palette.tolist()[:30]}) == 30
    assert palette.astype(int).sum(1).min() > 120, "none disappears on the dark ground"


def test_the_page_draws_codes_in_the_same_colours() -> None:
    source = Path(__file__).parents[3] / "frontend" / "src" / "shared" / "imaging" / "colormap.ts"
    listed = re.search(r"CODE_COLORS[^=]*= \[(.*?)\n\];", source.read_text("utf-8"), re.S)[1]
    colours = [[int(part) for part in found] for found in re.findall(r"\[(\d+), (\d+), (\d+)\]", listed)]
    np.testing.assert_array_equal(categorical_palette(len(colours)), colours)


def test_blending_is_linear_in_alpha() -> None:
    image = np.full((2, 3, 3), 100, np.uint8)
    layer = np.full((2, 3, 4), 200, np.uint8)
    layer[..., 3] = 255
    layer[0, 0, 3] = 0

    np.testing.assert_array_equal(overlay(image, layer, 0.0), image)
    half = overlay(image, layer, 0.5)
    assert half[1, 1, 0] == 150
    assert half[0, 0, 0] == 100, "transparent stays the image"
    assert (overlay(image, layer, 1.0)[1] == 200).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: render_map(np.ones(3), WHOLE, (4, 4)), r"shape \(3,\); expected \(rows"),
        (lambda: render_map(np.full((2, 2), np.nan), WHOLE, (4, 4)), "not finite"),
        (lambda: render_map(np.ones((2, 2)), WHOLE, (4, 4), "rainbow"), "expected one of viridis"),
        (lambda: render_map(np.ones((2, 2)), WHOLE, (4, 4), "gray", "area"), "one of nearest"),
        (lambda: render_map(np.ones((2, 2)), Region(0, 0, 0, 5), (4, 4)), "positive lengths"),
        (lambda: render_map(np.ones((2, 2)), WHOLE, (0, 4)), "at least 1 x 1"),
        (lambda: index_map_layer(np.ones((2, 2)), WHOLE, (4, 4)), "expected integers"),
        (lambda: index_map_layer(np.array([[-1]]), WHOLE, (4, 4)), "codes start at 0"),
        (lambda: overlay(np.ones((2, 2, 3)), np.ones((2, 3, 4)), 0.5), r"expected \(H, W, 3\)"),
        (lambda: overlay(np.ones((2, 2, 3)), np.ones((2, 2, 4)), 1.5), "expected 0 to 1"),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
