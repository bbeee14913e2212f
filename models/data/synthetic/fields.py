"""Scalar fields: smooth noise, cell patterns and lines, all independent of the size they are sampled at.

Shapes: S pixels a side, N points.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

# float32 throughout; the type is wider because numpy's signatures promise less than float32 in, float32 out.
Field = NDArray[np.floating[Any]]
INK_SIZE = 512
_TILE = 512
_TILE_CELLS = 24


def as_field(values: NDArray[Any]) -> Field:
    """The values as float32, without a copy where they are. Any shape."""
    return values.astype(np.float32, copy=False)


def largest(*fields: Field) -> Field:
    """The largest of the fields at each pixel, (S, S)."""
    result = fields[0]
    for field in fields[1:]:
        result = np.maximum(result, field)
    return result


def smoothstep(x: Field, low: float, high: float) -> Field:
    """0 below ``low``, 1 above ``high``, smooth between; ``low > high`` gives the falling edge. Any shape."""
    t = np.clip((x - np.float32(low)) * np.float32(1.0 / (high - low)), 0.0, 1.0)
    result: Field = t * t * (3.0 - 2.0 * t)
    return result


def noise(rng: np.random.Generator, size: int, cells: int, octaves: int = 1, gain: float = 0.5) -> Field:
    """Smooth noise of about zero mean and unit variance, the same function at every size.

    Args:
        rng: source of randomness; how much is drawn does not depend on ``size``.
        size: S.
        cells: lattice cells across the image in the first octave.
        octaves: each has twice the cells of the one before and ``gain`` times its amplitude.
        gain: amplitude ratio of successive octaves.

    Returns:
        (S, S) float32.
    """
    total = np.zeros((size, size), np.float32)
    power = 0.0
    for octave in range(octaves):
        count = cells * 2**octave
        lattice = rng.standard_normal((count, count), dtype=np.float32)
        amplitude = gain**octave
        total += amplitude * cv2.resize(lattice, (size, size), interpolation=cv2.INTER_CUBIC)
        power += amplitude * amplitude
    # Cubic interpolation of a unit lattice has a variance of about 0.55.
    total *= np.float32(1.0 / np.sqrt(0.55 * power))
    return total


class Cells(NamedTuple):
    """A cell pattern sampled at some points, in units of the mean cell size.

    Attributes:
        edge: (S, S) distance to the nearest cell edge.
        centre: (S, S) distance to the cell's own centre.
        value: (S, S) one random number in [0, 1) per cell.
    """

    edge: Field
    centre: Field
    value: Field


@cache
def _cell_tile(jitter: float) -> Cells:
    """A periodic tile of Voronoi cells on a jittered hexagonal lattice."""
    rng = np.random.default_rng(20180)
    n = _TILE_CELLS
    rows, columns = np.meshgrid(np.arange(n), np.arange(n), indexing="ij")
    px = columns + 0.5 * (rows % 2) + 0.25 + rng.uniform(-jitter, jitter, (n, n))
    py = rows + 0.5 + rng.uniform(-jitter, jitter, (n, n))
    ids = rng.random((n, n))
    axis = (np.arange(_TILE) + 0.5) * n / _TILE
    y, x = np.meshgrid(axis, axis, indexing="ij")
    row, column = np.floor(y).astype(int), np.floor(x).astype(int)
    best = np.full((2, _TILE, _TILE), np.inf)
    at = np.zeros((2, 2, _TILE, _TILE))
    value = np.zeros((_TILE, _TILE))
    for dr in range(-2, 3):
        for dc in range(-2, 3):
            r, c = row + dr, column + dc
            qx = px[r % n, c % n] + (c - c % n)
            qy = py[r % n, c % n] + (r - r % n)
            d = (x - qx) ** 2 + (y - qy) ** 2
            first, second = d < best[0], (d >= best[0]) & (d < best[1])
            best[1] = np.where(first, best[0], np.where(second, d, best[1]))
            at[1] = np.where(first, at[0], np.where(second, (qx, qy), at[1]))
            best[0] = np.where(first, d, best[0])
            at[0] = np.where(first, (qx, qy), at[0])
            value = np.where(first, ids[r % n, c % n], value)
    gap = np.hypot(at[1, 0] - at[0, 0], at[1, 1] - at[0, 1])
    edge = (best[1] - best[0]) / (2.0 * np.maximum(gap, 1e-6))
    return Cells(edge.astype(np.float32), np.sqrt(best[0]).astype(np.float32), value.astype(np.float32))


def cells(
    rng: np.random.Generator,
    x: Field,
    y: Field,
    cell: float,
    jitter: float = 0.2,
    warp: tuple[Field, Field] | None = None,
) -> Cells:
    """Samples a cell pattern, turned and shifted at random.

    Args:
        rng: source of randomness.
        x: (S, S) horizontal image coordinates in [0, 1].
        y: (S, S) vertical image coordinates.
        cell: size of a cell as a share of the image.
        jitter: 0 a honeycomb, 0.5 irregular cells.
        warp: displacement in image coordinates, (S, S) each.

    Returns:
        The pattern at the S x S points.
    """
    tile = _cell_tile(jitter)
    angle, dx, dy = rng.uniform(0, 2 * np.pi), rng.uniform(0, _TILE), rng.uniform(0, _TILE)
    if warp is not None:
        x, y = x + warp[0], y + warp[1]
    scale = _TILE / _TILE_CELLS / cell
    c, s = np.float32(np.cos(angle) * scale), np.float32(np.sin(angle) * scale)
    # Shifted by whole tiles so that coordinates stay positive for every turn.
    map_x = c * x - s * y + np.float32(dx + 8 * _TILE)
    map_y = s * x + c * y + np.float32(dy + 8 * _TILE)
    edge, centre = (
        as_field(cv2.remap(part, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)) for part in tile[:2]
    )
    value = as_field(cv2.remap(tile.value, map_x, map_y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_WRAP))
    return Cells(edge, centre, value)


class Ink:
    """A sheet of fixed resolution on which lines and blobs are drawn before they are resized to the image."""

    def __init__(self) -> None:
        self.sheet: NDArray[np.uint8] = np.zeros((INK_SIZE, INK_SIZE), np.uint8)

    def line(self, points: NDArray[np.float64], width: float, strength: float = 1.0) -> None:
        """Draws a line through (N, 2) points in image coordinates, ``width`` a share of the image."""
        fixed = np.round((points * INK_SIZE - 0.5) * 16).astype(np.int32).reshape(-1, 1, 2)
        thickness = max(1, round(width * INK_SIZE))
        cv2.polylines(self.sheet, [fixed], False, int(255 * strength), thickness, cv2.LINE_AA, 4)

    def blob(
        self, centre: tuple[float, float], axes: tuple[float, float], angle: float = 0.0, strength: float = 1.0
    ) -> None:
        """Draws a filled ellipse: centre and half axes in image coordinates, angle in degrees."""
        at = (round((centre[0] * INK_SIZE - 0.5) * 16), round((centre[1] * INK_SIZE - 0.5) * 16))
        half = (max(8, round(axes[0] * INK_SIZE * 16)), max(8, round(axes[1] * INK_SIZE * 16)))
        cv2.ellipse(self.sheet, at, half, angle, 0, 360, int(255 * strength), -1, cv2.LINE_AA, 4)

    def field(self, size: int, blur: float = 0.0) -> Field:
        """The sheet as an (S, S) field in [0, 1], blurred by ``blur`` (a share of the image)."""
        sheet = self.sheet
        method = cv2.INTER_AREA if size < INK_SIZE else cv2.INTER_CUBIC
        small: Field = cv2.resize(sheet, (size, size), interpolation=method).astype(np.float32) * np.float32(1 / 255)
        return soften(small, blur) if blur > 0 else small


def soften(field: Field, width: float) -> Field:
    """Gaussian blur with a standard deviation of ``width`` (a share of the image). (S, S) or (S, S, 3)."""
    sigma = width * field.shape[0]
    if sigma < 0.2:
        return field
    return as_field(cv2.GaussianBlur(field, (0, 0), sigma, borderType=cv2.BORDER_REFLECT))


def grow(mask: NDArray[np.bool_], close: float, dilate: float) -> NDArray[np.bool_]:
    """Closes gaps narrower than ``close`` and widens by ``dilate`` (shares of the image). (S, S) bool."""
    closing, widening = (2 * max(1, round(width * mask.shape[0] / 2)) + 1 for width in (close, 2 * dilate))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (closing, closing))
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, disc)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (widening, widening))
    return cv2.dilate(closed, disc).astype(np.bool_)
