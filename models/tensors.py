"""Tensors as a safetensors file, with faults of the disk as what they are."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor

_SYSTEM = re.compile(r"\(os error (\d+)\)")


def write_tensors(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None) -> None:
    """Writes the file; one of that name is replaced.

    Args:
        path: of the file.
        tensors: contiguous, on the CPU, none sharing memory with another.
        metadata: for its header.

    Raises:
        OSError: if it cannot be written, as on a full disk; safetensors has an error of its own for that.
    """
    try:
        save_file(dict(tensors), path, metadata=None if metadata is None else dict(metadata))
    except SafetensorError as error:
        found = _SYSTEM.search(str(error))
        if found is None:
            raise
        raise OSError(int(found[1]), os.strerror(int(found[1])), str(path)) from error
