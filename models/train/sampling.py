"""Which images make up each batch of an epoch: a pure function of seed and epoch, so nothing of it needs saving.

Shapes: N training images, A auxiliary images, B images a batch, C classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.train.config import TrainConfig

_ORDER, _AUXILIARY, _IMAGE, _TOKENS = range(4)


def order_stream(seed: int, epoch: int) -> np.random.Generator:
    """Randomness for the order of an epoch."""
    return np.random.default_rng([seed, _ORDER, epoch])


def image_stream(seed: int, epoch: int, step: int, position: int) -> np.random.Generator:
    """Randomness for augmenting one image: the same however a batch is split over processes and parts."""
    return np.random.default_rng([seed, _IMAGE, epoch, step, position])


class BatchSizes(NamedTuple):
    """Images a batch takes of the training split and of the auxiliary set."""

    main: int
    auxiliary: int


def batch_sizes(config: TrainConfig, images: int) -> BatchSizes:
    """How a batch is made up.

    Args:
        config: batch size and share of the auxiliary set.
        images: N; a smaller set makes smaller batches.

    Returns:
        At least one image of each that takes part.
    """
    auxiliary = 0
    if config.auxiliary is not None:
        auxiliary = min(config.batch_size - 1, max(1, round(config.auxiliary.share * config.batch_size)))
    return BatchSizes(min(images, config.batch_size - auxiliary), auxiliary)


def steps_per_epoch(config: TrainConfig, images: int) -> int:
    """Batches an epoch has: the training split once, without an incomplete last batch."""
    return max(1, images // batch_sizes(config, images).main)


def plan_epoch(config: TrainConfig, classes: NDArray[np.int64], auxiliary: int, epoch: int) -> list[NDArray[np.int64]]:
    """Lists the images of each batch.

    Args:
        config: batch size, sampling, seed.
        classes: (N,) class of each training image.
        auxiliary: A, images in the auxiliary set.
        epoch: which epoch.

    Returns:
        For each step (B,) rows, sorted so that memory-mapped images are read in order; rows from N on are those of
        the auxiliary set.
    """
    count = len(classes)
    sizes, steps = batch_sizes(config, count), steps_per_epoch(config, count)
    stream = order_stream(config.seed, epoch)
    if config.sampling == "balanced":
        order = _balanced(classes, steps * sizes.main, stream)
    else:
        order = stream.permutation(count)[: steps * sizes.main]
    batches = order.reshape(steps, sizes.main)
    if sizes.auxiliary:
        extra = _cycle(auxiliary, steps * sizes.auxiliary, np.random.default_rng([config.seed, _AUXILIARY, epoch]))
        batches = np.concatenate([batches, count + extra.reshape(steps, sizes.auxiliary)], 1)
    return [np.sort(batch) for batch in batches]


def parts_of(batch: NDArray[np.int64], part: int, parts: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """One of the parts of a batch, equal up to one image.

    Every n-th image: rows are sorted, so that neighbours are of one class and auxiliary images stand at the end. A part
    of neighbours would have batch normalisation, which sees one part at a time, learn from one class or one set alone.

    Args:
        batch: (B,) rows.
        part: from 0.
        parts: how many.

    Returns:
        The part's rows, and their positions in the batch.
    """
    positions = np.arange(part, len(batch), parts)
    return batch[positions], positions


def _balanced(classes: NDArray[np.int64], draws: int, stream: np.random.Generator) -> NDArray[np.int64]:
    """(draws,) rows with every class equally often; a rare class's images come again in a new order each round."""
    present: Sequence[int] = np.unique(classes).tolist()
    shares = np.bincount(np.arange(draws) % len(present), minlength=len(present))
    rows = [
        members[_cycle(len(members), int(share), stream)]
        for members, share in zip((np.flatnonzero(classes == label) for label in present), shares, strict=True)
    ]
    return stream.permutation(np.concatenate(rows))


def _cycle(count: int, draws: int, stream: np.random.Generator) -> NDArray[np.int64]:
    """(draws,) numbers below ``count``: as many permutations of all of them as it takes."""
    rounds = -(-draws // count)
    return np.concatenate([stream.permutation(count) for _ in range(max(1, rounds))])[:draws]
