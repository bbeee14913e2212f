"""The lesion's overall colours and how they meet the skin: groups ``color`` and ``border``.

Shapes: S pixels a side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from models.data.synthetic.dermoscopy.scene import Color, Scene
from models.data.synthetic.fields import Field, smoothstep


def lay_edge(scene: Scene, border: str) -> None:
    """Sets how much lesion there is at each pixel, and the region of the border."""
    grid = scene.grid
    rng = scene.streams.get("edge")
    if border == "fading":
        width = rng.uniform(0.40, 0.56)
        spread = grid.rho + 0.07 * grid.texture(scene.streams.get("edge-fade"), 9, 3, 0.6)
        scene.alpha = smoothstep(spread, 1.0 + 0.62 * width, 1.0 - 0.75 * width)
        band = (spread > 1.0 - 0.55 * width) & (spread < 1.0 + 0.5 * width)
    else:
        width = rng.uniform(0.018, 0.030) if border == "sharp" else rng.uniform(0.02, 0.03)
        scene.alpha = smoothstep(grid.distance, width / 2, -width / 2)
        reach = 0.03 if border == "sharp" else 0.05
        band = (grid.distance > -reach) & (grid.distance < 0.02)
    scene.regions["border"] = band


def roll_rim(scene: Scene) -> None:
    """A rolled border: a pearly raised band just inside the outline, in segments of varying height."""
    grid = scene.grid
    rng = scene.streams.get("rim")
    at = grid.distance + np.float32(0.026)
    band = np.exp(-((at / np.float32(rng.uniform(0.016, 0.021))) ** 2))
    beads = 1.0 + 0.22 * grid.texture(scene.streams.get("rim-beads"), 14, 2)
    scene.mix((0.90, 0.77, 0.73), np.clip(0.46 * band * beads, 0.0, 0.75))
    # A groove inside the rim and its foot on the skin make it stand up in any light.
    groove = np.exp(-(((grid.distance + np.float32(0.064)) / np.float32(0.013)) ** 2))
    foot = np.exp(-(((grid.distance - np.float32(0.012)) / np.float32(0.010)) ** 2))
    scene.scale(1.0 - 0.26 * groove - 0.22 * foot)
    scene.height += np.float32(0.017) * band * np.clip(beads, 0.4, 1.6)
    scene.gloss += 0.35 * band


def lay_color(scene: Scene, color: str) -> None:
    """Paints the palette over the skin."""
    # Pigment is granular at every scale: an even colour would look painted.
    rng = scene.streams.get("granules")
    granules = 0.08 * scene.grid.texture(rng, 40, 2, 0.8)
    granules += np.float32(rng.uniform(0.03, 0.14)) * scene.grid.fibres(rng)
    density = np.clip(1.0 + 0.55 * scene.grid.darkness + granules, 0.3, 1.9)
    _PALETTES[color](scene, density)


def _tone(scene: Scene, name: str, cells: int = 6, octaves: int = 4) -> Field:
    return scene.grid.texture(scene.streams.get(f"palette-{name}"), cells, octaves, 0.6)


def _ramp(t: Field, *stops: Color) -> Field:
    """Colours along evenly spaced stops by (S, S) ``t`` in [0, 1]; (S, S, 3)."""
    at = np.linspace(0, 1, 256)
    places = np.linspace(0, 1, len(stops))
    table = np.stack([np.interp(at, places, [stop[i] for stop in stops]) for i in range(3)], axis=1).astype(np.float32)
    result: Field = table[np.clip(t * 255, 0, 255).astype(np.uint8)]
    return result


def _polychromatic(scene: Scene, density: Field) -> None:
    rng = scene.streams.get("polychromatic")
    tone = _tone(scene, "poly", 6, 5)
    black = smoothstep(_tone(scene, "black", 7, 5) + 0.9 * (density - 1.0), 0.0, 1.2)
    melanin = np.clip((1.15 + 0.4 * tone) * density, 0.15, 2.5) + 1.7 * black
    blood = 0.26 * smoothstep(_tone(scene, "red", 6), 0.2, 1.2)
    scene.absorb(melanin=scene.alpha * melanin, blood=scene.alpha * blood)
    inside = smoothstep(scene.grid.rho, 1.0, 0.7) * scene.alpha
    blue = smoothstep(_tone(scene, "blue", 6, 5), 0.2, 1.2) * inside
    scene.mix((0.42, 0.46, 0.56), rng.uniform(0.5, 0.68) * blue)
    pale = smoothstep(_tone(scene, "pale", 7, 5), 0.7, 1.6) * inside
    scene.mix((0.86, 0.80, 0.80), rng.uniform(0.5, 0.7) * pale)


def _uniform_brown(scene: Scene, density: Field) -> None:
    rng = scene.streams.get("brown")
    depth = rng.uniform(0.75, 1.5)
    melanin = depth * (1.0 + 0.11 * _tone(scene, "brown", 5, 5)) * density
    scene.absorb(melanin=scene.alpha * melanin, blood=scene.alpha * np.float32(rng.uniform(0.0, 0.12)))


def _pearly(scene: Scene, density: Field) -> None:
    rng = scene.streams.get("pearly")
    tone = _tone(scene, "pearl", 6, 4)
    pearl = _ramp(
        0.5 + 0.28 * tone - 0.42 * (density - 1.0), (0.80, 0.58, 0.58), (0.90, 0.75, 0.73), (0.96, 0.90, 0.89)
    )
    scene.mix(pearl, scene.alpha * np.float32(rng.uniform(0.70, 0.84)))
    scene.absorb(blood=scene.alpha * np.clip((0.13 - 0.08 * tone) * density, 0.0, 0.6))
    scene.gloss += 0.25 * scene.alpha


def _pink_scaly(scene: Scene, density: Field) -> None:
    rng = scene.streams.get("pink")
    tone = _tone(scene, "pink", 8, 5)
    blood = np.clip((0.62 + 0.16 * tone) * density, 0.1, 1.5) * np.float32(rng.uniform(0.85, 1.15))
    scene.absorb(blood=scene.alpha * blood, melanin=scene.alpha * np.float32(0.12))
    # A dull yellow-white dust that any surface may lie under; the flakes themselves belong to the texture group.
    dust = smoothstep(scene.field("pink-dust", 44, 2, 0.8), 0.35, 1.3) * smoothstep(tone, -0.8, 0.6)
    scene.mix((0.93, 0.86, 0.74), 0.5 * dust * scene.alpha)


def _tan_to_black(scene: Scene, density: Field) -> None:
    rng = scene.streams.get("tan-black")
    tone = _tone(scene, "tan", 6, 5)
    depth = np.clip(0.36 + 0.26 * tone + 0.42 * (density - 1.0) + rng.uniform(-0.08, 0.12), 0.0, 1.0)
    colors = _ramp(depth, (0.69, 0.53, 0.37), (0.53, 0.37, 0.25), (0.32, 0.22, 0.16), (0.12, 0.095, 0.09))
    scene.mix(colors, 0.92 * scene.alpha)


def _pink_brown(scene: Scene, density: Field) -> None:
    rng = scene.streams.get("pink-brown")
    tone = _tone(scene, "pb", 6, 4)
    rim = smoothstep(scene.grid.rho + 0.10 * tone, 0.35, 0.85)
    melanin = np.clip((0.20 + 0.62 * rim + 0.06 * tone) * density, 0.0, 1.6) * np.float32(rng.uniform(0.9, 1.25))
    blood = np.clip((0.34 - 0.16 * rim) * density, 0.05, 0.9)
    scene.absorb(melanin=scene.alpha * melanin, blood=scene.alpha * blood)


def _red_purple(scene: Scene, density: Field) -> None:
    rng = scene.streams.get("red-purple")
    tone = _tone(scene, "purple", 6, 4)
    depth = np.clip(0.42 + 0.24 * tone + 0.42 * (density - 1.0) + rng.uniform(-0.15, 0.2), 0.0, 1.0)
    colors = _ramp(depth, (0.80, 0.30, 0.30), (0.66, 0.15, 0.22), (0.44, 0.10, 0.26), (0.22, 0.07, 0.22))
    scene.mix(colors, 0.85 * scene.alpha)


_PALETTES: Mapping[str, Callable[[Scene, Field], None]] = MappingProxyType(
    {
        "polychromatic": _polychromatic,
        "uniform_brown": _uniform_brown,
        "pearly_translucent": _pearly,
        "pink_scaly": _pink_scaly,
        "tan_to_black": _tan_to_black,
        "pink_brown": _pink_brown,
        "red_purple": _red_purple,
    }
)
