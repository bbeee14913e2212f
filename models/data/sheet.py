"""A contact sheet: some images of each class of an imported data set, with captions.

Shapes: H rows, W columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from models.concepts.schema import ClassLabel
from models.data.manifest import PreparedRow
from models.data.splitting import hash_share

CELL = 168
_CAPTION = 30
_GAP = 6
_ROWS = 60
_GROUND, _PLATE, _TEXT, _SOFT = (20, 22, 26), (34, 37, 43), (232, 234, 238), (150, 156, 166)


def chosen(
    rows: Sequence[PreparedRow], classes: Sequence[ClassLabel], columns: int
) -> list[tuple[ClassLabel, list[int]]]:
    """Which rows are shown: of each class those with the lowest hashes, so that adding images changes little.

    Args:
        rows: of the data set.
        classes: of the data set.
        columns: images of each class; of more classes than fit on a sheet, the first ones are shown.
    """
    of_class: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        of_class[row.label].append(index)
    return [
        (label, sorted(of_class[label.key], key=lambda index: hash_share(f"sheet:{rows[index].key}"))[:columns])
        for label in classes[:_ROWS]
        if of_class[label.key]
    ]


def draw_sheet(
    rows: Sequence[PreparedRow],
    classes: Sequence[ClassLabel],
    thumbnail: Callable[[int], NDArray[np.uint8]],
    lesion: Callable[[int], NDArray[np.bool_] | None],
    columns: int = 8,
) -> NDArray[np.uint8]:
    """Lays out images, a row per class, each with its key and split below; lesions are outlined.

    Args:
        rows: of the data set.
        classes: of the data set.
        thumbnail: (h, w, 3) uint8 of a row by index.
        lesion: mask of a row by index, of any size; None where there is none.
        columns: images of each class.

    Returns:
        (H, W, 3) uint8 RGB.
    """
    picked = chosen(rows, classes, columns)
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row.label] += 1
    columns = max((len(indices) for _, indices in picked), default=1)
    height = CELL + 2 * _CAPTION + _GAP
    sheet = Image.new("RGB", (columns * (CELL + _GAP) + _GAP, max(1, len(picked)) * height + _GAP), _GROUND)
    draw = ImageDraw.Draw(sheet)
    title, small = ImageFont.load_default(15), ImageFont.load_default(11)
    for line, (label, indices) in enumerate(picked):
        top = _GAP + line * height
        draw.text((_GAP, top + 6), f"{label.name} ({counts[label.key]})", fill=_TEXT, font=title)
        for column, index in enumerate(indices):
            left = _GAP + column * (CELL + _GAP)
            sheet.paste(_cell(thumbnail(index), lesion(index)), (left, top + _CAPTION))
            for offset, text in enumerate(_caption(rows[index])):
                place = (left + 1, top + _CAPTION + CELL + 2 + 13 * offset)
                draw.text(place, _fitting(text, small), fill=_SOFT, font=small)
    return np.asarray(sheet)


def _cell(picture: NDArray[np.uint8], lesion: NDArray[np.bool_] | None) -> Image.Image:
    height, width = picture.shape[:2]
    scale = CELL / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    if lesion is not None:
        mask = cv2.resize(lesion.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
        lines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        cv2.drawContours(small, lines, -1, (255, 196, 0), 1, cv2.LINE_AA)
    cell = Image.new("RGB", (CELL, CELL), _PLATE)
    cell.paste(Image.fromarray(small), ((CELL - size[0]) // 2, (CELL - size[1]) // 2))
    return cell


def _caption(row: PreparedRow) -> Iterator[str]:
    yield row.key.rsplit("/", 1)[-1]
    yield row.split or "left out"


def _fitting(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    """The text, shortened in the middle so that both ends of a file name are seen."""
    shown, cut = text, 0
    while font.getlength(shown) > CELL and len(shown) > 4:
        cut += 1
        half = (len(text) - cut) // 2
        shown = f"{text[:half]}…{text[-half:]}"
    return shown
