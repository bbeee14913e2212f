"""Images that are no longer what they were: corrupted, taken to pieces, or noise from the start.

The strengths are steps from hardly visible to hardly recognizable, in the manner of ImageNet-C (Hendrycks and
Dietterich 2019).

Shapes: N images, S pixels a side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
_Change = Callable[[Pixels, float, np.random.Generator], Pixels]

STRENGTHS = (1, 2, 3, 4, 5)
_BLOCKS = 14  # a side, as many as there are patches
_REFERENCE = 224  # pixels a side that blurs are given for


def _noise(image: Pixels, deviation: float, stream: np.random.Generator) -> Pixels:
    return _rounded(image + 255 * deviation * stream.standard_normal(image.shape))


def _blur(image: Pixels, deviation: float, _stream: np.random.Generator) -> Pixels:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), deviation * image.shape[0] / _REFERENCE), np.uint8)


def _contrast(image: Pixels, factor: float, _stream: np.random.Generator) -> Pixels:
    mean = image.mean((0, 1))
    return _rounded(mean + factor * (image - mean))


def _brightness(image: Pixels, offset: float, _stream: np.random.Generator) -> Pixels:
    return _rounded(image + 255.0 * offset)


def _jpeg(image: Pixels, quality: float, _stream: np.random.Generator) -> Pixels:
    _, data = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(quality)])
    return np.ascontiguousarray(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])


def _occlusion(image: Pixels, share: float, stream: np.random.Generator) -> Pixels:
    side = image.shape[0]
    width = max(1, round(side * share**0.5))
    top, left = stream.integers(0, side - width + 1, 2)
    found = image.copy()
    found[top : top + width, left : left + width] = 0
    return found


# What each strength means: standard deviation (of the range; of pixels), factor, offset, JPEG quality, share of area.
CORRUPTIONS: Mapping[str, tuple[_Change, tuple[float, ...]]] = MappingProxyType(
    {
        "noise": (_noise, (0.03, 0.06, 0.12, 0.18, 0.25)),
        "blur": (_blur, (1, 2, 3, 4.5, 6)),
        "contrast": (_contrast, (0.75, 0.5, 0.35, 0.2, 0.1)),
        "brightness": (_brightness, (0.1, 0.2, 0.3, 0.4, 0.5)),
        "jpeg": (_jpeg, (50, 30, 15, 8, 4)),
        "occlusion": (_occlusion, (0.05, 0.1, 0.2, 0.3, 0.4)),
    }
)


def corrupted(images: Pixels, name: str, strength: int, seed: int) -> Pixels:
    """Copies of images (N, S, S, 3) with a corruption of strength 1 to 5; the same for the same seed.

    Raises:
        ValueError: there is no such corruption or strength.
    """
    if name not in CORRUPTIONS or strength not in STRENGTHS:
        raise ValueError(f"{name} of strength {strength}: there are {', '.join(CORRUPTIONS)}, of strength 1 to 5")
    change, values = CORRUPTIONS[name]
    return _each(images, partial(_corrupt, change, values[strength - 1]), seed)


def shuffled(images: Pixels, seed: int) -> Pixels:
    """Copies whose 14 x 14 blocks stand in another order: the same patches, no anatomy."""
    return _each(images, _shuffle, seed)


def flat(images: Pixels) -> Pixels:
    """Copies that are all of one colour: their own mean."""
    means = np.stack([np.asarray(image).mean((0, 1)) for image in images])
    return np.broadcast_to(_rounded(means)[:, None, None], images.shape).copy()


def uniform_noise(count: int, side: int, seed: int) -> Pixels:
    """(count, side, side, 3): every channel of every pixel drawn evenly from 0 to 255."""
    stream = np.random.default_rng(seed)
    return stream.integers(0, 256, (count, side, side, 3), dtype=np.uint8)


def _each(images: Pixels, change: Callable[[Pixels, np.random.Generator], Pixels], seed: int) -> Pixels:
    streams = np.random.default_rng(seed).spawn(len(images))
    return np.stack([change(np.asarray(image), stream) for image, stream in zip(images, streams, strict=True)])


def _corrupt(change: _Change, value: float, image: Pixels, stream: np.random.Generator) -> Pixels:
    return change(image, value, stream)


def _shuffle(image: Pixels, stream: np.random.Generator) -> Pixels:
    block = image.shape[0] // _BLOCKS
    inner = image[: block * _BLOCKS, : block * _BLOCKS]
    blocks = inner.reshape(_BLOCKS, block, _BLOCKS, block, 3).transpose(0, 2, 1, 3, 4).reshape(-1, block, block, 3)
    mixed = blocks[stream.permutation(len(blocks))].reshape(_BLOCKS, _BLOCKS, block, block, 3)
    found = image.copy()
    found[: block * _BLOCKS, : block * _BLOCKS] = mixed.transpose(0, 2, 1, 3, 4).reshape(inner.shape)
    return found


def _rounded(values: NDArray[np.floating]) -> Pixels:
    found: Pixels = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return found
