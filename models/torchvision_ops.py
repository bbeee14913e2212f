"""Lets torchvision import beside a CPU build of torch.

The torchvision wheel is built for CUDA torch. With the CPU build its compiled operators do not load, and the
import then fails because two operator names it registers fake kernels for are missing. Defining the names is
enough: nothing in Vitrine calls them. Import this module before anything that imports torchvision
(timm and open_clip do).
"""

from __future__ import annotations

import importlib.util

import torch

_OPERATORS = ("nms", "qnms")
_SIGNATURE = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"

# The library object must live as long as the process: torch removes the operators when it is collected.
_library: torch.library.Library | None = None


def ensure_torchvision_imports() -> None:
    """Defines ``torchvision::nms`` and ``::qnms`` where the compiled operators cannot load; otherwise does nothing."""
    global _library  # noqa: PLW0603 (one per process, by torch's design)
    if _library is not None or torch.version.cuda is not None:
        return
    if importlib.util.find_spec("torchvision") is None:
        return
    _library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for name in _OPERATORS:
        _library.define(name + _SIGNATURE)  # type: ignore[no-untyped-call]
