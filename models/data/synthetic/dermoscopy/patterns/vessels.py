"""Vessels: branching trees with ovoid nests, coils on a strawberry ground. Shapes: S pixels a side, N points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.dermoscopy.scene import Scene
from models.data.synthetic.fields import Field, Ink, cells, largest, smoothstep, soften


def arborizing_vessels(scene: Scene) -> Field:
    """Bright red trees in focus over the lesion, and blue-grey ovoid nests below them."""
    rng = scene.streams.get("arborizing")
    nests = _nests(scene, rng)
    ink = Ink()
    lesion = scene.grid.lesion
    roots = lesion.scatter(rng, 40, reach=0.9)
    outer = roots[np.argsort(-np.hypot(roots[:, 0], roots[:, 1]))][: int(rng.integers(2, 5)) * 3 : 3]
    for root in outer:
        heading = np.arctan2(-root[1], -root[0]) + rng.normal(0, 0.35)
        _branch(
            ink,
            rng,
            lesion.to_image(root[None])[0],
            heading + lesion.angle,
            1.15 * lesion.radius,
            rng.uniform(0.0085, 0.0125),
            0,
        )
    vessels = ink.field(scene.size) * smoothstep(scene.grid.rho, 1.12, 0.98)
    halo = np.clip(soften(vessels, 0.010) * 1.6, 0, 1)
    scene.mix((0.92, 0.76, 0.73), 0.38 * halo)
    fade = np.clip(0.82 + 0.16 * scene.field("vessel-depth", 12, 2), 0.45, 1.0)
    scene.mix((0.68, 0.10, 0.13), 0.92 * vessels * fade)
    return largest(vessels, nests)


def _branch(
    ink: Ink, rng: np.random.Generator, at: NDArray[np.float64], heading: float, length: float, width: float, depth: int
) -> None:
    """Draws a winding vessel that tapers and forks."""
    steps = 11
    bends = rng.normal(0, 0.24, steps).cumsum() * 0.8 + rng.normal(0, 0.1, steps)
    headings = heading + bends
    stride = length / steps
    path = at + np.concatenate(
        [np.zeros((1, 2)), np.cumsum(np.stack([np.cos(headings), np.sin(headings)], 1) * stride, axis=0)]
    )
    for start in range(0, steps, 3):
        taper = width * (1.0 - 0.55 * start / steps)
        ink.line(path[start : start + 4], taper, 1.0 if taper > 0.004 else 0.8)
    if depth >= 3:
        return
    for _ in range((4, 3, 2)[depth]):
        fork = int(rng.integers(2, steps))
        side = rng.choice([-1.0, 1.0]) * rng.uniform(0.5, 1.05)
        _branch(
            ink, rng, path[fork], headings[fork - 1] + side, length * rng.uniform(0.4, 0.62), width * 0.62, depth + 1
        )


def _nests(scene: Scene, rng: np.random.Generator) -> Field:
    ink = Ink()
    lesion = scene.grid.lesion
    places = lesion.to_image(lesion.scatter(rng, int(rng.integers(4, 9)), reach=0.75))
    for x, y in places:
        axis = rng.uniform(0.018, 0.036)
        ink.blob((x, y), (axis, axis * rng.uniform(0.55, 0.85)), rng.uniform(0, 180), rng.uniform(0.75, 1.0))
    nests = ink.field(scene.size, blur=0.0065)
    scene.mix((0.33, 0.36, 0.45), 0.82 * nests)
    return nests


def glomerular_vessels(scene: Scene) -> Field:
    """Clusters of coils and dots on a red ground with pale follicle openings."""
    grid, rng = scene.grid, scene.streams.get("glomerular")
    ground = smoothstep(grid.rho + 0.06 * scene.field("strawberry-edge", 9, 2), 0.98, 0.8) * grid.presence
    pores = cells(rng, grid.x, grid.y, rng.uniform(0.05, 0.068), 0.45)
    scene.absorb(blood=np.float32(rng.uniform(0.42, 0.58)) * ground * smoothstep(pores.centre, 0.12, 0.45))
    scene.mix((0.93, 0.80, 0.72), (0.2 + 0.4 * pores.value) * ground * smoothstep(pores.centre, 0.28, 0.08))
    ink = Ink()
    lesion = grid.lesion
    for seat in lesion.scatter(rng, int(rng.integers(4, 8)), reach=0.7):
        spots = seat + rng.normal(0, 0.17, (int(rng.integers(10, 17)), 2))
        inside = lesion.rho(spots[:, 0].astype(np.float32), spots[:, 1].astype(np.float32)) < 0.95
        for x, y in lesion.to_image(spots[inside]):
            _coil(ink, rng, x, y)
    coils = ink.field(scene.size, blur=0.001)
    scene.mix((0.58, 0.06, 0.12), 0.9 * coils)
    return largest(coils, 0.6 * soften(coils, 0.01))


def _coil(ink: Ink, rng: np.random.Generator, x: float, y: float) -> None:
    """A glomerulus: a small knot of one to two turns."""
    turns = np.linspace(0, rng.uniform(1.2, 2.2) * 2 * np.pi, 16) + rng.uniform(0, 6.3)
    radius = rng.uniform(0.008, 0.0135) * np.linspace(1.0, 0.25, 16)
    path = np.stack([x + radius * np.cos(turns), y + radius * rng.uniform(0.6, 1.0) * np.sin(turns)], 1)
    ink.line(path, 0.0042)
