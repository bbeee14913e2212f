"""How often each class occurs, and which findings each class shows.

Given the class, the groups are drawn independently of each other. The typical option of a group has a probability of
0.5 to 0.8; the rest goes to what a reader would also expect to see. Figures are chosen for the demonstration, not
measured on patients.

Shapes: N draws, K groups, C classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.catalogue import Catalogue
from models.data.synthetic.dermoscopy.options import CLASS_KEYS, GROUP_KEYS, LOCALIZABLE, OPTION_KEYS

# Mildly imbalanced, in the order of the challenge's counts.
CLASS_PRIOR: Mapping[str, float] = MappingProxyType(
    {"mel": 0.16, "nv": 0.28, "bcc": 0.14, "akiec": 0.12, "bkl": 0.16, "df": 0.07, "vasc": 0.07}
)

# Options in the order of OPTION_KEYS.
OPTION_TABLES: Mapping[str, Mapping[str, tuple[float, ...]]] = MappingProxyType(
    {
        "mel": {
            "color": (0.70, 0.09, 0.02, 0.02, 0.12, 0.02, 0.03),
            "shape": (0.80, 0.03, 0.06, 0.11),
            "border": (0.24, 0.73, 0.03),
            "pattern": (0.73, 0.09, 0.05, 0.03, 0.04, 0.04, 0.02),
            "texture": (0.63, 0.27, 0.03, 0.03, 0.03, 0.01),
            "symmetry": (0.80, 0.16, 0.04),
            "elevation": (0.18, 0.65, 0.11, 0.06),
        },
        "nv": {
            "color": (0.05, 0.71, 0.02, 0.02, 0.09, 0.09, 0.02),
            "shape": (0.02, 0.26, 0.70, 0.02),
            "border": (0.70, 0.28, 0.02),
            "pattern": (0.09, 0.76, 0.01, 0.02, 0.06, 0.05, 0.01),
            "texture": (0.01, 0.80, 0.02, 0.02, 0.10, 0.05),
            "symmetry": (0.04, 0.16, 0.80),
            "elevation": (0.70, 0.22, 0.07, 0.01),
        },
        "bcc": {
            "color": (0.07, 0.02, 0.72, 0.07, 0.03, 0.04, 0.05),
            "shape": (0.13, 0.09, 0.09, 0.69),
            "border": (0.06, 0.14, 0.80),
            "pattern": (0.05, 0.02, 0.75, 0.08, 0.03, 0.04, 0.03),
            "texture": (0.21, 0.04, 0.71, 0.02, 0.01, 0.01),
            "symmetry": (0.19, 0.64, 0.17),
            "elevation": (0.05, 0.17, 0.71, 0.07),
        },
        "akiec": {
            "color": (0.02, 0.02, 0.08, 0.74, 0.05, 0.05, 0.04),
            "shape": (0.71, 0.05, 0.13, 0.11),
            "border": (0.70, 0.25, 0.05),
            "pattern": (0.04, 0.02, 0.08, 0.73, 0.07, 0.04, 0.02),
            "texture": (0.09, 0.03, 0.04, 0.79, 0.04, 0.01),
            "symmetry": (0.24, 0.64, 0.12),
            "elevation": (0.20, 0.13, 0.01, 0.66),
        },
        "bkl": {
            "color": (0.09, 0.13, 0.02, 0.04, 0.68, 0.03, 0.01),
            "shape": (0.07, 0.13, 0.70, 0.10),
            "border": (0.15, 0.80, 0.05),
            "pattern": (0.05, 0.10, 0.02, 0.05, 0.73, 0.03, 0.02),
            "texture": (0.01, 0.07, 0.01, 0.10, 0.80, 0.01),
            "symmetry": (0.08, 0.63, 0.29),
            "elevation": (0.03, 0.19, 0.04, 0.74),
        },
        "df": {
            "color": (0.02, 0.18, 0.04, 0.04, 0.03, 0.66, 0.03),
            "shape": (0.02, 0.72, 0.24, 0.02),
            "border": (0.80, 0.17, 0.03),
            "pattern": (0.03, 0.13, 0.02, 0.04, 0.02, 0.73, 0.03),
            "texture": (0.01, 0.23, 0.02, 0.03, 0.02, 0.69),
            "symmetry": (0.02, 0.18, 0.80),
            "elevation": (0.07, 0.74, 0.17, 0.02),
        },
        "vasc": {
            "color": (0.06, 0.01, 0.04, 0.04, 0.04, 0.03, 0.78),
            "shape": (0.02, 0.70, 0.15, 0.13),
            "border": (0.09, 0.80, 0.11),
            "pattern": (0.03, 0.02, 0.07, 0.08, 0.02, 0.03, 0.75),
            "texture": (0.07, 0.79, 0.08, 0.01, 0.04, 0.01),
            "symmetry": (0.05, 0.17, 0.78),
            "elevation": (0.05, 0.19, 0.72, 0.04),
        },
    }
)


CATALOGUE = Catalogue(CLASS_KEYS, OPTION_KEYS, LOCALIZABLE, CLASS_PRIOR, OPTION_TABLES)


def draw_class(rng: np.random.Generator) -> int:
    """Draws a class index from the prior."""
    return CATALOGUE.draw_class(rng)


def draw_options(rng: np.random.Generator, class_index: int) -> NDArray[np.int64]:
    """Draws one option per group for a class, (K,)."""
    return CATALOGUE.draw_options(rng, class_index)


def bayes_accuracy(count: int = 20_000, seed: int = 0, groups: tuple[str, ...] = GROUP_KEYS) -> float:
    """Balanced accuracy of the best classifier that is told the true options, as in `Catalogue.bayes_accuracy`."""
    return CATALOGUE.bayes_accuracy(count, seed, groups)
