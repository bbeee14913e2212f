"""The dermatoscope and its camera: light falloff, dark corners, white balance, blur, noise. No label is read here.

Shapes: S pixels a side.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.dermoscopy.scene import Scene
from models.data.synthetic.fields import noise, smoothstep, soften


def take_picture(scene: Scene) -> NDArray[np.uint8]:
    """Exposes the scene.

    Returns:
        (S, S, 3) uint8.
    """
    rng = scene.streams.get("camera")
    x, y = scene.grid.x - np.float32(0.5), scene.grid.y - np.float32(0.5)
    angle, slope = rng.uniform(0, 2 * np.pi), rng.uniform(0.0, 0.16)
    light = 1.0 + np.float32(slope * np.cos(angle)) * x + np.float32(slope * np.sin(angle)) * y
    square = x * x + y * y
    light -= np.float32(rng.uniform(0.0, 0.42)) * square
    if rng.random() < 0.1:
        edge = rng.uniform(0.50, 0.66)
        light *= 0.03 + 0.97 * smoothstep(np.sqrt(square), edge + rng.uniform(0.01, 0.05), edge - 0.02)
    scene.scale(light.astype(np.float32))
    image = scene.rgb * _white_balance(rng)
    image = 0.035 + 0.945 * image
    contrast = rng.uniform(0.92, 1.1)
    image = (image - 0.5) * np.float32(contrast) + np.float32(0.5 + rng.uniform(-0.03, 0.04))
    image = soften(image.astype(np.float32), float(rng.choice([0.0, 0.0018, 0.0028], p=[0.3, 0.5, 0.2])))
    grain = rng.uniform(0.004, 0.013)
    for channel in range(3):
        shared = noise(scene.streams.get(f"sensor-{channel}"), scene.size, 160)
        image[..., channel] += np.float32(grain) * shared
    result: NDArray[np.uint8] = np.clip(image * 255.0 + 0.5, 0, 255).astype(np.uint8)
    return result


def _white_balance(rng: np.random.Generator) -> NDArray[np.float32]:
    """(3,) gains: mostly near neutral, at times bluish as in polarised light, at times warm."""
    gains = rng.normal(1.0, [0.025, 0.02, 0.03])
    cast = rng.random()
    if cast < 0.22:
        gains *= (0.86, 0.97, 1.14)
    elif cast < 0.34:
        gains *= (1.04, 0.99, 0.91)
    balanced: NDArray[np.float32] = gains.astype(np.float32)
    return balanced
