"""The breast without a mass: skin, fat lobules between ligaments, glandular tissue, fat, muscle, at times ribs.

Shapes: N beams and depths.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.data.synthetic.fields import Field, cells, smoothstep
from models.data.synthetic.streams import Streams
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


def lay_tissue(lattice: Lattice, streams: Streams) -> Tissue:
    """Draws the layers."""
    rng = streams.get("anatomy")
    zoom = 4.0 / lattice.scanner.depth
    bend = np.float32(rng.uniform(0.008, 0.035)) * waves(streams.get("bend"), int(rng.integers(2, 5)), 3, 2)
    tilt = np.float32(rng.normal(0.0, 0.06))
    skin = rng.uniform(0.018, 0.04) * zoom
    t = (
        lattice.y
        + bend * smoothstep(lattice.depth, skin, 0.25)
        + tilt * (lattice.x - 0.5) * smoothstep(lattice.depth, skin, 0.4)
    )
    kind = rng.random()
    fat = skin + zoom * (rng.uniform(0.03, 0.12) if kind < 0.35 else rng.uniform(0.1, 0.3))
    gland = fat + zoom * (rng.uniform(0.05, 0.2) if kind > 0.8 else rng.uniform(0.18, 0.5))
    muscle = gland + zoom * rng.uniform(0.03, 0.16)
    chest = muscle + zoom * rng.uniform(0.14, 0.3)
    rough = np.float32(0.008) * waves(streams.get("rough"), 24, 24)
    bumps = np.float32(rng.uniform(0.01, 0.04)) * profile(streams.get("scallops"), int(rng.integers(3, 9)), 2)
    in_gland = smoothstep(t + rough - bumps, fat - 0.012, fat + 0.012)
    in_gland *= smoothstep(t + rough + 0.6 * bumps, gland + 0.02, gland - 0.02)
    in_muscle = smoothstep(t, muscle - 0.004, muscle + 0.004)
    tissue = Tissue(lattice, streams, *_fat(lattice, streams, zoom, bend))
    _gland(tissue, in_gland, zoom, bend)
    _muscle(tissue, in_muscle, t, bend)
    _lines(tissue, in_gland, in_muscle, bend)
    for level, strength in ((fat - bumps, 3.0), (muscle, 9.0)):
        _fascia(tissue, t - level, strength)
    _chest(tissue, t - np.float32(chest))
    _skin(tissue, skin)
    _losses(tissue)
    return tissue


def _bent(field: Field, bend: Field, amount: float = 1.0) -> Field:
    """The field with its points moved up by ``amount`` of ``bend``, (N, N)."""
    x, y = np.meshgrid(np.arange(LATTICE, dtype=np.float32), np.arange(LATTICE, dtype=np.float32))
    y += np.float32(amount * LATTICE) * bend
    moved: Field = cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return moved


def _fat(lattice: Lattice, streams: Streams, zoom: float, bend: Field) -> tuple[Field, Field, Field]:
    """Lobules of fat between septa: echo, mirror and loss, (N, N) each."""
    rng = streams.get("fat")
    warp = (0.05 * waves(streams.get("fat-x"), 4, 4, 2), 0.03 * waves(streams.get("fat-y"), 4, 5, 2) + bend)
    stretch = rng.uniform(1.6, 3.2) * lattice.scanner.aspect / 1.2
    lobules = cells(rng, lattice.x / np.float32(stretch), lattice.y, zoom * rng.uniform(0.07, 0.16), 0.45, warp)
    echo = np.float32(3.0) * (lobules.value - 0.5) + np.float32(1.2) * waves(streams.get("fat-grain"), 14, 28, 2)
    wall = np.exp(-((lobules.edge / np.float32(rng.uniform(0.025, 0.05))) ** 2))
    slope_x, slope_y = cv2.Sobel(lobules.edge, cv2.CV_32F, 1, 0), cv2.Sobel(lobules.edge, cv2.CV_32F, 0, 1)
    facing = slope_y**2 / (slope_x**2 + slope_y**2 + np.float32(1e-6))
    some = smoothstep(waves(streams.get("septa"), 6, 8, 2), -0.6, 1.2)
    mirror = np.float32(rng.uniform(1.0, 5.0)) * wall * facing * facing * some
    echo += np.float32(rng.uniform(2.0, 6.0)) * wall * some
    return echo, mirror, np.zeros_like(echo)


def _gland(tissue: Tissue, inside: Field, zoom: float, bend: Field) -> None:
    """Bright fibroglandular tissue with darker ducts and islands of fat."""
    rng, get = tissue.streams.get("gland"), tissue.streams.get
    cells_across = max(3, round(rng.uniform(5, 11) / zoom * tissue.lattice.scanner.aspect / 1.2))
    mottle = _bent(waves(get("gland-mottle"), cells_across, round(1.9 * cells_across), 3, 0.7), bend)
    echo = np.float32(rng.uniform(3, 9)) + np.float32(rng.uniform(1.5, 3.5)) * mottle
    islands = smoothstep(_bent(waves(get("islands"), cells_across, round(1.6 * cells_across), 2), bend), 0.5, 1.3)
    echo -= np.float32(rng.uniform(0, 13)) * islands
    tissue.echo += inside * (echo - tissue.echo)
    tissue.mirror *= 1.0 - 0.8 * inside


def _muscle(tissue: Tissue, inside: Field, t: Field, bend: Field) -> None:
    """Dark muscle with bright fibres along it."""
    rng = tissue.streams.get("muscle")
    down = int(rng.integers(26, 52))
    fibres = _bent(waves(tissue.streams.get("fibres"), int(rng.integers(3, 7)), down, 2, 0.6), bend, 1.5)
    echo = np.float32(rng.uniform(-9, -3)) + np.float32(rng.uniform(2.0, 4.5)) * fibres
    tissue.echo += inside * (echo - tissue.echo)
    tissue.mirror *= 1.0 - inside
    tissue.mirror += inside * np.float32(rng.uniform(0.5, 3.0)) * smoothstep(fibres, 1.0, 2.6)


def _lines(tissue: Tissue, in_gland: Field, in_muscle: Field, bend: Field) -> None:
    """Thin wavy sheets of connective tissue, bright where they face the probe."""
    rng, get = tissue.streams.get("lines"), tissue.streams.get
    strength = rng.uniform(0.5, 6.0)
    for number, (across, down) in enumerate(((3, 9), (5, 16))):
        field = _bent(waves(get(f"sheets-{number}"), across, down, 2, 0.35), bend)
        ridge = np.exp(-((field / np.float32(rng.uniform(0.04, 0.08))) ** 2))
        some = smoothstep(waves(get(f"sheets-some-{number}"), 5, 8, 2), 0.0, 1.6)
        tissue.mirror += np.float32(strength) * ridge * some * (0.6 + 0.8 * in_gland)
        tissue.echo += np.float32(4.0) * ridge * some


def _fascia(tissue: Tissue, height: Field, strength: float) -> None:
    """The sheet between two layers, at ``height`` 0, (N, N)."""
    rng = tissue.streams.get(f"fascia-{strength}")
    sheet = np.exp(-((height / np.float32(rng.uniform(0.003, 0.006))) ** 2))
    some = np.clip(0.5 + 0.6 * profile(tissue.streams.get(f"fascia-some-{strength}"), 6, 3, 0.7), 0.0, 1.6)
    tissue.mirror += np.float32(rng.uniform(0.3, 1.0) * strength) * sheet * some


def _chest(tissue: Tissue, height: Field) -> None:
    """Below the muscle: pleura, a bright line with little behind it, or ribs with shadows."""
    rng = tissue.streams.get("chest")
    if rng.random() < 0.35:
        return
    line = np.exp(-((height / np.float32(0.006)) ** 2))
    tissue.mirror += (
        np.float32(rng.uniform(4, 14))
        * line
        * np.clip(0.6 + 0.5 * profile(tissue.streams.get("pleura"), 4, 2), 0.1, 1.5)
    )
    tissue.loss += np.float32(rng.uniform(40, 120)) * smoothstep(height, 0.0, 0.02) * smoothstep(height, 0.3, 0.1)


def _skin(tissue: Tissue, thickness: float) -> None:
    """Gel, then the skin: two bright lines with a mid-grey band between them."""
    rng, depth = tissue.streams.get("skin"), tissue.lattice.depth
    inside = smoothstep(depth, thickness + 0.006, thickness)
    tissue.echo = tissue.echo * (1 - inside) + inside * np.float32(rng.uniform(-2, 9))
    tissue.mirror *= 1.0 - inside
    some = np.clip(0.8 + 0.3 * profile(tissue.streams.get("skin-line"), 8, 2), 0.2, 1.5)
    uneven = np.float32(0.003) * profile(tissue.streams.get("skin-uneven"), 6, 2)
    for level, low, high in ((thickness, 1.0, 8.0), (rng.uniform(0.0, 0.008), 2.0, 10.0)):
        line = np.exp(-(((depth - np.float32(level) + uneven) / np.float32(0.004)) ** 2))
        tissue.mirror += np.float32(rng.uniform(low, high)) * line * some


def _losses(tissue: Tissue) -> None:
    """Uneven attenuation: poor contact, ligaments that cast thin shadows, stripes of every width."""
    rng, get = tissue.streams.get("losses"), tissue.streams.get
    stripes = profile(get("stripes"), 9, 4, 0.7)
    tissue.loss += np.float32(rng.uniform(1, 8)) * stripes[None, :] * smoothstep(tissue.lattice.depth, 0.0, 0.3)
    axis = np.linspace(0, 1, LATTICE, dtype=np.float32)
    for _ in range(int(rng.choice([0, 1, 2, 4], p=[0.3, 0.3, 0.25, 0.15]))):
        at, wide, top = rng.random(), np.exp(rng.uniform(np.log(0.008), np.log(0.07))), rng.uniform(0.0, 0.5)
        column = np.exp(-(((axis - np.float32(at)) / np.float32(wide)) ** 2))[None, :]
        start = smoothstep(tissue.lattice.depth, top, top + 0.03) * smoothstep(
            tissue.lattice.depth, top + 0.3, top + 0.1
        )
        tissue.loss += np.float32(rng.uniform(15, 90)) * column * start
