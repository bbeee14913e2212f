"""Optimizer and learning-rate schedule."""

from __future__ import annotations

import math

import torch
from torch import nn

from models.cbm.network import IVQCBM
from models.train.config import TrainConfig
from models.train.depthwise import DepthwiseConv2d, is_slow


def build_optimizer(network: IVQCBM, config: TrainConfig) -> torch.optim.AdamW:
    """AdamW over every parameter that is trained, the codebook and the Magnet queries among them.

    Encoder, bottleneck and prototypes have rates of their own. Weight decay acts on weight matrices and convolutions
    alone.

    Args:
        network: to be trained; what needs no gradient is left out.
        config: gives rates and decay.

    Returns:
        The optimizer.
    """
    factors = {
        "encoder": config.encoder_rate,
        "bottleneck": config.bottleneck_rate,
        "prototypes": config.prototype_rate,
    }
    members: dict[tuple[str, float], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            kind = parameter_kind(name)
            plain = parameter.ndim < 2 or kind == "prototypes" or "pos_embed" in name or "cls_token" in name
            members.setdefault((kind, 0.0 if plain else config.weight_decay), []).append(parameter)
    groups = [
        {"params": parameters, "lr": config.learning_rate * factors[kind], "weight_decay": decay, "kind": kind}
        for (kind, decay), parameters in members.items()
    ]
    return torch.optim.AdamW(groups, lr=config.learning_rate, fused=True)


def parameter_kind(name: str) -> str:
    """Which of the groups with a rate of its own a parameter belongs to: encoder, bottleneck or prototypes."""
    if name.startswith("encoder."):
        return "encoder"
    prototypes = ("bottleneck.ivq.codebook", "bottleneck.magnet.queries", "bottleneck.magnet.log_temperature")
    return "prototypes" if name in prototypes else "bottleneck"


def rate_factor(config: TrainConfig, step: int, steps: int) -> float:
    """Share of the peak learning rate at a step: a linear warm-up, then a cosine or an exponential decay.

    Args:
        config: warm-up and schedule.
        step: from 0.
        steps: in all.
    """
    rising = max(1, round(steps * config.warmup))
    if step < rising:
        return (step + 1) / rising
    progress = min(1.0, (step - rising) / max(1, steps - rising))
    if config.schedule == "exponential":
        return float(config.final_rate**progress)
    return 0.5 * (1 + math.cos(math.pi * progress))


def set_rates(optimizer: torch.optim.Optimizer, config: TrainConfig, step: int, steps: int) -> float:
    """Sets the learning rates for a step. A pure function of it: nothing of a schedule needs saving.

    Returns:
        The rate without a group's own factor.
    """
    factor = rate_factor(config, step, steps)
    for group in optimizer.param_groups:
        peak = group.setdefault("peak", group["lr"])
        group["lr"] = peak * factor
    return config.learning_rate * factor


def speed_up_backward(encoder: nn.Module) -> None:
    """For training on a CPU; weights keep their names.

    Fused attention of timm towers has the slower backward there, and depthwise convolutions get one of their own.
    """
    for module in list(encoder.modules()):
        if hasattr(module, "fused_attn"):
            module.fused_attn = False  # type: ignore[assignment]
        for name, child in list(module.named_children()):
            if is_slow(child):
                setattr(module, name, DepthwiseConv2d(child))  # type: ignore[arg-type]
