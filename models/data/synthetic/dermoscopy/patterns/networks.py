"""Pigmented structures: networks, dots, globules, streaks and the veil. Shapes: S pixels a side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.dermoscopy.scene import Scene
from models.data.synthetic.fields import Cells, Field, as_field, cells, largest, noise, smoothstep, soften


def mesh(scene: Scene, name: str, cell: float, jitter: float, warp: float, width: Field | float) -> tuple[Field, Cells]:
    """Lines of a net, (S, S) in [0, 1], and its cells; ``width`` is half a line's, in cells."""
    rng = scene.streams.get(name)
    bend = (
        np.float32(warp * cell) * scene.field(f"{name}-x", 8, 2),
        np.float32(warp * cell) * scene.field(f"{name}-y", 8, 2),
    )
    net = cells(rng, scene.grid.x, scene.grid.y, cell, jitter, bend)
    # A line is never thinner than a pixel can show.
    pixel = 2.2 / (cell * 224)
    half = np.maximum(np.asarray(width, np.float32), np.float32(0.5 * pixel))
    t = np.clip((half + np.float32(0.5 * pixel) - net.edge) / np.float32(pixel), 0.0, 1.0)
    lines: Field = soften(t * t * (3 - 2 * t), 0.0018)
    return lines, net


def regular_network(scene: Scene) -> Field:
    """Honeycomb of brown lines with even dots on its crossings and a wreath of globules."""
    grid, rng = scene.grid, scene.streams.get("regular")
    lines, _ = mesh(
        scene, "regular-net", rng.uniform(0.029, 0.037), 0.28, 0.3, 0.06 + 0.035 * scene.field("regular-swell", 9, 2)
    )
    inner = smoothstep(grid.rho, 1.02, 0.8) * grid.presence
    lines = lines * inner
    scene.absorb(
        melanin=lines
        * np.float32(rng.uniform(0.65, 0.95))
        * np.clip(0.85 + 0.3 * scene.field("regular-tone", 11, 3, 0.7), 0.3, 1.4)
    )
    scene.mix((0.80, 0.60, 0.44), 0.30 * (1.0 - lines) * inner * scene.alpha)
    _, spots = mesh(scene, "globules", rng.uniform(0.040, 0.052), 0.2, 0.2, 0.1)
    wreath = np.exp(-(((grid.rho - 0.66) / 0.13) ** 2)) + 0.9 * smoothstep(grid.rho, 0.26, 0.16)
    dots = smoothstep(spots.centre - 0.14 * spots.value, 0.34, 0.14) * smoothstep(
        np.clip(wreath, 0, 1) * grid.presence, 0.35, 0.6
    )
    scene.absorb(melanin=soften(dots, 0.002) * np.float32(rng.uniform(0.9, 1.3)))
    return largest(lines, dots)


def delicate_network(scene: Scene, band: Field) -> Field:
    """A thin pale-brown net where (S, S) ``band`` is; returns its lines."""
    rng = scene.streams.get("delicate")
    lines, _ = mesh(scene, "delicate-net", rng.uniform(0.028, 0.034), 0.28, 0.3, 0.05)
    lines = as_field(lines * band * np.clip(0.8 + 0.3 * scene.field("delicate-tone", 11, 3, 0.7), 0.2, 1.2))
    scene.absorb(melanin=lines * np.float32(rng.uniform(0.5, 0.7)))
    return lines


def atypical_network(scene: Scene) -> Field:
    """Thick, broken, uneven net, streaks running out of the edge, a blue-whitish veil."""
    grid, rng = scene.grid, scene.streams.get("atypical")
    swell = 0.13 + 0.10 * scene.field("atypical-swell", 9, 2)
    lines, _ = mesh(scene, "atypical-net", rng.uniform(0.046, 0.060), 0.45, 0.6, np.clip(swell, 0.05, 0.36))
    broken = smoothstep(scene.field("atypical-breaks", 12, 2), -0.55, 0.05)
    place = smoothstep(grid.rho, 1.04, 0.9) * np.maximum(grid.presence, 0.0)
    lines = lines * broken * place
    scene.absorb(melanin=lines * np.float32(rng.uniform(1.2, 1.7)))
    streaks = _streaks(scene)
    veil = _veil(scene)
    return largest(lines, streaks, veil)


def _streaks(scene: Scene) -> Field:
    """Radial streaks and pseudopods over some arcs of the outline."""
    grid, rng = scene.grid, scene.streams.get("streaks")
    count = 512
    angle = np.arctan2(grid.v, grid.u)
    at = (angle + np.float32(np.pi)) * np.float32(count / (2 * np.pi))
    # Closed around the circle: the profile is periodic and read between its samples.
    fine = np.convolve(np.tile(rng.standard_normal(count), 3), np.hanning(8) / 2.0, "same")[count : 2 * count]
    arcs = np.convolve(np.tile(rng.standard_normal(count), 3), np.hanning(150) / 7.5, "same")[count : 2 * count]
    reach = np.clip(0.10 + 0.10 * fine, 0.0, 0.34)
    bin_low = np.floor(at).astype(np.int32) % count
    part = (at - np.floor(at)).astype(np.float32)

    def around(profile: NDArray[np.float64]) -> Field:
        table = profile.astype(np.float32)
        return as_field(table[bin_low] * (1 - part) + table[(bin_low + 1) % count] * part)

    tip = 1.0 + around(reach)
    # Rays narrow towards their tips.
    ray = smoothstep(around(fine) - np.clip(3.2 * (grid.rho - 0.92), 0.0, 1.2), 0.1, 0.9)
    along = smoothstep(grid.rho, 0.62, 0.82) * smoothstep(grid.rho - tip, 0.04, -0.06)
    place = smoothstep(around(arcs), -0.6, 0.0) * np.maximum(grid.presence, 0.25)
    streaks: Field = soften(ray * along * place, 0.0025)
    scene.absorb(melanin=streaks * np.float32(rng.uniform(1.2, 1.7)))
    return streaks


def _veil(scene: Scene) -> Field:
    """A structureless milky blue area."""
    rng = scene.streams.get("veil")
    centre = scene.grid.lesion.scatter(rng, 1, reach=0.4)
    at = (0.0, 0.0) if len(centre) == 0 else (float(centre[0, 0]), float(centre[0, 1]))
    veil = soften(scene.patch("veil-edge", at, rng.uniform(0.32, 0.46), 0.35), 0.014)
    cloud = np.clip(0.78 + 0.18 * noise(scene.streams.get("veil-cloud"), scene.size, 10, 3), 0.35, 1.0)
    veil = as_field(veil * cloud * smoothstep(scene.grid.rho, 1.0, 0.8))
    scene.mix((0.47, 0.53, 0.65), np.float32(rng.uniform(0.6, 0.76)) * veil)
    return veil
