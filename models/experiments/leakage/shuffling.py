"""Images whose tiles changed places: colours and fine texture stay, shapes, borders and arrangements do not.

Shapes: N images, S pixels a side, T tiles a side.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.experiments.images import ExperimentImages
from models.experiments.surroundings import ExperimentError


def shuffled_images(images: ExperimentImages, tiles: int, seed: int) -> ExperimentImages:
    """The same images with their tiles in another order, each image in its own.

    Args:
        images: of an experiment.
        tiles: T.
        seed: of the orders.

    Raises:
        ExperimentError: the images cannot be cut into so many equal tiles.
    """
    data = images.data
    return replace(images, data=replace(data, images=shuffle_tiles(data.images, tiles, seed), masks=None, lesion=None))


def shuffle_tiles(pictures: NDArray[np.uint8], tiles: int, seed: int) -> NDArray[np.uint8]:
    """Pictures (N, S, S, 3) cut into T x T tiles that change places. Errors as ``shuffled_images``."""
    side = pictures.shape[1]
    if side % tiles:
        fitting = ", ".join(str(count) for count in range(2, 65) if side % count == 0)
        raise ExperimentError(f"tiles: {side} pixels cannot be cut into {tiles} equal tiles; choose one of {fitting}")
    stream, size = np.random.default_rng(seed), side // tiles
    result = np.empty(pictures.shape, np.uint8)
    for row, picture in enumerate(pictures):
        cut = np.asarray(picture).reshape(tiles, size, tiles, size, 3).swapaxes(1, 2).reshape(-1, size, size, 3)
        mixed = cut[stream.permutation(len(cut))].reshape(tiles, tiles, size, size, 3)
        result[row] = mixed.swapaxes(1, 2).reshape(side, side, 3)
    return result
