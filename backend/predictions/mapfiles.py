"""The maps of a prediction as one compressed file.

Shapes: K groups, O options; rows x columns of the patch grid.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np

from models.explanation import Explanation, FloatArray, IntArray


@dataclass(frozen=True)
class MapArrays:
    """magnet (K, rows, columns), gradcam (O, rows, columns), index (rows, columns)."""

    magnet: FloatArray
    gradcam: FloatArray
    index: IntArray


def pack_maps(explanation: Explanation) -> bytes:
    """The file's bytes. Raises ValueError for values that are not finite."""
    for name in ("magnet", "gradcam"):
        if not np.isfinite(getattr(explanation, name)).all():
            raise ValueError(f"the {name} maps hold values that are not finite")
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        magnet=explanation.magnet.astype(np.float32),
        gradcam=explanation.gradcam.astype(np.float32),
        index=explanation.index_map.astype(np.int64),
    )
    return stream.getvalue()


def unpack_maps(content: bytes) -> MapArrays:
    """Reads what ``pack_maps`` wrote; never unpickles."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return MapArrays(arrays["magnet"], arrays["gradcam"], arrays["index"])
