"""Lines of text in a picture: a reason for a person to look at it before anybody else does.

Letters are thin strokes that stand out from what surrounds them, of one brightness, of about one height, on one line,
and yet of different shapes. Speckle, noise and hair are thin and bright as well, but not all of the rest. This finds
printed annotation; it does not find all of it, and is one reason among others (``deidentification.suspicion``).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]

_LONGEST_SIDE: Final = 2048  # larger pictures are looked at smaller: their letters are larger as well
_STROKE: Final = 9  # pixels: wider is no stroke of a letter that is at most _TALLEST high
_CONTRAST: Final = 40  # levels between a stroke and what surrounds it
_SHORTEST, _TALLEST = 6, 34  # pixels of a letter; the picture is looked at in several sizes
_WHITE: Final = 240  # levels of letters that are seen over bright tissue
_LETTERS: Final = 4  # of a line
_SPECKS: Final = 1.6  # connected parts in the line's box for each that could be a letter, itself included
_TWO_COLOURED: Final = 0.76
_SIZES: Final = (1.0, 0.5, 0.25)
_MOST: Final = 100  # regions: more say nothing more
_MOST_PARTS: Final = 5000  # more than the letters of a full page: then it is noise


class Region(NamedTuple):
    """Pixels of the picture, from the top left."""

    left: int
    top: int
    width: int
    height: int


class _Parts(NamedTuple):
    """Connected strokes: boxes (N, 4) as left, top, width, height; areas (N,); brightness (N,)."""

    boxes: npt.NDArray[Any]
    areas: npt.NDArray[Any]
    levels: npt.NDArray[Any]


def find_text(levels: npt.NDArray[Any]) -> list[Region]:
    """Lines of text, bright or dark.

    Args:
        levels: as seen, (H, W) or (H, W, 3), 0 to 255.
    """
    # Coloured letters: bright in one channel is bright enough, and dark in one is dark enough.
    brightest: Grey = levels.max(2) if levels.ndim == 3 else levels
    darkest: Grey = levels.min(2) if levels.ndim == 3 else levels
    found: list[Region] = []
    largest = min(1.0, _LONGEST_SIDE / max(brightest.shape))
    for size in _SIZES:
        scale = largest * size
        if min(brightest.shape) * scale < 2 * _SHORTEST:
            break
        for grey in (brightest, cv2.bitwise_not(darkest)):
            ink = grey if scale == 1.0 else cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            for line in _lines(np.ascontiguousarray(ink)):
                region = Region(*(round(side / scale) for side in line))
                if len(found) < _MOST and not any(_overlap(region, other) for other in found):
                    found.append(region)
    return found


def _lines(ink: Grey) -> list[Region]:
    """Lines of bright letters of up to _TALLEST pixels."""
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (_STROKE, _STROKE))
    strokes = cv2.morphologyEx(ink, cv2.MORPH_TOPHAT, kernel)
    lines = [line for line in _lines_of(strokes >= _CONTRAST, ink) if _is_two_coloured(_cut(ink, line))]
    # Over tissue, whose own structures stand out as well, only what is as bright as can be is looked at.
    return lines + _lines_of((strokes >= _CONTRAST // 2) & (ink >= _WHITE), ink)


def _lines_of(mask: npt.NDArray[np.bool_], ink: Grey) -> list[Region]:
    parts, centres = _parts(mask.astype(np.uint8), ink)
    if not _LETTERS <= len(parts.boxes) <= _MOST_PARTS:
        return []
    rows = np.zeros(mask.shape, np.uint8)
    for left, top, width, height in parts.boxes:
        # Letters of a line are nearer to each other than they are high: the boxes, widened by that, touch.
        reach = max(2, round(0.5 * height))
        cv2.rectangle(rows, (max(0, left - reach), top), (left + width + reach, top + height - 1), 1, cv2.FILLED)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(rows, connectivity=4)
    middles = parts.boxes[:, :2] + parts.boxes[:, 2:] // 2
    owners = labels[middles[:, 1], middles[:, 0]]
    order = np.argsort(owners, kind="stable")
    found = []
    for members in np.split(order, np.flatnonzero(np.diff(owners[order])) + 1):
        if len(members) < _LETTERS:
            continue
        chosen = _Parts(parts.boxes[members], parts.areas[members], parts.levels[members])
        if not _is_text(chosen, int(boxes[owners[members[0]]][3])):
            continue
        left, top = (int(side) for side in chosen.boxes[:, :2].min(0))
        right, bottom = (int(side) for side in (chosen.boxes[:, :2] + chosen.boxes[:, 2:]).max(0))
        line = Region(left, top, right - left, bottom - top)
        within = (centres[:, 0] >= left) & (centres[:, 0] < right) & (centres[:, 1] >= top) & (centres[:, 1] < bottom)
        # Noise leaves specks between what looks like letters; print leaves dots and commas at most.
        if within.sum() <= _SPECKS * len(members):
            found.append(line)
    return found


def _parts(mask: Grey, ink: Grey) -> tuple[_Parts, npt.NDArray[Any]]:
    """What could be letters, and the centres (N, 2) of everything."""
    count, labels, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    boxes, areas = stats[1:, :4], stats[1:, 4]
    width, height = boxes[:, 2], boxes[:, 3]
    fits = (height >= _SHORTEST) & (height <= _TALLEST) & (width <= 10 * height) & (areas >= height)
    brightness = np.bincount(labels.ravel(), weights=ink.ravel(), minlength=count)[1:] / np.maximum(areas, 1)
    return _Parts(boxes[fits], areas[fits], brightness[fits]), centres[1:]


def _is_text(parts: _Parts, row_height: int) -> bool:
    """Whether strokes that stand in a row are letters."""
    height = float(np.median(parts.boxes[:, 3]))
    even = np.abs(parts.boxes[:, 3] - height) <= 0.35 * height + 1
    if even.sum() < _LETTERS or even.mean() < 0.7 or row_height > 1.9 * height + 2:
        return False
    boxes, areas, levels = parts.boxes[even], parts.areas[even], parts.levels[even]
    bottoms, tops = boxes[:, 1] + boxes[:, 3], boxes[:, 1]
    standing = np.mean(np.abs(bottoms - np.median(bottoms)) <= 0.08 * height + 0.5)
    hanging = np.mean(np.abs(tops - np.median(tops)) <= 0.08 * height + 0.5)
    if max(standing, hanging) < 0.6:
        return False
    fill = float(np.median(areas / (boxes[:, 2] * boxes[:, 3])))
    if not 0.15 <= fill <= 0.85 or float(np.std(levels)) > 24:
        return False
    # The marks of a scale are all alike.
    return float(np.std(areas) / np.mean(areas)) > 0.08


def _is_two_coloured(line: Grey) -> bool:
    """Whether ink and ground explain nearly all of what differs (Otsu's criterion): 0.64 for normal noise."""
    counts = np.bincount(line.ravel(), minlength=256).astype(np.float64)
    share, level = counts / counts.sum(), np.arange(256.0)
    below = np.cumsum(share)[:-1]
    mean, partial = float(share @ level), np.cumsum(share * level)[:-1]
    spread = float(share @ (level - mean) ** 2)
    between = (mean * below - partial) ** 2 / np.maximum(below * (1.0 - below), 1e-9)
    return spread > 0.0 and float(between.max()) / spread >= _TWO_COLOURED


def _cut(ink: Grey, line: Region) -> Grey:
    return ink[line.top : line.top + line.height, line.left : line.left + line.width]


def _overlap(one: Region, other: Region) -> bool:
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    return across > 0 and down > 0
