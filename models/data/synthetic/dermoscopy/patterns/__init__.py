"""Dermoscopic structures: group ``pattern``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from models.data.synthetic.dermoscopy.patterns.deposits import central_white_patch, lacunae, milia_like_cysts
from models.data.synthetic.dermoscopy.patterns.networks import atypical_network, regular_network
from models.data.synthetic.dermoscopy.patterns.vessels import arborizing_vessels, glomerular_vessels
from models.data.synthetic.dermoscopy.scene import Scene
from models.data.synthetic.fields import Field, grow

_PATTERNS: Mapping[str, Callable[[Scene], Field]] = MappingProxyType(
    {
        "atypical_network": atypical_network,
        "regular_network": regular_network,
        "arborizing_vessels": arborizing_vessels,
        "glomerular_vessels": glomerular_vessels,
        "milia_like_cysts": milia_like_cysts,
        "central_white_patch": central_white_patch,
        "lacunae": lacunae,
    }
)


def draw_pattern(scene: Scene, pattern: str) -> None:
    """Draws the structures and keeps the region a reader would circle."""
    drawn = _PATTERNS[pattern](scene)
    scene.regions["pattern"] = grow(drawn > 0.35, close=0.055, dilate=0.012)
