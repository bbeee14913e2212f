"""Random streams: one root per (set, split, index), one named child per part of the picture.

Named children keep parts apart: drawing another palette never moves a hair.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from models.data.records import SPLITS, SplitName

_EDITION = 1


@dataclass(frozen=True)
class Streams:
    """The generators of one picture."""

    entropy: tuple[int, ...]

    def get(self, name: str) -> np.random.Generator:
        """A fresh generator that depends on the picture and on ``name`` only."""
        seed = np.random.SeedSequence([*self.entropy, zlib.crc32(name.encode())])
        return np.random.Generator(np.random.PCG64(seed))


def streams_of(split: SplitName, index: int, salt: tuple[int, ...] = ()) -> Streams:
    """The streams of one picture.

    Args:
        split: which split.
        index: which picture, from 0.
        salt: keeps the streams of another set apart from those of dermoscopy, which has none.

    Raises:
        ValueError: if the split is unknown or the index negative.
    """
    if split not in SPLITS:
        raise ValueError(f"split is {split!r}; expected one of {', '.join(SPLITS)}")
    if index < 0:
        raise ValueError(f"index is {index}; expected 0 or more")
    return Streams((_EDITION, zlib.crc32(split.encode()), index, *salt))
