"""Batches, prepared ahead in background threads while the model computes.

A batch is a pure function of seed, epoch, step and position, so how many threads prepare it changes nothing.

Shapes: B images, S pixels a side, K groups, G localizable groups, rows x columns patches.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.cbm.losses import BatchTotals, batch_totals
from models.concepts import ConceptSet
from models.encoders.loading import Preprocessing
from models.train.augment import augment, choose_policy
from models.train.config import TrainConfig
from models.train.data import Split
from models.train.inputs import encoder_input
from models.train.localization import group_masks
from models.train.sampling import image_stream, parts_of, plan_epoch

_AHEAD = 3


@dataclass(frozen=True, eq=False)
class HostBatch:
    """A part of one step's batch, in main memory.

    Attributes:
        step: within the epoch.
        images: (B, S, S, 3) uint8, augmented.
        classes: (B,) int64.
        options: (B, K) int64.
        masks: (B, K, rows, columns) float32, where each group's evidence is to be looked for, empty where nothing is
            asked; None when no localization is taught.
        totals: of the whole batch.
        seconds: it took to prepare.
    """

    step: int
    images: NDArray[np.uint8]
    classes: NDArray[np.int64]
    options: NDArray[np.int64]
    masks: NDArray[np.float32] | None
    totals: BatchTotals
    seconds: float


@dataclass(frozen=True, eq=False)
class Batch:
    """The same on the device: images (B, 3, S, S) normalised, classes (B,), options (B, K), masks or None."""

    images: Tensor
    classes: Tensor
    options: Tensor
    masks: Tensor | None
    totals: BatchTotals


class BatchSource:
    """Makes the batches of a training.

    Args:
        train: the training split.
        auxiliary: images mixed in, or None.
        concept_set: gives the modality and the localizable groups.
        config: settings.
        class_weights: (C,) of the classification loss.
        part: which part of each batch this process takes, and of how many.
    """

    def __init__(
        self,
        train: Split,
        auxiliary: Split | None,
        concept_set: ConceptSet,
        config: TrainConfig,
        class_weights: Tensor,
        part: tuple[int, int] = (0, 1),
    ) -> None:
        self._sources: tuple[Split, ...] = (train,) if auxiliary is None else (train, auxiliary)
        self._classes = np.concatenate([source.classes for source in self._sources])
        self._options = np.concatenate([source.options for source in self._sources])
        self._concept_set = concept_set
        self._config = config
        self._weights = class_weights.cpu().numpy()
        self._policy = choose_policy(config.augment, concept_set.modality)
        taught = max(config.localization_weight, config.magnet_localization_weight) > 0
        grids = [
            known.shape[-2:] for source in self._sources for known in (source.masks, source.lesion) if known is not None
        ]
        self._grid = grids[0] if taught and grids else None
        self._part, self._parts = part[0] * config.accumulate, part[1] * config.accumulate
        # OpenCV's own threads would fight with torch's for the same cores.
        cv2.setNumThreads(1)

    def epoch(self, epoch: int, first_step: int = 0) -> Generator[tuple[list[HostBatch], float], None, None]:
        """Yields, per step, the parts of the batch for this process and the seconds spent waiting for them.

        Args:
            epoch: which one.
            first_step: to begin with, when an epoch is resumed.
        """
        plan = plan_epoch(self._config, self._sources[0].classes, len(self._classes) - len(self._sources[0]), epoch)
        if len(plan[0]) < self._parts:
            raise ValueError(f"a batch of {len(plan[0])} images cannot be split into {self._parts} parts")
        steps = iter(range(first_step, len(plan)))
        waiting: deque[Future[list[HostBatch]]] = deque()
        workers = self._config.workers
        with ThreadPoolExecutor(workers, thread_name_prefix="batches") as pool:
            try:
                while True:
                    while len(waiting) < workers + _AHEAD and (step := next(steps, None)) is not None:
                        waiting.append(pool.submit(self._make, plan[step], epoch, step))
                    if not waiting:
                        return
                    start = time.perf_counter()
                    batch = waiting.popleft().result()
                    yield batch, time.perf_counter() - start
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _make(self, rows: NDArray[np.int64], epoch: int, step: int) -> list[HostBatch]:
        totals = self._totals(rows)
        return [
            self._make_part(rows, (epoch, step), self._part + index, totals) for index in range(self._config.accumulate)
        ]

    def _totals(self, rows: NDArray[np.int64]) -> BatchTotals:
        return batch_totals(self._classes[rows], self._options[rows], self._weights, self._masks(rows))

    def _make_part(self, batch: NDArray[np.int64], place: tuple[int, int], part: int, totals: BatchTotals) -> HostBatch:
        start = time.perf_counter()
        rows, positions = parts_of(batch, part, self._parts)
        images = self._images(rows)
        masks = self._masks(rows)
        for index, position in enumerate(positions.tolist()):
            stream = image_stream(self._config.seed, place[0], place[1], position)
            own = None if masks is None else masks[index]
            image, moved = augment(images[index], own, self._policy, stream)
            images[index] = image
            if masks is not None and moved is not None:
                masks[index] = moved
        seconds = time.perf_counter() - start
        return HostBatch(place[1], images, self._classes[rows], self._options[rows], masks, totals, seconds)

    def _images(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        own, extra = self._divide(rows)
        parts = [np.array(self._sources[0].images[own])]
        if extra.size:
            parts.append(np.array(self._sources[1].images[extra]))
        return np.concatenate(parts) if len(parts) > 1 else parts[0]

    def _masks(self, rows: NDArray[np.int64]) -> NDArray[np.float32] | None:
        """(B, K, rows, columns) copies; zeros for images of a set without masks."""
        if self._grid is None:
            return None
        parts = []
        for source, chosen in zip(self._sources, self._divide(rows), strict=False):
            own, lesion = (None if known is None else known[chosen] for known in (source.masks, source.lesion))
            options = source.options[chosen]
            found = group_masks(own, lesion, options, self._concept_set)
            parts.append(np.zeros((*options.shape, *self._grid), np.float32) if found is None else found)
        return np.concatenate(parts)

    def _divide(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of the training split, and rows of the auxiliary set counted from its start."""
        count = len(self._sources[0])
        border = int(np.searchsorted(rows, count))
        return rows[:border], rows[border:] - count


def to_device(batch: HostBatch, preprocessing: Preprocessing, device: torch.device) -> Batch:
    """Normalises a batch and moves it; on a GPU the images travel as bytes and are normalised there."""
    masks = None if batch.masks is None else torch.from_numpy(batch.masks)
    labels = [torch.from_numpy(batch.classes), torch.from_numpy(batch.options)]
    if device.type == "cpu":
        return Batch(encoder_input(batch.images, preprocessing), labels[0], labels[1], masks, batch.totals)
    if batch.images.ndim == 3:  # tokens
        images = encoder_input(batch.images, preprocessing).to(device)
    else:
        pixels = torch.from_numpy(batch.images).pin_memory().to(device, non_blocking=True).float()
        mean = torch.tensor(preprocessing.mean, device=device) * 255.0
        std = torch.tensor(preprocessing.std, device=device) * 255.0
        images = ((pixels - mean) / std).permute(0, 3, 1, 2)
    masks = None if masks is None else masks.to(device, non_blocking=True)
    return Batch(images, labels[0].to(device), labels[1].to(device), masks, batch.totals)
