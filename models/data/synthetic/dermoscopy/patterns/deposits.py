"""Cysts and plugs, the scar-like patch, and lacunae. Shapes: S pixels a side."""

from __future__ import annotations

import numpy as np

from models.data.synthetic.dermoscopy.fields import Field, Ink, cells, smoothstep, soften
from models.data.synthetic.dermoscopy.patterns.networks import delicate_network
from models.data.synthetic.dermoscopy.scene import Scene


def milia_like_cysts(scene: Scene) -> Field:
    """White round dots, dark plugs, and fissures between brain-like ridges."""
    grid, rng = scene.grid, scene.streams.get("milia")
    ridge = scene.field("cerebriform", 13, 1) + 0.25 * scene.field("cerebriform-fine", 26, 1)
    fissures = smoothstep(np.abs(ridge), 0.26, 0.10) * smoothstep(grid.rho, 0.97, 0.8) * grid.presence
    fissures *= smoothstep(scene.field("cerebriform-breaks", 6, 2), -0.9, -0.2)
    scene.absorb(melanin=np.float32(rng.uniform(0.7, 1.0)) * fissures)
    scene.height -= np.float32(0.004) * fissures
    lesion = grid.lesion
    area = lesion.radius**2 / 0.07
    plugs, cysts, glow = Ink(), Ink(), Ink()
    for x, y in lesion.to_image(lesion.scatter(rng, int(rng.integers(7, 14) * area) + 3, 0.82)):
        axis = rng.uniform(0.011, 0.021)
        plugs.blob((x, y), (axis, axis * rng.uniform(0.65, 1.0)), rng.uniform(0, 180))
    for x, y in lesion.to_image(lesion.scatter(rng, int(rng.integers(12, 22) * area) + 5, 0.84)):
        axis = rng.uniform(0.006, 0.0135)
        cysts.blob((x, y), (axis, axis * rng.uniform(0.85, 1.0)))
        glow.blob((x, y), (1.8 * axis, 1.8 * axis))
    plug = plugs.field(scene.size, blur=0.0022)
    scene.mix((0.13, 0.085, 0.055), 0.9 * plug)
    cyst = cysts.field(scene.size, blur=0.0015)
    scene.mix((0.93, 0.88, 0.76), 0.30 * glow.field(scene.size, blur=0.005))
    scene.mix((0.985, 0.965, 0.90), 0.92 * cyst)
    return np.maximum(np.maximum(plug, cyst), 0.45 * fissures)


def central_white_patch(scene: Scene) -> Field:
    """A white scar-like middle with a delicate net around it."""
    grid, rng = scene.grid, scene.streams.get("patch")
    lesion = grid.lesion
    at = (0.0, 0.0)
    if lesion.symmetry != "symmetric":
        at = (0.2 * float(np.cos(lesion.lean)), 0.0)
    if lesion.symmetry == "asymmetric_two_axes":
        at = (0.24 * float(np.cos(lesion.lean)), 0.24 * float(np.sin(lesion.lean)))
    patch = scene.patch("patch-edge", at, rng.uniform(0.40, 0.52), 0.16)
    patch = soften(patch, 0.010)
    strands = np.clip(0.86 + 0.12 * scene.field("patch-strands", 18, 3, 0.7), 0.4, 1.0)
    band = smoothstep(grid.rho, 1.05, 0.9) * (1.0 - patch) * grid.presence
    lines = delicate_network(scene, band)
    white = patch * strands
    scene.mix((0.955, 0.915, 0.895), np.float32(rng.uniform(0.8, 0.9)) * white)
    scene.covered = np.maximum(scene.covered, white)
    return np.maximum(patch, 0.55 * lines)


def lacunae(scene: Scene) -> Field:
    """Well-bounded red, maroon or blue pools between whitish septa."""
    grid, rng = scene.grid, scene.streams.get("lacunae")
    warp = (0.016 * scene.field("lacunae-x", 6), 0.016 * scene.field("lacunae-y", 6))
    pools = cells(rng, grid.x, grid.y, rng.uniform(0.085, 0.125), 0.28, warp)
    room = smoothstep(grid.rho, 0.95, 0.86) * smoothstep(grid.presence, 0.3, 0.6)
    round_edge = np.minimum(pools.edge, 0.56 - pools.centre)
    pool = smoothstep(round_edge, 0.03, 0.10) * room
    septa = smoothstep(round_edge, 0.07, 0.02) * soften(room, 0.012)
    scene.mix((0.90, 0.80, 0.80), 0.58 * septa)
    kind = pools.value[..., None]
    red, maroon, blue = (np.array(c, np.float32) for c in ((0.74, 0.10, 0.14), (0.45, 0.06, 0.13), (0.25, 0.13, 0.33)))
    color = np.where(kind < 0.5, red, np.where(kind < 0.8, maroon, blue))
    deep = np.clip(0.78 + 0.6 * pools.centre, 0.7, 1.12)
    scene.mix(color * (1.7 - deep)[..., None], 0.92 * pool)
    scene.covered = np.maximum(scene.covered, pool)
    scene.height += np.float32(0.006) * pool
    return pool
