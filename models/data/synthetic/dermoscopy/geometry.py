"""Where the lesion lies and what its outline is: draws that do not depend on the size of the picture.

Lesion coordinates (u, v) have their origin at the lesion's centre, its axes as axes, and its mean radius as unit.
``rho`` is the distance from the centre divided by the outline's in that direction: 1 on the outline.

Shapes: S pixels a side, N points.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.dermoscopy.streams import Streams
from models.data.synthetic.fields import Field, as_field, noise, smoothstep

_BINS = 2048
_TEXTURE = 192
_REACH = 2.2


@dataclass(frozen=True, eq=False)
class Lesion:
    """A lesion's geometry.

    Attributes:
        centre: in image coordinates.
        radius: mean radius, a share of the image.
        angle: of the u axis, radians.
        outline: (2048,) radius by angle in lesion coordinates, from -pi.
        ragged: amplitude of the fine disturbance of the outline.
        symmetry: option key.
        lean: angle of the part where pigment is densest (asymmetric lesions), radians in lesion coordinates.
        turn: from there to where it is thinnest, radians (asymmetric in two axes).
    """

    centre: tuple[float, float]
    radius: float
    angle: float
    outline: Field
    ragged: float
    symmetry: str
    lean: float
    turn: float

    def to_lesion(self, x: Field, y: Field) -> tuple[Field, Field]:
        """Image to lesion coordinates, any shape."""
        c, s = np.float32(np.cos(self.angle) / self.radius), np.float32(np.sin(self.angle) / self.radius)
        dx, dy = x - np.float32(self.centre[0]), y - np.float32(self.centre[1])
        return c * dx + s * dy, c * dy - s * dx

    def to_image(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Lesion to image coordinates, (N, 2)."""
        c, s = np.cos(self.angle), np.sin(self.angle)
        turned = points @ np.array([[c, s], [-s, c]])
        result: NDArray[np.float64] = turned * self.radius + np.array(self.centre)
        return result

    def rho(self, u: Field, v: Field) -> Field:
        """Relative distance from the centre, any shape; 1 on the outline."""
        bins = ((np.arctan2(v, u) + np.pi) * (_BINS / (2 * np.pi))).astype(np.int32)
        result: Field = np.sqrt(u * u + v * v) / self.outline[np.minimum(bins, _BINS - 1)]
        return result

    def darkness(self, u: Field, v: Field) -> Field:
        """How much denser (+) or thinner (-) pigment is because of asymmetry, about -1 to 1. Any shape."""
        if self.symmetry == "symmetric":
            return np.zeros_like(u)
        if self.symmetry == "asymmetric_one_axis":
            side = np.float32(np.sign(np.cos(self.lean)))
            return as_field(np.tanh(np.float32(1.9) * u * side))
        first = self._bump(u, v, self.lean, 0.5, 0.42)
        second = self._bump(u, v, self.lean + self.turn, 0.6, 0.4)
        result: Field = 1.35 * first - 1.15 * second
        return result

    def presence(self, u: Field, v: Field) -> Field:
        """Where structures grow, 0 to 1: all of a symmetric lesion, a side or a quarter of others. Any shape."""
        if self.symmetry == "symmetric":
            return np.ones_like(u)
        if self.symmetry == "asymmetric_one_axis":
            side = np.float32(np.sign(np.cos(self.lean)))
            return smoothstep(u * side, -0.35, 0.3)
        return as_field(np.clip(1.5 * self._bump(u, v, self.lean + 0.5 * self.turn, 0.42, 0.62), 0.0, 1.0))

    def scatter(self, rng: np.random.Generator, count: int, reach: float = 0.8) -> NDArray[np.float64]:
        """(N, 2) points in lesion coordinates where structures may lie; N is ``count`` or a little less."""
        angle = rng.uniform(-np.pi, np.pi, 12 * count)
        bins = np.minimum(((angle + np.pi) * _BINS / (2 * np.pi)).astype(int), _BINS - 1)
        length = reach * np.sqrt(rng.random(12 * count)) * self.outline[bins]
        points = np.stack([length * np.cos(angle), length * np.sin(angle)], axis=1)
        wanted = self.presence(points[:, 0].astype(np.float32), points[:, 1].astype(np.float32))
        kept: NDArray[np.float64] = points[rng.random(12 * count) < wanted][:count]
        return kept

    @staticmethod
    def _bump(u: Field, v: Field, angle: float, distance: float, width: float) -> Field:
        du, dv = u - np.float32(distance * np.cos(angle)), v - np.float32(distance * np.sin(angle))
        bump: Field = np.exp(-(du * du + dv * dv) * np.float32(0.5 / width**2))
        return bump


def draw_lesion(streams: Streams, shape: str, symmetry: str) -> Lesion:
    """Draws place, size and outline.

    Args:
        streams: of the picture.
        shape: option key.
        symmetry: option key.

    Returns:
        The lesion.
    """
    rng = streams.get("place")
    radius = 0.20 + 0.19 * rng.beta(1.8, 1.3)
    room = min(0.2, 0.56 - radius)
    centre = (0.5 + room * rng.uniform(-1, 1), 0.5 + room * rng.uniform(-1, 1))
    angle = rng.uniform(-np.pi, np.pi)
    quadrant = rng.integers(4) * np.pi / 2
    lean = quadrant + rng.uniform(np.pi / 6, np.pi / 3)
    turn = rng.choice([-1.0, 1.0]) * rng.uniform(1.6, 2.5)
    ragged = {"irregular": 0.085, "round": 0.03, "oval": 0.03, "lobulated": 0.028}[shape]
    outline = _outline(streams.get(f"outline-{shape}"), shape, symmetry, lean)
    return Lesion(centre, radius, angle, outline, ragged * rng.uniform(0.8, 1.3), symmetry, lean, turn)


def _outline(rng: np.random.Generator, shape: str, symmetry: str, lean: float) -> Field:
    """(2048,) radius by angle, mirrored as the symmetry asks."""
    theta = (np.arange(_BINS) + 0.5) * (2 * np.pi / _BINS) - np.pi
    folded: Field = theta if symmetry == "asymmetric_two_axes" else np.abs(theta)
    if symmetry == "symmetric":
        folded = np.minimum(folded, np.pi - folded)
    uneven = 0.19 if symmetry == "symmetric" else 0.15
    radius = _waves(rng, folded, {"irregular": uneven, "lobulated": 0.02}.get(shape, 0.014))
    if shape == "oval":
        ratio = rng.uniform(1.45, 1.85)
        radius = radius / np.sqrt(np.cos(theta) ** 2 / ratio + np.sin(theta) ** 2 * ratio)
    if shape == "lobulated":
        lobes = 2 * rng.integers(2, 4) if symmetry == "symmetric" else rng.integers(4, 7)
        phase = rng.uniform(0, np.pi) if symmetry == "asymmetric_two_axes" else 0.0
        # Lobes of unequal width and height, with soft notches: bulges, not petals.
        bent = folded + (0.0 if symmetry == "symmetric" else 0.3) * np.sin(folded + phase)
        lift = 0.24 * (1.0 + 0.35 * np.cos(2 * folded + rng.uniform(0, 6.3)))
        radius = radius + lift * (np.sqrt(np.sin(lobes * bent / 2 + phase) ** 2 + 0.012) - 0.66)
    if symmetry == "asymmetric_two_axes":
        bulge = 0.16 if shape in ("irregular", "lobulated") else 0.05
        radius = radius + bulge * np.exp(3.0 * (np.cos(theta - lean) - 1.0))
    radius = np.maximum(radius, 0.35)
    result: Field = (radius / np.sqrt(np.mean(radius**2))).astype(np.float32)
    return result


def _waves(rng: np.random.Generator, theta: Field, amplitude: float) -> Field:
    radius = np.ones_like(theta)
    for order in range(2, 9):
        phase = rng.uniform(0, 2 * np.pi)
        radius = radius + amplitude * (2 / order) ** 0.55 * rng.uniform(0.35, 1.0) * np.cos(order * theta + phase)
    return radius


class Grid:
    """Coordinates of the S x S pixels and what the lesion makes of them.

    Attributes:
        size: S.
        x: (S, S) horizontal image coordinate in [0, 1].
        y: (S, S) vertical.
        u: (S, S) lesion coordinate.
        v: (S, S) lesion coordinate.
        rho: (S, S) relative distance from the centre, outline disturbed.
        distance: (S, S) signed distance to the outline as a share of the image, negative inside; approximate.
        darkness: (S, S), see `Lesion.darkness`.
        presence: (S, S), see `Lesion.presence`.
    """

    def __init__(self, lesion: Lesion, streams: Streams, size: int) -> None:
        self.size = size
        self.lesion = lesion
        axis = (np.arange(size, dtype=np.float32) + np.float32(0.5)) / np.float32(size)
        self.y, self.x = (np.ascontiguousarray(part) for part in np.meshgrid(axis, axis, indexing="ij"))
        self.u, self.v = lesion.to_lesion(self.x, self.y)
        self._map_u, self._map_v = self._texture_maps()
        edge = self.texture(streams.get("ragged"), cells=10, octaves=4, gain=0.7)
        clean = lesion.rho(self.u, self.v)
        self.rho: Field = clean + np.float32(lesion.ragged) * np.clip(edge, -2.2, 2.2) * np.minimum(clean, 1.0)
        length = np.maximum(np.sqrt(self.u * self.u + self.v * self.v), np.float32(0.05))
        self.distance: Field = (self.rho - 1.0) * (length / np.maximum(self.rho, 0.05)) * np.float32(lesion.radius)
        drift = np.float32(0.22) * self.texture(streams.get("drift"), cells=8, octaves=3)
        self.darkness = lesion.darkness(self.u + drift, self.v)
        self.presence = lesion.presence(self.u + drift, self.v)

    def _texture_maps(self) -> tuple[Field, Field]:
        u, v = self.u, self.v
        if self.lesion.symmetry != "asymmetric_two_axes":
            v = np.abs(v)
        if self.lesion.symmetry == "symmetric":
            u = np.abs(u)
        scale = np.float32(_TEXTURE / (2 * _REACH))
        return (u + np.float32(_REACH)) * scale - np.float32(0.5), (v + np.float32(_REACH)) * scale - np.float32(0.5)

    def fibres(self, rng: np.random.Generator) -> Field:
        """Noise drawn out along the radius, as pigment lies in many lesions; mirrored like `texture`. (S, S)."""
        plane = noise(rng, _TEXTURE, 48, 2, 0.8)
        u = np.abs(self.u) if self.lesion.symmetry == "symmetric" else self.u
        v = self.v if self.lesion.symmetry == "asymmetric_two_axes" else np.abs(self.v)
        # A ring of the plane, read along its circle by angle: a short way outwards is a long way in the lesion.
        length = np.sqrt(u * u + v * v) + np.float32(1e-3)
        reach = (np.float32(66.0) + np.float32(9.0) * length) / length
        middle = np.float32(_TEXTURE / 2)
        drawn_out = as_field(cv2.remap(plane, middle + u * reach, middle + v * reach, cv2.INTER_LINEAR))
        return drawn_out * smoothstep(length, 0.1, 0.6)

    def texture(self, rng: np.random.Generator, cells: int, octaves: int = 1, gain: float = 0.5) -> Field:
        """Smooth noise fixed to the lesion and mirrored about its axes of symmetry. (S, S)."""
        plane = noise(rng, _TEXTURE, cells, octaves, gain)
        method = cv2.INTER_CUBIC if self.size > 256 else cv2.INTER_LINEAR
        return as_field(cv2.remap(plane, self._map_u, self._map_v, method, borderMode=cv2.BORDER_REFLECT))
