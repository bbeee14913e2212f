"""The closer look at two pictures: aligned first, then compared by their details.

Shapes: S the side of a small grey copy.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 64
_START_SIDE = 24
_BLUR = 3.0
# Grey levels that rounding and compression leave in a blank region.
_NOISE = 2.0
# Share of the picture that must overlap after alignment; less proves nothing.
_OVERLAP = 0.65
# How far an alignment may stretch or turn: beyond it, anything can be made to fit anything.
_STRETCH = 0.35
# Equal enough that alignment can add nothing.
_EQUAL = 0.9

FloatArray = NDArray[np.float32]


def detail_correlation(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Correlation of the details of two grey copies, (S, S) uint8, after the best affine alignment that is found.

    Details are what is left without the blurred picture. Where alignment fails, the pictures are compared as they are.
    """
    first, second = a.astype(np.float32), np.ascontiguousarray(b, np.float32)
    details = _details(first)
    plain = _correlation(details, _details(second), np.ones((SIDE, SIDE), bool))
    if plain >= _EQUAL:
        return plain
    warp = _alignment(first, second)
    return plain if warp is None else max(plain, _warped(details, second, warp))


def _alignment(a: FloatArray, b: FloatArray) -> FloatArray | None:
    """(2, 3) that takes places of ``a`` to places of ``b``; found on a coarser copy, then refined."""
    coarse = _ecc(_shrunk(a), _shrunk(b), np.eye(2, 3, dtype=np.float32), blur=1)
    if coarse is not None and _plausible(coarse):
        scale = SIDE / _START_SIDE
        # Places are centres of pixels, which do not lie on whole numbers of the finer copy.
        coarse[:, 2] = scale * coarse[:, 2] + (scale - 1) / 2 * (1 - coarse[:, :2].sum(axis=1))
        fine = _ecc(a, b, coarse, blur=3)
    else:
        fine = _ecc(a, b, np.eye(2, 3, dtype=np.float32), blur=3)
    return fine if fine is not None and _plausible(fine) else None


def _shrunk(picture: FloatArray) -> FloatArray:
    return np.asarray(cv2.resize(picture, (_START_SIDE, _START_SIDE), interpolation=cv2.INTER_AREA), np.float32)


def _ecc(a: FloatArray, b: FloatArray, start: FloatArray, blur: int) -> FloatArray | None:
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 1e-3)
    try:
        # The call with a blur is missing in OpenCV's own type hints.
        found: Any = cv2.findTransformECC(a, b, start.copy(), cv2.MOTION_AFFINE, criteria, None, blur)  # type: ignore[call-overload]
    except cv2.error:  # pictures so unlike that it does not converge
        return None
    return np.asarray(found[1], np.float32)


def _plausible(warp: FloatArray) -> bool:
    return bool(np.isfinite(warp).all() and np.abs(warp[:, :2] - np.eye(2)).max() <= _STRETCH)


def _warped(details: FloatArray, b: FloatArray, warp: FloatArray) -> float:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(b, warp, (SIDE, SIDE), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpAffine(np.ones((SIDE, SIDE), np.float32), warp, (SIDE, SIDE), flags=flags) > 0.999
    if inside.mean() < _OVERLAP:
        return 0.0
    # Details at the border of the overlap are made of what lies outside.
    core = cv2.erode(inside.astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=1) > 0
    return _correlation(details, _details(np.asarray(moved)), core)


def _details(picture: FloatArray) -> FloatArray:
    """What differs from the blurred picture, in units of how much it does so nearby.

    Outlines of high contrast (a cyst, the rim of the field of view) would otherwise outweigh all the rest, and pictures
    with outlines of one shape would match.
    """
    fine = picture - cv2.GaussianBlur(picture, (0, 0), _BLUR)
    nearby = np.sqrt(cv2.GaussianBlur(fine * fine, (0, 0), 2 * _BLUR))
    return np.asarray(np.tanh(fine / (nearby + _NOISE)), np.float32)


def _correlation(a: FloatArray, b: FloatArray, where: NDArray[np.bool_]) -> float:
    first, second = a[where], b[where]
    first, second = first - first.mean(), second - second.mean()
    scale = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(first @ second) / scale if scale > 1e-3 else 0.0
