"""The breast without a mass: skin, fat lobules between ligaments, glandular tissue, fat, muscle, at times ribs.

Shapes: N beams and depths.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.data.synthetic.fields import Field, as_field, cells, largest, smoothstep
from models.data.synthetic.streams import Streams
from models.data.synthetic.ultrasound.beam import amplitude
from models.data.synthetic.ultrasound.outline import Mass
from models.data.synthetic.ultrasound.scanner import LATTICE, Lattice, profile, waves


@dataclass(eq=False)
class Tissue:
    """What the beams meet.

    Attributes:
        lattice: where.
        streams: random streams of the picture.
        echo: (N, N) strength of the scatterers, dB; 0 is fat.
        mirror: (N, N) amplitude of what interfaces reflect towards the probe; 1 is as bright as fat.
        loss: (N, N) dB that are lost (+) or gained (-) at each point beyond what the scanner makes up for, per height.
    """

    lattice: Lattice
    streams: Streams
    echo: Field
    mirror: Field
    loss: Field


@dataclass(frozen=True, eq=False)
class _Plan:
    """Depths of the layers and the way tissue bends.

    Attributes:
        zoom: how much larger structures are than at a depth of 4 cm.
        bend: (N, N) displacement of everything that lies in sheets, shares of the height.
        height: (N, N) depth with the bend taken out.
        skin: lower edge of the skin, as are the others of theirs, shares of the height.
        fat: under the skin.
        gland: glandular tissue.
        muscle: upper edge.
        chest: lower edge of the muscle.
        stretch: aspect relative to the commonest one.
    """

    zoom: float
    bend: Field
    height: Field
    skin: float
    fat: float
    gland: float
    muscle: float
    chest: float
    stretch: float


def _plan(lattice: Lattice, streams: Streams, mass: Mass | None) -> _Plan:
    rng = streams.get("anatomy")
    zoom = 4.0 / lattice.scanner.depth
    bend = np.float32(rng.uniform(0.006, 0.028)) * waves(streams.get("bend"), int(rng.integers(2, 5)), 3, 2, 0.35)
    tilt = np.float32(rng.normal(0.0, 0.08))
    skin = rng.uniform(0.018, 0.04) * zoom
    bend = bend * smoothstep(lattice.depth, skin, 0.25) + tilt * (lattice.x - 0.5) * smoothstep(
        lattice.depth, skin, 0.5
    )
    if mass is not None:
        bend = bend + _draped(lattice, mass, float(streams.get("drape").uniform(0.0, 0.55)))
    kind = rng.random()
    fat = skin + zoom * (rng.uniform(0.03, 0.12) if kind < 0.35 else rng.uniform(0.1, 0.3))
    gland = fat + zoom * (rng.uniform(0.05, 0.2) if kind > 0.8 else rng.uniform(0.18, 0.5))
    muscle = gland + zoom * rng.uniform(0.03, 0.16)
    chest = muscle + zoom * rng.uniform(0.14, 0.3)
    return _Plan(zoom, bend, lattice.y + bend, skin, fat, gland, muscle, chest, float(lattice.scanner.aspect / 1.25))


def _draped(lattice: Lattice, mass: Mass, amount: float) -> Field:
    """Displacement by which layers give way to a mass, (N, N)."""
    u = (lattice.x - np.float32(mass.centre[0])) / np.float32(mass.half[0])
    v = (lattice.y - np.float32(mass.centre[1])) / np.float32(mass.half[1])
    away = np.maximum(np.sqrt(u * u + v * v) - 1.0, 0.0)
    return as_field(np.float32(amount * mass.half[1]) * np.tanh(-2.0 * v) * np.exp(-1.2 * away))


def lay_tissue(lattice: Lattice, streams: Streams, mass: Mass | None) -> Tissue:
    """Draws the layers, which give way to the mass if there is one."""
    plan = _plan(lattice, streams, mass)
    rough = np.float32(0.010) * waves(streams.get("rough"), 20, 24, 2)
    rng = streams.get("scallops")
    # Ligaments pull the gland up into cusps between lobules of fat.
    bumps = np.float32(rng.uniform(0.015, 0.06)) * (0.7 - np.abs(profile(rng, int(rng.integers(3, 8)), 2)))
    in_gland = smoothstep(plan.height + rough - bumps, plan.fat - 0.012, plan.fat + 0.012)
    in_gland *= smoothstep(plan.height + rough + 0.6 * bumps, plan.gland + 0.02, plan.gland - 0.02)
    in_muscle = smoothstep(plan.height, plan.muscle - 0.004, plan.muscle + 0.004)
    echo, sheen = _fat(lattice, streams, plan)
    tissue = Tissue(lattice, streams, echo, np.zeros_like(echo), np.zeros_like(echo))
    _gland(tissue, in_gland, plan)
    _muscle(tissue, in_muscle, plan)
    sheen *= 1.0 - 0.8 * np.maximum(in_gland, in_muscle)
    in_fat = np.float32(streams.get("fat-strokes").uniform(0.05, 0.5))
    sheen = largest(
        sheen,
        _strokes(tissue, in_fat + 0.45 * in_gland + 0.45 * in_muscle, plan),
        _sheets(tissue, plan),
        _fascia(tissue, plan.height - (plan.fat - bumps), "fat"),
        _fascia(tissue, plan.height - np.float32(plan.muscle), "muscle"),
    )
    sheen += _chest(tissue, plan.height - np.float32(plan.chest))
    _shine(tissue, sheen)
    _skin(tissue, plan.skin)
    _losses(tissue)
    return tissue


def _shine(tissue: Tissue, sheen: Field) -> None:
    """Interfaces ``sheen`` dB above their surroundings, (N, N): partly rough (speckle), partly smooth (no speckle)."""
    share = np.float32(tissue.streams.get("shine").uniform(0.35, 0.8))
    tissue.mirror += share * (amplitude(sheen) - 1.0) * amplitude(tissue.echo)
    tissue.echo += np.float32(0.75) * sheen


def _bent(field: Field, bend: Field, amount: float = 1.0) -> Field:
    """The field with its points moved up by ``amount`` of ``bend``, (N, N)."""
    x, y = np.meshgrid(np.arange(LATTICE, dtype=np.float32), np.arange(LATTICE, dtype=np.float32))
    y += np.float32(amount * LATTICE) * bend
    return as_field(cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT))


def _fat(lattice: Lattice, streams: Streams, plan: _Plan) -> tuple[Field, Field]:
    """Lobules of fat: echo, and how far the septa between them stand out, dB, (N, N) each."""
    rng = streams.get("fat")
    warp = (0.05 * waves(streams.get("fat-x"), 4, 4, 2), 0.03 * waves(streams.get("fat-y"), 4, 5, 2) + plan.bend)
    wide = np.float32(rng.uniform(1.4, 3.0) / plan.stretch)
    lobules = cells(rng, lattice.x / wide, lattice.y, plan.zoom * rng.uniform(0.08, 0.2), 0.45, warp)
    echo = np.float32(3.5) * (lobules.value - 0.5) + np.float32(1.6) * waves(streams.get("fat-grain"), 12, 24, 3, 0.8)
    wall = np.exp(-((lobules.edge / np.float32(rng.uniform(0.02, 0.05))) ** 2))
    slope_x, slope_y = cv2.Sobel(lobules.edge, cv2.CV_32F, 1, 0), cv2.Sobel(lobules.edge, cv2.CV_32F, 0, 1)
    facing = slope_y**2 / (slope_x**2 + slope_y**2 + np.float32(1e-6))
    some = smoothstep(waves(streams.get("septa"), 7, 9, 3, 0.7), -1.3, 1.2)
    return echo, np.float32(rng.uniform(9.0, 22.0)) * wall * some * (0.25 + 0.75 * facing)


def _gland(tissue: Tissue, inside: Field, plan: _Plan) -> None:
    """Bright fibroglandular tissue with darker ducts and islands of fat."""
    rng, get = tissue.streams.get("gland"), tissue.streams.get
    across = max(3, round(rng.uniform(5, 12) / plan.zoom * plan.stretch))
    mottle = _bent(waves(get("gland-mottle"), across, round(2.4 * across), 4, 0.75), plan.bend)
    echo = np.float32(rng.uniform(3, 10)) + np.float32(rng.uniform(2.0, 4.0)) * mottle
    islands = smoothstep(_bent(waves(get("islands"), across, round(1.6 * across), 3, 0.6), plan.bend), 0.4, 0.9)
    echo -= np.float32(rng.uniform(1, 15)) * islands
    tissue.echo += inside * (echo - tissue.echo)


def _muscle(tissue: Tissue, inside: Field, plan: _Plan) -> None:
    """Dark muscle, unevenly so along its fibres."""
    rng = tissue.streams.get("muscle")
    fibres = _bent(
        waves(tissue.streams.get("fibres"), int(rng.integers(2, 5)), int(rng.integers(10, 24)), 3, 0.8), plan.bend
    )
    echo = np.float32(rng.uniform(-10, -1)) + np.float32(rng.uniform(1.5, 4.0)) * fibres
    tissue.echo += inside * (echo - tissue.echo)


def _strokes(tissue: Tissue, weight: Field, plan: _Plan) -> Field:
    """Short bright strokes of connective tissue along the layers, at two scales, in dB; and a coarse unevenness."""
    rng, get = tissue.streams.get("strokes"), tissue.streams.get
    tissue.echo += np.float32(rng.uniform(0.8, 2.8)) * _bent(waves(get("coarse"), 4, 9, 3, 0.7), plan.bend)
    strength, result = np.float32(rng.uniform(3.5, 8.5)), np.zeros_like(weight)
    sway = np.float32(rng.uniform(0.006, 0.022)) * waves(get("sway"), int(rng.integers(3, 6)), 5, 2, 0.6)
    for number, (across, down, turn) in enumerate(((5, 32, 1.0), (7, 64, -1.0), (11, 110, 0.5))):
        columns = max(3, round(across * rng.uniform(0.6, 1.4) * plan.stretch))
        noise = waves(get(f"strokes-{number}"), columns, round(down * rng.uniform(0.7, 1.3) / plan.zoom**0.5), 2, 0.7)
        some = smoothstep(waves(get(f"strokes-some-{number}"), 4, 6, 2), -1.2, 1.5)
        bright = np.clip(_bent(noise, plan.bend + np.float32(turn) * sway) - np.float32(0.3), 0.0, 1.7)
        result = np.maximum(result, strength * bright * np.sqrt(bright) * some * weight)
    return result


def _sheets(tissue: Tissue, plan: _Plan) -> Field:
    """Thin long wavy sheets that cross and part again, broken here and there, in dB; most of them under the skin."""
    rng, get = tissue.streams.get("sheets"), tissue.streams.get
    shallow = np.float32(rng.uniform(0.2, 0.8)) + smoothstep(tissue.lattice.depth, rng.uniform(0.3, 0.8), 0.1)
    sway = np.float32(rng.uniform(0.005, 0.02)) * waves(get("sheet-sway"), 5, 4, 2)
    result = np.zeros_like(sway)
    for number in range(int(rng.integers(1, 4))):
        down = int(rng.integers(7, 17))
        lines = waves(get(f"sheet-lines-{number}"), int(rng.integers(2, 6)), down, 2, 0.3)
        field = _bent(lines, plan.bend + np.float32(number - 1) * sway)
        ridge = np.exp(-((field / np.float32(0.005 * down * rng.uniform(0.45, 0.85))) ** 2))
        some = smoothstep(waves(get(f"sheet-some-{number}"), 7, 14, 3, 0.7), -0.5, 1.3)
        result = np.maximum(result, np.float32(rng.uniform(6.0, 19.0)) * ridge * some)
    return as_field(result * np.minimum(shallow, 1.0))


def _fascia(tissue: Tissue, height: Field, name: str) -> Field:
    """The sheet between two layers, at ``height`` 0, in dB, (N, N)."""
    rng = tissue.streams.get(f"fascia-{name}")
    sheet = np.exp(-((height / np.float32(rng.uniform(0.003, 0.007))) ** 2))
    some = np.clip(0.5 + 0.5 * profile(tissue.streams.get(f"fascia-some-{name}"), 8, 4, 0.8), 0.0, 1.4)
    return as_field(np.float32(rng.uniform(3.0, 15.0)) * sheet * some)


def _chest(tissue: Tissue, height: Field) -> Field:
    """Below the muscle: pleura, a bright line (in dB) with little behind it."""
    rng = tissue.streams.get("chest")
    line = np.exp(-((height / np.float32(0.007)) ** 2))
    some = np.clip(0.5 + 0.5 * profile(tissue.streams.get("pleura"), 5, 3, 0.7), 0.1, 1.4)
    there = np.float32(rng.random() < 0.6)
    lost = np.float32(rng.uniform(10, 90)) * smoothstep(height, 0.0, 0.02) * smoothstep(height, 0.3, 0.1)
    tissue.loss += there * lost
    return as_field(there * np.float32(rng.uniform(4, 18)) * line * some)


def _skin(tissue: Tissue, thickness: float) -> None:
    """The skin, a bright band between brighter lines, and what is left of the gel above it."""
    rng, depth = tissue.streams.get("skin"), tissue.lattice.depth
    uneven = np.float32(0.004) * profile(tissue.streams.get("skin-uneven"), 6, 2)
    inside = smoothstep(depth + uneven, thickness + 0.006, thickness)
    band = np.float32(rng.uniform(3, 12)) + np.float32(1.5) * waves(tissue.streams.get("skin-grain"), 16, 60)
    tissue.echo = tissue.echo * (1 - inside) + inside * band
    tissue.mirror *= 1.0 - inside
    some = np.clip(0.6 + 0.4 * profile(tissue.streams.get("skin-line"), 10, 3, 0.7), 0.1, 1.5)
    for level, low, high in ((thickness, 0.2, 4.0), (rng.uniform(0.0, 0.008), 1.0, 6.0)):
        line = np.exp(-(((depth - np.float32(level) + uneven) / np.float32(0.004)) ** 2))
        tissue.mirror += np.float32(rng.uniform(low, high)) * line * some
    if rng.random() < 0.35:
        gap = rng.uniform(0.3, 0.9) * thickness
        tissue.echo -= np.float32(rng.uniform(4, 16)) * np.exp(-(((depth - np.float32(gap) + uneven) / 0.005) ** 2))


def _losses(tissue: Tissue) -> None:
    """Uneven attenuation: poor contact, ligaments that cast thin shadows, stripes of every width."""
    rng, get = tissue.streams.get("losses"), tissue.streams.get
    stripes = profile(get("stripes"), 5, 4, 0.55)
    tissue.loss += np.float32(rng.uniform(1, 9)) * stripes[None, :] * smoothstep(tissue.lattice.depth, 0.0, 0.3)
    axis = np.linspace(0, 1, LATTICE, dtype=np.float32)
    for _ in range(int(rng.choice([0, 1, 2, 4], p=[0.5, 0.3, 0.13, 0.07]))):
        at, wide, top = rng.random(), np.exp(rng.uniform(np.log(0.02), np.log(0.1))), rng.uniform(0.0, 0.5)
        lean = np.float32(rng.normal(0.0, 0.04))
        wander = np.float32(0.2 * wide) * waves(rng, 2, 6, 2) + lean * tissue.lattice.depth
        column = np.exp(-(((axis[None, :] - np.float32(at) + wander) / np.float32(wide)) ** 2))
        start = smoothstep(tissue.lattice.depth, top, top + 0.03) * smoothstep(
            tissue.lattice.depth, top + 0.3, top + 0.1
        )
        tissue.loss += np.float32(rng.uniform(15, 70)) * column * start
