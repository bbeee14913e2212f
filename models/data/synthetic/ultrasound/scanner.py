"""The scanner and its settings, drawn per picture, and the lattice of beams and depths it samples.

The picture is computed on a fixed lattice of N beams and N depths and resized at the end, so that it is the same at
every size. With a linear probe beams are the columns of the picture; with a curved one (or a trapezoid field) they fan
out, and the lattice is converted to the picture by `Lattice.to_picture`.

Shapes: N = 336 beams and depths.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.fields import Field, as_field
from models.data.synthetic.streams import Streams

LATTICE = 336


@dataclass(frozen=True)
class Scanner:
    """Settings of one picture.

    Attributes:
        depth: shown, in cm.
        aspect: width over height of the field before it was squashed into a square.
        fan: angle between the middle beam and the outermost one, radians; 0 for a linear probe.
        apex: distance from the skin up to where the beams meet, a share of the height.
        focus: depth of the transmit focus, a share of the height.
        pulse: standard deviation of the pulse, in depths of the lattice.
        beam: standard deviation of the beam at its focus, in beams of the lattice.
        waist: depth from the focus at which the beam has widened by the square root of 2, a share of the height.
        looks: pictures from different directions that are averaged (spatial compounding).
        noise: of the electronics, dB below fat.
    """

    depth: float
    aspect: float
    fan: float
    apex: float
    focus: float
    pulse: float
    beam: float
    waist: float
    looks: int
    noise: float

    def half_width(self, depth: float) -> float:
        """How far the field reaches to either side of the middle at a depth, both as shares of the picture."""
        return 0.5 if self.fan == 0.0 else min(0.5, (self.apex + depth) * float(np.tan(self.fan)))


def draw_scanner(streams: Streams) -> Scanner:
    """Draws the settings."""
    rng = streams.get("scanner")
    depth = float(rng.uniform(2.8, 6.0))
    aspect = float(np.clip(np.exp(rng.normal(0.26, 0.18)), 0.9, 1.8))
    fan, apex = 0.0, 0.0
    if rng.random() < 0.14:
        top, bottom = rng.uniform(0.62, 0.88), rng.uniform(1.0, 1.25)
        apex = float(top / (bottom - top))
        fan = float(np.arcsin(0.5 * top / apex))
    pixel = LATTICE / depth
    return Scanner(
        depth=depth,
        aspect=aspect,
        fan=fan,
        apex=apex,
        focus=float(rng.uniform(0.2, 0.7)),
        pulse=float(np.clip(rng.uniform(0.009, 0.014) * pixel, 0.7, 1.5)),
        beam=float(np.clip(rng.uniform(0.020, 0.036) * pixel / aspect, 1.3, 3.0)),
        waist=float(rng.uniform(0.35, 0.9)),
        looks=int(rng.choice([1, 2, 3], p=[0.4, 0.4, 0.2])),
        noise=float(rng.uniform(-40, -23)),
    )


@dataclass(frozen=True, eq=False)
class Lattice:
    """Where each point of the lattice lies in the picture.

    Attributes:
        scanner: the settings.
        x: (N, N) horizontal picture coordinate in [0, 1].
        y: (N, N) vertical picture coordinate.
        depth: (N, 1) depth along the beam, a share of the height.
    """

    scanner: Scanner
    x: Field
    y: Field
    depth: Field

    @classmethod
    def of(cls, scanner: Scanner) -> Lattice:
        """The lattice of a scanner."""
        axis = ((np.arange(LATTICE) + 0.5) / LATTICE).astype(np.float32)
        depth = axis[:, None]
        if scanner.fan == 0.0:
            x, y = np.meshgrid(axis, axis)
            return cls(scanner, x, y, depth)
        angle = (2.0 * axis[None, :] - 1.0) * np.float32(scanner.fan)
        reach = np.float32(scanner.apex) + depth
        x = np.float32(0.5) + reach * np.sin(angle)
        y = reach * np.cos(angle) - np.float32(scanner.apex)
        return cls(scanner, as_field(x), as_field(y), depth)

    def to_picture(self, field: Field) -> Field:
        """Scan conversion of an (N, N) field on the lattice to an (N, N) picture."""
        scanner = self.scanner
        if scanner.fan == 0.0:
            return field
        axis = ((np.arange(LATTICE) + 0.5) / LATTICE).astype(np.float32)
        x, y = axis[None, :] - np.float32(0.5), axis[:, None] + np.float32(scanner.apex)
        beam = (np.arctan2(x, y) / np.float32(scanner.fan) + 1.0) * np.float32(0.5 * LATTICE) - 0.5
        depth = (np.hypot(x, y) - np.float32(scanner.apex)) * np.float32(LATTICE) - 0.5
        at = as_field(beam), as_field(depth)
        return as_field(cv2.remap(field, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0.0))


def waves(rng: np.random.Generator, across: int, down: int, octaves: int = 1, gain: float = 0.5) -> Field:
    """Smooth noise with ``across`` x ``down`` cells, of about zero mean and unit variance, (N, N).

    Octaves are added on the lattice of the next one, so that only the sum is brought to full resolution.
    """
    total = np.zeros((2, 2), np.float32)
    power = 0.0
    for octave in range(octaves):
        shape = (max(2, across * 2**octave), max(2, down * 2**octave))
        if octave:
            total = as_field(cv2.resize(total, shape, interpolation=cv2.INTER_CUBIC))
            total += np.float32(gain**octave) * rng.standard_normal(shape[::-1], dtype=np.float32)
        else:
            total = rng.standard_normal(shape[::-1], dtype=np.float32)
        power += gain ** (2 * octave)
    total *= np.float32(1.0 / np.sqrt(0.55 * power))
    return as_field(cv2.resize(total, (LATTICE, LATTICE), interpolation=cv2.INTER_CUBIC))


def profile(rng: np.random.Generator, cells: int, octaves: int = 1, gain: float = 0.5) -> NDArray[np.float32]:
    """Smooth noise along one axis, (N,)."""
    total = np.zeros((1, LATTICE), np.float32)
    power = 0.0
    for octave in range(octaves):
        lattice = rng.standard_normal((1, cells * 2**octave), dtype=np.float32)
        total += np.float32(gain**octave) * cv2.resize(lattice, (LATTICE, 1), interpolation=cv2.INTER_CUBIC)
        power += gain ** (2 * octave)
    result: NDArray[np.float32] = total[0] * np.float32(1.0 / np.sqrt(0.74 * power))
    return result
