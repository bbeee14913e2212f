"""The skin around and below the lesion. Shapes: S pixels a side."""

from __future__ import annotations

import numpy as np

from models.data.synthetic.dermoscopy.geometry import Grid
from models.data.synthetic.dermoscopy.scene import BLOOD, MELANIN, Scene
from models.data.synthetic.dermoscopy.streams import Streams
from models.data.synthetic.fields import Ink, cells

_PALE = np.array([0.965, 0.90, 0.865], np.float32)


def paint_skin(grid: Grid, streams: Streams) -> Scene:
    """A scene with bare skin: tone, mottled redness, furrows and follicles."""
    rng = streams.get("skin")
    size = grid.size
    melanin = float(np.clip(rng.gamma(1.7, 0.085), 0.02, 0.75))
    blood = float(rng.uniform(0.02, 0.2))
    warmth = np.array([1.0, 1.0, 1.0 - rng.uniform(0.0, 0.09)], np.float32)
    base = _PALE * warmth * np.exp(-melanin * MELANIN - blood * BLOOD)
    zeros = np.zeros((size, size), np.float32)
    scene = Scene(
        grid=grid,
        streams=streams,
        rgb=np.broadcast_to(base, (size, size, 3)).astype(np.float32),
        alpha=zeros,
        height=zeros.copy(),
        gloss=zeros.copy(),
        covered=zeros.copy(),
    )
    mottle = 0.022 * rng.uniform(0.5, 1.8) * scene.field("redness", 6, 5, 0.75)
    tan = 0.022 * rng.uniform(0.4, 1.6) * scene.field("tan", 5, 5, 0.7)
    scene.absorb(melanin=tan, blood=mottle)
    _furrows(scene)
    _follicles(scene)
    return scene


def _furrows(scene: Scene) -> None:
    """The fine criss-cross of skin lines: shallow grooves between small polygons, and grain on them."""
    rng = scene.streams.get("furrows")
    warp = (0.012 * scene.field("furrow-x", 7, 2), 0.012 * scene.field("furrow-y", 7, 2))
    lines = cells(rng, scene.grid.x * rng.uniform(0.8, 1.2), scene.grid.y, rng.uniform(0.03, 0.055), 0.45, warp)
    groove = np.exp(-lines.edge * np.float32(9.0))
    strength = rng.uniform(0.006, 0.03)
    grain = scene.field("grain", 64, 2, 0.9)
    scene.scale(1.0 - np.float32(strength) * groove + np.float32(rng.uniform(0.006, 0.013)) * grain)


def _follicles(scene: Scene) -> None:
    """Openings of follicles: faint brownish or pale dots, rarely many."""
    rng = scene.streams.get("follicles")
    count = int(rng.choice([0, 10, 30], p=[0.45, 0.4, 0.15]))
    if count == 0:
        return
    ink = Ink()
    for x, y in rng.random((count, 2)):
        radius = rng.uniform(0.003, 0.007)
        ink.blob((x, y), (radius, radius * rng.uniform(0.7, 1.0)), strength=rng.uniform(0.3, 0.9))
    spots = ink.field(scene.size, blur=0.002)
    if rng.random() < 0.6:
        scene.absorb(melanin=0.35 * spots)
    else:
        scene.mix((0.95, 0.9, 0.84), 0.25 * spots)
