"""Where the lesion lies and how its outline runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.dermoscopy.fields import Field, Rng, axes, noise

_SMOOTH_AMPLITUDE = 0.015


@dataclass(frozen=True, eq=False)
class Lesion:
    """A lesion's frame of reference.

    Attributes:
        size: S, side of the image in pixels.
        centre: x and y as a share of S.
        radius: geometric mean of the half axes, as a share of S.
        ratio: square root of long axis over short axis.
        angle: of the long axis, radians.
        u: (S, S) coordinate along the long axis; about 1 at the outline.
        v: (S, S) along the short axis.
        t: (S, S) distance from the centre relative to the outline: below 1 inside, 1 on it.
    """

    size: int
    centre: NDArray[np.float64]
    radius: float
    ratio: float
    angle: float
    u: Field
    v: Field
    t: Field

    @property
    def rho(self) -> Field:
        """Distance from the centre, ignoring the outline, (S, S)."""
        return np.hypot(self.u, self.v)

    @property
    def theta(self) -> Field:
        """Angle around the centre, (S, S)."""
        return np.arctan2(self.v, self.u)

    def to_pixels(self, u: NDArray[np.floating] | float, v: NDArray[np.floating] | float) -> NDArray[np.float64]:
        """Lesion coordinates (...) to pixel coordinates (..., 2)."""
        along = np.asarray(u) * self.radius * self.ratio
        across = np.asarray(v) * self.radius / self.ratio
        cosine, sine = np.cos(self.angle), np.sin(self.angle)
        x = self.centre[0] + cosine * along - sine * across
        y = self.centre[1] + sine * along + cosine * across
        return np.stack([x * self.size, y * self.size], -1)


def draw_lesion(rng: Rng, size: int, shape: str) -> Lesion:
    """Draws position, size and outline.

    Args:
        rng: source of randomness.
        size: S.
        shape: option of the shape group.
    """
    centre = rng.uniform(0.28, 0.72, 2)
    radius = float(rng.uniform(0.22, 0.38))
    angle = float(rng.uniform(0, 2 * np.pi))
    longest = {"irregular": 1.3, "round": 1.08, "oval": 1.75, "lobulated": 1.2}[shape]
    shortest = 1.45 if shape == "oval" else 1.0
    ratio = float(np.sqrt(rng.uniform(shortest, longest)))
    x, y = axes(size)
    x, y = x - np.float32(centre[0]), y - np.float32(centre[1])
    cosine, sine = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    u = (cosine * x + sine * y) / np.float32(radius * ratio)
    v = (cosine * y - sine * x) / np.float32(radius / ratio)
    outline = _outline(rng, np.arctan2(v, u), shape)
    outline = outline + (0.03 if shape == "irregular" else 0.0135) * noise(rng, size, 18, 2)
    t = np.hypot(u, v) / np.maximum(outline, 0.3)
    return Lesion(size, centre, radius, ratio, angle, u, v, t.astype(np.float32))


def _outline(rng: Rng, theta: Field, shape: str) -> Field:
    """Distance of the outline from the centre in each direction, about 1."""
    phases, amplitudes = rng.uniform(0, 2 * np.pi, 12), rng.uniform(0.5, 1.0, 12)
    lobes, depth = int(rng.integers(5, 9)), rng.uniform(0.09, 0.13)
    radius = np.ones_like(theta)
    if shape == "lobulated":
        radius += np.float32(2 * depth) * (np.abs(np.cos(lobes * theta / 2 + phases[0])) - 0.62)
        return radius
    irregular = shape == "irregular"
    for order in range(2, 8 if irregular else 6):
        amplitude = 0.17 / np.sqrt(order - 1) if irregular else _SMOOTH_AMPLITUDE
        radius += np.float32(amplitude * amplitudes[order]) * np.cos(order * theta + np.float32(phases[order]))
    return radius
