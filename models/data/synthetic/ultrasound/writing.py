"""Breast ultrasound as files, and a contact sheet to look at. Shapes: S pixels a side, H rows, W columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from models.data.records import SplitName
from models.data.synthetic.ultrasound.distributions import CATALOGUE
from models.data.synthetic.ultrasound.render import render_sample
from models.data.synthetic.writing import MANIFEST, Outline, lay_out, write_files, write_png

__all__ = ["MANIFEST", "contact_sheet", "write_dataset", "write_png"]

_OUTLINES: Mapping[str, Outline] = MappingProxyType(
    {"shape": (255, 255, 255), "margin": (70, 120, 255), "posterior": (255, 220, 0)}
)


def write_dataset(
    folder: Path,
    counts: Mapping[SplitName, int],
    size: int = 224,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Writes pictures to ``images/<split>/``, masks to ``masks/<split>/`` and labels to ``manifest.csv``.

    Args:
        folder: is made where it is missing.
        counts: pictures per split.
        size: S.
        workers: processes, as in `synthesize`.
        progress: called with (done, all).

    Returns:
        The manifest; its paths are relative to ``folder``. It is written last.

    Raises:
        ValueError: if a split is unknown or a count negative.
    """
    return write_files(render_sample, CATALOGUE, folder, counts, size, workers, progress)


def contact_sheet(
    split: SplitName = "test", columns: int = 6, size: int = 224, masks: bool = False
) -> NDArray[np.uint8]:
    """Lays out pictures, a row per class, with the names of what each of them shows.

    Args:
        split: which split.
        columns: pictures per class.
        size: S.
        masks: outlines the regions too: lesion white, margin blue, what lies behind it yellow.

    Returns:
        (H, W, 3) uint8 RGB.

    Raises:
        ValueError: if ``columns`` is less than 1.
    """
    return lay_out(render_sample, CATALOGUE, split, columns, size, _OUTLINES if masks else {})
