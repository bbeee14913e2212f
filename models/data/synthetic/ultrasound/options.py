"""The keys that this generator draws: classes, groups and options in the order of the ``busi`` concept set.

They are written out here, so that a picture never changes because a wording file did; a contract test compares them
with the concept set.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CLASS_KEYS = ("normal", "benign", "malignant")

OPTION_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "shape": ("no_mass", "oval_round", "irregular"),
        "margin": ("no_margin", "circumscribed", "not_circumscribed"),
        "orientation": ("no_axis", "parallel", "not_parallel"),
        "posterior": ("none", "enhancement", "shadowing"),
        "echo": ("tissue", "homogeneous", "heterogeneous"),
    }
)

GROUP_KEYS = tuple(OPTION_KEYS)
LOCALIZABLE = ("shape", "margin", "posterior", "echo")

# What every group says where there is no mass; without one there is nothing behind it either.
NO_MASS: Mapping[str, str] = MappingProxyType({group: options[0] for group, options in OPTION_KEYS.items()})
