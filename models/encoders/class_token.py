"""Towers that also yield their class token, for the variant that aggregates it instead of the patches.

Shapes: B images, H x W pixels, L patches, D token width.
"""

from __future__ import annotations

import torch
from torch import Tensor

from models.torchvision_ops import ensure_torchvision_imports

ensure_torchvision_imports()

from open_clip.timm_model import TimmModel  # noqa: E402
from open_clip.transformer import VisionTransformer  # noqa: E402

from models.encoders.image import ImageEncoder  # noqa: E402


class ClassTokenEncoder(ImageEncoder):
    """An image encoder whose tokens are ``[z_cls, z_1, … z_L]`` (eq. 2). The weights keep their names."""

    def forward(self, images: Tensor) -> Tensor:
        """Encodes normalised images (B, 3, H, W).

        Returns:
            (B, 1 + L, D), the class token first.
        """
        if isinstance(self.tower, TimmModel):
            features: Tensor = self.tower.trunk.forward_features(images)
            prefix = self.tower.trunk.num_prefix_tokens
            return torch.cat([features[:, :1], features[:, prefix:]], 1)
        found = self.tower.forward_intermediates(
            images,
            indices=1,
            output_fmt="NLC",
            normalize_intermediates=True,
            intermediates_only=True,
            output_extra_tokens=True,
        )
        first = found["image_intermediates_prefix"][-1][:, :1]
        return torch.cat([first, found["image_intermediates"][-1]], 1)


def has_class_token(encoder: ImageEncoder) -> bool:
    """Whether the tower has a class token."""
    if isinstance(encoder.tower, VisionTransformer):
        return True
    return getattr(encoder.tower.trunk, "cls_token", None) is not None


def with_class_token(encoder: ImageEncoder) -> ClassTokenEncoder:
    """The same tower, yielding its class token too.

    Raises:
        ValueError: if it has none.
    """
    if not has_class_token(encoder):
        raise ValueError("this encoder has no class token; aggregate the mean patch token instead")
    return ClassTokenEncoder(encoder.tower)
