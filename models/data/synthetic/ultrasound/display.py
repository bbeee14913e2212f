"""From echoes to grey: time gain, log compression, the scanner's own filters, what storing does to the picture.

No label is read here.

Shapes: N beams and depths, rows and columns.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.fields import Field, as_field, smoothstep
from models.data.synthetic.streams import Streams
from models.data.synthetic.ultrasound.beam import decibels
from models.data.synthetic.ultrasound.scanner import LATTICE, profile


def depth_loss(streams: Streams, reach: float) -> Field:
    """DB by depth that the scanner does not make up for, (N, 1).

    Args:
        streams: of the picture.
        reach: depth down to which something must be seen, a share of the height.
    """
    rng = streams.get("depth")
    depth = ((np.arange(LATTICE) + 0.5) / LATTICE).astype(np.float32)[:, None]
    slope = rng.uniform(0, 12) * depth
    end = max(rng.uniform(0.45, 1.5), reach)
    deep = np.float32(rng.uniform(30, 80)) * np.clip(depth - np.float32(end), 0.0, None)
    near = np.float32(rng.uniform(-6, 3)) * smoothstep(depth, 0.2, 0.0)
    return as_field(-slope - deep - near)


def to_grey(envelope: Field, streams: Streams) -> Field:
    """Time gain and log compression: (N, N) amplitude to (N, N) grey in [0, 1]."""
    rng = streams.get("display")
    level = decibels(envelope)
    sliders = np.float32(rng.uniform(0, 3.0)) * profile(streams.get("sliders"), 8)
    level += sliders[:, None]
    if rng.random() < 0.07:
        row = int(LATTICE * rng.uniform(0.3, 0.8))
        level[row:] += np.float32(rng.normal(0, 2.5))
    axis = np.linspace(-1, 1, LATTICE, dtype=np.float32)[None, :]
    level -= np.float32(rng.choice([0.0, rng.uniform(2, 14)], p=[0.5, 0.5])) * axis**4
    middle, span = rng.uniform(0.46, 0.66), rng.uniform(50, 70)
    grey = np.float32(middle) + level * np.float32(1.0 / span)
    return as_field(np.clip(grey, 0.0, 1.0))


def develop(grey: Field, streams: Streams) -> Field:
    """The scanner's filters and grey map, (N, N) in [0, 1]."""
    rng = streams.get("filters")
    grey = _calm(grey, float(rng.uniform(0.07, 0.16)), float(rng.uniform(0.15, 0.4)))
    grey = as_field(cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.6, 1.0), sigmaY=rng.uniform(0.2, 0.5)))
    if rng.random() < 0.5:
        wide = cv2.GaussianBlur(grey, (0, 0), rng.uniform(2.0, 3.5))
        grey = grey + np.float32(rng.uniform(0.2, 0.5)) * (grey - wide)
    grey = np.clip(grey, 0.0, 1.0) ** np.float32(rng.uniform(1.1, 1.7))
    return as_field(np.clip(grey * np.float32(rng.uniform(0.9, 1.12)), 0.0, 1.0))


def _calm(grey: Field, speckle: float, rest: float) -> Field:
    """Speckle reduction: what varies no more than speckle is drawn to its local mean (Lee's filter). (N, N).

    Args:
        grey: (N, N).
        speckle: standard deviation that is taken for speckle.
        rest: share of it that stays.
    """
    mean = cv2.blur(grey, (7, 5))
    spread = np.maximum(cv2.blur(grey * grey, (7, 5)) - mean * mean, 0.0)
    kept = np.maximum(spread / (spread + np.float32(speckle * speckle)), np.float32(rest))
    return as_field(mean + kept * (grey - mean))


def store(picture: NDArray[np.uint8], streams: Streams) -> NDArray[np.uint8]:
    """JPEG artefacts, some of the time. (N, N, 3)."""
    rng = streams.get("storage")
    if rng.random() >= 0.35:
        return picture
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(55, 92))])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
