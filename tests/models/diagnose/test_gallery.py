"""The pictures of a diagnosis: what stands where, and that it is the image, the patch and the map it says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from models.checkpoint import Checkpoint, load_network
from models.concepts import load_concept_set
from models.diagnose import gallery as made
from models.diagnose.gallery import COLUMNS, CROP, TILE, Gallery, write_gallery
from models.diagnose.results import Diagnosis
from models.diagnose.run import diagnose
from models.explain.gradcam import gradcam_maps
from models.explain.sheets import map_tile, patch_tile, tile
from models.preprocessing import normalise
from tests.models.diagnose.conftest import Drawn, small

Written = tuple[Path, Gallery, Diagnosis]
JPEG = 12.0  # mean difference that compression makes on noisy tiles, at most


@pytest.fixture(scope="module")
def written(drawn: Drawn, tmp_path_factory: pytest.TempPathFactory) -> Written:
    checkpoint, images = drawn
    found = diagnose(checkpoint, images, small(extremes=7, nearest=30))
    folder = tmp_path_factory.mktemp("gallery") / "sheets"
    return folder, write_gallery(folder, found, images, load_network(checkpoint), checkpoint), found


def _cut(path: Path, number: int, columns: int, side: int) -> NDArray[np.int64]:
    """A tile of a sheet by its number."""
    with Image.open(path) as sheet:
        pixels = np.asarray(sheet).astype(np.int64)
    row, column = divmod(number, columns)
    return pixels[row * side : (row + 1) * side, column * side : (column + 1) * side]


def _nearest(cut: NDArray[np.int64], candidates: list[NDArray[np.uint8]]) -> int:
    """Which candidate a tile shows; it must be near that one."""
    differences = [float(np.abs(cut - candidate).mean()) for candidate in candidates]
    assert min(differences) < JPEG
    return int(np.argmin(differences))


def test_every_option_and_code_has_its_sheet(written: Written, drawn: Drawn) -> None:
    folder, found, diagnosis = written
    keys = drawn[0].concept_set.class_keys
    assert [sheet.id for sheet in found.options] == [option.id for option in diagnosis.options]
    for sheet, option in zip(found.options, diagnosis.options, strict=True):
        top, bottom = option.top[:6], option.bottom[:6]
        assert [(each.row, each.score) for each in sheet.tiles] == [(each.row, each.score) for each in (*top, *bottom)]
        assert [each.end for each in sheet.tiles] == ["top"] * 6 + ["bottom"] * 6
        assert [each.key for each in sheet.tiles] == [diagnosis.keys[each.row] for each in sheet.tiles]
        assert [each.label for each in sheet.tiles] == [keys[drawn[1].data.classes[each.row]] for each in sheet.tiles]
        with Image.open(folder / sheet.file) as image:
            assert image.size == (12 * TILE, 2 * TILE)
    for code, shown in zip(diagnosis.codes, found.codes, strict=True):
        assert [(each.row, each.patch) for each in shown.tiles] == [(n.row, n.patch) for n in code.nearest[:24]]
        with Image.open(folder / shown.file) as image:
            assert image.size == (COLUMNS * CROP, 3 * CROP)
    files = {sheet.file for sheet in found.options} | {code.file for code in found.codes}
    assert {path.name for path in folder.iterdir()} == files
    assert len(files) == len(diagnosis.options) + len(diagnosis.codes)
    assert Gallery.model_validate(json.loads(found.model_dump_json())) == found


def _map(checkpoint: Checkpoint, image: NDArray[np.uint8], option: int) -> NDArray[np.float32]:
    """Grad-CAM of one image by itself."""
    network = load_network(checkpoint)
    with torch.no_grad():
        output = network(normalise(image[None], checkpoint.config.preprocessing))
        maps = gradcam_maps(network.bottleneck, output.patches, output.assignment, output.concepts)
    return maps[0, option].reshape(checkpoint.config.grid).numpy()


def test_the_tiles_show_what_they_say(written: Written, drawn: Drawn) -> None:
    folder, found, _ = written
    checkpoint, images = drawn
    pixels = images.data.images
    index = 20
    sheet = found.options[index]
    rows = sorted({each.row for each in sheet.tiles})
    plain = [tile(pixels[row], TILE) for row in rows]
    under = [map_tile(pixels[row], _map(checkpoint, pixels[row], index), TILE) for row in rows]
    count = len(sheet.tiles)
    for number, each in enumerate(sheet.tiles):
        assert rows[_nearest(_cut(folder / sheet.file, number, count, TILE), plain)] == each.row
        assert rows[_nearest(_cut(folder / sheet.file, count + number, count, TILE), under)] == each.row
    code = found.codes[1]
    crops = [patch_tile(pixels[each.row], each.patch, checkpoint.config.grid, CROP) for each in code.tiles]
    for number in (0, 9, 23):
        assert _nearest(_cut(folder / code.file, number, COLUMNS, CROP), crops) == number


def test_small_batches_draw_the_same(
    written: Written, drawn: Drawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made, "_BATCH", 5)
    told: list[tuple[int, int]] = []
    checkpoint, images = drawn
    again = write_gallery(
        tmp_path, written[2], images, load_network(checkpoint), checkpoint, lambda *counts: told.append(counts)
    )
    assert again == written[1]
    for name in ("option-20.jpg", "code-1.jpg"):
        one, other = (np.asarray(Image.open(folder / name)).astype(int) for folder in (written[0], tmp_path))
        assert np.abs(one - other).mean() < 1
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[0][0] == 0
    assert told[-1] == (told[0][1], told[0][1])


def test_other_images_are_refused(diagnosis: Diagnosis, drawn: Drawn, tmp_path: Path) -> None:
    checkpoint, images = drawn
    network = load_network(checkpoint)
    others = replace(images, keys=tuple(f"another/{key}" for key in images.keys))
    with pytest.raises(ValueError, match="expected the 64 images of synthetic-dermoscopy, split validation"):
        write_gallery(tmp_path, diagnosis, others, network, checkpoint)
    other = replace(checkpoint, concept_set=load_concept_set("busi"))
    with pytest.raises(ValueError, match="another concept set"):
        write_gallery(tmp_path, diagnosis, images, network, other)
    assert list(tmp_path.iterdir()) == []
