"""Two conditions on the same images: mean difference, sign-flip permutation test, Wilcoxon's signed-rank test.

What is exchangeable is the image: several concepts of one image keep together in the bootstrap, in the permutations
(Fisher, 1935, section 21; Good, 2005) and, averaged, in Wilcoxon's test (Wilcoxon, 1945).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from backend.study_results.statistics.bootstrap import Resampler, mean, sums
from backend.study_results.statistics.figure import Figure, Floats, Ints

_PERMUTATIONS = 9_999
# So many signs can be tried out in all their combinations.
_EXACT = 15
_LEVEL = 0.05
_EQUAL = "Sign-flip permutation test over images: all differences are 0"


class Paired(NamedTuple):
    """What comparing gave. ``test`` names the test; empty where there was none."""

    difference: Figure
    p_value: float | None
    test: str
    wilcoxon_p: float | None
    note: str | None


def paired(differences: Floats, images: Ints, resampler: Resampler) -> Paired:
    """Tests whether differences are about 0.

    Args:
        differences: (N,) one for each unit: one condition minus the other.
        images: (N,) of each unit.
        resampler: draws the images for the interval; its seed is that of the permutations.
    """
    if not differences.size:
        nothing = "No image was answered under both arms. More answers are needed."
        return Paired(Figure(None, note=nothing), None, "", None, nothing)
    difference = mean(differences, images, resampler)
    by_image = sums(differences, images)
    if len(by_image) < 2:
        return Paired(difference, None, "", None, "One image is too few for a test. More images would help.")
    if not np.any(np.abs(by_image) > 1e-12):
        return Paired(difference, 1.0, _EQUAL, None, "There is no difference on any image, so Wilcoxon's test is void.")
    p_value, test = sign_flips(by_image, resampler.seed)
    means = by_image / sums(np.ones_like(differences), images)
    return Paired(difference, p_value, test, wilcoxon_p(means), _too_few(len(by_image)))


def _too_few(images: int) -> str | None:
    least = 2 / 2**images
    return f"With {images} images p cannot be below {least:.2g}. More images would help." if least > _LEVEL else None


def sign_flips(by_image: Floats, seed: int) -> tuple[float, str]:
    """Two-sided p of the sum under all ways, or many random ways, to swap the conditions of images.

    Args:
        by_image: (C,) sums of differences, one an image.
        seed: of the random ways.

    Returns:
        p, and the name of the test with the number of permutations.
    """
    from scipy.stats import permutation_test  # noqa: PLC0415 (takes most of a second to import)

    number = len(by_image)
    exact = number <= _EXACT
    found = permutation_test(
        (by_image, np.zeros_like(by_image)),
        lambda one, other, axis: np.round((one - other).mean(axis=axis), 12),  # equal sums must count as equal
        permutation_type="samples",
        vectorized=True,
        n_resamples=np.inf if exact else _PERMUTATIONS,
        batch=max(1, 1_000_000 // number),
        rng=np.random.default_rng(seed),
    )
    told = f"all {2**number:,} (exact)" if exact else f"{_PERMUTATIONS:,} at random"
    return min(float(found.pvalue), 1.0), f"Sign-flip permutation test over images, {told}"


def wilcoxon_p(by_image: Floats) -> float | None:
    """Two-sided p of Wilcoxon's signed-rank test, exact where there are few images; differences of 0 are left out.

    Args:
        by_image: (C,) mean difference of each image.
    """
    from scipy.stats import rankdata, wilcoxon  # noqa: PLC0415 (takes most of a second to import)

    rounded = np.round(by_image, 12)  # so that equal differences share a rank
    rounded = rounded[rounded != 0]
    if not rounded.size:
        return None
    if rounded.size == 1:
        return 1.0
    if rounded.size <= _EXACT:
        # What scipy does with ties, but thousands of ranks at a time.
        return sign_flips(np.sign(rounded) * rankdata(np.abs(rounded)), 0)[0]
    return min(float(wilcoxon(rounded).pvalue), 1.0)
