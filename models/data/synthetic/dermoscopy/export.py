"""The data set as files, and a contact sheet to look at."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from models.data.synthetic.dermoscopy.labels import CLASSES, GROUPS, LOCALIZABLE, option_names
from models.data.synthetic.dermoscopy.render import SplitName, render_sample

_LABEL_HEIGHT = 14


def write_dataset(
    folder: Path,
    counts: Mapping[SplitName, int],
    size: int = 224,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Writes images and masks as PNG and a manifest.

    Args:
        folder: made if missing; must not hold a manifest yet.
        counts: images of each split.
        size: side in pixels.
        progress: called with (done, all).

    Returns:
        The manifest ``manifest.csv``: image, split, class, one column per group, one mask column per localizable
        group, paths relative to the folder.

    Raises:
        FileExistsError: if the folder already holds a manifest.
    """
    manifest = folder / "manifest.csv"
    if manifest.exists():
        raise FileExistsError(f"{manifest} exists already; choose another folder or remove it first")
    for name in ("images", "masks"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, str]] = []
    total = sum(counts.values())
    for split, count in counts.items():
        for index in range(count):
            rows.append(_write_sample(folder, split, index, size))
            if progress is not None:
                progress(len(rows), total)
    columns = ["image", "split", "class", *GROUPS, *(f"mask_{group}" for group in LOCALIZABLE)]
    with manifest.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return manifest


def _write_sample(folder: Path, split: SplitName, index: int, size: int) -> dict[str, str]:
    sample = render_sample(split, index, size)
    name = f"{split}_{index:06d}"
    row = {"image": f"images/{name}.png", "split": split, "class": CLASSES[sample.class_index]}
    Image.fromarray(sample.image).save(folder / row["image"])
    for group, mask in sample.masks.items():
        row[f"mask_{group}"] = f"masks/{name}_{group}.png"
        Image.fromarray(mask.astype(np.uint8) * 255).save(folder / row[f"mask_{group}"])
    return row | option_names(sample.options)


def contact_sheet(
    per_class: int = 6, size: int = 224, split: SplitName = "test", *, masks: bool = False
) -> Image.Image:
    """Lays out images row by row of a class, with class and pattern written under each.

    Args:
        per_class: images in a row.
        size: side of each in pixels.
        split: where they come from.
        masks: outline the masks of pattern (yellow) and texture (cyan).
    """
    cell = size + _LABEL_HEIGHT
    sheet = Image.new("RGB", (per_class * size, len(CLASSES) * cell), (24, 24, 24))
    draw = ImageDraw.Draw(sheet)
    for row, key in enumerate(CLASSES):
        for column in range(per_class):
            sample = render_sample(split, row * per_class + column, size, class_index=row)
            image = sample.image.copy()
            if masks:
                _outline(image, sample.masks["pattern"], (255, 220, 0))
                _outline(image, sample.masks["texture"], (0, 220, 255))
            names = option_names(sample.options)
            place = (column * size, row * cell)
            sheet.paste(Image.fromarray(image), place)
            text = f"{key}: {names['pattern']}, {names['texture']}"
            draw.text((place[0] + 2, place[1] + size + 1), text, fill=(200, 200, 200))
    return sheet


def _outline(image: np.ndarray, mask: np.ndarray, colour: tuple[int, int, int]) -> None:
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(image, contours, -1, colour, 1)
