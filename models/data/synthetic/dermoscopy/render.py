"""One image, its labels and its masks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.dermoscopy.camera import photograph
from models.data.synthetic.dermoscopy.fields import Field, blend, noise, ramp
from models.data.synthetic.dermoscopy.labels import CLASSES, draw_class, draw_options, option_names
from models.data.synthetic.dermoscopy.lesion import Lesion, draw_lesion
from models.data.synthetic.dermoscopy.patterns import PATTERNS, Structures
from models.data.synthetic.dermoscopy.pigment import draw_body, spread_pigment
from models.data.synthetic.dermoscopy.skin import draw_skin
from models.data.synthetic.dermoscopy.surface import Surface, draw_texture, shade

SplitName = Literal["train", "validation", "test"]
_SPLIT_SEEDS = {"train": 101, "validation": 202, "test": 303}
_EDGE = {"fading": 0.30, "sharp": 0.035, "rolled": 0.05}
_RIM = {"fading": 0.24, "sharp": 0.12, "rolled": 0.16}
MIN_SIZE = 64


@dataclass(frozen=True, eq=False)
class SyntheticSample:
    """A drawn image with its truth.

    Attributes:
        image: (S, S, 3) uint8 RGB.
        class_index: index into the class keys.
        options: (K,) int64 option within each group.
        masks: (S, S) bool for each localizable group.
    """

    image: NDArray[np.uint8]
    class_index: int
    options: NDArray[np.int64]
    masks: dict[str, NDArray[np.bool_]]


def render_sample(split: SplitName, index: int, size: int = 224, class_index: int | None = None) -> SyntheticSample:
    """Draws image ``index`` of a split: a pure function of its arguments, the same lesion at every size.

    Args:
        split: train, validation or test; each has its own seed.
        index: from 0.
        size: side in pixels, at least 64.
        class_index: fixes the class; drawn from the prior when None.

    Returns:
        The sample.

    Raises:
        ValueError: for an unknown split, a negative index, an unknown class or a size under 64.
    """
    if split not in _SPLIT_SEEDS:
        raise ValueError(f"unknown split {split!r}: use {', '.join(_SPLIT_SEEDS)}")
    if index < 0:
        raise ValueError(f"index must not be negative, got {index}")
    if class_index is not None and not 0 <= class_index < len(CLASSES):
        raise ValueError(f"class_index must lie in 0..{len(CLASSES) - 1}, got {class_index}")
    labels, picture = np.random.SeedSequence([_SPLIT_SEEDS[split], index]).spawn(2)
    rng = np.random.default_rng(labels)
    drawn = draw_class(rng)
    chosen = drawn if class_index is None else class_index
    options = draw_options(rng, chosen)
    image, masks = render_options(options, picture, size)
    return SyntheticSample(image, chosen, options, masks)


def render_options(
    options: NDArray[np.int64], seed: np.random.SeedSequence, size: int = 224
) -> tuple[NDArray[np.uint8], dict[str, NDArray[np.bool_]]]:
    """Draws an image from its options alone. The class is no argument: nothing but the options can carry it.

    Args:
        options: (K,) option within each group.
        seed: of everything else.
        size: side in pixels, at least 64.

    Returns:
        The image (S, S, 3) uint8 and the masks of the localizable groups, (S, S) bool.
    """
    if size < MIN_SIZE:
        raise ValueError(f"size must be at least {MIN_SIZE} pixels, got {size}")
    names = option_names(options)
    # One stream per layer: what one layer draws does not shift the others.
    layers = [np.random.default_rng(child) for child in seed.spawn(8)]
    picture, tone = draw_skin(layers[0], size)
    lesion = draw_lesion(layers[1], size, names["shape"])
    inside = _inside(layers[2], lesion, names["border"])
    body = draw_body(layers[2], lesion, names["color"], tone)
    body *= spread_pigment(layers[3], lesion, names["symmetry"])[..., None]
    structures = PATTERNS[names["pattern"]](layers[4], lesion, body)
    surface = draw_texture(layers[5], lesion, body, names["texture"])
    picture += (body - picture) * inside[..., None]
    if structures.over is not None:
        colour, weight = structures.over
        # Vessels and streaks may run a little beyond the border, but not into the far skin.
        blend(picture, colour, weight * np.clip(inside + 0.75 * (lesion.t < 1.35), 0, 1))
    shade(layers[6], picture, lesion, inside, surface.relief, names)
    photo = photograph(layers[7], picture)
    image = (np.clip(photo, 0, 1) * 255).astype(np.uint8)
    return image, _masks(lesion, inside, structures, surface, names["border"])


def _inside(rng: np.random.Generator, lesion: Lesion, border: str) -> Field:
    """How much of a pixel belongs to the lesion: its edge is the border's option."""
    width = _EDGE[border]
    inside = 1 - ramp(lesion.t, 1 - 0.75 * width, 1 + 0.55 * width)
    if border == "fading":
        inside = np.clip(inside + 0.4 * noise(rng, lesion.size, 9, 2) * inside * (1 - inside), 0, 1)
    return inside


def _masks(
    lesion: Lesion, inside: Field, structures: Structures, surface: Surface, border: str
) -> dict[str, NDArray[np.bool_]]:
    within = inside > 0.4
    return {
        "color": within,
        "border": np.abs(lesion.t - 1) < _RIM[border],
        "pattern": _closed(structures.region > 0.35) & (lesion.t < 1.35),
        "texture": (surface.region > 0.4) & within,
    }


def _closed(region: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Joins structures that lie close together, as one would circle them."""
    side = max(3, int(0.03 * region.shape[0]) | 1)
    closed = cv2.morphologyEx(region.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    return closed.astype(bool)
