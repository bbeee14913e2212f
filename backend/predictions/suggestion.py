"""Which modality an image looks like: a suggestion for the choice of a model, nothing more.

Ultrasound and X-rays are grey; skin, retina and stained tissue are not.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

# In order of preference where several models fit. Keys are the concept sets' modalities.
GREY = ("ultrasound", "chest radiography", "mammography")
COLOURED = ("dermoscopy", "fundus photography", "histopathology")
# Mean distance between the strongest and the weakest channel, of 255. Measured: 612 real ultrasound pictures, some with
# coloured marks, 0 to 2.6; dermoscopy, real and procedural, 18 to 68.
_GREY_BELOW = 10.0
_SIDE = 64


def likely_modalities(image: Image.Image) -> tuple[str, ...]:
    """Modalities that such a picture may come from, likeliest first."""
    return (*GREY, *COLOURED) if chroma(image) < _GREY_BELOW else (*COLOURED, *GREY)


def chroma(image: Image.Image) -> float:
    """How colourful a picture is: 0 for shades of grey, 255 for pure colours."""
    small = np.asarray(image.convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.BOX), dtype=np.float32)
    return float((small.max(axis=2) - small.min(axis=2)).mean())
