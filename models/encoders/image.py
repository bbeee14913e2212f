"""Patch tokens from any open_clip image tower.

Shapes: B images, H x W pixels, L patches on a grid of rows x columns, D token width.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from models.encoders import lite  # noqa: F401  (registers its architecture with timm)
from models.encoders.small import register_architecture

register_architecture()

from open_clip.model import _build_vision_tower  # noqa: E402  (no public way builds one tower alone)
from open_clip.timm_model import TimmModel  # noqa: E402
from open_clip.transformer import VisionTransformer  # noqa: E402


class ImageEncoder(nn.Module):
    """The patch tokens of an image tower's last block, ``Z = encoder(x)`` (eq. 2 without the class token).

    Only what leads to the tokens is kept: the tower's pooling and its projection to the shared space are dropped.

    Args:
        tower: an open_clip ``TimmModel`` or ``VisionTransformer``.

    Raises:
        ValueError: if the tower is of another kind, or yields no patch tokens.
    """

    def __init__(self, tower: nn.Module) -> None:
        super().__init__()
        if isinstance(tower, TimmModel):
            tower.trunk.reset_classifier(0)
            tower.head = nn.Identity()
        elif isinstance(tower, VisionTransformer):
            tower.proj = None
        else:
            raise ValueError(f"{type(tower).__name__} yields no patch tokens; choose a ViT or a timm tower")
        self.tower = tower
        size = tower.image_size
        self.image_size: int = int(size[0] if isinstance(size, (tuple, list)) else size)

    def forward(self, images: Tensor) -> Tensor:
        """Encodes normalised images.

        Args:
            images: (B, 3, H, W) with H = W = ``image_size``.

        Returns:
            (B, L, D) tokens, row by row.

        Raises:
            ValueError: if the images have another shape.
        """
        expected = (3, self.image_size, self.image_size)
        if images.ndim != 4 or tuple(images.shape[1:]) != expected:
            raise ValueError(f"expected images (B, {', '.join(map(str, expected))}), got {tuple(images.shape)}")
        if isinstance(self.tower, TimmModel):
            return self._timm_tokens(images)
        found = self.tower.forward_intermediates(
            images, indices=1, output_fmt="NLC", normalize_intermediates=True, intermediates_only=True
        )
        tokens: Tensor = found["image_intermediates"][-1]
        return tokens

    def _timm_tokens(self, images: Tensor) -> Tensor:
        features: Tensor = self.tower.trunk.forward_features(images)
        if features.ndim == 4:  # a convolutional trunk: (B, D, rows, columns)
            return features.flatten(2).transpose(1, 2)
        return features[:, self.tower.trunk.num_prefix_tokens :]

    @torch.no_grad()
    def token_shape(self) -> tuple[int, int]:
        """(L, D), found by encoding one black image."""
        training = self.training
        self.eval()
        weight = next(self.parameters())
        side = self.image_size
        tokens = self(torch.zeros(1, 3, side, side, device=weight.device, dtype=weight.dtype))
        self.train(training)
        return int(tokens.shape[1]), int(tokens.shape[2])


def build_image_encoder(model_config: dict[str, Any]) -> ImageEncoder:
    """Builds an image tower with random weights from an open_clip model configuration.

    Args:
        model_config: the ``model_cfg`` dictionary of open_clip (``embed_dim``, ``vision_cfg``, …).

    Returns:
        The encoder, in float32 on the CPU.
    """
    vision = dict(model_config["vision_cfg"], timm_model_pretrained=False)
    tower = _build_vision_tower(
        model_config["embed_dim"], vision, quick_gelu=bool(model_config.get("quick_gelu", False))
    )
    return ImageEncoder(tower)
