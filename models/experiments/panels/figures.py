"""The panels as figures: index maps (figures 8 and 10), Grad-CAM (figures 11 and 12).

Shapes: n images, L patches on rows x columns, S pixels a side.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.legend import Legend
from matplotlib.patches import Patch
from numpy.typing import NDArray

from models.experiments.panels.content import ModelPanels, Shown
from models.explain.overlay import Colormap, Pixels, categorical_palette, index_map_layer, overlay, render_map
from models.explanation import Region

_TILE = 1.12  # inches
_LETTERS = 17  # of the smallest text, in an inch
_INDEX_ALPHA = 0.5


def index_panels(images: Shown, models: Sequence[ModelPanels]) -> Figure:
    """Every image, and each model's index map of it alone and over it; the codes are named below."""
    figure, tiles, legends = _frame(len(images.keys), 1 + 2 * len(models), _legend_height(models))
    for row in range(len(images.keys)):
        _input(tiles[row, 0], images, row)
        for place, model in enumerate(models):
            layer = index_map_layer(_square(model.index_maps[row]), *_whole(images))
            tiles[row, 1 + 2 * place].imshow(layer)
            tiles[row, 2 + 2 * place].imshow(overlay(images.pixels[row], layer, _INDEX_ALPHA))
            if row == 0:
                tiles[row, 1 + 2 * place].set_title(_wrapped(f"index map, {model.name}"), fontsize=7)
                tiles[row, 2 + 2 * place].set_title("overlay", fontsize=7)
    _code_legends(legends, models)
    return figure


def gradcam_panels(images: Shown, models: Sequence[ModelPanels], colormap: Colormap, alpha: float) -> Figure:
    """Every image and each model's Grad-CAM of its decision; of a single model also each group's strongest option."""
    groups = models[0].groups if len(models) == 1 else ()
    figure, tiles, legends = _frame(len(images.keys), 1 + len(models) + len(groups), 0.45)
    for row in range(len(images.keys)):
        _input(tiles[row, 0], images, row)
        for place, model in enumerate(models):
            axes = tiles[row, 1 + place]
            axes.imshow(_overlaid(images, row, model.decision[row], colormap, alpha))
            axes.set_xlabel(
                _wrapped(f"{model.predicted[row]} {model.probabilities[row]:.2f}"), fontsize=5.5, labelpad=2
            )
            if row == 0:
                axes.set_title(_wrapped("decision" if groups else model.name), fontsize=7)
        for place, group in enumerate(groups):
            axes = tiles[row, 2 + place]
            axes.imshow(_overlaid(images, row, models[0].gradcam[row, place], colormap, alpha))
            option = models[0].options[row][place].partition(".")[2].replace("_", " ")
            axes.set_xlabel(_wrapped(option), fontsize=5.5, labelpad=2)
            if row == 0:
                axes.set_title(_wrapped(group), fontsize=7)
    said = "Grad-CAM; each map is scaled to its own maximum."
    if images.masks is not None:
        said += " White line: where half of a patch is masked."
    width = int(_LETTERS * figure.get_figwidth())
    legends.text(0, 0.9, textwrap.fill(said, width), fontsize=7, va="top").set_in_layout(False)
    return figure


def _frame(rows: int, columns: int, below: float) -> tuple[Figure, NDArray[Any], Any]:
    """A grid of tiles without axes, and a strip below it."""
    height = rows * (_TILE + 0.24) + 0.3
    figure = Figure(figsize=(max(columns * _TILE, 3.4), height + below), layout="constrained")
    strips: Any = figure.subfigures(2, 1, height_ratios=(height, below))
    upper, lower = strips
    tiles = upper.subplots(rows, columns, squeeze=False)
    for axes in tiles.flat:
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_visible(False)
    legends = lower.subplots()
    legends.axis("off")
    legends.set_xlim(0, 1)
    legends.set_ylim(0, 1)
    return figure, tiles, legends


def _input(axes: Any, images: Shown, row: int) -> None:
    axes.imshow(images.pixels[row])
    axes.set_xlabel(_wrapped(images.classes[row]), fontsize=5.5, labelpad=2)
    if row == 0:
        axes.set_title("input, true class", fontsize=7)
    if images.masks is None or images.masks[row].max() < 0.5:
        return
    side = images.pixels.shape[1]
    grid = _square(images.masks[row])
    centres = (np.arange(len(grid)) + 0.5) * side / len(grid) - 0.5
    axes.contour(centres, centres, grid, levels=[0.5], colors="white", linewidths=0.8)
    axes.set_xlim(-0.5, side - 0.5)
    axes.set_ylim(side - 0.5, -0.5)


def _overlaid(images: Shown, row: int, values: NDArray[np.floating], colormap: Colormap, alpha: float) -> Pixels:
    return overlay(images.pixels[row], render_map(_square(values), *_whole(images), colormap, "bicubic"), alpha)


def _whole(images: Shown) -> tuple[Region, tuple[int, int]]:
    side = images.pixels.shape[1]
    return Region(0, 0, side, side), (side, side)


def _square(values: NDArray[Any]) -> NDArray[Any]:
    side = round(len(values) ** 0.5)
    return values.reshape(side, side)


def _legend_height(models: Sequence[ModelPanels]) -> float:
    return 0.3 + 0.16 * max(len(model.codes) for model in models)


def _code_legends(axes: Any, models: Sequence[ModelPanels]) -> None:
    """Codes of each model, those that no shown patch has left out."""
    for place, model in enumerate(models):
        used = np.unique(model.index_maps)
        colours = categorical_palette(len(model.codes)) / 255
        handles = [Patch(color=colours[code]) for code in used]
        labels = [f"code {code}: {model.codes[code]}" for code in used]
        where = (place / len(models), 1.0)
        # Several legends on one axes: each is added by hand.
        legend = Legend(axes, handles, labels, loc="upper left", bbox_to_anchor=where, frameon=False, fontsize=6.5)
        legend.set_title(model.name, prop=FontProperties(size=7))
        legend.set_in_layout(False)  # long names must not push the pictures together
        axes.add_artist(legend)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 20)
