"""Tokens of a frozen encoder, computed once and kept in files: what a quick retraining trains on.

Shapes: N images, S pixels a side, L tokens, D token width.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.devices import has_fast_bfloat16
from models.encoders.loading import Preprocessing
from models.preprocessing import normalise
from models.train.engine import TrainingCancelled

_BATCH = 32
_CHUNK = 256
_TOKENS, _ABOUT = "tokens.npy", "about.json"
Counted = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class CachedTokens:
    """Tokens of a split.

    Attributes:
        values: (N, L, D) memory-mapped; float32, or uint16 with the upper halves of float32 numbers.
        reused: whether they lay there already.
        seconds: that computing or reading them took.
    """

    values: NDArray[Any]
    reused: bool
    seconds: float


class TokenCache:
    """Tokens by encoder weights, images and preprocessing; labels and concept sets play no part.

    The encoder is what counts, not the checkpoint: a model that was retrained quickly has its parent's, and so finds
    its parent's tokens.

    Args:
        folder: made when something is kept.
        encoder: in evaluation mode, on its device.
        preprocessing: of it.
    """

    def __init__(self, folder: Path, encoder: nn.Module, preprocessing: Preprocessing) -> None:
        self._folder = folder
        self._encoder = encoder.eval()
        self._preprocessing = preprocessing
        self._identity = {"encoder": encoder_digest(encoder), "preprocessing": repr(preprocessing)}

    def get(
        self,
        images: NDArray[np.uint8],
        *,
        halves: bool,
        progress: Counted | None = None,
        cancelled: Callable[[], bool] | None = None,
        folder: Path | None = None,
    ) -> CachedTokens:
        """The tokens of images, computed where they are not kept yet.

        Args:
            images: (N, S, S, 3) uint8, possibly memory-mapped; a batch of them is in memory at a time.
            halves: keeps bf16 numbers, which take half the space; computed in bf16 where the hardware does that.
                Otherwise float32, and the bottleneck gives for them what it gives for the images.
            progress: called with (done, all) images.
            cancelled: asked before every batch.
            folder: to keep these in instead of the cache's own.

        Raises:
            TrainingCancelled: if ``cancelled`` said so; nothing is kept.
            OSError: if they cannot be kept.
        """
        start = time.perf_counter()
        bfloat16 = halves and has_fast_bfloat16(self._device)
        about = {**self._identity, "images": images_digest(images), "halves": halves, "bfloat16": bfloat16}
        key = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:24]
        folder = folder or self._folder
        place = folder / key
        found = _read(place, len(images))
        if found is not None:
            return CachedTokens(found, reused=True, seconds=time.perf_counter() - start)
        making = folder / f".{key}.making-{os.getpid()}"
        shutil.rmtree(making, ignore_errors=True)
        try:
            making.mkdir(parents=True)
            self._compute(making / _TOKENS, images, (halves, bfloat16), progress, cancelled)
            (making / _ABOUT).write_text(json.dumps(about, indent=1) + "\n", "utf-8")
            shutil.rmtree(place, ignore_errors=True)  # damaged, or it would have been read
            making.replace(place)
        finally:
            shutil.rmtree(making, ignore_errors=True)
        found = _read(place, len(images))
        if found is None:
            raise OSError(f"{place} cannot be read back; is the disk full?")
        return CachedTokens(found, reused=False, seconds=time.perf_counter() - start)

    @property
    def _device(self) -> torch.device:
        return next(self._encoder.parameters()).device

    @torch.inference_mode()
    def _compute(
        self,
        path: Path,
        images: NDArray[np.uint8],
        precision: tuple[bool, bool],
        progress: Counted | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        halves, bfloat16 = precision
        kept: NDArray[Any] | None = None
        for begin in range(0, len(images), _BATCH):
            if cancelled is not None and cancelled():
                raise TrainingCancelled("the retraining was cancelled while tokens were computed")
            batch = normalise(np.asarray(images[begin : begin + _BATCH]), self._preprocessing).to(self._device)
            with torch.autocast(self._device.type, torch.bfloat16, enabled=bfloat16):
                tokens: Tensor = self._encoder(batch)
            tokens = tokens.float().cpu()
            if kept is None:
                kind = np.uint16 if halves else np.float32
                shape = (len(images), *tokens.shape[1:])
                kept = np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=shape)
            kept[begin : begin + len(tokens)] = _halves(tokens) if halves else tokens.numpy()
            if progress is not None:
                progress(begin + len(tokens), len(images))
        if kept is None:
            raise ValueError("there are no images")
        kept.flush()  # type: ignore[attr-defined]


def _halves(tokens: Tensor) -> NDArray[np.uint16]:
    halves: NDArray[np.uint16] = tokens.bfloat16().view(torch.int16).numpy().view(np.uint16)
    return halves


def _read(place: Path, count: int) -> NDArray[Any] | None:
    """(N, L, D) as kept, or None where there is nothing or a part of it."""
    if not (place / _ABOUT).is_file():
        return None
    try:
        values: NDArray[Any] = np.load(place / _TOKENS, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError):
        return None
    return values if values.ndim == 3 and len(values) == count else None


def encoder_digest(encoder: nn.Module) -> str:
    """SHA-256 of an encoder's weights, by name."""
    digest = hashlib.sha256()
    for name, value in sorted(encoder.state_dict().items()):
        digest.update(f"{name} {value.dtype} {tuple(value.shape)}".encode())
        digest.update(value.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def images_digest(images: NDArray[np.uint8]) -> str:
    """SHA-256 of all pixels (N, S, S, 3) and their shape."""
    digest = hashlib.sha256(str(images.shape).encode())
    for begin in range(0, len(images), _CHUNK):
        digest.update(np.ascontiguousarray(images[begin : begin + _CHUNK]).data)
    return digest.hexdigest()
