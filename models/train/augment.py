"""Augmentation that keeps every concept label true: the eight symmetries of the square, and mild light changes.

Shapes: B images, H = W pixels, G localizable groups, rows x columns patches.
"""

from __future__ import annotations

import torch
from torch import Tensor


def random_symmetries(images: Tensor, masks: Tensor | None, generator: torch.Generator) -> tuple[Tensor, Tensor | None]:
    """Applies one of the eight flips and quarter turns to each image, and the same to its masks.

    Args:
        images: (B, 3, H, W) square.
        masks: (B, G, rows, columns) or None.
        generator: source of randomness.

    Returns:
        Images and masks of the same shapes.
    """
    choice = torch.randint(8, (images.shape[0],), generator=generator)
    return _apply(images, choice), None if masks is None else _apply(masks, choice)


def _apply(batch: Tensor, choice: Tensor) -> Tensor:
    result = torch.empty_like(batch)
    for symmetry in range(8):
        rows = (choice == symmetry).nonzero()[:, 0]
        if rows.numel() == 0:
            continue
        part = torch.rot90(batch[rows], symmetry % 4, (2, 3))
        result[rows] = part.flip(3) if symmetry >= 4 else part
    return result


def random_light(images: Tensor, generator: torch.Generator, strength: float = 0.1) -> Tensor:
    """Changes gain and offset of each channel a little, as another camera would.

    Args:
        images: (B, 3, H, W) normalised.
        generator: source of randomness.
        strength: standard deviation of the gain's logarithm and of the offset, in normalised units.

    Returns:
        (B, 3, H, W).
    """
    size = (images.shape[0], 3, 1, 1)
    gain = torch.exp(strength * torch.randn(size[0], 1, 1, 1, generator=generator))
    tint = 1 + 0.4 * strength * torch.randn(size, generator=generator)
    offset = strength * torch.randn(size[0], 1, 1, 1, generator=generator)
    return images * (gain * tint).to(images) + offset.to(images)
