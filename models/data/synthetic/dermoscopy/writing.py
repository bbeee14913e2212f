"""The data set as files: PNG pictures, PNG masks, one manifest; and a contact sheet to look at.

Shapes: S pixels a side, H rows, W columns.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.dermoscopy.options import CLASS_KEYS, GROUP_KEYS, LOCALIZABLE, OPTION_KEYS
from models.data.synthetic.dermoscopy.render import SyntheticSample, render_sample
from models.data.synthetic.dermoscopy.sampling import in_processes
from models.data.synthetic.dermoscopy.streams import SPLITS, SplitName

MANIFEST = "manifest.csv"
COLUMNS = ("image", "split", "class", *GROUP_KEYS, *(f"mask_{key}" for key in LOCALIZABLE))
_CAPTION = 12


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
    for split, count in counts.items():
        if split not in SPLITS or count < 0:
            raise ValueError(f"counts has {split!r}: {count}; expected {', '.join(SPLITS)} and 0 or more")
    for split in counts:
        for kind in ("images", "masks"):
            (folder / kind / split).mkdir(parents=True, exist_ok=True)
    tasks = [(split, index, size) for split, count in counts.items() for index in range(count)]
    rows = []
    for row in in_processes(partial(_write_sample, folder), tasks, workers):
        rows.append(row)
        if progress is not None:
            progress(len(rows), len(tasks))
    with (folder / MANIFEST).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return folder / MANIFEST


def _write_sample(folder: Path, task: tuple[SplitName, int, int]) -> tuple[str, ...]:
    """Draws and writes one picture with its masks; returns its row of the manifest."""
    split, index, size = task
    sample = render_sample(split, index, size)
    image = f"images/{split}/{index:06d}.png"
    write_png(folder / image, sample.image)
    masks = []
    for key in LOCALIZABLE:
        masks.append(f"masks/{split}/{index:06d}_{key}.png")
        write_png(folder / masks[-1], sample.masks[key].astype(np.uint8) * 255)
    options = (OPTION_KEYS[group][option] for group, option in zip(GROUP_KEYS, sample.options, strict=True))
    return (image, split, CLASS_KEYS[sample.class_index], *options, *masks)


def write_png(path: Path, image: NDArray[np.uint8]) -> None:
    """Writes an (H, W, 3) RGB or (H, W) grey picture.

    Raises:
        OSError: if it cannot be written.
    """
    ordered = image[..., ::-1] if image.ndim == 3 else image
    done, data = cv2.imencode(".png", np.ascontiguousarray(ordered))
    if not done:
        raise OSError(f"no PNG could be made for {path}")
    path.write_bytes(data.tobytes())


def contact_sheet(
    split: SplitName = "test", columns: int = 6, size: int = 224, masks: bool = False
) -> NDArray[np.uint8]:
    """Lays out pictures, a row per class, with the names of what each of them shows.

    Args:
        split: which split.
        columns: pictures per class.
        size: S.
        masks: outlines the regions too: colour white, border blue, pattern green, texture yellow.

    Returns:
        (H, W, 3) uint8 RGB.

    Raises:
        ValueError: if ``columns`` is less than 1.
    """
    if columns < 1:
        raise ValueError(f"columns is {columns}; expected 1 or more")
    rows = []
    for class_index in range(len(CLASS_KEYS)):
        samples = [render_sample(split, class_index * columns + column, size, class_index) for column in range(columns)]
        rows.append(np.hstack([_captioned(sample, masks) for sample in samples]))
    return np.vstack(rows)


def _captioned(sample: SyntheticSample, masks: bool) -> NDArray[np.uint8]:
    picture = sample.image.copy()
    if masks:
        colors = {"color": (255, 255, 255), "border": (70, 120, 255), "pattern": (0, 255, 80), "texture": (255, 220, 0)}
        for key, color in colors.items():
            lines, _ = cv2.findContours(sample.masks[key].astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
            cv2.drawContours(picture, lines, -1, color, 1, cv2.LINE_AA)
    names = [OPTION_KEYS[group][option] for group, option in zip(GROUP_KEYS, sample.options, strict=True)]
    lines_of_text = [f"{CLASS_KEYS[sample.class_index]}: {names[0]}", *names[1:]]
    caption = np.full((_CAPTION * 4 + 4, picture.shape[1], 3), 24, np.uint8)
    for number, text in enumerate(lines_of_text):
        at = (4 if number % 2 == 0 else picture.shape[1] * 5 // 8, _CAPTION * (number // 2 + 1))
        cv2.putText(caption, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.3, (225, 225, 225), 1, cv2.LINE_AA)
    return np.vstack([picture, caption])
