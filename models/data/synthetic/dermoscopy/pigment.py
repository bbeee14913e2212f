"""The lesion's palette and how evenly it is spread: the groups colour and symmetry."""

from __future__ import annotations

import cv2
import numpy as np

from models.data.synthetic.dermoscopy.fields import Field, Picture, Rng, blend, noise, ramp
from models.data.synthetic.dermoscopy.lesion import Lesion

_PALETTES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "polychromatic": (
        (0.30, 0.17, 0.12),
        (0.60, 0.36, 0.25),
        (0.10, 0.08, 0.09),
        (0.42, 0.48, 0.58),
        (0.78, 0.45, 0.42),
        (0.80, 0.72, 0.72),
    ),
    "uniform_brown": ((0.47, 0.30, 0.20), (0.41, 0.25, 0.16)),
    "pearly_translucent": ((0.90, 0.76, 0.75), (0.82, 0.64, 0.66), (0.78, 0.70, 0.74)),
    "pink_scaly": ((0.82, 0.46, 0.42), (0.90, 0.64, 0.50)),
    "tan_to_black": ((0.62, 0.47, 0.27), (0.50, 0.36, 0.20), (0.36, 0.25, 0.15)),
    "pink_brown": ((0.74, 0.50, 0.42), (0.66, 0.43, 0.34)),
    "red_purple": ((0.66, 0.26, 0.28), (0.47, 0.19, 0.32), (0.58, 0.18, 0.20)),
}


def draw_body(rng: Rng, lesion: Lesion, colour: str, tone: float) -> Picture:
    """Draws the lesion's pigment over the whole image; the caller cuts it out.

    Args:
        rng: source of randomness.
        lesion: frame of reference.
        colour: option of the colour group.
        tone: of the surrounding skin; darker skin darkens the lesion a little.
    """
    size = lesion.size
    colours = np.array(_PALETTES[colour], np.float32) * np.float32((1 - 0.18 * tone) * rng.uniform(0.92, 1.06))
    colours = colours + rng.normal(0, 0.018, colours.shape).astype(np.float32)
    body = np.empty((size, size, 3), np.float32)
    if colour == "polychromatic":
        body[:] = 0.9 * colours[1] + 0.1 * colours[0]
        thresholds = (0.0, 0.55, 0.75, 0.75, 1.1)
        for part, threshold in zip(colours[[0, 2, 3, 4, 5]], thresholds, strict=True):
            patches = noise(rng, size, 4, 2) + 0.25 * noise(rng, size, 14, 2)
            blend(body, part, ramp(patches, threshold, threshold + 0.7) * 0.88)
    else:
        body[:] = colours[0]
        for part in colours[1:]:
            blend(body, part, ramp(noise(rng, size, 4, 3), -0.2, 0.9))
    grain = 0.07 * noise(rng, size, 4, 3) + 0.055 * noise(rng, size, 22, 3, 0.7)
    body *= (1 + grain + 0.075 * _radial_grain(rng, lesion))[..., None]
    body *= (1 - 0.10 * np.exp(-((lesion.rho / 0.55) ** 2)))[..., None]
    return body


def _radial_grain(rng: Rng, lesion: Lesion) -> Field:
    """Noise that runs outwards from the centre, as pigment often does."""
    polar = cv2.resize(noise(rng, 256, 20, 2), (256, 96))
    column = np.mod(lesion.theta / (2 * np.pi) * 256, 255).astype(np.float32)
    row = np.clip(lesion.rho * 48, 0, 95).astype(np.float32)
    grain: Field = cv2.remap(polar, column, row, cv2.INTER_LINEAR) * ramp(lesion.rho, 0.15, 0.6)
    return grain


def spread_pigment(rng: Rng, lesion: Lesion, symmetry: str) -> Field:
    """How dense the pigment is, (S, S): even, half and half, or in patches.

    Args:
        rng: source of randomness.
        lesion: frame of reference.
        symmetry: option of the symmetry group.
    """
    if symmetry == "symmetric":
        density = 1 - 0.10 * lesion.t**2
    elif symmetry == "asymmetric_one_axis":
        angle = rng.uniform(0, 2 * np.pi)
        side = lesion.u * np.float32(np.cos(angle)) + lesion.v * np.float32(np.sin(angle))
        density = 1.12 - 0.42 * ramp(side, -0.15, 0.25)
    else:
        patches = noise(rng, lesion.size, 5.5) + 0.15 * noise(rng, lesion.size, 16, 2)
        density = 1.12 - 0.5 * ramp(patches, 0.05, 0.45) + 0.22 * ramp(-patches, 0.5, 0.9)
    return np.clip(density, 0.35, 1.4).astype(np.float32)
