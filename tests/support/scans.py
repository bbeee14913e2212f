"""Pictures with detail, as near-duplicates are found by: alike in kind, each like no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
WIDTH, HEIGHT = 160, 120


def scan(seed: int) -> Pixels:
    """(120, 160, 3) uint8: coarse and fine structure; one seed always the same."""
    rng = np.random.default_rng(seed)
    picture = np.full((HEIGHT, WIDTH), 110, np.float32)
    for cells, strength in ((4, 30), (12, 18), (48, 14)):
        noise = rng.normal(0, strength, (cells, cells)).astype(np.float32)
        picture += cv2.resize(noise, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    grey = np.clip(picture, 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def fundus(seed: int) -> Pixels:
    """As ``scan``, within the same bright round on black: what all pictures of a set share."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    inside = (rows - HEIGHT / 2) ** 2 + (columns - WIDTH / 2) ** 2 < (HEIGHT * 0.48) ** 2
    return np.asarray(scan(seed) * inside[..., None], np.uint8)


def turned(picture: Pixels, degrees: float) -> Pixels:
    """About the centre, corners filled by the edge."""
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def jpeg(picture: Pixels, quality: int) -> Pixels:
    """Through a JPEG and back."""
    _, code = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), np.uint8)


def annotated(picture: Pixels) -> Pixels:
    """With a caption and a calliper."""
    marked = picture.copy()
    cv2.putText(marked, "RT 12", (6, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1)
    cv2.drawMarker(marked, (90, 60), (255, 255, 255), cv2.MARKER_CROSS, 9, 1)
    return marked


# What happens to pictures between one download and the next.
CHANGES: Mapping[str, Callable[[Pixels], Pixels]] = {
    "turned 3 degrees": lambda picture: turned(picture, 3),
    "turned back 5 degrees": lambda picture: turned(picture, -5),
    "cropped to 92 %": lambda picture: picture[5:115, 6:154],
    "cropped at one corner": lambda picture: picture[10:, :148],
    "darker": lambda picture: np.asarray(cv2.convertScaleAbs(picture, alpha=0.75, beta=-6), np.uint8),
    "brighter": lambda picture: np.asarray(cv2.convertScaleAbs(picture, alpha=1.25, beta=15), np.uint8),
    "half the size": lambda picture: np.asarray(cv2.resize(picture, (80, 60), interpolation=cv2.INTER_AREA), np.uint8),
    "twice the size": lambda picture: np.asarray(
        cv2.resize(picture, (320, 240), interpolation=cv2.INTER_CUBIC), np.uint8
    ),
    "another aspect": lambda picture: np.asarray(
        cv2.resize(picture, (128, 128), interpolation=cv2.INTER_AREA), np.uint8
    ),
    "a poor JPEG": lambda picture: jpeg(picture, 25),
    "annotated": annotated,
    "mirrored": lambda picture: np.ascontiguousarray(picture[:, ::-1]),
}
