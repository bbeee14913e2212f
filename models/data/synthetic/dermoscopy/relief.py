"""Relief and light: group ``elevation``, and the shading of every height that was drawn.

Shapes: S pixels a side.
"""

from __future__ import annotations

import cv2
import numpy as np

from models.data.synthetic.dermoscopy.scene import Scene
from models.data.synthetic.fields import as_field, smoothstep, soften


def raise_lesion(scene: Scene, elevation: str) -> None:
    """Adds the lesion's own height and the shadow it casts."""
    if elevation == "flat":
        return
    grid, radius = scene.grid, np.float32(scene.grid.lesion.radius)
    rho = soften(grid.rho, 0.006)
    if elevation == "slightly_raised":
        profile = smoothstep(rho, 1.12, 0.30)
        scene.height += np.float32(0.30) * radius * profile
        scene.gloss += 0.10 * profile
        _cast_shadow(scene, length=0.07, strength=0.14)
    elif elevation == "dome_shaped":
        inside = np.clip(1.0 - (rho / 1.06) ** 2, 0.0, 1.0)
        scene.height += np.float32(0.74) * radius * inside
        scene.gloss += 0.75 * smoothstep(rho, 1.0, 0.7)
        _cast_shadow(scene, length=0.16, strength=0.36)
    else:
        distance = soften(grid.distance, 0.008)
        scene.height += np.float32(0.030) * smoothstep(distance, 0.026, -0.040)
        scene.gloss += 0.35 * np.exp(-(((distance + 0.02) / 0.016) ** 2))
        _cast_shadow(scene, length=0.08, strength=0.28)


def light_direction(scene: Scene) -> tuple[float, float]:
    """Unit vector in the image towards the light; mostly from above left, as on real dermatoscopes it varies."""
    angle = scene.streams.get("light").normal(-0.75 * np.pi, 0.55)
    return float(np.cos(angle)), float(np.sin(angle))


def _cast_shadow(scene: Scene, length: float, strength: float) -> None:
    lx, ly = light_direction(scene)
    size = scene.size
    solid = smoothstep(scene.grid.rho, 1.06, 0.94)
    reach = length * scene.grid.lesion.radius * size
    shift = np.array([[1, 0, -lx * reach], [0, 1, -ly * reach]], np.float32)
    moved = as_field(cv2.warpAffine(solid, shift, (size, size), flags=cv2.INTER_LINEAR))
    shadow = soften(moved, 0.25 * length * scene.grid.lesion.radius + 0.004) * (1.0 - solid)
    scene.scale(1.0 - np.float32(strength) * shadow)


def shade(scene: Scene) -> None:
    """Lights the height map: slopes towards the light brighten, others darken, glossy ones glint."""
    size = scene.size
    lx, ly = light_direction(scene)
    height = soften(scene.height, 0.0038)
    scale = size / 8.0
    gx, gy = (
        as_field(cv2.Sobel(height, cv2.CV_32F, dx, 1 - dx, ksize=3, scale=scale, borderType=cv2.BORDER_REPLICATE))
        for dx in (1, 0)
    )
    toward = -(gx * np.float32(lx) + gy * np.float32(ly))
    light = np.tanh(toward * np.float32(0.9))
    scene.scale(np.exp(np.where(light > 0, 0.45 * light, 0.75 * light)))
    glint = np.exp(-((gx + np.float32(0.55 * lx)) ** 2 + (gy + np.float32(0.55 * ly)) ** 2) * np.float32(1 / 0.05))
    scene.mix((1.0, 0.985, 0.97), np.clip(0.5 * glint * scene.gloss, 0.0, 0.7))
