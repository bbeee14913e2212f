"""Arrays that took long to make, kept for the next run."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]


def kept_or_made(folder: Path | None, name: str, make: Callable[[], Arrays]) -> Arrays:
    """What is kept under that name; made, and kept, where nothing readable is.

    Args:
        folder: where; None keeps nothing.
        name: says all that the arrays depend on.
        make: makes them.

    Raises:
        OSError: if they cannot be written.
    """
    if folder is None:
        return make()
    path = folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.npz"
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except (OSError, ValueError, BadZipFile):
        made = make()
    folder.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    try:
        with temporary.open("wb") as file:
            np.savez(file, **dict(made))  # type: ignore[arg-type]
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return made
