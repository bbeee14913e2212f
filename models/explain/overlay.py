"""Patch maps as pictures: coloured layers in the source image's pixels, and their blend with it.

Shapes: rows x columns the patch grid, W x H the source image. A layer is RGBA, uint8, (H, W, 4);
it is transparent wherever the patch grid does not reach.
"""

from __future__ import annotations

import colorsys
from typing import Literal, get_args

import numpy as np
from matplotlib import colormaps
from numpy.typing import NDArray

from models.explanation import Region

Interpolation = Literal["nearest", "bilinear", "bicubic"]
Colormap = Literal["viridis", "cividis", "inferno", "jet", "gray"]
COLORMAPS: tuple[Colormap, ...] = get_args(Colormap)

Pixels = NDArray[np.uint8]
FloatMatrix = NDArray[np.float64]

# Ten colours that stay apart on dark ground and for the common colour vision deficiencies: Okabe and Ito's without
# black, with three lighter relatives. The page draws the same ones (frontend/src/shared/imaging/colormap.ts).
_CODE_COLOURS = (
    (86, 180, 233), (230, 159, 0), (0, 158, 115), (204, 121, 167), (240, 228, 66),
    (213, 94, 0), (0, 114, 178), (187, 187, 187), (148, 103, 189), (140, 214, 178),
)  # fmt: skip


def render_map(
    values: NDArray[np.floating],
    region: Region,
    image_size: tuple[int, int],
    colormap: Colormap = "viridis",
    interpolation: Interpolation = "bilinear",
    value_range: tuple[float, float] | None = None,
) -> Pixels:
    """Colour a patch map and spread it over the image.

    Args:
        values: (rows, columns), finite.
        region: what the grid covers, in the image's pixels.
        image_size: (W, H), as Pillow gives it.
        colormap: one of ``COLORMAPS``.
        interpolation: how values between patch centres come about. Bicubic overshoots are cut off
            at the map's own smallest and largest value.
        value_range: values that get the first and the last colour. By default 0 and the largest
            value, so a map of zeros is all first colour and never amplified noise.

    Returns:
        A layer (H, W, 4): opaque where the grid reaches, transparent elsewhere.

    Raises:
        ValueError: wrong shape, values that are not finite, unknown colormap or interpolation.
    """
    grid = _checked(values)
    if colormap not in COLORMAPS:
        raise ValueError(f"colormap is {colormap!r}; expected one of {', '.join(COLORMAPS)}")
    low, high = value_range if value_range is not None else (0.0, float(grid.max()))
    scaled = (grid - low) / (high - low) if high > low else np.zeros_like(grid)
    across, down = _weights(grid.shape, region, image_size, interpolation)
    smooth = np.clip(down @ scaled @ across.T, max(0.0, scaled.min()), min(1.0, scaled.max()))
    levels = np.clip(np.rint(smooth * 255.0), 0, 255).astype(np.uint8)
    return _layer(_lookup(colormap), levels, region, image_size)


def spread(
    values: NDArray[np.floating],
    region: Region,
    image_size: tuple[int, int],
    interpolation: Interpolation = "bilinear",
) -> tuple[FloatMatrix, NDArray[np.bool_]]:
    """Spread a patch map over an image, without colours.

    Args:
        values: (rows, columns), finite.
        region: what the grid covers, in the image's pixels.
        image_size: (W, H), as Pillow gives it.
        interpolation: how values between patch centres come about.

    Returns:
        Values (H, W) in the map's own units, and (H, W) whether the grid reaches there.

    Raises:
        ValueError: wrong shape, values that are not finite, or unknown interpolation.
    """
    grid = _checked(values)
    across, down = _weights(grid.shape, region, image_size, interpolation)
    width, height = image_size
    inside = _inside(region.y, region.height, height)[:, None] & _inside(region.x, region.width, width)[None, :]
    return down @ grid @ across.T, inside


def index_map_layer(index_map: NDArray[np.integer], region: Region, image_size: tuple[int, int]) -> Pixels:
    """Colour each patch by its code; hard edges, because codes cannot be averaged.

    Args:
        index_map: (rows, columns), codes from 0 on.
        region: what the grid covers, in the image's pixels.
        image_size: (W, H).

    Returns:
        A layer (H, W, 4); code ``i`` has colour ``categorical_palette(i + 1)[i]`` in every image.

    Raises:
        ValueError: wrong shape, or a negative code.
    """
    if not np.issubdtype(index_map.dtype, np.integer):
        raise ValueError(f"index map has dtype {index_map.dtype}; expected integers")
    _checked(index_map)
    if index_map.min() < 0:
        raise ValueError(f"index map holds {index_map.min()}; codes start at 0")
    across, down = _weights(index_map.shape, region, image_size, "nearest")
    codes = index_map[down.argmax(axis=1)][:, across.argmax(axis=1)]
    return _layer(categorical_palette(int(index_map.max()) + 1), codes, region, image_size)


def categorical_palette(count: int) -> Pixels:
    """Colours for codes, the same for a code in every image.

    The first ten can be told apart by colour-blind readers. Beyond them hues advance by the golden angle, so that
    neighbours stay apart; with so many codes colour alone says little, so name the code beside it.

    Args:
        count: how many colours.

    Returns:
        (count, 3) RGB.
    """
    colours = np.empty((count, 3), dtype=np.uint8)
    for code in range(count):
        colours[code] = _CODE_COLOURS[code] if code < len(_CODE_COLOURS) else _advanced_hue(code)
    return colours


def _advanced_hue(code: int) -> tuple[int, ...]:
    lightness = 0.5 + 0.14 * (code % 3 - 1)
    return tuple(round(255 * part) for part in colorsys.hls_to_rgb(code * 137.508 % 360 / 360, lightness, 0.62))


def overlay(image: Pixels, layer: Pixels, alpha: float) -> Pixels:
    """Blend a layer over an image.

    Args:
        image: (H, W, 3) RGB.
        layer: (H, W, 4) RGBA, as ``render_map`` and ``index_map_layer`` make it.
        alpha: 0 shows the image alone, 1 the layer alone where it is opaque.

    Returns:
        (H, W, 3) RGB.

    Raises:
        ValueError: shapes that do not fit, or alpha outside 0 to 1.
    """
    if image.ndim != 3 or image.shape[2] != 3 or layer.shape != (*image.shape[:2], 4):
        raise ValueError(f"image {image.shape} and layer {layer.shape}; expected (H, W, 3) and (H, W, 4)")
    if not 0.0 <= alpha <= 1.0:
        raise ValueError(f"alpha is {alpha}; expected 0 to 1")
    weight = (layer[..., 3:].astype(np.float32) / 255.0) * np.float32(alpha)
    blended: Pixels = np.rint(image * (1.0 - weight) + layer[..., :3] * weight).astype(np.uint8)
    return blended


def _checked(values: NDArray[np.generic]) -> FloatMatrix:
    if values.ndim != 2 or values.size == 0:
        raise ValueError(f"map has shape {values.shape}; expected (rows, columns)")
    grid = values.astype(np.float64)
    if not np.isfinite(grid).all():
        raise ValueError("map holds values that are not finite")
    return grid


def _lookup(colormap: Colormap) -> Pixels:
    """(256, 3) RGB of a colormap."""
    colours: Pixels = np.rint(colormaps[colormap](np.arange(256))[:, :3] * 255).astype(np.uint8)
    return colours


def _layer(colours: Pixels, indices: NDArray[np.integer], region: Region, image_size: tuple[int, int]) -> Pixels:
    """(H, W, 4) colours by index, opaque where the grid reaches."""
    width, height = image_size
    layer = np.empty((height, width, 4), dtype=np.uint8)
    np.take(colours, indices, axis=0, out=layer[..., :3])
    inside_x = _inside(region.x, region.width, width)
    inside_y = _inside(region.y, region.height, height)
    layer[..., 3] = np.where(inside_y[:, None] & inside_x[None, :], np.uint8(255), np.uint8(0))
    return layer


def _inside(start: float, length: float, pixels: int) -> NDArray[np.bool_]:
    centres = np.arange(pixels) + 0.5
    return (centres >= start) & (centres < start + length)


def _weights(
    shape: tuple[int, ...], region: Region, image_size: tuple[int, int], interpolation: str
) -> tuple[FloatMatrix, FloatMatrix]:
    """Interpolation along each axis as a matrix: (W, columns) and (H, rows).

    All three methods are separable, so ``down @ values @ across.T`` is the whole upsampling.
    """
    if interpolation not in get_args(Interpolation):
        known = ", ".join(get_args(Interpolation))
        raise ValueError(f"interpolation is {interpolation!r}; expected one of {known}")
    if region.width <= 0 or region.height <= 0:
        raise ValueError(f"region is {region.width} x {region.height}; expected positive lengths")
    width, height = image_size
    if width < 1 or height < 1:
        raise ValueError(f"image size is {width} x {height}; expected at least 1 x 1")
    rows, columns = shape
    across = _axis_weights(width, columns, region.x, region.width, interpolation)
    down = _axis_weights(height, rows, region.y, region.height, interpolation)
    return across, down


def _axis_weights(pixels: int, cells: int, start: float, length: float, interpolation: str) -> FloatMatrix:
    """(pixels, cells): how much each cell counts at each pixel centre; rows sum to one."""
    position = (np.arange(pixels) + 0.5 - start) / length * cells - 0.5  # 0 at the first centre
    position = np.clip(position, -0.5, cells - 0.5)
    if interpolation == "nearest":
        nearest = np.clip(np.floor(position + 0.5), 0, cells - 1)
        taps, shares = nearest[:, None], np.ones((pixels, 1))
    else:
        reach = 1 if interpolation == "bilinear" else 2
        first = np.floor(position) - (reach - 1)
        taps = first[:, None] + np.arange(2 * reach)
        distance = np.abs(position[:, None] - taps)
        shares = np.maximum(0.0, 1.0 - distance) if reach == 1 else _cubic(distance)
    weights = np.zeros((pixels, cells))
    columns = np.clip(taps, 0, cells - 1).astype(np.intp)  # the border cell repeats beyond it
    np.add.at(weights, (np.arange(pixels)[:, None], columns), shares)
    return weights


def _cubic(distance: FloatMatrix) -> FloatMatrix:
    """Keys' cubic convolution kernel with a = -1/2."""
    near = (1.5 * distance - 2.5) * distance**2 + 1.0
    far = ((-0.5 * distance + 2.5) * distance - 4.0) * distance + 2.0
    return np.where(distance <= 1.0, near, np.where(distance < 2.0, far, 0.0))
