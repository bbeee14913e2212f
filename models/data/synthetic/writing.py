"""A procedural set as files: PNG pictures, PNG masks, one manifest; and a contact sheet to look at.

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

from models.data.records import LESION, SPLITS, SplitName
from models.data.synthetic.catalogue import Catalogue
from models.data.synthetic.processes import in_processes
from models.data.synthetic.samples import Renderer, SyntheticSample

MANIFEST = "manifest.csv"
_CAPTION = 12
Outline = tuple[int, int, int]


def manifest_columns(catalogue: Catalogue, lesion: bool) -> tuple[str, ...]:
    """The columns of the manifest, with one for the mask of the whole lesion if the set draws it."""
    masks = (*catalogue.localizable, LESION) if lesion else catalogue.localizable
    return ("image", "split", "class", *catalogue.group_keys, *(f"mask_{key}" for key in masks))


def write_files(
    render: Renderer,
    catalogue: Catalogue,
    folder: Path,
    counts: Mapping[SplitName, int],
    size: int,
    workers: int | None,
    progress: Callable[[int, int], None] | None,
) -> Path:
    """Writes pictures to ``images/<split>/``, masks to ``masks/<split>/`` and labels to ``manifest.csv``.

    Args:
        render: draws one picture.
        catalogue: of the set.
        folder: is made where it is missing.
        counts: pictures per split.
        size: S.
        workers: processes, as in `synthesize_with`.
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
    lesion = False
    # Workers get the renderer and the folder only: the catalogue's read-only mappings cannot be pickled.
    written = in_processes(partial(_write_sample, render, folder), tasks, workers)
    for (split, _, _), (class_index, options, image, masks) in zip(tasks, written, strict=True):
        names = catalogue.named(options).values()
        rows.append((image, split, catalogue.class_keys[class_index], *names, *masks.values()))
        lesion = LESION in masks
        if progress is not None:
            progress(len(rows), len(tasks))
    with (folder / MANIFEST).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(manifest_columns(catalogue, lesion))
        writer.writerows(rows)
    return folder / MANIFEST


def _write_sample(
    render: Renderer, folder: Path, task: tuple[SplitName, int, int]
) -> tuple[int, NDArray[np.int64], str, dict[str, str]]:
    """Draws and writes one picture with its masks; returns class, options and the paths of the files."""
    split, index, size = task
    sample = render(split, index, size)
    image = f"images/{split}/{index:06d}.png"
    write_png(folder / image, sample.image)
    masks = dict(sample.masks)
    if sample.lesion is not None:
        masks[LESION] = sample.lesion
    paths = {key: f"masks/{split}/{index:06d}_{key}.png" for key in masks}
    for key, mask in masks.items():
        write_png(folder / paths[key], mask.astype(np.uint8) * 255)
    return sample.class_index, sample.options, image, paths


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


def lay_out(
    render: Renderer,
    catalogue: Catalogue,
    split: SplitName,
    columns: int,
    size: int,
    outlines: Mapping[str, Outline],
) -> NDArray[np.uint8]:
    """Lays out pictures, a row per class, with the names of what each of them shows.

    Args:
        render: draws one picture.
        catalogue: of the set.
        split: which split.
        columns: pictures per class.
        size: S.
        outlines: colour in which a group's region is outlined, by group key.

    Returns:
        (H, W, 3) uint8 RGB.

    Raises:
        ValueError: if ``columns`` is less than 1.
    """
    if columns < 1:
        raise ValueError(f"columns is {columns}; expected 1 or more")
    rows = []
    for class_index in range(len(catalogue.class_keys)):
        samples = [render(split, class_index * columns + column, size, class_index) for column in range(columns)]
        rows.append(np.hstack([_captioned(sample, catalogue, outlines) for sample in samples]))
    return np.vstack(rows)


def _captioned(sample: SyntheticSample, catalogue: Catalogue, outlines: Mapping[str, Outline]) -> NDArray[np.uint8]:
    picture = sample.image.copy()
    for key, color in outlines.items():
        lines, _ = cv2.findContours(sample.masks[key].astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        cv2.drawContours(picture, lines, -1, color, 1, cv2.LINE_AA)
    names = list(catalogue.named(sample.options).values())
    texts = [f"{catalogue.class_keys[sample.class_index]}: {names[0]}", *names[1:]]
    height = _CAPTION * -(-len(texts) // 2) + 4
    caption = np.full((height, picture.shape[1], 3), 24, np.uint8)
    for number, text in enumerate(texts):
        at = (4 if number % 2 == 0 else picture.shape[1] * 5 // 8, _CAPTION * (number // 2 + 1))
        cv2.putText(caption, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.3, (225, 225, 225), 1, cv2.LINE_AA)
    return np.vstack([picture, caption])
