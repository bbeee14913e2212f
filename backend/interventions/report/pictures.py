"""The pictures of a report: the image, a Grad-CAM map over it, and what a region edit lets a group look at.

Shapes: rows x columns of the patch grid; W x H of a picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from backend.interventions.report.content import Pictures, Report, most_changed
from backend.interventions.report.wording import percent, signed
from backend.interventions.schemas import EditRead
from models.explain.overlay import overlay, render_map
from models.explanation import Region

# The longer side: enough for 300 dots an inch on the page; small images grow, so that a map over them is smooth.
_SMALLEST, _LARGEST = 512, 760
_DIMMED = 0.4
_HATCH = 14
_BORDER = np.array([255, 196, 0], np.uint8)


@dataclass(frozen=True, eq=False)
class Figure:
    """A picture and what stands below it."""

    picture: Image.Image
    caption: str


def fitted(image: Image.Image) -> Image.Image:
    """RGB, not larger than a page can show."""
    scale = min(max(*image.size, _SMALLEST), _LARGEST) / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    # Made smaller first: a copy of a large image is what there is no room for.
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0).convert("RGB")


def figures(report: Report, found: Pictures) -> list[Figure]:
    """The image, a map, and the first region edit if there is one."""
    picture = fitted(found.image)
    across, down = picture.width / report.case.width, picture.height / report.case.height
    covered = found.region
    region = Region(covered.x * across, covered.y * down, covered.width * across, covered.height * down)
    drawn = [
        Figure(picture, f"The image ({report.case.width} × {report.case.height} pixels)"),
        _gradcam(report, found, picture, region),
    ]
    painted = [edit for edit in report.intervention.edits if edit.operation == "region"]
    return [*drawn, _painted(report, found, painted, picture, region)] if painted else drawn


def _gradcam(report: Report, found: Pictures, picture: Image.Image, region: Region) -> Figure:
    column, group, option = most_changed(report)
    key = report.intervention.predicted_class
    before, after = report.before(option, key), option.contributions[key]
    layer = render_map(found.gradcam[column], region, picture.size, "viridis", "bicubic")
    told = f"is largest ({signed(after)})" if before == after else f"changed most ({signed(before)} → {signed(after)})"
    caption = f"Grad-CAM, as predicted, of the option whose push {told}: “{option.text}” ({group.name})"
    return Figure(Image.fromarray(overlay(np.asarray(picture), layer, 0.5)), caption)


def _painted(
    report: Report, found: Pictures, edits: Sequence[EditRead], picture: Image.Image, region: Region
) -> Figure:
    """The first region edit. What the group looks at stays as it is; the rest is dimmed and hatched."""
    edit = edits[0]
    cells = np.zeros(found.grid, np.float64)
    cells.flat[list(edit.patches or [])] = 1.0
    if edit.keep != "inside":
        cells = 1.0 - cells
    layer = render_map(cells, region, picture.size, "gray", "nearest", (0.0, 1.0))
    seen: NDArray[np.bool_] = (layer[..., 0] > 127) & (layer[..., 3] > 0)
    pixels = np.array(picture)
    rows, columns = np.indices(seen.shape)
    hatch = ~seen & ((rows + columns) % _HATCH < 2)
    pixels[~seen] = (pixels[~seen] * _DIMMED).astype(np.uint8)
    pixels[hatch] = 150
    pixels[_border(seen)] = _BORDER
    group = next(group for group in report.intervention.groups if group.key == edit.group_key)
    which = "Region edit" if len(edits) == 1 else f"The first of {len(edits)} region edits"
    share = "" if group.attention is None else f" ({percent(group.attention)} of its attention as predicted)"
    return Figure(Image.fromarray(pixels), f"{which}: “{group.name}” looks only at what is not hatched{share}")


def _border(seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(H, W) the pixels on both sides of the line around what is seen."""
    border = np.zeros_like(seen)
    across, down = seen[:, 1:] != seen[:, :-1], seen[1:] != seen[:-1]
    border[:, 1:] |= across
    border[:, :-1] |= across
    border[1:] |= down
    border[:-1] |= down
    return border
