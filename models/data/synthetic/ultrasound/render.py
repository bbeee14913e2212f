"""From labels to a picture.

The picture depends on the class only through the options: `render_options` is not told the class.

The look is frozen: a shipped encoder learns from it. What moves a grey level is a new edition, with another salt.

Shapes: S pixels a side, N beams and depths of the lattice, K groups.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.records import SplitName
from models.data.synthetic import streams as shared
from models.data.synthetic.fields import Field
from models.data.synthetic.samples import SyntheticSample
from models.data.synthetic.streams import Streams
from models.data.synthetic.ultrasound.beam import amplitude, receive
from models.data.synthetic.ultrasound.display import depth_loss, develop, store, to_grey
from models.data.synthetic.ultrasound.distributions import CATALOGUE, draw_class, draw_options
from models.data.synthetic.ultrasound.mass import Placed, place_mass
from models.data.synthetic.ultrasound.options import LOCALIZABLE, NO_MASS
from models.data.synthetic.ultrasound.outline import Mass, draw_mass
from models.data.synthetic.ultrasound.overlays import write_over
from models.data.synthetic.ultrasound.scanner import LATTICE, Lattice, Scanner, draw_scanner
from models.data.synthetic.ultrasound.tissue import lay_tissue

# The edition of the look; keeps the random numbers apart from those of dermoscopy too.
_SALT = 0x05


class Rendered(NamedTuple):
    """A picture with its regions.

    Attributes:
        image: (S, S, 3) uint8 RGB.
        masks: (S, S) bool by localizable group key; empty where there is no mass.
        lesion: (S, S) bool, the mass.
    """

    image: NDArray[np.uint8]
    masks: dict[str, NDArray[np.bool_]]
    lesion: NDArray[np.bool_]


def streams_of(split: SplitName, index: int) -> Streams:
    """The streams of one picture.

    Raises:
        ValueError: if the split is unknown or the index negative.
    """
    return shared.streams_of(split, index, (_SALT,))


def render_sample(split: SplitName, index: int, size: int = 224, class_index: int | None = None) -> SyntheticSample:
    """Draws one picture: a pure function of its arguments, with the same mass at every size.

    Args:
        split: which split.
        index: which picture of the split, from 0.
        size: S, at least 64.
        class_index: draws this class instead of one from the prior.

    Returns:
        The sample.

    Raises:
        ValueError: if an argument is out of range.
    """
    streams = streams_of(split, index)
    if class_index is None:
        class_index = draw_class(streams.get("class"))
    CATALOGUE.check_class(class_index)
    options = draw_options(streams.get("options"), class_index)
    image, masks, lesion = render_options(options, streams, size)
    return SyntheticSample(image, class_index, options, masks, lesion)


def render_options(options: NDArray[np.int64], streams: Streams, size: int) -> Rendered:
    """Draws a picture that shows the given options.

    Args:
        options: (K,) option within each group; those for "no mass" come together.
        streams: everything else about the picture comes from these.
        size: S, at least 64.

    Returns:
        Picture, masks and lesion.

    Raises:
        ValueError: if the size is too small, an option does not exist, or some options name a mass and others none.
    """
    if size < 64:
        raise ValueError(f"size is {size}; structures cannot be seen below 64 pixels")
    chosen = CATALOGUE.named(options)
    scanner = draw_scanner(streams)
    lattice = Lattice.of(scanner)
    mass = _mass(chosen, scanner, streams)
    tissue = lay_tissue(lattice, streams, mass)
    placed = None if mass is None else place_mass(tissue, mass, chosen["posterior"], chosen["echo"])
    light = np.cumsum(tissue.loss, axis=0, dtype=np.float32) * np.float32(-1.0 / LATTICE)
    light += depth_loss(streams, 0.0 if mass is None else mass.centre[1] + mass.half[1] + 0.15)
    if placed is not None:
        light += placed.shading
    shade = amplitude(light)
    envelope = receive(amplitude(tissue.echo) * shade, tissue.mirror * shade, scanner, streams)
    grey = develop(lattice.to_picture(to_grey(envelope, streams)), streams)
    picture = np.repeat((grey * 255.0 + 0.5).astype(np.uint8)[..., None], 3, axis=2)
    write_over(picture, _box(mass), scanner, streams)
    picture = store(picture, streams)
    method = cv2.INTER_AREA if size < LATTICE else cv2.INTER_CUBIC
    image = np.asarray(cv2.resize(picture, (size, size), interpolation=method), np.uint8)
    return Rendered(image, *_masks(placed, lattice, size))


def _mass(chosen: dict[str, str], scanner: Scanner, streams: Streams) -> Mass | None:
    """The mass that the options describe, or None where all of them say that there is none."""
    without = [group for group in ("shape", "margin", "orientation", "echo") if chosen[group] == NO_MASS[group]]
    if not without:
        return draw_mass(streams, scanner, chosen["shape"], chosen["margin"], chosen["orientation"])
    if len(without) < 4 or chosen["posterior"] != NO_MASS["posterior"]:
        shown = ", ".join(f"{group}: {option}" for group, option in chosen.items())
        raise ValueError(f"options are {shown}; expected all of a mass or all of no mass")
    return None


def _box(mass: Mass | None) -> tuple[float, float, float, float] | None:
    if mass is None:
        return None
    (x, y), (half_x, half_y) = mass.centre, mass.half
    return x - half_x, y - half_y, x + half_x, y + half_y


def _masks(
    placed: Placed | None, lattice: Lattice, size: int
) -> tuple[dict[str, NDArray[np.bool_]], NDArray[np.bool_]]:
    """The regions of the groups and of the mass, (S, S) bool each."""
    if placed is None:
        empty = {key: np.zeros((size, size), np.bool_) for key in LOCALIZABLE}
        return empty, np.zeros((size, size), np.bool_)

    def resized(region: NDArray[np.bool_]) -> NDArray[np.bool_]:
        field: Field = lattice.to_picture(region.astype(np.float32))
        method = cv2.INTER_AREA if size < LATTICE else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(field, (size, size), interpolation=method) > 0.5)

    lesion = placed.rho < 1.0
    band = min(max(0.022 / placed.mass.size, 0.18), 0.5)
    inner = (placed.rho > 1.0 - band) & (placed.rho < 1.0 + band)
    rim = inner | ((placed.share > 0.3) & (placed.rho >= 1.0))
    regions = {"shape": lesion, "margin": rim, "posterior": placed.behind, "echo": lesion}
    return {key: resized(regions[key]) for key in LOCALIZABLE}, resized(lesion)
