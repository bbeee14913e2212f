"""The keys that this generator draws: classes, groups and options in the order of the ``isic2018`` concept set.

They are written out here, so that a picture never changes because a wording file did; a contract test compares them
with the concept set.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CLASS_KEYS = ("mel", "nv", "bcc", "akiec", "bkl", "df", "vasc")

OPTION_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
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
)

GROUP_KEYS = tuple(OPTION_KEYS)
LOCALIZABLE = ("color", "border", "pattern", "texture")
