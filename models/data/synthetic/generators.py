"""The procedural sets by name: how each is drawn, and the concept set whose classes and options it draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from models.data.synthetic import dermoscopy, ultrasound
from models.data.synthetic.samples import SyntheticArrays

GENERATORS: Mapping[str, tuple[Callable[..., SyntheticArrays], str]] = MappingProxyType(
    {
        "synthetic-dermoscopy": (dermoscopy.synthesize, "isic2018"),
        "synthetic-ultrasound": (ultrasound.synthesize, "busi"),
    }
)
