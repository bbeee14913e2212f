"""Vitrine's own small image tower: a convolutional stem and six transformer blocks, 196 patch tokens.

The stem replaces the single 16 x 16 patch projection of a plain ViT. Dermoscopic and sonographic findings are local
textures (a pigment network, speckle), and from random weights a few 3 x 3 convolutions learn them from thousands of
images where a plain ViT needs millions (Xiao et al. 2021, "Early convolutions help transformers see better").

Registered with timm, so that open_clip builds it like any other timm tower.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from models.torchvision_ops import ensure_torchvision_imports

ensure_torchvision_imports()

import open_clip  # noqa: E402
from timm.layers.hybrid_embed import HybridEmbed  # noqa: E402
from timm.models import (  # noqa: E402
    VisionTransformer,
    build_model_with_cfg,
    generate_default_cfgs,
    register_model,
)
from torch import Tensor, nn  # noqa: E402

ARCHITECTURE = "vitrine_small"
CONFIG_FOLDER = Path(__file__).parent / "configs"
_STAGES = ((32, 0), (64, 0), (128, 1), (192, 1))  # (channels, residual blocks) of each stride-2 stage


class _ConvNormAct(nn.Sequential):
    def __init__(self, channels_in: int, channels_out: int, stride: int) -> None:
        super().__init__(
            nn.Conv2d(channels_in, channels_out, 3, stride, 1, bias=False),
            nn.BatchNorm2d(channels_out),
            nn.ReLU(inplace=True),
        )


class _Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _ConvNormAct(channels, channels, 1)
        self.second = nn.Sequential(nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, features: Tensor) -> Tensor:
        return nn.functional.relu(features + self.second(self.first(features)))


class ConvolutionalStem(nn.Module):
    """(B, 3, H, W) -> (B, 192, H / 16, W / 16)."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 3
        for width, residuals in _STAGES:
            layers.append(_ConvNormAct(channels, width, 2))
            layers.extend(_Residual(width) for _ in range(residuals))
            channels = width
        self.layers = nn.Sequential(*layers)
        self.num_features = channels

    def forward(self, images: Tensor) -> Tensor:
        """Runs the four stages."""
        features: Tensor = self.layers(images)
        return features


def _embed(img_size: int | tuple[int, int] = 224, embed_dim: int = 192, bias: bool = True, **_: Any) -> HybridEmbed:
    return HybridEmbed(ConvolutionalStem(), img_size=img_size, patch_size=1, embed_dim=embed_dim, bias=bias)


# timm finds a registered model's defaults under this name in its module.
default_cfgs = generate_default_cfgs(
    {
        "vitrine_small": {
            "input_size": (3, 224, 224),
            "pool_size": None,
            "mean": (0.5, 0.5, 0.5),
            "std": (0.25, 0.25, 0.25),
            "classifier": "head",
        }
    }
)


@register_model
def vitrine_small(pretrained: bool = False, **kwargs: Any) -> VisionTransformer:
    """Builds the tower. There are no pretrained weights to fetch: checkpoints carry them."""
    settings: dict[str, Any] = {
        "img_size": 224,
        "patch_size": 16,
        "embed_dim": 192,
        "depth": 6,
        "num_heads": 3,
        "class_token": False,
        "global_pool": "avg",
        "fc_norm": False,  # the final norm stands before the pooling: tokens come out normalised
        "embed_layer": _embed,
    }
    model: VisionTransformer = build_model_with_cfg(
        VisionTransformer, ARCHITECTURE, pretrained, **{**settings, **kwargs}
    )
    return model


def register_architecture() -> None:
    """Makes Vitrine's architectures (``configs/``) known to open_clip. Safe to call again."""
    if ARCHITECTURE not in open_clip.list_models():
        open_clip.add_model_config(CONFIG_FOLDER)
