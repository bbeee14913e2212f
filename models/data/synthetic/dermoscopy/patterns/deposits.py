"""Cysts and plugs, the scar-like patch, and lacunae. Shapes: S pixels a side."""

from __future__ import annotations

import numpy as np

from models.data.synthetic.dermoscopy.patterns.networks import delicate_network
from models.data.synthetic.dermoscopy.scene import Scene
from models.data.synthetic.fields import Field, Ink, cells, largest, smoothstep, soften


def milia_like_cysts(scene: Scene) -> Field:
    """White round dots, dark plugs, and fissures between brain-like ridges."""
    grid, rng = scene.grid, scene.streams.get("milia")
    ridge = scene.field("cerebriform", 15, 1) + 0.3 * scene.field("cerebriform-fine", 30, 1)
    fissures = smoothstep(np.abs(ridge), 0.55, 0.05) * smoothstep(grid.rho, 0.97, 0.8) * grid.presence
    fissures *= smoothstep(scene.field("cerebriform-breaks", 6, 2), -0.9, -0.2)
    scene.absorb(melanin=np.float32(rng.uniform(0.6, 0.9)) * fissures)
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
    plug = plugs.field(scene.size, blur=0.0038)
    scene.mix((0.13, 0.085, 0.055), 0.9 * plug)
    cyst = cysts.field(scene.size, blur=0.0028)
    scene.mix((0.93, 0.88, 0.76), 0.30 * glow.field(scene.size, blur=0.005))
    scene.mix((0.98, 0.955, 0.88), 0.88 * cyst)
    return largest(plug, cyst, 0.45 * fissures)


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
    return largest(patch, 0.55 * lines)


def lacunae(scene: Scene) -> Field:
    """Well-bounded red, maroon or blue pools between whitish septa."""
    grid, rng = scene.grid, scene.streams.get("lacunae")
    warp = (0.012 * scene.field("lacunae-x", 9), 0.012 * scene.field("lacunae-y", 9))
    pools = cells(rng, grid.x, grid.y, rng.uniform(0.085, 0.125), 0.28, warp)
    room = smoothstep(grid.rho, 0.95, 0.86) * smoothstep(grid.presence, 0.3, 0.6)
    reach = 0.33 + 0.17 * ((7.3 * pools.value) % 1.0) + 0.025 * scene.field("lacunae-edge", 22, 2)
    round_edge = soften(np.minimum(pools.edge, reach - pools.centre), 0.006)
    pool = smoothstep(round_edge, 0.01, 0.13) * room
    septa = smoothstep(round_edge, 0.08, -0.02) * soften(room, 0.02)
    scene.mix((0.87, 0.74, 0.74), 0.5 * septa)
    kind = pools.value[..., None]
    red, maroon, blue = (np.array(c, np.float32) for c in ((0.70, 0.15, 0.17), (0.46, 0.09, 0.15), (0.28, 0.15, 0.30)))
    color = np.where(kind < 0.5, red, np.where(kind < 0.8, maroon, blue))
    deep = np.clip(0.78 + 0.6 * pools.centre, 0.7, 1.12)
    shadow = (1.7 - deep) * (1.0 + 0.10 * scene.field("lacunae-cloud", 14, 3))
    scene.mix(color * shadow[..., None], 0.88 * pool)
    scene.covered = np.maximum(scene.covered, pool)
    scene.height += np.float32(0.006) * pool
    return largest(pool, 0.6 * septa)
