"""Maps as readers see them: pixels over the image, and the shams that stand in their place.

Shapes: O options, K groups, rows x columns the patch grid.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from backend.reader_studies.chance import chance
from backend.reader_studies.items import MapPixels
from models.explain.overlay import spread
from models.explanation import Explanation, Region

LONGEST = 96

PatchMap = NDArray[np.floating]


def fitted(width: int, height: int) -> tuple[int, int]:
    """Width and height of the map of an image: its proportions, with ``LONGEST`` for the longer side."""
    scale = LONGEST / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def render(values: PatchMap, region: Region, width: int, height: int) -> MapPixels:
    """A patch map as pixels over an image. However it came about, an image's maps have equally many bytes.

    Args:
        values: (rows, columns).
        region: what the patch grid covers, in the image's pixels.
        width: of the image.
        height: of the image.

    Returns:
        Bilinear between patch centres, the map's own range within the image as 0 to 255. 0 where the grid does not
        reach, and everywhere if all values are equal.
    """
    columns, rows = fitted(width, height)
    across, down = columns / width, rows / height
    placed = Region(region.x * across, region.y * down, region.width * across, region.height * down)
    smooth, inside = spread(values, placed, (columns, rows), "bilinear")
    levels = np.zeros((rows, columns), dtype=np.uint8)
    if inside.any():
        low, high = float(smooth[inside].min()), float(smooth[inside].max())
        if high > low:
            levels[inside] = np.rint((smooth[inside] - low) / (high - low) * 255.0).astype(np.uint8)
    return MapPixels(width=columns, height=rows, values=base64.b64encode(levels.tobytes()).decode("ascii"))


def sha256_of(pixels: MapPixels) -> str:
    """Of the map's bytes (hex)."""
    return hashlib.sha256(base64.b64decode(pixels.values)).hexdigest()


def patch_map(explanation: Explanation, kind: str, option_id: str) -> PatchMap:
    """(rows, columns): Grad-CAM of an option, or the Magnet map of its group.

    Raises:
        ValueError: the explanation knows no such option, or no such kind of map.
    """
    if option_id not in explanation.option_ids:
        raise ValueError(f"the model has no option '{option_id}'; give arms of one task models with the same concepts")
    if kind not in ("gradcam", "magnet"):
        raise ValueError(f"'{kind}' is no kind of map; use gradcam or magnet")
    gradcam = kind == "gradcam"
    maps = explanation.gradcam if gradcam else explanation.magnet
    known, wanted = (explanation.option_ids, option_id) if gradcam else (explanation.group_keys, group_of(option_id))
    found: PatchMap = maps[known.index(wanted)]
    return found


def group_of(option_id: str) -> str:
    """Key of the group of an option's id."""
    return option_id.partition(".")[0]


def is_flat(values: PatchMap) -> bool:
    """Whether there is nothing to see in a map."""
    return float(values.max()) <= float(values.min())


def shuffled(values: PatchMap, seed: int, *about: object) -> PatchMap:
    """The same patches in random places.

    Args:
        values: (rows, columns).
        seed: of the design.
        about: whose map it is; the same always gives the same places.
    """
    places = list(range(values.size))
    chance(seed, "shuffled", *about).shuffle(places)
    moved: PatchMap = values.reshape(-1)[places].reshape(values.shape)
    return moved


def first_like(own: PatchMap, maps: Sequence[PatchMap]) -> int:
    """Place of the first map that shows something where the real one does, and nothing where that does not; else 0.

    Else a map without anything in it could only be a real one.
    """
    return next((place for place, values in enumerate(maps) if is_flat(values) == is_flat(own)), 0)
