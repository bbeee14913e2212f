"""The pictures of a diagnosis: the images at the ends of each option's scores, and the patches nearest to each code.

Shapes: B images, S pixels a side, L patches on rows x columns, O options, M codes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from models.cbm.network import IVQCBM
from models.checkpoint import Checkpoint
from models.diagnose.images import DiagnosedImages
from models.diagnose.results import CodeDiagnosis, Diagnosis, OptionDiagnosis
from models.explain.gradcam import gradcam_maps
from models.explain.sheets import map_tile, patch_tile, tile, write_sheet
from models.preprocessing import normalise

TILE, CROP = 160, 96  # pixels a side, of an image and of a patch with its surroundings
EXTREMES, CROPS, COLUMNS = 6, 24, 8
_BATCH = 16
Progress = Callable[[int, int], None]
Maps = dict[tuple[int, int], NDArray[np.float32]]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ImageTile(_Part):
    """An image of an option's sheet: its row in the split, its key, the option's score, and at which end it stands.

    ``label`` is the key of the image's class, or None where it is not known.
    """

    row: int
    key: str
    score: float
    end: Literal["top", "bottom"]
    label: str | None


class OptionSheet(_Part):
    """``file`` has the tiles in a row: the images above, the same under the option's Grad-CAM below."""

    id: str
    file: str
    tiles: tuple[ImageTile, ...]


class PatchTile(_Part):
    """A patch of a code's sheet: row of the image, its key, index of the patch, squared distance per channel."""

    row: int
    key: str
    patch: int
    distance: float


class CodeSheet(_Part):
    """``file`` has the tiles row by row, so many in each as the gallery has columns; the patch is outlined."""

    index: int
    file: str
    tiles: tuple[PatchTile, ...]


class Gallery(_Part):
    """What the sheets show.

    Attributes:
        tile: pixels a side of a tile in an option's sheet.
        crop: of a tile in a code's sheet, where three patches lie side by side.
        columns: tiles in a row of a code's sheet.
        options: in the concept set's order.
        codes: in the codebook's order.
    """

    tile: int
    crop: int
    columns: int
    options: tuple[OptionSheet, ...]
    codes: tuple[CodeSheet, ...]


def write_gallery(
    folder: Path,
    diagnosis: Diagnosis,
    images: DiagnosedImages,
    network: IVQCBM,
    checkpoint: Checkpoint,
    progress: Progress | None = None,
) -> Gallery:
    """Writes ``option-<index>.jpg`` and ``code-<index>.jpg`` for every option and code.

    The network runs once over the images that are shown; of its maps only those that are drawn are kept.

    Args:
        folder: made when missing; files of the same names are replaced.
        diagnosis: of the model over the images.
        images: that it was made from.
        network: on its device.
        checkpoint: of the network.
        progress: called with (done, all) images and sheets; what it raises ends the work.

    Returns:
        Which images and patches stand where.

    Raises:
        ValueError: if the diagnosis is of other images or of another concept set.
        OSError: if a sheet cannot be written.
    """
    _check(diagnosis, images, checkpoint)
    tell = progress or (lambda _done, _total: None)
    shown = {
        (extreme.row, column)
        for column, option in enumerate(diagnosis.options)
        for extreme in (*option.top[:EXTREMES], *option.bottom[:EXTREMES])
    }
    rows = sorted({row for row, _ in shown})
    total = len(rows) + len(diagnosis.options) + len(diagnosis.codes)
    tell(0, total)
    maps = _maps(network, images, checkpoint, shown, lambda done: tell(done, total))
    folder.mkdir(parents=True, exist_ok=True)
    options, codes = [], []
    for column, option in enumerate(diagnosis.options):
        options.append(_option_sheet(folder, column, option, images, checkpoint, maps))
        tell(len(rows) + len(options), total)
    for code in diagnosis.codes:
        codes.append(_code_sheet(folder, code, images, diagnosis.grid))
        tell(len(rows) + len(options) + len(codes), total)
    return Gallery(tile=TILE, crop=CROP, columns=COLUMNS, options=tuple(options), codes=tuple(codes))


def _check(diagnosis: Diagnosis, images: DiagnosedImages, checkpoint: Checkpoint) -> None:
    if diagnosis.concept_set != checkpoint.concept_set.digest():
        raise ValueError("the diagnosis is of another concept set than the model's; run it again")
    same = diagnosis.images == len(images.data)
    if not same or any(images.keys[row] != key for row, key in diagnosis.keys.items()):
        raise ValueError(
            f"expected the {diagnosis.images} images of {diagnosis.dataset}, split {diagnosis.split}, that were "
            f"diagnosed, got {len(images.data)} of {images.dataset}, split {images.split}"
        )


@torch.inference_mode()
def _maps(
    network: IVQCBM,
    images: DiagnosedImages,
    checkpoint: Checkpoint,
    shown: set[tuple[int, int]],
    tell: Callable[[int], None],
) -> Maps:
    """Grad-CAM (rows, columns) by image and option."""
    network.eval()
    device = next(network.parameters()).device
    rows = np.array(sorted({row for row, _ in shown}), np.int64)
    columns: dict[int, list[int]] = {}
    for row, column in sorted(shown):
        columns.setdefault(row, []).append(column)
    found: Maps = {}
    for begin in range(0, len(rows), _BATCH):
        chosen = rows[begin : begin + _BATCH]
        pixels = normalise(np.asarray(images.data.images[chosen]), checkpoint.config.preprocessing)
        output = network(pixels.to(device))
        maps = gradcam_maps(network.bottleneck, output.patches, output.assignment, output.concepts).cpu().numpy()
        for place, row in enumerate(chosen.tolist()):
            for column in columns[row]:
                found[row, column] = maps[place, column].reshape(checkpoint.config.grid).copy()
        tell(begin + len(chosen))
    return found


def _option_sheet(
    folder: Path, index: int, option: OptionDiagnosis, images: DiagnosedImages, checkpoint: Checkpoint, maps: Maps
) -> OptionSheet:
    ends: tuple[Literal["top", "bottom"], ...] = ("top", "bottom")
    tiles = [
        ImageTile(
            row=extreme.row,
            key=images.keys[extreme.row],
            score=extreme.score,
            end=end,
            label=_label(int(images.data.classes[extreme.row]), checkpoint),
        )
        for end in ends
        for extreme in getattr(option, end)[:EXTREMES]
    ]
    upper = [tile(images.data.images[each.row], TILE) for each in tiles]
    lower = [map_tile(images.data.images[each.row], maps[each.row, index], TILE) for each in tiles]
    file = f"option-{index}.jpg"
    write_sheet(folder / file, [*upper, *lower], len(tiles))
    return OptionSheet(id=option.id, file=file, tiles=tuple(tiles))


def _label(label: int, checkpoint: Checkpoint) -> str | None:
    return checkpoint.concept_set.class_keys[label] if label >= 0 else None


def _code_sheet(folder: Path, code: CodeDiagnosis, images: DiagnosedImages, grid: tuple[int, int]) -> CodeSheet:
    near = code.nearest[:CROPS]
    crops = [patch_tile(images.data.images[patch.row], patch.patch, grid, CROP) for patch in near]
    file = f"code-{code.index}.jpg"
    write_sheet(folder / file, crops, COLUMNS)
    return CodeSheet(
        index=code.index,
        file=file,
        tiles=tuple(
            PatchTile(row=patch.row, key=images.keys[patch.row], patch=patch.patch, distance=patch.distance)
            for patch in near
        ),
    )
