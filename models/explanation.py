"""The typed result of explaining one image. Plain numpy: nothing here needs torch.

Shapes: K concept groups, O options, C classes, rows x columns the patch grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Region:
    """The rectangle of the source image that the patch grid covers, in its pixels.

    It reaches beyond the image where the image was padded to a square, and lies inside it where it was cropped.
    """

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class CodeUse:
    """One code of the codebook in this image.

    Attributes:
        index: row of the codebook.
        group_key: the concept group it was measured to go with, or None.
        association: phi coefficient over the validation set's patches between the code and that group, or None.
        patches: how many patches of this image have it as their nearest code.
    """

    index: int
    group_key: str | None
    association: float | None
    patches: int


@dataclass(frozen=True)
class Familiarity:
    """How far the image's tokens lie from the codebook.

    Attributes:
        distance: mean squared distance of a token to its nearest code, per channel.
        percentile: share of validation images (0 to 100) that lie nearer.
    """

    distance: float
    percentile: float


@dataclass(frozen=True, eq=False)
class Explanation:
    """One model's explained prediction for one image.

    Attributes:
        class_keys: C keys, the order of every class axis.
        class_names: C names for people.
        predicted_class: key of the largest logit.
        logits: (C,).
        probabilities: (C,) softmax of the logits.
        bias: (C,) of the linear head.
        option_ids: O ids ``group.option``, the order of every option axis.
        scores: (O,) the bottleneck: the only input of the linear head.
        option_probabilities: (O,) softmax within a group; sigmoid for a group of one option.
        contributions: (O, C) weight x score; ``contributions.sum(0) + bias == logits``.
        group_keys: K keys, the order of the Magnet maps.
        grid: rows and columns of the patch grid.
        index_map: (rows, columns) nearest code of each patch. Auxiliary: not on the path to the prediction.
        codes: use of every code, in codebook order.
        magnet: (K, rows, columns) assignment weight of each patch to each group; sums to 1 over K (eq. 5).
        gradcam: (O, rows, columns) Grad-CAM of each option's score at the last block, not negative, not scaled.
        region: what the grid covers in the source image.
        familiarity: distance to the codebook among validation images.
        timings_ms: wall time of each step.
        tokens: (L, D) patch tokens that were aggregated, for region edits; not part of ``to_dict``.
    """

    class_keys: tuple[str, ...]
    class_names: tuple[str, ...]
    predicted_class: str
    logits: FloatArray
    probabilities: FloatArray
    bias: FloatArray
    option_ids: tuple[str, ...]
    scores: FloatArray
    option_probabilities: FloatArray
    contributions: FloatArray
    group_keys: tuple[str, ...]
    grid: tuple[int, int]
    index_map: IntArray
    codes: tuple[CodeUse, ...]
    magnet: FloatArray
    gradcam: FloatArray
    region: Region
    familiarity: Familiarity
    timings_ms: dict[str, float]
    tokens: FloatArray | None = None

    def to_dict(self) -> dict[str, Any]:
        """Everything but the tokens as JSON-ready values (arrays become nested lists)."""
        return {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__ if name != "tokens"}


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, (Region, CodeUse, Familiarity)):
        return dict(vars(value))
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
