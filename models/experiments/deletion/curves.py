"""Deletion and insertion curves (Petsiuk et al. 2018) over patches, with the blurred image as "nothing there".

Deletion starts with the image and blurs its patches, the most salient first; insertion starts with the blurred image
and puts the sharp patches back, the most salient first. What is followed is the probability of the class that the
network predicts for the image as it is.

Shapes: N images, L patches on rows x columns, S pixels a side, T = steps + 1 shares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Pixels = NDArray[np.uint8]
Answer = Callable[[Pixels], Array]


def patch_order(saliency: Array, generator: np.random.Generator) -> NDArray[np.int64]:
    """(L,) patches by falling saliency (L,); equal ones in random order."""
    chance = generator.permutation(len(saliency))
    order: NDArray[np.int64] = chance[np.argsort(-saliency[chance], kind="stable")]
    return order


def blurred(image: Pixels, share: float) -> Pixels:
    """The image (S, S, 3) under a Gaussian whose standard deviation is a share of its side."""
    found: Any = cv2.GaussianBlur(np.ascontiguousarray(image), (0, 0), share * image.shape[0])
    return np.asarray(found, np.uint8)


def mixed(sharp: Pixels, soft: Pixels, keep: NDArray[np.bool_]) -> Pixels:
    """The sharp image (S, S, 3) in the patches that are kept (L,), the soft one elsewhere."""
    side = round(len(keep) ** 0.5)
    place = np.arange(sharp.shape[0]) * side // sharp.shape[0]
    region = keep.reshape(side, side)[place][:, place]
    return np.where(region[..., None], sharp, soft)


def image_curves(
    image: Pixels, orders: Sequence[NDArray[np.int64]], answer: Answer, steps: int, blur: float
) -> tuple[Array, Array]:
    """Both curves of one image for some orders of its patches.

    Args:
        image: (S, S, 3).
        orders: (L,) each, the first patch first.
        answer: probability (B,) of the followed class for images (B, S, S, 3).
        steps: T - 1.
        blur: see ``blurred``.

    Returns:
        (orders, T) deletion and insertion: probability when 0, 1/steps ... 1 of the patches are blurred, or sharp.
    """
    soft, patches = blurred(image, blur), len(orders[0])
    counts = np.rint(np.linspace(0, patches, steps + 1)).astype(int)[1:-1]
    pictures = [image, soft]
    for order in orders:
        for count in counts:
            first = np.zeros(patches, np.bool_)
            first[order[:count]] = True
            pictures += [mixed(image, soft, ~first), mixed(image, soft, first)]
    answers = answer(np.stack(pictures))
    between = answers[2:].reshape(len(orders), len(counts), 2)
    whole, none = np.full((len(orders), 1), answers[0]), np.full((len(orders), 1), answers[1])
    return np.hstack([whole, between[..., 0], none]), np.hstack([none, between[..., 1], whole])


def areas(curves: Array) -> Array:
    """Area under curves (..., T) over shares from 0 to 1: their mean height, by the trapezoid rule."""
    result: Array = (curves[..., :-1] + curves[..., 1:]).mean(-1) / 2
    return result
