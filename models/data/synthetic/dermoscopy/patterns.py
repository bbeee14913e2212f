"""The dermoscopic structures: one function per option of the group pattern.

Each draws pigmented structures into the body, and returns its region and what must be drawn over the cut-out lesion
because it may cross its border (vessels, streaks).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.dermoscopy.fields import (
    Colour,
    Field,
    Picture,
    Rng,
    blend,
    ellipses,
    net,
    noise,
    ramp,
    soften,
    strokes,
    wander,
)
from models.data.synthetic.dermoscopy.lesion import Lesion

_REFERENCE = 224.0  # stroke widths are given in pixels of an image of this side


class Structures(NamedTuple):
    """What a pattern leaves behind."""

    region: Field  # (S, S) in [0, 1]: where a clinician would circle it
    over: tuple[Colour, Field] | None = None  # drawn on top, (colour, weight)


class Patch(NamedTuple):
    """A rounded part of the lesion in which structures lie."""

    distance: Field  # (S, S): 1 at its edge
    u: float
    v: float
    radius: float

    @property
    def inside(self) -> Field:
        """1 inside, 0 outside, soft edge."""
        return 1 - ramp(self.distance, 0.85, 1.05)


def draw_patch(rng: Rng, lesion: Lesion, radius: tuple[float, float], offset: float) -> Patch:
    """Chooses a part of the lesion.

    Args:
        rng: source of randomness.
        lesion: frame of reference.
        radius: least and greatest radius, in lesion radii.
        offset: greatest distance from the lesion's centre, in lesion radii.
    """
    angle, away = rng.uniform(0, 2 * np.pi), offset * np.sqrt(rng.uniform(0.2, 1))
    u, v, reach = away * np.cos(angle), away * np.sin(angle), rng.uniform(*radius)
    distance = np.hypot(lesion.u - np.float32(u), lesion.v - np.float32(v)) / np.float32(reach)
    return Patch(distance + 0.12 * noise(rng, lesion.size, 5), float(u), float(v), float(reach))


def scatter(rng: Rng, lesion: Lesion, patch: Patch, count: int) -> NDArray[np.float64]:
    """Draws ``count`` points in a patch, (count, 2) in pixels."""
    away, angle = 0.95 * patch.radius * np.sqrt(rng.uniform(0, 1, count)), rng.uniform(0, 2 * np.pi, count)
    return lesion.to_pixels(patch.u + away * np.cos(angle), patch.v + away * np.sin(angle))


def _dots(rng: Rng, size: int, points: NDArray[np.floating], radius: tuple[float, float], aspect: float) -> Field:
    count = len(points)
    radii, aspects = rng.uniform(*radius, count) * size, rng.uniform(1, aspect, count)
    return ellipses(size, points, radii, aspects, rng.uniform(0, 180, count))


def atypical_network(rng: Rng, lesion: Lesion, body: Picture) -> Structures:
    """A broken, coarse net, a blue-whitish veil, streaks along part of the border."""
    size = lesion.size
    patch = draw_patch(rng, lesion, (0.45, 0.65), 0.4)
    lines = net(rng, size, rng.uniform(0.055, 0.075), 0.55, 0.13)
    blend(body, (0.13, 0.08, 0.06), lines * ramp(noise(rng, size, 6), -0.6, -0.1) * patch.inside * 0.8)
    veil_patch = draw_patch(rng, lesion, (0.28, 0.45), 0.4)
    veil = 1 - ramp(veil_patch.distance + 0.2 * noise(rng, size, 8, 2), 0.5, 1.2)
    blend(body, (0.50, 0.56, 0.66), veil * 0.66)
    start, span, count = rng.uniform(0, 2 * np.pi), rng.uniform(1.2, 2.6), int(rng.integers(9, 18))
    paths, widths = [], []
    for angle in start + span * np.arange(count) / count + rng.normal(0, 0.05, count):
        length = rng.uniform(0.18, 0.34)
        reach = np.linspace(0.9 - 0.4 * length, 0.9 + length, 5)
        turn = angle + np.linspace(0, 0.1, 5)
        paths.append(lesion.to_pixels(reach * np.cos(turn), reach * np.sin(turn)))
        widths.append(rng.uniform(1.6, 3.2) * size / _REFERENCE)
    streaks = soften(strokes(size, paths, widths), 0.003)
    return Structures(np.maximum.reduce([patch.inside, veil, streaks]), ((0.16, 0.10, 0.08), streaks * 0.85))


def regular_network(rng: Rng, lesion: Lesion, body: Picture) -> Structures:
    """An even honeycomb net with a ring of dots and globules."""
    size = lesion.size
    patch = draw_patch(rng, lesion, (0.6, 0.85), 0.3)
    blend(body, (0.22, 0.13, 0.08), net(rng, size, rng.uniform(0.040, 0.050), 0.34, 0.10) * patch.inside * 0.70)
    count = int(rng.integers(5, 9))
    angle = np.arange(count) * 2 * np.pi / count + rng.uniform(0, 6)
    away = 0.55 * patch.radius * rng.uniform(0.85, 1.12, count)
    points = lesion.to_pixels(patch.u + away * np.cos(angle), patch.v + away * np.sin(angle))
    blend(body, (0.16, 0.09, 0.06), soften(_dots(rng, size, points, (0.012, 0.019), 1.3), 0.0035) * 0.85)
    return Structures(patch.inside)


def arborizing_vessels(rng: Rng, lesion: Lesion, body: Picture) -> Structures:
    """Bright red branching vessels in focus, and blue-grey ovoid nests."""
    size = lesion.size
    nests_patch = Patch(lesion.rho / 0.75, 0.0, 0.0, 0.75)
    points = scatter(rng, lesion, nests_patch, int(rng.integers(3, 7)))
    nests = soften(_dots(rng, size, points, (0.018, 0.036), 1.25), 0.006)
    blend(body, (0.36, 0.41, 0.52), nests * 0.85)
    paths: list[NDArray[np.floating]] = []
    widths: list[float] = []
    angle = rng.uniform(0, 2 * np.pi)
    for _ in range(int(rng.integers(2, 4))):
        angle += rng.uniform(0.8, 2.0)
        root = lesion.to_pixels(0.85 * np.cos(angle), 0.85 * np.sin(angle))
        inwards = lesion.to_pixels(0.0, 0.0) - root
        heading = float(np.arctan2(inwards[1], inwards[0]) + rng.normal(0, 0.3))
        length = lesion.radius * size * rng.uniform(0.8, 1.2)
        _branch(rng, root, heading, length, (rng.uniform(2.4, 3.4) * size / _REFERENCE, 3), (paths, widths))
    vessels = soften(strokes(size, paths, widths), 0.0022)
    return Structures(np.maximum(nests, vessels), ((0.70, 0.13, 0.14), vessels * 0.88))


def _branch(
    rng: Rng,
    root: NDArray[np.floating],
    heading: float,
    length: float,
    form: tuple[float, int],
    drawn: tuple[list[NDArray[np.floating]], list[float]],
) -> None:
    """Adds a vessel and, recursively, its thinner side branches; ``form`` is (width, branchings left)."""
    width, depth = form
    headings = heading + np.cumsum(rng.normal(0, 0.28, 8))
    moves = length / 8 * np.stack([np.cos(headings), np.sin(headings)], -1)
    path = np.concatenate([root[None], root + np.cumsum(moves, 0)])
    drawn[0].append(path)
    drawn[1].append(width)
    if depth == 0:
        return
    for _ in range(int(rng.integers(2, 4))):
        at = int(rng.integers(3, 9))
        turn = rng.choice([-1, 1]) * rng.uniform(0.5, 1.0)
        shorter = length * rng.uniform(0.45, 0.7)
        _branch(rng, path[at], headings[at - 1] + turn, shorter, (width * 0.6, depth - 1), drawn)


def glomerular_vessels(rng: Rng, lesion: Lesion, body: Picture) -> Structures:
    """Clustered coiled and dotted red vessels on a strawberry background."""
    size = lesion.size
    patch = draw_patch(rng, lesion, (0.45, 0.65), 0.45)
    blend(body, (0.86, 0.50, 0.48), patch.inside * 0.35)
    turns = np.linspace(0, 2 * np.pi * 1.6, 14)
    paths = []
    for point in scatter(rng, lesion, patch, int(rng.integers(25, 48))):
        radius = rng.uniform(0.010, 0.017) * size * np.linspace(0.25, 1, 14)
        angle = turns + rng.uniform(0, 6)
        paths.append(point + np.stack([radius * np.cos(angle), radius * np.sin(angle)], -1))
    coils = soften(strokes(size, paths, [1.3 * size / _REFERENCE] * len(paths)), 0.0022)
    return Structures(patch.inside, ((0.66, 0.10, 0.15), coils * 0.95))


def milia_like_cysts(rng: Rng, lesion: Lesion, body: Picture) -> Structures:
    """Bright white dots, dark comedo-like plugs, cerebriform fissures."""
    size = lesion.size
    patch = draw_patch(rng, lesion, (0.45, 0.7), 0.42)
    roots = scatter(rng, lesion, patch, int(rng.integers(4, 8)))
    paths = [wander(rng, root, 0.025 * size, 8, 0.45) for root in roots]
    widths = (rng.uniform(1.5, 2.6, len(paths)) * size / _REFERENCE).tolist()
    fissures = strokes(size, paths, widths) * patch.inside
    blend(body, (0.20, 0.13, 0.09), fissures * 0.6)
    white = scatter(rng, lesion, patch, int(rng.integers(10, 20)))
    cysts = soften(_dots(rng, size, white, (0.009, 0.017), 1.05), 0.0045)
    dark = scatter(rng, lesion, patch, int(rng.integers(6, 12)))
    plugs = soften(_dots(rng, size, dark, (0.011, 0.020), 1.4), 0.003)
    blend(body, (0.97, 0.94, 0.84), cysts * 0.9)
    blend(body, (0.14, 0.09, 0.05), plugs * 0.88)
    return Structures(np.maximum.reduce([cysts, plugs, fissures]))


def central_white_patch(rng: Rng, lesion: Lesion, body: Picture) -> Structures:
    """A white scar-like centre with a delicate net around it."""
    size = lesion.size
    patch = draw_patch(rng, lesion, (0.36, 0.5), 0.12)
    scar = 1 - ramp(patch.distance + 0.15 * noise(rng, size, 10, 2), 0.6, 1.1)
    around = (1 - ramp(lesion.t, 0.9, 1.02)) * (1 - scar)
    blend(body, (0.34, 0.22, 0.15), net(rng, size, 0.036, 0.15, 0.05) * around * 0.5)
    blend(body, (0.95, 0.90, 0.86), scar * 0.88)
    return Structures(scar)


def lacunae(rng: Rng, lesion: Lesion, body: Picture) -> Structures:
    """Well-demarcated red, maroon and blue lagoons between pale septa."""
    size = lesion.size
    patch = draw_patch(rng, lesion, (0.45, 0.65), 0.45)
    blend(body, (0.90, 0.76, 0.74), patch.inside * 0.35)
    points = scatter(rng, lesion, patch, int(rng.integers(8, 17)))
    region = np.zeros((size, size), np.float32)
    colours = ((0.62, 0.05, 0.10), (0.40, 0.03, 0.14), (0.28, 0.10, 0.30), (0.75, 0.10, 0.14))
    for index, colour in enumerate(colours):
        lagoons = soften(_dots(rng, size, points[index::4], (0.020, 0.042), 1.25), 0.004)
        lagoons *= np.clip(0.85 + 0.2 * noise(rng, size, 12), 0.4, 1.0)
        blend(body, colour, lagoons * 0.9)
        region = np.maximum(region, lagoons)
    return Structures(region)


PATTERNS: dict[str, Callable[[Rng, Lesion, Picture], Structures]] = {
    "atypical_network": atypical_network,
    "regular_network": regular_network,
    "arborizing_vessels": arborizing_vessels,
    "glomerular_vessels": glomerular_vessels,
    "milia_like_cysts": milia_like_cysts,
    "central_white_patch": central_white_patch,
    "lacunae": lacunae,
}
