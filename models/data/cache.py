"""Decoded images and masks of a data set as memory-mapped files below its folder, made once and used by all.

Two trainings may ask for the same file at once: one makes it under another name and renames it, the other waits.

Shapes: N images, S pixels a side, M masks, G patches a side.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.data.errors import DataError
from models.data.manifest import PreparedRow
from models.data.pool import in_order
from models.data.reading import read_patches, read_square
from models.data.records import MaskSource
from models.squares import RESIZE_MODES

try:
    import fcntl
except ImportError:  # Windows: without the lock two processes do the same work, and the later one's file stays
    fcntl = None  # type: ignore[assignment]

FOLDER = "cache"
# Part of the files' names: raise it when geometry or decoding change.
EDITION = 1
_COPIED = 1024

Progress = Callable[[int, int], None]


def squares(folder: Path, rows: Sequence[PreparedRow], size: int, mode: str, progress: Progress | None) -> Any:
    """All images as the encoder gets them, (N, S, S, 3) uint8, memory-mapped.

    Args:
        folder: of the data set.
        rows: of the data set, all of them.
        size: S.
        mode: how a picture becomes a square (``models.squares``).
        progress: called with (done, all) while images are decoded.

    Raises:
        DataError: if an image cannot be read any more, is not what was imported, or the disk is full.
        ValueError: if the mode is unknown.
    """
    if mode not in RESIZE_MODES:
        raise ValueError(f"resize mode is {mode!r}; expected {', '.join(RESIZE_MODES)}")
    shape = (len(rows), size, size, 3)

    def fill(array: NDArray[np.uint8]) -> None:
        decoded = in_order(partial(_square, size, mode), rows, None, _crashed)
        for index, (row, result) in enumerate(zip(rows, decoded, strict=True)):
            if isinstance(result, str):
                raise DataError(f"{result}; put it back, or import the data set again")
            square, digest = result
            if digest != row.sha256:
                raise DataError(f"{row.image.path}: has changed since the import; import the data set again")
            array[index] = square
            if progress is not None:
                progress(index + 1, len(rows))

    return _kept(folder, f"images-{mode}-{size}-v{EDITION}", shape, np.uint8, fill)


def patches(
    folder: Path, rows: Sequence[PreparedRow], keys: Sequence[str], size: int, mode: str, grid: int
) -> NDArray[np.float32]:
    """Share of each patch that masks cover, (N, M, G, G) float32, memory-mapped; zero where there is no mask.

    Args:
        folder: of the data set.
        rows: of the data set, all of them.
        keys: (M,) of the masks.
        size: side of the square in pixels.
        mode: how a picture becomes a square.
        grid: G.

    Raises:
        DataError: as ``squares``.
    """
    shape = (len(rows), len(keys), grid, grid)
    if not keys:
        return np.zeros(shape, np.float32)

    def fill(array: NDArray[np.float32]) -> None:
        marked = [index for index, row in enumerate(rows) if any(row.masks.get(key) for key in keys)]
        tasks = [rows[index] for index in marked]
        results = in_order(partial(_patches, tuple(keys), size, mode, grid), tasks, None, _crashed)
        for index, result in zip(marked, results, strict=True):
            if isinstance(result, str):
                raise DataError(f"{result}; put it back, or import the data set again")
            array[index] = result

    named = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:12]
    return np.asarray(_kept(folder, f"masks-{named}-{mode}-{size}-{grid}-v{EDITION}", shape, np.float32, fill))


def selection(folder: Path, images: Any, indices: NDArray[np.int64]) -> Any:
    """Some of the cached images, in the order of the indices; memory-mapped, like all of them.

    A run of neighbours, as a split is, costs nothing; anything else is copied into a file of its own.
    """
    if len(indices) == 0:
        return images[:0]
    first = int(indices[0])
    if np.array_equal(indices, np.arange(first, first + len(indices))):
        return images[first : first + len(indices)]
    shape = (len(indices), *images.shape[1:])
    chosen = hashlib.sha256(np.ascontiguousarray(indices, dtype="<i8").tobytes()).hexdigest()[:16]

    def fill(array: NDArray[np.uint8]) -> None:
        for start in range(0, len(indices), _COPIED):
            array[start : start + _COPIED] = images[indices[start : start + _COPIED]]

    return _kept(folder, f"{Path(images.filename).stem}-{chosen}", shape, images.dtype, fill)


def _kept(folder: Path, name: str, shape: tuple[int, ...], dtype: Any, fill: Callable[[Any], None]) -> Any:
    """The array in a file, which is made first if it is not there; read-only."""
    path = folder / FOLDER / f"{name}.npy"
    found = _load(path, shape)
    if found is not None:
        return found
    try:
        path.parent.mkdir(exist_ok=True)
        with _locked(path.with_suffix(".lock")):
            found = _load(path, shape)  # made by another process while this one waited
            if found is None:
                _make(path, shape, dtype, fill)
                found = _load(path, shape)
    except OSError as error:
        raise DataError(f"{path}: cannot be written ({error.strerror or error})") from error
    if found is None:
        raise DataError(f"{path}: cannot be read after it was written")
    return found


def _make(path: Path, shape: tuple[int, ...], dtype: Any, fill: Callable[[Any], None]) -> None:
    needed = int(np.prod(shape)) * np.dtype(dtype).itemsize
    free = shutil.disk_usage(path.parent).free
    # A memory-mapped file on a full disk ends the process with a bus error, where writing would raise.
    if needed > free * 0.95:
        raise DataError(
            f"{path.parent}: decoded images need {needed / 1e9:.1f} GB, {free / 1e9:.1f} GB are free;"
            " take a smaller size, or another disk for the data folder"
        )
    temporary = path.with_name(f".{path.stem}-{os.getpid()}.npy")
    try:
        array = np.lib.format.open_memmap(temporary, mode="w+", dtype=dtype, shape=shape)
        fill(array)
        array.flush()
        del array
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _load(path: Path, shape: tuple[int, ...]) -> Any:
    try:
        array = np.load(path, mmap_mode="r")
    except (OSError, ValueError, EOFError):  # the last: an empty file
        return None
    return array if array.shape == shape else None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Waits for other processes; the system takes the lock back from one that dies."""
    with path.open("w") as stream:
        if fcntl is not None:
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _square(size: int, mode: str, row: PreparedRow) -> tuple[NDArray[np.uint8], str] | str:
    try:
        return read_square(row.image, size, mode)
    except DataError as error:
        return str(error)


def _patches(keys: tuple[str, ...], size: int, mode: str, grid: int, row: PreparedRow) -> NDArray[np.float32] | str:
    masks: tuple[tuple[MaskSource, ...], ...] = tuple(row.masks.get(key, ()) for key in keys)
    try:
        return read_patches(masks, row.height, row.width, size, mode, grid)
    except DataError as error:
        return str(error)


def _crashed(row: PreparedRow) -> str:
    return f"{row.image.path}: decoding it ended the process (damaged, or out of memory)"
