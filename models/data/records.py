"""What a data set says of one image, before anything is decoded.

Shapes: H rows, W columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

SplitName = Literal["train", "validation", "test"]
SPLITS: tuple[SplitName, ...] = ("train", "validation", "test")

# Key in ``Record.masks`` for a mask of the whole lesion, whatever group it is looked at for.
LESION = "lesion"


class ImageSource(Protocol):
    """Where an image comes from. Small and picklable: it crosses process borders."""

    @property
    def path(self) -> Path:
        """The file that holds the image."""
        ...

    def read(self) -> NDArray[np.uint8]:
        """Decodes the image.

        Returns:
            (H, W, 3) uint8 RGB.

        Raises:
            DataError: if the file is missing, damaged or too large.
        """
        ...


class MaskSource(Protocol):
    """Where a mask comes from: a file, or a run-length code in a table. Small and picklable like ``ImageSource``."""

    def read(self) -> NDArray[np.bool_]:
        """Decodes the mask.

        Returns:
            (H, W) bool, true on the finding.

        Raises:
            DataError: if it is missing or damaged.
        """
        ...


@dataclass(frozen=True)
class Record:
    """One image of a data set with its labels.

    Attributes:
        key: unique within the data set and stable: the path relative to the root, or file and row number.
        image: where to read it.
        label: key of the class.
        group: patient, lesion or study that the image belongs to, where the data set says so; images of one group
            never stand in two splits.
        split: the published split, where the publisher made one.
        options: per-image concept labels, group key to option key, where there are any.
        masks: where the finding is, by group key or ``LESION``; several masks are united (``models.data.masks``).
    """

    key: str
    image: ImageSource
    label: str
    group: str | None = None
    split: SplitName | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    masks: Mapping[str, tuple[MaskSource, ...]] = field(default_factory=dict)
