"""The lesion's surface: group ``texture``. Shapes: S pixels a side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from models.data.synthetic.dermoscopy.scene import Scene
from models.data.synthetic.fields import Field, Ink, cells, grow, smoothstep, soften


def draw_surface(scene: Scene, texture: str) -> None:
    """Draws the surface and keeps the region it changes."""
    region = _SURFACES[texture](scene)
    scene.regions["texture"] = grow(region > 0.4, close=0.03, dilate=0.004)


def _place(scene: Scene, name: str, low: float, high: float, off: float = 0.35) -> Field:
    """A ragged part of the lesion with a radius between ``low`` and ``high`` lesion radii. (S, S)."""
    rng = scene.streams.get(name)
    angle, distance = rng.uniform(-np.pi, np.pi), off * np.sqrt(rng.random())
    at = (float(distance * np.cos(angle)), float(distance * np.sin(angle)))
    patch = scene.patch(f"{name}-edge", at, rng.uniform(low, high), 0.2)
    return patch * smoothstep(scene.grid.rho, 0.99, 0.93)


def _smooth(scene: Scene) -> Field:
    return smoothstep(scene.grid.rho, 1.0, 0.85)


def _ulcerated(scene: Scene) -> Field:
    """An eroded area: wet red ground, brown-black crust on part of it, a yellowish serous edge."""
    rng = scene.streams.get("ulcer")
    wound = soften(_place(scene, "ulcer-place", 0.34, 0.50), 0.003)
    crumb = scene.field("ulcer-crumb", 16, 4, 0.7)
    edge = soften(wound, 0.012)
    rim = np.clip(4.0 * edge * (1.0 - edge), 0, 1)
    scene.mix((0.74, 0.58, 0.38), 0.5 * rim * np.clip(0.7 + 0.4 * crumb, 0, 1))
    scene.mix((0.42, 0.13, 0.11), 0.88 * soften(wound, 0.004))
    crust = smoothstep(crumb, -0.5, 0.9) * wound
    scene.mix((0.20, 0.095, 0.075), 0.85 * crust)
    bright = smoothstep(scene.field("ulcer-serum", 22, 3, 0.7), 0.6, 1.8) * wound
    scene.mix((0.64, 0.45, 0.29), 0.45 * bright)
    scene.height += np.float32(0.006) * wound * (crumb - 1.2)
    scene.gloss += np.float32(rng.uniform(0.2, 0.5)) * wound * (1 - crust)
    scene.covered = np.maximum(scene.covered, wound)
    return wound


def _shiny(scene: Scene) -> Field:
    """Glossy sheets of reflected light with short fine vessels between them."""
    rng = scene.streams.get("shiny")
    area = _place(scene, "shiny-place", 0.62, 0.85, off=0.2)
    ink, lesion = Ink(), scene.grid.lesion
    for _ in range(int(rng.integers(22, 34))):
        angle, length = rng.uniform(-np.pi, np.pi), 0.85 * np.sqrt(rng.random())
        at = lesion.to_image(np.array([[length * np.cos(angle), length * np.sin(angle)]]))[0]
        heading = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.45, 9))
        path = at + np.cumsum(np.stack([np.cos(heading), np.sin(heading)], 1), 0) * rng.uniform(0.005, 0.010)
        ink.line(path, 0.003, 0.85)
    threads = ink.field(scene.size) * area
    scene.mix((0.74, 0.16, 0.19), 0.85 * threads)
    lx, ly = np.float32(np.cos(0.6)), np.float32(np.sin(0.6))
    facets = cells(
        rng, (scene.grid.x * lx + scene.grid.y * ly) * 0.5, scene.grid.y * lx - scene.grid.x * ly, 0.036, 0.45
    )
    sheets = smoothstep(facets.value, 0.66, 0.72) * smoothstep(
        facets.edge + 0.08 * scene.field("shiny-crumbs", 30, 2), 0.0, 0.3
    )
    sheets *= smoothstep(scene.field("shiny-sheets", 9, 2), -0.5, 0.3)
    scene.mix((0.985, 0.965, 0.955), 0.72 * soften(sheets, 0.003) * area)
    scene.mix((0.95, 0.88, 0.86), 0.16 * area)
    return area


def _scaly(scene: Scene) -> Field:
    """Adherent white-yellow flakes with lifted edges."""
    rng = scene.streams.get("scale")
    area = _place(scene, "scale-place", 0.60, 0.85)
    warp = (0.012 * scene.field("scale-x", 14, 2), 0.012 * scene.field("scale-y", 14, 2))
    flakes = cells(rng, scene.grid.x, scene.grid.y, rng.uniform(0.05, 0.075), 0.45, warp)
    there = smoothstep(flakes.value + 0.10 * scene.field("scale-some", 9, 2), 0.36, 0.46)
    # Flakes crumble: noise eats their edges, so that they do not tile.
    crumbs = scene.field("scale-crumbs", 28, 3, 0.7)
    flake = soften(smoothstep(flakes.edge + 0.10 * crumbs, 0.02, 0.20) * there * area, 0.003)
    lifted = smoothstep(flakes.edge + 0.10 * crumbs, 0.36, 0.12) * flake
    dry = np.clip(0.76 + 0.22 * crumbs, 0.3, 1.0)
    scene.mix((0.90, 0.84, 0.71), 0.58 * flake * dry)
    scene.mix((0.985, 0.97, 0.92), 0.34 * lifted * dry)
    scene.height += np.float32(0.0022) * flake * (0.5 + flakes.value)
    scene.covered = np.maximum(scene.covered, 0.8 * flake)
    return flake


def _verrucous(scene: Scene) -> Field:
    """Crowded papillae: knobs with dark clefts."""
    rng = scene.streams.get("verrucous")
    area = soften(_place(scene, "verrucous-place", 0.72, 0.95, off=0.2), 0.01)
    warp = (0.012 * scene.field("verrucous-x", 9, 2), 0.012 * scene.field("verrucous-y", 9, 2))
    knobs = cells(rng, scene.grid.x, scene.grid.y, rng.uniform(0.055, 0.075), 0.45, warp)
    bump = soften(np.sqrt(np.clip(knobs.edge * 2.1, 0.0, 1.0)), 0.005)
    scene.height += np.float32(0.027) * bump * area * (0.7 + 0.5 * knobs.value)
    scene.scale(1.0 - 0.42 * area * soften(smoothstep(knobs.edge, 0.22, 0.0), 0.003))
    scene.gloss += 0.3 * area
    return area


def _dimpled(scene: Scene) -> Field:
    """A pit near the middle, with creases running into it."""
    grid, rng = scene.grid, scene.streams.get("dimple")
    at = rng.uniform(-0.12, 0.12, 2).astype(np.float32)
    du, dv = grid.u - at[0], grid.v - at[1]
    distance = np.sqrt(du * du + dv * dv)
    width = np.float32(rng.uniform(0.26, 0.34))
    pit = np.exp(-((distance / width) ** 2))
    scene.height -= np.float32(0.62 * grid.lesion.radius * width) * pit * np.float32(2.0)
    folds, phase = int(rng.integers(9, 14)), rng.uniform(0, 6.28)
    wave = np.cos(folds * np.arctan2(dv, du) + np.float32(phase) + 1.6 * grid.texture(rng, 7, 2))
    crease = smoothstep(wave, 0.35, 0.95) * smoothstep(distance, 0.14, 0.3) * smoothstep(distance, 0.85, 0.45)
    scene.scale(1.0 - 0.42 * np.exp(-((distance / (0.55 * width)) ** 2)) - 0.15 * crease)
    return smoothstep(distance, 2.1 * float(width), 1.5 * float(width)) * smoothstep(grid.rho, 1.0, 0.9)


_SURFACES: Mapping[str, Callable[[Scene], Field]] = MappingProxyType(
    {
        "ulcerated": _ulcerated,
        "smooth": _smooth,
        "shiny_telangiectatic": _shiny,
        "scaly": _scaly,
        "verrucous": _verrucous,
        "dimpled": _dimpled,
    }
)
