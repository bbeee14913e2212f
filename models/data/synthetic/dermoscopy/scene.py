"""The picture while it is being painted: colour, relief and gloss, and the regions that findings cover.

Colour is reflectance in [0, 1]. Melanin and blood absorb as dyes do, so that they darken what lies below them and keep
its texture; opaque matter (scale, crust, scar) is mixed in.

Shapes: S pixels a side.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.dermoscopy.geometry import Grid
from models.data.synthetic.dermoscopy.streams import Streams
from models.data.synthetic.fields import Field, noise, smoothstep

Color = tuple[float, float, float]

MELANIN = np.array([0.56, 0.82, 1.06], np.float32)
BLOOD = np.array([0.16, 0.98, 0.80], np.float32)


@dataclass(eq=False)
class Scene:
    """What is being painted.

    Attributes:
        grid: coordinates.
        streams: random streams of the picture.
        rgb: (S, S, 3) reflectance.
        alpha: (S, S) how much lesion there is, 0 to 1.
        height: (S, S) relief, a share of the image.
        gloss: (S, S) strength of specular reflection.
        covered: (S, S) how much opaque matter hides the palette.
        regions: (S, S) bool by group key, for the masks.
    """

    grid: Grid
    streams: Streams
    rgb: Field
    alpha: Field
    height: Field
    gloss: Field
    covered: Field
    regions: dict[str, NDArray[np.bool_]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """S."""
        return self.grid.size

    def absorb(self, melanin: Field | None = None, blood: Field | None = None) -> None:
        """Adds (S, S) optical densities of melanin and blood."""
        density = np.zeros_like(self.rgb)
        if melanin is not None:
            density -= melanin[..., None] * MELANIN
        if blood is not None:
            density -= blood[..., None] * BLOOD
        self.rgb *= cv2.exp(density)

    def mix(self, color: Color | Field, alpha: Field) -> None:
        """Covers with a colour, (3,) or (S, S, 3), by (S, S) ``alpha``."""
        self.rgb += (np.asarray(color, np.float32) - self.rgb) * alpha[..., None]

    def scale(self, factor: Field) -> None:
        """Multiplies the reflectance by an (S, S) factor."""
        self.rgb *= factor[..., None]

    def field(self, name: str, cells: int, octaves: int = 1, gain: float = 0.5) -> Field:
        """Smooth noise in image coordinates from the named stream, (S, S)."""
        return noise(self.streams.get(name), self.size, cells, octaves, gain)

    def patch(self, name: str, at: tuple[float, float], radius: float, rough: float = 0.25) -> Field:
        """A ragged soft-edged patch: centre and radius in lesion coordinates, (S, S) in [0, 1]."""
        grid = self.grid
        du, dv = grid.u - np.float32(at[0]), grid.v - np.float32(at[1])
        distance = np.sqrt(du * du + dv * dv) / np.float32(radius)
        distance += np.float32(rough) * grid.texture(self.streams.get(name), 9, 3, 0.6)
        return smoothstep(distance, 1.12, 0.88)
