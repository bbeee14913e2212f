"""Tiles and sheets: where a patch lies, what is black, what the file says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.explain.sheets import map_tile, patch_tile, tile, write_sheet


def _patches(colours: list[int], cell: int) -> np.ndarray:
    """An image of 3 x 3 even patches, from their brightness."""
    values = np.array(colours, np.uint8).reshape(3, 3)
    return np.repeat(np.repeat(np.repeat(values[:, :, None], cell, 0), cell, 1), 3, 2)


@pytest.mark.parametrize("cell", [4, 16])
def test_a_patch_stands_in_the_middle_with_its_neighbours(cell: int) -> None:
    image = _patches([10, 40, 70, 100, 130, 160, 190, 220, 250], cell)
    shown = patch_tile(image, 4, (3, 3), 96)
    assert shown.shape == (96, 96, 3)
    middles = [[int(shown[row, column, 0]) for column in (12, 48, 84)] for row in (12, 48, 84)]
    assert np.array(middles) == pytest.approx(np.array([[10, 40, 70], [100, 130, 160], [190, 220, 250]]), abs=3)
    assert (shown[32, 32:64] == 255).all()  # its outline
    assert (shown[31, 31:65] == 0).all()


def test_there_is_nothing_beyond_the_image() -> None:
    shown = patch_tile(_patches([200] * 9, 5), 2, (3, 3), 96)  # the upper right one
    assert (shown[:24] == 0).all()
    assert (shown[:, 72:] == 0).all()
    assert (shown[40:56, 40:56] >= 198).all()


def test_a_map_colours_where_it_is_strong() -> None:
    image = np.full((30, 30, 3), 100, np.uint8)
    values = np.zeros((3, 3))
    values[0, 2] = 1.0
    assert (tile(image, 60) == 100).all()
    shown = map_tile(image, values, 60).astype(int)
    yellow, violet = shown[10, 50], shown[50, 10]
    assert yellow == pytest.approx([0.6 * 100 + 0.4 * part for part in (253, 231, 37)], abs=3)  # viridis
    assert violet == pytest.approx([0.6 * 100 + 0.4 * part for part in (68, 1, 84)], abs=3)


def test_a_sheet_has_its_tiles_in_rows(tmp_path: Path) -> None:
    tiles = [np.full((16, 16, 3), 40 * number, np.uint8) for number in range(1, 6)]
    write_sheet(tmp_path / "new" / "sheet.jpg", tiles, 3)
    with Image.open(tmp_path / "new" / "sheet.jpg") as sheet:
        assert (sheet.format, sheet.size) == ("JPEG", (48, 32))
        assert b"Not for diagnosis" in sheet.info["comment"]
        grey = np.asarray(sheet.convert("L"))
    middles = [int(grey[row, column]) for row in (8, 24) for column in (8, 24, 40)]
    assert middles == pytest.approx([40, 80, 120, 160, 200, 0], abs=2)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["sheet.jpg"]
