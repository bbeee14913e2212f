"""Which device and which precision to compute in."""

from __future__ import annotations

import logging

import torch

logger = logging.getLogger(__name__)


def choose_device(requested: str = "auto") -> torch.device:
    """Resolves ``auto`` to CUDA where there is one, else the CPU.

    Args:
        requested: "auto", "cpu", "cuda" or "cuda:N".

    Raises:
        ValueError: if the device is unknown or not present.
    """
    if requested == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(requested)
    except RuntimeError as error:
        raise ValueError(f"unknown device {requested!r}: use auto, cpu, cuda or cuda:N") from error
    if device.type not in ("cpu", "cuda"):
        raise ValueError(f"device {requested!r} is not supported: use auto, cpu, cuda or cuda:N")
    if device.type == "cuda" and not torch.cuda.is_available():
        raise ValueError(f"device {requested!r} asked for, but torch sees no CUDA device; use auto or cpu")
    return device


def has_fast_bfloat16(device: torch.device) -> bool:
    """Whether the device multiplies bf16 matrices in hardware (CUDA; AVX512-BF16 or AMX on a CPU)."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
