"""Which device jobs run on, found out without importing torch: a worker stays small, its children load it."""

from __future__ import annotations

import os
import re
import socket
from importlib.util import find_spec
from pathlib import Path

_GPUS = Path("/proc/driver/nvidia/gpus")


def for_children(setting: str, gpus: Path = _GPUS) -> str:
    """``VITRINE_DEVICE`` for a child: ``cpu`` where there can be nothing else, else the setting, which torch reads."""
    return "cpu" if setting == "auto" and not _has_cuda(gpus) else setting


def for_people(setting: str, gpus: Path = _GPUS) -> str:
    """The device with the machine's name: jobs that share it take turns."""
    found = for_children(setting, gpus)
    device = "cuda:0" if found in ("auto", "cuda") else found
    return f"{socket.gethostname()} {device}"


def _has_cuda(gpus: Path) -> bool:
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1") or not gpus.is_dir() or not any(gpus.iterdir()):
        return False
    spec = find_spec("torch")
    if spec is None or spec.origin is None:
        return False
    version = Path(spec.origin).with_name("version.py")
    built_for = re.search(r"^cuda\b[^=\n]*=\s*(.+)$", version.read_text("utf-8"), re.MULTILINE)
    return built_for is not None and built_for[1].strip() != "None"
