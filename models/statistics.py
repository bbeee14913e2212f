"""What the validation set tells about a trained model: score statistics, code associations, familiarity.

Shapes: N images, K groups, O options, C classes, M codes, L patches.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, model_validator

ASSOCIATION_FLOOR = 0.3  # a code gets a group's name from this phi coefficient on
_FAMILIARITY_POINTS = 201


class CodeAssociation(BaseModel):
    """The group a code goes with best, over all validation patches."""

    model_config = ConfigDict(frozen=True)
    group_key: str | None  # None where the best association stays under the floor
    association: float | None  # phi coefficient of the best group, or None where the code is never used
    share: float  # of all validation patches that have this code


class ValidationStatistics(BaseModel):
    """Stored beside the weights as ``statistics.json``.

    Attributes:
        images: N validation images.
        class_means: (C, O) mean score per true class: "as in class X" (appendix J.2). None for a class without images.
        means: (O,) overall mean score: "unknown".
        option_means: (O,) per option, the mean scores of its group over images where it is the true one: "present".
            None for an option that no image has; None as a whole in checkpoints from before this was measured.
        deviations: (O,) standard deviation.
        ranges: (O, 2) 1st and 99th percentile: what a realistic score is.
        codes: per code, its measured association.
        association_source: "masks" or "magnet": what the codes were held against.
        familiarity: quantiles 0 to 100 % of the images' distance to the codebook, evenly spaced.
    """

    model_config = ConfigDict(frozen=True)
    images: int
    class_means: list[list[float] | None]
    means: list[float]
    option_means: list[list[float] | None] | None = None
    deviations: list[float]
    ranges: list[tuple[float, float]]
    codes: list[CodeAssociation]
    association_source: str
    familiarity: list[float]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        options = len(self.means)
        if len(self.deviations) != options or len(self.ranges) != options:
            raise ValueError(f"means, deviations and ranges must all have {options} entries")
        if any(row is not None and len(row) != options for row in self.class_means):
            raise ValueError(f"every class mean must have {options} entries")
        if self.option_means is not None and len(self.option_means) != options:
            raise ValueError(f"option_means must have {options} entries")
        if sorted(self.familiarity) != self.familiarity or len(self.familiarity) < 2:
            raise ValueError("familiarity must be at least two ascending quantiles")
        return self

    def percentile(self, distance: float) -> float:
        """Share of validation images (0 to 100) nearer to the codebook than ``distance``."""
        points = np.linspace(0.0, 100.0, len(self.familiarity))
        return float(np.interp(distance, self.familiarity, points))


def score_statistics(scores: NDArray[np.float32], classes: NDArray[np.int64], class_count: int) -> dict[str, object]:
    """Class-conditional and overall statistics of the option scores.

    Args:
        scores: (N, O).
        classes: (N,) true class.
        class_count: C.

    Returns:
        The fields ``class_means``, ``means``, ``deviations`` and ``ranges`` of ``ValidationStatistics``.
    """
    low, high = np.percentile(scores, [1, 99], axis=0)
    return {
        "class_means": [
            scores[classes == index].mean(0).tolist() if np.any(classes == index) else None
            for index in range(class_count)
        ],
        "means": scores.mean(0).tolist(),
        "deviations": scores.std(0).tolist(),
        "ranges": list(zip(low.tolist(), high.tolist(), strict=True)),
    }


def option_means(
    scores: NDArray[np.float32], options: NDArray[np.int64], groups: Sequence[slice]
) -> list[list[float] | None]:
    """What the scores of a group are like where an option is the true one.

    Args:
        scores: (N, O).
        options: (N, K) index of the true option within each group, negative where it is not known; in a group of one
            option 1 for present and 0 for absent.
        groups: the columns of each group.

    Returns:
        O rows, each with as many means as its group has options; None for an option that no image has.
    """
    rows: list[list[float] | None] = []
    for place, group in enumerate(groups):
        count = group.stop - group.start
        for option in range(count):
            chosen = options[:, place] == (option if count > 1 else 1)
            rows.append(scores[chosen][:, group].mean(0).tolist() if chosen.any() else None)
    return rows


def phi_coefficients(index_map: NDArray[np.int64], regions: NDArray[np.bool_], codes: int) -> NDArray[np.float64]:
    """Phi coefficient (correlation of two yes/no variables) between every code and every group's region.

    Args:
        index_map: (N, L) nearest code of each patch.
        regions: (N, L, G) whether the patch belongs to the group's region.
        codes: M.

    Returns:
        (M, G) in [-1, 1]; 0 where a code or a region never (or always) occurs.
    """
    flat = index_map.reshape(-1)
    region = regions.reshape(flat.size, -1)
    # Counted per region, because a table of all patches by all codes would not fit in memory for a large codebook.
    both = np.stack([np.bincount(flat[column], minlength=codes) for column in region.T], 1) / flat.size
    code_share, region_share = np.bincount(flat, minlength=codes) / flat.size, region.mean(0)
    spread = np.sqrt((code_share * (1 - code_share))[:, None] * (region_share * (1 - region_share))[None])
    covariance = both - code_share[:, None] * region_share[None]
    phi: NDArray[np.float64] = np.divide(covariance, spread, out=np.zeros_like(covariance), where=spread > 0)
    return phi


def code_associations(
    index_map: NDArray[np.int64],
    regions: NDArray[np.bool_],
    group_keys: tuple[str, ...],
    codes: int,
) -> list[CodeAssociation]:
    """Names each code after the group it goes with, where the measured association reaches the floor.

    Args:
        index_map: (N, L).
        regions: (N, L, G).
        group_keys: G keys of the last axis of ``regions``.
        codes: M.

    Returns:
        M entries.
    """
    phi = phi_coefficients(index_map, regions, codes)
    shares = np.bincount(index_map.reshape(-1), minlength=codes) / index_map.size
    found = []
    for code in range(codes):
        best = int(phi[code].argmax())
        value = float(phi[code, best])
        if shares[code] == 0:
            found.append(CodeAssociation(group_key=None, association=None, share=0.0))
            continue
        key = group_keys[best] if value >= ASSOCIATION_FLOOR else None
        found.append(CodeAssociation(group_key=key, association=value, share=float(shares[code])))
    return found


def familiarity_quantiles(distances: NDArray[np.float32]) -> list[float]:
    """Evenly spaced quantiles of the images' distances (N,), for ``ValidationStatistics.percentile``."""
    points = np.linspace(0.0, 100.0, _FAMILIARITY_POINTS)
    quantiles: list[float] = np.percentile(distances, points).tolist()
    return sorted(quantiles)
