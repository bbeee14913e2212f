"""What one pass over the images leaves.

Shapes: N images, M codes, K groups, O options.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.diagnose.contingency import Contingency
from models.diagnose.localization import LocalizationSums
from models.diagnose.nearest import NearestPatches, TokenSample


@dataclass(frozen=True, eq=False)
class Collected:
    """Filled by ``collect``.

    Attributes:
        scores: (N, O).
        code_counts: (N, M) patches of each code.
        mass: (N, K) share of the Magnet's attention.
        entropy: (N, K) of each group's attention over the patches, as a share of ln L.
        magnet: codes and the patches where the Magnet gives a group more than its even share.
        masks: codes and the masks of the localizable groups; None without masks.
        localization: of the options' maps.
        nearest: patches of the codes.
        sample: of tokens.
        side: rows and columns of the patch grid.
    """

    scores: NDArray[np.float32]
    code_counts: NDArray[np.int64]
    mass: NDArray[np.float64]
    entropy: NDArray[np.float64]
    magnet: Contingency
    masks: Contingency | None
    localization: LocalizationSums
    nearest: NearestPatches
    sample: TokenSample
    side: int
