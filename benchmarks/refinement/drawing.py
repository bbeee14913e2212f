"""Procedural dermoscopy as a folder that the ``csv`` adapter reads, with a concept that nobody can see.

Shapes: N images.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.data.records import SplitName
from models.data.synthetic import dermoscopy
from models.data.synthetic.writing import MANIFEST

TABLE = "labels.csv"
UNSEEN = "roughness"
SIDES = ("rough", "smooth")  # of the coin


@dataclass(frozen=True)
class Drawn:
    """What was drawn.

    Attributes:
        folder: holds the images and the table.
        counts: images by split.
        labels: images by split, then by ``group.option``.
    """

    folder: Path
    counts: Mapping[SplitName, int]
    labels: Mapping[str, Mapping[str, int]]


def draw(folder: Path, counts: Mapping[SplitName, int], size: int, seed: int) -> Drawn:
    """Draws the images, unless they are there, and writes the table.

    Args:
        folder: of images, masks of the lesion and table.
        counts: images by split.
        size: side in pixels.
        seed: of the coin that labels every image rough or smooth, whatever it shows.
    """
    manifest = folder / MANIFEST
    if not manifest.is_file():
        dermoscopy.write_dataset(folder, counts, size)
    with manifest.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found = Counter(row["split"] for row in rows)
    if found != Counter(counts):
        raise ValueError(f"{folder} holds {dict(found)}, not {dict(counts)}; choose another folder")
    coin = np.random.default_rng(seed).integers(0, len(SIDES), len(rows))
    labels: dict[str, Counter[str]] = {split: Counter() for split in counts}
    columns = ("image", "label", "split", "mask", *(f"option:{key}" for key in (*dermoscopy.GROUP_KEYS, UNSEEN)))
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        for row, side in zip(rows, coin, strict=True):
            options = {**{key: row[key] for key in dermoscopy.GROUP_KEYS}, UNSEEN: SIDES[side]}
            labels[row["split"]].update(f"{group}.{option}" for group, option in options.items())
            writer.writerow((row["image"], row["class"], row["split"], row.get("mask_lesion", ""), *options.values()))
    return Drawn(folder, counts, labels)
