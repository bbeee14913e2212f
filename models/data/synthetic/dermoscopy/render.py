"""From labels to a picture.

The picture depends on the class only through the options: `render_options` is not told the class.

Shapes: S pixels a side, K groups.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.dermoscopy.camera import take_picture
from models.data.synthetic.dermoscopy.distributions import CATALOGUE, draw_class, draw_options
from models.data.synthetic.dermoscopy.geometry import Grid, draw_lesion
from models.data.synthetic.dermoscopy.options import LOCALIZABLE
from models.data.synthetic.dermoscopy.overlays import draw_overlays
from models.data.synthetic.dermoscopy.palette import lay_color, lay_edge, roll_rim
from models.data.synthetic.dermoscopy.patterns import draw_pattern
from models.data.synthetic.dermoscopy.relief import raise_lesion, shade
from models.data.synthetic.dermoscopy.scene import Scene
from models.data.synthetic.dermoscopy.skin import paint_skin
from models.data.synthetic.dermoscopy.streams import SplitName, Streams, streams_of
from models.data.synthetic.dermoscopy.surface import draw_surface
from models.data.synthetic.fields import smoothstep
from models.data.synthetic.samples import SyntheticSample


def render_sample(split: SplitName, index: int, size: int = 224, class_index: int | None = None) -> SyntheticSample:
    """Draws one picture: a pure function of its arguments, with the same lesion at every size.

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
    image, masks = render_options(options, streams, size)
    return SyntheticSample(image, class_index, options, masks)


def render_options(
    options: NDArray[np.int64], streams: Streams, size: int
) -> tuple[NDArray[np.uint8], dict[str, NDArray[np.bool_]]]:
    """Draws a picture that shows the given options.

    Args:
        options: (K,) option within each group.
        streams: everything else about the picture comes from these.
        size: S, at least 64.

    Returns:
        (S, S, 3) uint8, and (S, S) bool by localizable group key.

    Raises:
        ValueError: if the size is too small or an option does not exist.
    """
    if size < 64:
        raise ValueError(f"size is {size}; structures cannot be seen below 64 pixels")
    chosen = CATALOGUE.named(options)
    lesion = draw_lesion(streams, chosen["shape"], chosen["symmetry"])
    scene = paint_skin(Grid(lesion, streams, size), streams)
    lay_edge(scene, chosen["border"])
    raise_lesion(scene, chosen["elevation"])
    lay_color(scene, chosen["color"])
    draw_pattern(scene, chosen["pattern"])
    draw_surface(scene, chosen["texture"])
    if chosen["border"] == "rolled":
        roll_rim(scene)
    _asymmetric_light(scene)
    shade(scene)
    draw_overlays(scene)
    return take_picture(scene), _masks(scene)


def _asymmetric_light(scene: Scene) -> None:
    """Makes uneven pigment visible on pale palettes and opaque surfaces too."""
    inside = smoothstep(scene.grid.rho, 1.05, 0.85) * scene.alpha
    scene.scale(np.exp(-0.20 * scene.grid.darkness * inside).astype(np.float32))


def _masks(scene: Scene) -> dict[str, NDArray[np.bool_]]:
    lesion = scene.alpha > 0.5
    masks = dict(scene.regions)
    masks["color"] = lesion & (scene.covered < 0.6)
    masks["texture"] = masks["texture"] & (scene.alpha > 0.3)
    return {key: masks[key] for key in LOCALIZABLE}
