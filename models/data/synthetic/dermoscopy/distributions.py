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

from models.data.synthetic.dermoscopy.options import CLASS_KEYS, GROUP_KEYS, OPTION_KEYS

# Mildly imbalanced, in the order of the challenge's counts.
CLASS_PRIOR: Mapping[str, float] = MappingProxyType(
    {"mel": 0.16, "nv": 0.28, "bcc": 0.14, "akiec": 0.12, "bkl": 0.16, "df": 0.07, "vasc": 0.07}
)

# Options in the order of OPTION_KEYS.
OPTION_TABLES: Mapping[str, Mapping[str, tuple[float, ...]]] = MappingProxyType(
    {
        "mel": {
            "color": (0.66, 0.10, 0.02, 0.03, 0.13, 0.02, 0.04),
            "shape": (0.68, 0.07, 0.10, 0.15),
            "border": (0.30, 0.62, 0.08),
            "pattern": (0.68, 0.10, 0.06, 0.04, 0.05, 0.05, 0.02),
            "texture": (0.50, 0.28, 0.06, 0.06, 0.07, 0.03),
            "symmetry": (0.72, 0.20, 0.08),
            "elevation": (0.22, 0.52, 0.16, 0.10),
        },
        "nv": {
            "color": (0.06, 0.68, 0.02, 0.02, 0.10, 0.10, 0.02),
            "shape": (0.06, 0.30, 0.58, 0.06),
            "border": (0.62, 0.33, 0.05),
            "pattern": (0.10, 0.70, 0.02, 0.03, 0.07, 0.06, 0.02),
            "texture": (0.02, 0.74, 0.04, 0.04, 0.10, 0.06),
            "symmetry": (0.08, 0.20, 0.72),
            "elevation": (0.58, 0.27, 0.12, 0.03),
        },
        "bcc": {
            "color": (0.08, 0.03, 0.66, 0.08, 0.04, 0.05, 0.06),
            "shape": (0.18, 0.14, 0.14, 0.54),
            "border": (0.12, 0.20, 0.68),
            "pattern": (0.06, 0.02, 0.70, 0.09, 0.04, 0.05, 0.04),
            "texture": (0.25, 0.08, 0.56, 0.06, 0.03, 0.02),
            "symmetry": (0.24, 0.54, 0.22),
            "elevation": (0.10, 0.22, 0.56, 0.12),
        },
        "akiec": {
            "color": (0.03, 0.03, 0.09, 0.68, 0.06, 0.06, 0.05),
            "shape": (0.56, 0.10, 0.18, 0.16),
            "border": (0.60, 0.30, 0.10),
            "pattern": (0.05, 0.03, 0.09, 0.68, 0.08, 0.05, 0.02),
            "texture": (0.14, 0.06, 0.08, 0.62, 0.08, 0.02),
            "symmetry": (0.28, 0.54, 0.18),
            "elevation": (0.24, 0.18, 0.04, 0.54),
        },
        "bkl": {
            "color": (0.10, 0.14, 0.02, 0.05, 0.64, 0.04, 0.01),
            "shape": (0.12, 0.18, 0.55, 0.15),
            "border": (0.16, 0.76, 0.08),
            "pattern": (0.06, 0.11, 0.02, 0.06, 0.69, 0.04, 0.02),
            "texture": (0.03, 0.12, 0.03, 0.15, 0.63, 0.04),
            "symmetry": (0.14, 0.54, 0.32),
            "elevation": (0.07, 0.24, 0.09, 0.60),
        },
        "df": {
            "color": (0.03, 0.19, 0.05, 0.05, 0.04, 0.60, 0.04),
            "shape": (0.05, 0.60, 0.29, 0.06),
            "border": (0.68, 0.24, 0.08),
            "pattern": (0.04, 0.14, 0.03, 0.05, 0.03, 0.67, 0.04),
            "texture": (0.03, 0.26, 0.05, 0.07, 0.05, 0.54),
            "symmetry": (0.06, 0.22, 0.72),
            "elevation": (0.12, 0.60, 0.22, 0.06),
        },
        "vasc": {
            "color": (0.07, 0.02, 0.05, 0.05, 0.05, 0.04, 0.72),
            "shape": (0.06, 0.56, 0.20, 0.18),
            "border": (0.14, 0.70, 0.16),
            "pattern": (0.04, 0.02, 0.08, 0.09, 0.03, 0.04, 0.70),
            "texture": (0.12, 0.60, 0.13, 0.04, 0.08, 0.03),
            "symmetry": (0.10, 0.24, 0.66),
            "elevation": (0.10, 0.24, 0.58, 0.08),
        },
    }
)


def draw_class(rng: np.random.Generator) -> int:
    """Draws a class index from the prior."""
    edges = np.cumsum([CLASS_PRIOR[key] for key in CLASS_KEYS])
    return int(np.searchsorted(edges[:-1], rng.random(), side="right"))


def draw_options(rng: np.random.Generator, class_index: int) -> NDArray[np.int64]:
    """Draws one option per group for a class, (K,)."""
    tables = OPTION_TABLES[CLASS_KEYS[class_index]]
    chances = rng.random(len(GROUP_KEYS))
    return np.array(
        [
            np.searchsorted(np.cumsum(tables[group])[:-1], chance, side="right")
            for group, chance in zip(GROUP_KEYS, chances, strict=True)
        ],
        np.int64,
    )


def bayes_accuracy(count: int = 20_000, seed: int = 0, groups: tuple[str, ...] = GROUP_KEYS) -> float:
    """Balanced accuracy of the best classifier that is told the true options, by Monte Carlo.

    Balanced accuracy weighs classes equally, so the best decision is the largest likelihood: the prior plays no part.

    Args:
        count: draws, an equal share per class.
        seed: of the draws.
        groups: which groups it is told.

    Returns:
        Mean recall over the classes.

    Raises:
        ValueError: if there is less than one draw per class, or a group is unknown.
    """
    per_class = count // len(CLASS_KEYS)
    if per_class < 1:
        raise ValueError(f"count is {count}; expected at least {len(CLASS_KEYS)}")
    if unknown := set(groups) - set(GROUP_KEYS):
        raise ValueError(f"no such groups: {', '.join(sorted(unknown))}; expected some of {', '.join(GROUP_KEYS)}")
    rng = np.random.default_rng(seed)
    tables = {group: np.array([OPTION_TABLES[key][group] for key in CLASS_KEYS]) for group in groups}
    recalls = []
    for index in range(len(CLASS_KEYS)):
        likelihood = np.zeros((per_class, len(CLASS_KEYS)))
        for group in groups:
            drawn = rng.choice(len(OPTION_KEYS[group]), per_class, p=tables[group][index])
            likelihood += np.log(tables[group][:, drawn]).T
        recalls.append(float(np.mean(likelihood.argmax(axis=1) == index)))
    return float(np.mean(recalls))
