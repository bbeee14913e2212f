"""An explanation as files: one JSON document and the maps drawn over the image.

Shapes: K groups, O options, rows x columns the patch grid, W x H the source image.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from models.concepts import ConceptSet
from models.explain.overlay import Colormap, Pixels, index_map_layer, overlay, render_map
from models.explanation import Explanation, Region

NOT_FOR_DIAGNOSIS = "Research use only. Not for diagnosis."
# The longer side of every picture: small images grow so that the caption can be read, large ones shrink.
_SMALLEST, _LARGEST = 512, 2048


def write_explanation(
    folder: Path,
    image: Image.Image,
    explanation: Explanation,
    concept_set: ConceptSet,
    about: dict[str, Any],
    colormap: Colormap = "viridis",
    top: int = 5,
) -> list[Path]:
    """Write ``explanation.json`` and one PNG per map.

    Args:
        folder: made when missing; files of the same names are replaced.
        image: what was explained.
        explanation: the result for that image.
        concept_set: the model's.
        about: more entries for the JSON document, such as the model's name.
        colormap: for Grad-CAM and Magnet.
        top: how many options get a Grad-CAM picture: those that moved the predicted class most.

    Returns:
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    document = folder / "explanation.json"
    content = {"notice": NOT_FOR_DIAGNOSIS, **about, "explanation": explanation.to_dict()}
    document.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", "utf-8")
    written = [document]
    picture = _fitted(image.convert("RGB"))
    region = _scaled(explanation.region, picture.width / image.width, picture.height / image.height)
    pixels = np.asarray(picture)
    for name, title, layer in _layers(explanation, concept_set, region, picture.size, colormap, top):
        path = folder / f"{name}.png"
        _captioned(overlay(pixels, layer, 0.5), [title, NOT_FOR_DIAGNOSIS]).save(path)
        written.append(path)
    return written


def strongest_options(explanation: Explanation, count: int) -> list[int]:
    """Columns of the options that moved the predicted class's logit most, either way, strongest first.

    Args:
        explanation: of one image.
        count: how many.

    Returns:
        At most ``count`` indices into the option axis.
    """
    column = explanation.class_keys.index(explanation.predicted_class)
    order: NDArray[np.intp] = np.argsort(-np.abs(explanation.contributions[:, column]), kind="stable")
    return [int(index) for index in order[:count]]


def _layers(
    explanation: Explanation,
    concept_set: ConceptSet,
    region: Region,
    size: tuple[int, int],
    colormap: Colormap,
    top: int,
) -> Iterator[tuple[str, str, Pixels]]:
    """File name, title and layer of every picture."""
    for index in strongest_options(explanation, top):
        identifier = concept_set.option_ids[index]
        layer = render_map(explanation.gradcam[index], region, size, colormap, "bicubic")
        yield f"gradcam-{identifier}", f"Grad-CAM: {identifier}", layer
    for group, values in zip(concept_set.groups, explanation.magnet, strict=True):
        layer = render_map(values, region, size, colormap, "bicubic")
        yield f"magnet-{group.key}", f"Magnet map: {group.name}", layer
    layer = index_map_layer(explanation.index_map, region, size)
    yield "index-map", "Index map (auxiliary: not on the path to the prediction)", layer


def _fitted(image: Image.Image) -> Image.Image:
    longest = max(image.size)
    scale = min(max(longest, _SMALLEST), _LARGEST) / longest
    if scale == 1.0:
        return image
    return image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))))


def _scaled(region: Region, across: float, down: float) -> Region:
    return Region(region.x * across, region.y * down, region.width * across, region.height * down)


def _captioned(pixels: Pixels, lines: list[str]) -> Image.Image:
    """The picture with lines of text in a band below it, made to fit its width."""
    height, width = pixels.shape[:2]
    font_size = max(10.0, min(28.0, width / 40))
    font = ImageFont.load_default(font_size)
    row = round(font_size * 1.5)
    canvas = Image.new("RGB", (width, height + row * len(lines) + row // 2), "black")
    canvas.paste(Image.fromarray(pixels))
    draw = ImageDraw.Draw(canvas)
    for number, line in enumerate(lines):
        draw.text((row // 2, height + row // 4 + number * row), line, font=font, fill="white")
    return canvas
