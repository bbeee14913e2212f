"""Optimizer and learning-rate schedule."""

from __future__ import annotations

import math

import torch
from torch import nn

from models.cbm.network import IVQCBM
from models.train.config import TrainConfig


def build_optimizer(network: IVQCBM, config: TrainConfig) -> torch.optim.AdamW:
    """AdamW over every parameter, the codebook and the Magnet queries among them.

    Weight decay acts on weight matrices and convolutions alone; the prototypes get their own rate.

    Args:
        network: to be trained.
        config: gives rates and decay.

    Returns:
        The optimizer.
    """
    prototypes = [network.bottleneck.ivq.codebook, network.bottleneck.magnet.queries]
    special = {id(parameter) for parameter in prototypes}
    decayed: list[nn.Parameter] = []
    plain: list[nn.Parameter] = []
    for name, parameter in network.named_parameters():
        if id(parameter) in special or not parameter.requires_grad:
            continue
        keep = parameter.ndim < 2 or "pos_embed" in name or "cls_token" in name
        (plain if keep else decayed).append(parameter)
    rate = config.learning_rate
    groups = [
        {"params": decayed, "lr": rate, "weight_decay": config.weight_decay},
        {"params": plain, "lr": rate, "weight_decay": 0.0},
        {"params": prototypes, "lr": rate * config.prototype_rate, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=rate, fused=True)


def build_schedule(optimizer: torch.optim.Optimizer, steps: int, warmup: float) -> torch.optim.lr_scheduler.LambdaLR:
    """Linear warm-up over a share of the steps, then a cosine down to zero at the last one.

    Args:
        optimizer: whose rates are scaled.
        steps: number of optimizer steps in all.
        warmup: share of them that warm up.
    """
    rising = max(1, round(steps * warmup))

    def factor(step: int) -> float:
        if step < rising:
            return (step + 1) / rising
        return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - rising) / max(1, steps - rising))))

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


def speed_up_backward(encoder: nn.Module) -> None:
    """Turns off fused attention in timm towers while training on a CPU, where its backward is the slower one."""
    for module in encoder.modules():
        if hasattr(module, "fused_attn"):
            module.fused_attn = False  # type: ignore[assignment]
