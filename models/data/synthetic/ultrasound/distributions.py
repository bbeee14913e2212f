"""How often each class occurs, and which descriptors each class shows.

A normal picture has no mass, so its options are given. For a benign or malignant mass the groups are drawn
independently of each other, and each option of one occurs in the other: shadowing behind a fibroadenoma, a
circumscribed carcinoma. Figures are chosen for the demonstration, not measured on patients.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.catalogue import Catalogue
from models.data.synthetic.ultrasound.options import CLASS_KEYS, GROUP_KEYS, LOCALIZABLE, OPTION_KEYS

# Nearer to each other than in BUSI (133 : 437 : 210), in the same order.
CLASS_PRIOR: Mapping[str, float] = MappingProxyType({"normal": 0.22, "benign": 0.43, "malignant": 0.35})

# Options in the order of OPTION_KEYS.
OPTION_TABLES: Mapping[str, Mapping[str, tuple[float, ...]]] = MappingProxyType(
    {
        "normal": {
            "shape": (1.0, 0.0, 0.0),
            "margin": (1.0, 0.0, 0.0),
            "orientation": (1.0, 0.0, 0.0),
            "posterior": (1.0, 0.0, 0.0),
            "echo": (1.0, 0.0, 0.0),
        },
        "benign": {
            "shape": (0.0, 0.80, 0.20),
            "margin": (0.0, 0.78, 0.22),
            "orientation": (0.0, 0.76, 0.24),
            "posterior": (0.38, 0.50, 0.12),
            "echo": (0.0, 0.74, 0.26),
        },
        "malignant": {
            "shape": (0.0, 0.22, 0.78),
            "margin": (0.0, 0.20, 0.80),
            "orientation": (0.0, 0.36, 0.64),
            "posterior": (0.36, 0.12, 0.52),
            "echo": (0.0, 0.22, 0.78),
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
