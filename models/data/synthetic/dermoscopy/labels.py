"""Which options go with which class, and how often.

Each class draws one option per group from its own distribution, independently between groups. The typical option
leads and plausible alternatives follow, so a concept is more than a renamed class: no group alone tells the class,
all of them together nearly do (``bayes_accuracy``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CLASSES = ("mel", "nv", "bcc", "akiec", "bkl", "df", "vasc")

# In the order of the concept set isic2018; a contract test compares the two.
OPTIONS: dict[str, tuple[str, ...]] = {
    "color": (
        "polychromatic",
        "uniform_brown",
        "pearly_translucent",
        "pink_scaly",
        "tan_to_black",
        "pink_brown",
        "red_purple",
    ),
    "shape": ("irregular", "round", "oval", "lobulated"),
    "border": ("fading", "sharp", "rolled"),
    "pattern": (
        "atypical_network",
        "regular_network",
        "arborizing_vessels",
        "glomerular_vessels",
        "milia_like_cysts",
        "central_white_patch",
        "lacunae",
    ),
    "texture": ("ulcerated", "smooth", "shiny_telangiectatic", "scaly", "verrucous", "dimpled"),
    "symmetry": ("asymmetric_two_axes", "asymmetric_one_axis", "symmetric"),
    "elevation": ("flat", "slightly_raised", "dome_shaped", "plaque"),
}
GROUPS = tuple(OPTIONS)
LOCALIZABLE = ("color", "border", "pattern", "texture")

CLASS_PRIOR = {"mel": 0.16, "nv": 0.27, "bcc": 0.14, "akiec": 0.12, "bkl": 0.17, "df": 0.07, "vasc": 0.07}

# fmt: off
OPTION_TABLES: dict[str, dict[str, dict[str, float]]] = {
    "mel": {
        "color": {"polychromatic": 0.73, "uniform_brown": 0.08, "tan_to_black": 0.13, "pink_brown": 0.03, "red_purple": 0.03},
        "shape": {"irregular": 0.75, "round": 0.04, "oval": 0.08, "lobulated": 0.13},
        "border": {"fading": 0.58, "sharp": 0.39, "rolled": 0.03},
        "pattern": {"atypical_network": 0.80, "regular_network": 0.08, "arborizing_vessels": 0.03, "glomerular_vessels": 0.03, "milia_like_cysts": 0.03, "central_white_patch": 0.02, "lacunae": 0.01},
        "texture": {"ulcerated": 0.28, "smooth": 0.58, "shiny_telangiectatic": 0.04, "scaly": 0.03, "verrucous": 0.06, "dimpled": 0.01},
        "symmetry": {"asymmetric_two_axes": 0.73, "asymmetric_one_axis": 0.22, "symmetric": 0.05},
        "elevation": {"flat": 0.24, "slightly_raised": 0.53, "dome_shaped": 0.15, "plaque": 0.08},
    },
    "nv": {
        "color": {"polychromatic": 0.02, "uniform_brown": 0.78, "tan_to_black": 0.09, "pink_brown": 0.11},
        "shape": {"irregular": 0.06, "round": 0.44, "oval": 0.44, "lobulated": 0.06},
        "border": {"fading": 0.41, "sharp": 0.57, "rolled": 0.02},
        "pattern": {"atypical_network": 0.06, "regular_network": 0.83, "glomerular_vessels": 0.02, "milia_like_cysts": 0.04, "central_white_patch": 0.03, "lacunae": 0.02},
        "texture": {"smooth": 0.87, "shiny_telangiectatic": 0.02, "verrucous": 0.09, "dimpled": 0.02},
        "symmetry": {"asymmetric_two_axes": 0.04, "asymmetric_one_axis": 0.19, "symmetric": 0.77},
        "elevation": {"flat": 0.54, "slightly_raised": 0.29, "dome_shaped": 0.16, "plaque": 0.01},
    },
    "bcc": {
        "color": {"polychromatic": 0.04, "pearly_translucent": 0.77, "pink_scaly": 0.04, "pink_brown": 0.11, "red_purple": 0.04},
        "shape": {"irregular": 0.21, "round": 0.46, "oval": 0.23, "lobulated": 0.10},
        "border": {"fading": 0.09, "sharp": 0.17, "rolled": 0.74},
        "pattern": {"atypical_network": 0.02, "arborizing_vessels": 0.86, "glomerular_vessels": 0.07, "milia_like_cysts": 0.02, "central_white_patch": 0.02, "lacunae": 0.01},
        "texture": {"ulcerated": 0.37, "smooth": 0.08, "shiny_telangiectatic": 0.51, "scaly": 0.03, "dimpled": 0.01},
        "symmetry": {"asymmetric_two_axes": 0.23, "asymmetric_one_axis": 0.54, "symmetric": 0.23},
        "elevation": {"flat": 0.06, "slightly_raised": 0.18, "dome_shaped": 0.64, "plaque": 0.12},
    },
    "akiec": {
        "color": {"polychromatic": 0.02, "pearly_translucent": 0.06, "pink_scaly": 0.78, "tan_to_black": 0.03, "pink_brown": 0.11},
        "shape": {"irregular": 0.66, "round": 0.10, "oval": 0.14, "lobulated": 0.10},
        "border": {"fading": 0.59, "sharp": 0.39, "rolled": 0.02},
        "pattern": {"atypical_network": 0.02, "regular_network": 0.01, "arborizing_vessels": 0.06, "glomerular_vessels": 0.85, "milia_like_cysts": 0.04, "central_white_patch": 0.02},
        "texture": {"ulcerated": 0.09, "smooth": 0.04, "shiny_telangiectatic": 0.04, "scaly": 0.79, "verrucous": 0.04},
        "symmetry": {"asymmetric_two_axes": 0.34, "asymmetric_one_axis": 0.48, "symmetric": 0.18},
        "elevation": {"flat": 0.25, "slightly_raised": 0.23, "dome_shaped": 0.03, "plaque": 0.49},
    },
    "bkl": {
        "color": {"polychromatic": 0.06, "uniform_brown": 0.13, "pink_scaly": 0.01, "tan_to_black": 0.76, "pink_brown": 0.04},
        "shape": {"irregular": 0.10, "round": 0.17, "oval": 0.35, "lobulated": 0.38},
        "border": {"fading": 0.05, "sharp": 0.92, "rolled": 0.03},
        "pattern": {"atypical_network": 0.03, "regular_network": 0.07, "glomerular_vessels": 0.02, "milia_like_cysts": 0.84, "central_white_patch": 0.02, "lacunae": 0.02},
        "texture": {"ulcerated": 0.01, "smooth": 0.11, "scaly": 0.15, "verrucous": 0.72, "dimpled": 0.01},
        "symmetry": {"asymmetric_two_axes": 0.16, "asymmetric_one_axis": 0.41, "symmetric": 0.43},
        "elevation": {"flat": 0.06, "slightly_raised": 0.27, "dome_shaped": 0.10, "plaque": 0.57},
    },
    "df": {
        "color": {"uniform_brown": 0.19, "pink_scaly": 0.03, "tan_to_black": 0.06, "pink_brown": 0.72},
        "shape": {"irregular": 0.04, "round": 0.66, "oval": 0.26, "lobulated": 0.04},
        "border": {"fading": 0.73, "sharp": 0.24, "rolled": 0.03},
        "pattern": {"atypical_network": 0.02, "regular_network": 0.11, "glomerular_vessels": 0.02, "milia_like_cysts": 0.02, "central_white_patch": 0.83},
        "texture": {"smooth": 0.29, "shiny_telangiectatic": 0.02, "scaly": 0.04, "verrucous": 0.02, "dimpled": 0.63},
        "symmetry": {"asymmetric_two_axes": 0.03, "asymmetric_one_axis": 0.16, "symmetric": 0.81},
        "elevation": {"flat": 0.10, "slightly_raised": 0.61, "dome_shaped": 0.26, "plaque": 0.03},
    },
    "vasc": {
        "color": {"polychromatic": 0.04, "pearly_translucent": 0.04, "pink_brown": 0.07, "red_purple": 0.85},
        "shape": {"irregular": 0.08, "round": 0.53, "oval": 0.21, "lobulated": 0.18},
        "border": {"fading": 0.07, "sharp": 0.88, "rolled": 0.05},
        "pattern": {"arborizing_vessels": 0.05, "glomerular_vessels": 0.05, "central_white_patch": 0.02, "lacunae": 0.88},
        "texture": {"ulcerated": 0.06, "smooth": 0.74, "shiny_telangiectatic": 0.15, "verrucous": 0.03, "dimpled": 0.02},
        "symmetry": {"asymmetric_two_axes": 0.06, "asymmetric_one_axis": 0.26, "symmetric": 0.68},
        "elevation": {"flat": 0.08, "slightly_raised": 0.26, "dome_shaped": 0.63, "plaque": 0.03},
    },
}
# fmt: on


def probabilities(class_key: str, group: str) -> NDArray[np.float64]:
    """Chance of each option of a group in a class, in the order of ``OPTIONS``."""
    table = OPTION_TABLES[class_key][group]
    chances = np.array([table.get(option, 0.0) for option in OPTIONS[group]])
    return chances / chances.sum()


def draw_class(rng: np.random.Generator) -> int:
    """Draws a class index from the prior."""
    chances = np.array([CLASS_PRIOR[key] for key in CLASSES])
    return int(rng.choice(len(CLASSES), p=chances / chances.sum()))


def draw_options(rng: np.random.Generator, class_index: int) -> NDArray[np.int64]:
    """Draws one option per group for a class, (K,) indices within the groups."""
    key = CLASSES[class_index]
    chosen = [rng.choice(len(OPTIONS[group]), p=probabilities(key, group)) for group in GROUPS]
    return np.array(chosen, np.int64)


def option_names(options: NDArray[np.int64]) -> dict[str, str]:
    """Group key to option key, from (K,) indices."""
    return {group: OPTIONS[group][int(index)] for group, index in zip(GROUPS, options, strict=True)}


def bayes_accuracy(count: int, seed: int = 0, groups: tuple[str, ...] = GROUPS) -> float:
    """Balanced accuracy of the best possible classifier that sees the true options of some groups.

    Args:
        count: Monte-Carlo samples, equally many of each class.
        seed: of the samples.
        groups: which groups it sees.

    Returns:
        In [0, 1].
    """
    rng = np.random.default_rng(seed)
    recalls = []
    for truth, key in enumerate(CLASSES):
        evidence = np.zeros((count // len(CLASSES), len(CLASSES)))
        for group in groups:
            seen = rng.choice(len(OPTIONS[group]), len(evidence), p=probabilities(key, group))
            likelihood = np.stack([probabilities(other, group) for other in CLASSES], 1)
            evidence += np.log(np.maximum(likelihood[seen], 1e-9))
        recalls.append(np.mean(evidence.argmax(1) == truth))
    return float(np.mean(recalls))
