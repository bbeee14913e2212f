"""Many dermoscopic pictures as arrays, drawn by several processes. Shapes: S pixels a side, N images."""

from __future__ import annotations

from collections.abc import Callable

from models.data.records import SplitName
from models.data.synthetic.dermoscopy.distributions import CATALOGUE
from models.data.synthetic.dermoscopy.render import render_sample
from models.data.synthetic.samples import SyntheticArrays, synthesize_with


def synthesize(
    split: SplitName,
    count: int,
    size: int = 224,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> SyntheticArrays:
    """Draws the first ``count`` pictures of a split; the result does not depend on the number of workers.

    Args:
        split: which split.
        count: N.
        size: S.
        workers: processes; as many as there are processors when None, none besides this one when 1.
        progress: called with (done, all).

    Returns:
        The arrays.

    Raises:
        ValueError: if ``count`` or ``workers`` is less than 1.
    """
    return synthesize_with(render_sample, CATALOGUE, (split, count, size), workers, progress)
