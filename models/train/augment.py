"""Augmentation that keeps every concept label true, one policy a modality. Masks follow every change of place.

Runs in the threads that prepare batches, so it is numpy and OpenCV on 8-bit images: a torch operation in a second
thread slows down those of the first.

Shapes: S pixels a side, G masks of rows x columns patches.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.train.settings import Augmentation, PolicyName

Image = NDArray[np.uint8]
Masks = NDArray[np.float32]
_Pixels = NDArray[np.integer[Any] | np.floating[Any]]

# What each modality allows. Ultrasound is never turned upside down: shadows fall away from the probe. Chest X-rays are
# never mirrored: the heart has a side. Only what is seen from above has all eight symmetries.
POLICIES = MappingProxyType(
    {
        "dermoscopy": Augmentation(symmetries="all", contrast=0.1, tint=0.04, offset=0.025),
        "ultrasound": Augmentation(
            symmetries="horizontal",
            crop=0.8,
            stretch=0.1,
            gain=0.1,
            gamma=0.15,
            contrast=0.1,
            offset=0.02,
            speckle=0.12,
            blur=0.8,
        ),
        "xray": Augmentation(crop=0.85, rotation=7.0, gain=0.1, gamma=0.1, contrast=0.1, blur=0.5),
        "fundus": Augmentation(
            symmetries="horizontal", crop=0.85, rotation=15.0, gain=0.1, gamma=0.1, contrast=0.1, tint=0.04
        ),
        "mammography": Augmentation(
            symmetries="horizontal", crop=0.85, rotation=10.0, gain=0.1, gamma=0.1, contrast=0.1, blur=0.5
        ),
        "histology": Augmentation(
            symmetries="all", crop=0.8, gain=0.05, gamma=0.05, contrast=0.1, tint=0.08, offset=0.02, blur=0.6
        ),
        "general": Augmentation(
            symmetries="horizontal", crop=0.6, stretch=0.2, gain=0.1, contrast=0.1, tint=0.05, offset=0.02
        ),
    }
)
# Words in a concept set's modality, and the policy they mean.
_MODALITIES: tuple[tuple[str, PolicyName], ...] = (
    ("dermoscop", "dermoscopy"),
    ("ultraso", "ultrasound"),
    ("mammogra", "mammography"),
    ("fundus", "fundus"),
    ("retina", "fundus"),
    ("histo", "histology"),
    ("patholog", "histology"),
    ("x-ray", "xray"),
    ("xray", "xray"),
    ("radiograph", "xray"),
)


def policy_for(modality: str) -> Augmentation:
    """The policy that suits a concept set's modality; the general one where nothing is known of it."""
    words = modality.casefold()
    return next((POLICIES[policy] for word, policy in _MODALITIES if word in words), POLICIES["general"])


def choose_policy(wanted: bool | PolicyName | Augmentation, modality: str) -> Augmentation:
    """The policy that the settings mean, for a modality."""
    if isinstance(wanted, Augmentation):
        return wanted
    if isinstance(wanted, bool):
        return policy_for(modality) if wanted else Augmentation()
    return POLICIES[wanted]


def augment(
    image: Image, masks: Masks | None, policy: Augmentation, stream: np.random.Generator
) -> tuple[Image, Masks | None]:
    """Changes one image, and its masks with it.

    Args:
        image: (S, S, 3) uint8.
        masks: (G, rows, columns) float32 or None.
        policy: what to do.
        stream: source of randomness.

    Returns:
        Image and masks of the same shapes; the arrays given stay as they are.
    """
    image, masks = _symmetry(image, masks, policy, stream)
    image, masks = _place(image, masks, policy, stream)
    image = _light(image, policy, stream)
    return _grain(image, policy, stream), masks


def _symmetry(
    image: Image, masks: Masks | None, policy: Augmentation, stream: np.random.Generator
) -> tuple[Image, Masks | None]:
    if policy.symmetries == "none":
        return image, masks
    turns = int(stream.integers(4)) if policy.symmetries == "all" else 0
    image = np.rot90(image, turns)
    masks = None if masks is None else np.rot90(masks, turns, (1, 2))
    if stream.random() < 0.5:
        image, masks = image[:, ::-1], None if masks is None else masks[:, :, ::-1]
    return image, masks


def _place(
    image: Image, masks: Masks | None, policy: Augmentation, stream: np.random.Generator
) -> tuple[Image, Masks | None]:
    """A random crop, stretched and turned a little, resized to the whole."""
    if policy.crop == 1.0 and policy.stretch == 0.0 and policy.rotation == 0.0:
        return image, masks
    side = np.sqrt(stream.uniform(policy.crop, 1.0))
    ratio = np.exp(stream.uniform(-1.0, 1.0) * np.log1p(policy.stretch) / 2)
    width, height = min(1.0, side * ratio), min(1.0, side / ratio)
    centre = 0.5 + (stream.random(2) - 0.5) * (1.0 - np.array([width, height]))
    angle = np.deg2rad(stream.uniform(-policy.rotation, policy.rotation))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = turn * np.array([width, height])
    image = np.asarray(_warp(np.ascontiguousarray(image), linear, centre), np.uint8)
    if masks is not None:
        masks = np.stack([_warp(np.ascontiguousarray(mask), linear, centre) for mask in masks]).astype(np.float32)
    return image, masks


def _warp(pixels: _Pixels, linear: NDArray[np.float64], centre: NDArray[np.float64]) -> _Pixels:
    """Reads a picture (H, H[, channels]) at ``linear (u - 1/2) + centre`` for every place u in the unit square."""
    size = pixels.shape[0]
    # From pixel indices to the unit square a pixel's centre lies at (index + 1/2) / size.
    shift = size * centre - 0.5 + linear @ np.full(2, 0.5 - size / 2)
    matrix = np.concatenate([linear, shift[:, None]], 1)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped: _Pixels = cv2.warpAffine(pixels, matrix, (size, size), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return warped


def _light(image: Image, policy: Augmentation, stream: np.random.Generator) -> Image:
    """Contrast, offset, gain, tint and gamma as one table of 256 values per channel."""
    strengths = np.array([policy.contrast, policy.offset, policy.gain, policy.gamma])
    if not strengths.any() and policy.tint == 0.0:
        return image
    contrast, offset, gain, gamma = strengths * stream.standard_normal(4)
    tint = np.exp(policy.tint * stream.standard_normal(3))
    values = np.linspace(0.0, 1.0, 256)[:, None]
    middle = float(image.mean()) / 255.0
    values = ((values - middle) * np.exp(contrast) + middle + offset) * np.exp(gain) * tint
    table = np.rint(np.clip(values, 0.0, 1.0) ** np.exp(gamma) * 255.0).astype(np.uint8)
    return np.asarray(cv2.LUT(np.ascontiguousarray(image), table[None]), np.uint8)


def _grain(image: Image, policy: Augmentation, stream: np.random.Generator) -> Image:
    size = image.shape[0]
    if policy.blur > 0.0 and stream.random() < 0.5:
        blurred = cv2.GaussianBlur(np.ascontiguousarray(image), (0, 0), stream.uniform(0.1, max(0.1, policy.blur)))
        image = np.asarray(blurred, np.uint8)
    if policy.speckle > 0.0:
        grain = int(stream.integers(1, 4))
        noise = stream.standard_normal((-(-size // grain),) * 2, dtype=np.float32)
        noise = np.asarray(cv2.resize(noise, (size, size), interpolation=cv2.INTER_LINEAR), np.float32)
        factor = 1.0 + np.float32(stream.uniform(0.0, policy.speckle)) * noise
        image = np.clip(np.rint(image * factor[..., None]), 0, 255).astype(np.uint8)
    if policy.erase > 0.0 and stream.random() < policy.erase:
        image = _erased(image, stream)
    return image


def _erased(image: Image, stream: np.random.Generator) -> Image:
    size = image.shape[0]
    side, ratio = size * np.sqrt(stream.uniform(0.02, 0.2)), np.exp(stream.uniform(-0.7, 0.7) / 2)
    height, width = min(size, max(1, int(side * ratio))), min(size, max(1, int(side / ratio)))
    top, left = int(stream.integers(size - height + 1)), int(stream.integers(size - width + 1))
    image = image.copy()
    image[top : top + height, left : left + width] = image.mean((0, 1)).astype(np.uint8)
    return image
