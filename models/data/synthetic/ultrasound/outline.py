"""Where the mass lies and what its outline is: groups ``shape``, ``orientation`` and the variants of ``margin``.

Mass coordinates (u, v) have their origin at the centre, the axes of the picture, and half the width and half the height
of the mass as units. ``rho`` is the distance from the centre divided by the outline's in that direction.

Shapes: N beams and depths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.fields import Field
from models.data.synthetic.streams import Streams
from models.data.synthetic.ultrasound.scanner import Lattice, Scanner

_BINS = 1440
Variant = Literal["sharp", "indistinct", "angular", "microlobulated", "spiculated"]


@dataclass(frozen=True, eq=False)
class Mass:
    """A mass's geometry.

    Attributes:
        centre: in picture coordinates.
        half: half width and half height, shares of the picture.
        outline: (1440,) radius by angle in mass coordinates, from -pi.
        spikes: (1440,) how far spicules reach beyond the outline.
        variant: of the margin.
    """

    centre: tuple[float, float]
    half: tuple[float, float]
    outline: NDArray[np.float32]
    spikes: NDArray[np.float32]
    variant: Variant

    @property
    def size(self) -> float:
        """Geometric mean of half width and half height."""
        return float(np.sqrt(self.half[0] * self.half[1]))

    def rho(self, lattice: Lattice) -> tuple[Field, NDArray[np.int64]]:
        """Relative distance from the centre, and the bin of the angle, (N, N) each."""
        u = (lattice.x - np.float32(self.centre[0])) / np.float32(self.half[0])
        v = (lattice.y - np.float32(self.centre[1])) / np.float32(self.half[1])
        bins = ((np.arctan2(v, u) + np.float32(np.pi)) * np.float32(_BINS / (2 * np.pi))).astype(np.int64)
        bins = np.minimum(bins, _BINS - 1)
        rho: Field = np.sqrt(u * u + v * v) / self.outline[bins]
        return rho, bins


def draw_mass(streams: Streams, scanner: Scanner, shape: str, margin: str, orientation: str) -> Mass:
    """Draws the geometry.

    Args:
        streams: of the picture.
        scanner: the mass lies where it looks.
        shape: option key, of a mass.
        margin: option key, of a mass.
        orientation: option key, of a mass.
    """
    rng = streams.get("mass")
    # An uneven form is seen only on a mass that is not tiny.
    low, high = (0.10, 0.50) if shape == "oval_round" else (0.18, 0.60)
    size = float(np.exp(rng.uniform(np.log(low), np.log(high)))) / 2
    longer = float(rng.uniform(1.22, 2.1 if orientation == "parallel" else 1.75))
    ratio = longer if orientation == "parallel" else 1 / longer
    half = np.array([size * np.sqrt(ratio), size / np.sqrt(ratio)])
    half *= min(1.0, 0.43 / half[0], 0.36 / half[1])
    across = 0.2 * rng.standard_normal()
    down = 0.07 + half[1] + abs(0.16 * rng.standard_normal()) + 0.05 * rng.random()
    down = min(down, 0.86 - half[1])
    side = scanner.half_width(max(down - half[1], 0.0))
    half[0] = min(half[0], side)
    variant = _variant(streams, margin)
    angle = np.linspace(-np.pi, np.pi, _BINS, endpoint=False) + np.pi / _BINS
    radius = _body(streams, angle, shape) * _edge(streams, angle, variant)
    spikes = _spikes(streams, angle) if variant == "spiculated" else np.zeros(_BINS)
    # The bounding box becomes 2 x 2, so that width and height are what was drawn above.
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    x, y = 2 * (x - x.min()) / np.ptp(x) - 1, 2 * (y - y.min()) / np.ptp(y) - 1
    outline = _by_angle(x, y, angle)
    # At most a sliver of it is cut off at the side.
    off = max(side - 0.94 * half[0], 0.0)
    centre = (float(0.5 + np.clip(across, -off, off)), float(down))
    return Mass(centre, (float(half[0]), float(half[1])), outline, spikes.astype(np.float32), variant)


def _variant(streams: Streams, margin: str) -> Variant:
    if margin == "circumscribed":
        return "sharp"
    variants: tuple[Variant, ...] = ("indistinct", "angular", "microlobulated", "spiculated")
    return variants[int(streams.get("variant").choice(4, p=[0.36, 0.2, 0.22, 0.22]))]


def _body(streams: Streams, angle: NDArray[np.float64], shape: str) -> NDArray[np.float64]:
    """An ellipse with at most gentle undulations, or an uneven form. (1440,)."""
    rng = streams.get(f"body-{shape}")
    tilt = rng.uniform(-0.5, 0.5)
    ratio = rng.uniform(1.0, 1.35)
    radius = 1.0 / np.hypot(np.cos(angle - tilt), ratio * np.sin(angle - tilt))
    orders = np.arange(2, 5) if shape == "oval_round" else np.arange(2, 10)
    # Each order weaker than the one before: lobes and bays, not a star.
    scale = 0.03 if shape == "oval_round" else rng.uniform(0.15, 0.23)
    weights = scale * (orders - 1.0) ** -0.75
    phases = rng.uniform(0, 2 * np.pi, len(orders))
    sizes = rng.uniform(0.6, 1.3, len(orders))
    wave = (weights * sizes)[:, None] * np.cos(orders[:, None] * angle[None, :] + phases[:, None])
    return np.asarray(radius * np.maximum(1.0 + wave.sum(axis=0), 0.32))


def _edge(streams: Streams, angle: NDArray[np.float64], variant: Variant) -> NDArray[np.float64]:
    """Factor on the radius by which angular and microlobulated margins differ, (1440,)."""
    rng = streams.get("edge")
    if variant == "microlobulated":
        lobes, phases = int(rng.integers(9, 17)), rng.uniform(0, 2 * np.pi, 4)
        swing = 0.9 * np.cos(2 * angle + phases[0]) + 0.7 * np.cos(3 * angle + phases[1])
        depth = rng.uniform(0.10, 0.16) * (1 + 0.5 * np.cos(angle + phases[2]) + 0.4 * np.cos(3 * angle + phases[3]))
        return np.asarray(1.0 - depth * (1 - np.abs(np.sin(0.5 * lobes * angle + swing))))
    if variant == "angular":
        count = int(rng.integers(5, 9))
        corners = np.sort((np.arange(count) + rng.uniform(-0.3, 0.3, count)) * 2 * np.pi / count)
        place = np.interp(angle, *_around(corners, np.arange(count, dtype=float), count))
        # Straight between corners: what a chord lies inside the circle.
        gap = np.interp(angle, *_around(corners, np.diff(corners, append=corners[0] + 2 * np.pi), 0))
        chord = np.cos(gap / 2) / np.cos((place % 1.0 - 0.5) * gap)
        return np.asarray(0.25 + 0.75 * np.clip(chord, 0.45, 1.0))
    return np.ones(_BINS)


def _around(
    at: NDArray[np.float64], values: NDArray[np.float64], step: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Knots on a circle repeated once on both sides; ``step`` is what values gain in a turn."""
    turn = 2 * np.pi
    return (
        np.concatenate([at - 2 * turn, at - turn, at, at + turn]),
        np.concatenate([values - 2 * step, values - step, values, values + step]),
    )


def _spikes(streams: Streams, angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Reach of spicules, relative to the radius, (1440,)."""
    rng = streams.get("spikes")
    reach = np.zeros(_BINS)
    for at in rng.uniform(-np.pi, np.pi, int(rng.integers(10, 20))):
        away = np.abs((angle - at + np.pi) % (2 * np.pi) - np.pi)
        wide, long = rng.uniform(0.05, 0.12), rng.uniform(0.25, 0.7)
        reach = np.maximum(reach, long * np.clip(1 - away / wide, 0, 1) ** 1.5)
    return reach


def _by_angle(x: NDArray[np.float64], y: NDArray[np.float64], angle: NDArray[np.float64]) -> NDArray[np.float32]:
    """Radius by angle of the closed line (x, y), (1440,)."""
    found = np.unwrap(np.arctan2(y, x))
    order = np.argsort(found)
    radius = np.interp(angle, found[order], np.hypot(x, y)[order], period=2 * np.pi)
    result: NDArray[np.float32] = radius.astype(np.float32)
    return result
