"""Masks: which pixels belong to the finding."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.data.errors import DataError
from models.data.masks import FileMask, RunLengthMask

SPOT = np.zeros((5, 7), dtype=np.uint8)
SPOT[1:3, 4:6] = 255


@pytest.mark.parametrize("mode", ["L", "1", "RGB", "RGBA", "P", "I;16"])
def test_what_is_not_black_is_the_finding_in_every_kind_of_picture(mode: str, tmp_path: Path) -> None:
    picture = Image.fromarray(SPOT.astype(np.uint16)) if mode == "I;16" else Image.fromarray(SPOT).convert(mode)
    picture.save(tmp_path / "mask.png")

    mask = pickle.loads(pickle.dumps(FileMask(tmp_path / "mask.png"))).read()

    assert mask.dtype == np.bool_
    assert np.array_equal(mask, SPOT > 0)


def test_masks_of_ones_count_and_the_palette_is_looked_up(tmp_path: Path) -> None:
    Image.fromarray(SPOT // 255).save(tmp_path / "ones.png")
    assert np.array_equal(FileMask(tmp_path / "ones.png").read(), SPOT > 0)

    indexed = Image.fromarray((SPOT == 0).astype(np.uint8), mode="P")
    indexed.putpalette([255, 255, 255, 0, 0, 0])  # index 0 is white here
    indexed.save(tmp_path / "palette.png")
    assert np.array_equal(FileMask(tmp_path / "palette.png").read(), SPOT > 0)


def test_the_noise_of_a_jpeg_is_no_finding(tmp_path: Path) -> None:
    large = np.kron(SPOT, np.ones((16, 16), dtype=np.uint8))
    Image.fromarray(large).save(tmp_path / "mask.jpg", quality=40)
    with Image.open(tmp_path / "mask.jpg") as picture:
        assert (np.asarray(picture) > 0).mean() > (large > 0).mean(), "this JPEG has no noise to leave out"

    assert (FileMask(tmp_path / "mask.jpg").read() == (large > 0)).mean() > 0.99


def test_missing_and_damaged_masks_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone\.png: no such mask file"):
        FileMask(tmp_path / "gone.png").read()
    (tmp_path / "text.png").write_text("not a picture")
    with pytest.raises(DataError, match=r"text\.png: cannot be read as a mask"):
        FileMask(tmp_path / "text.png").read()
    Image.fromarray(np.tile(SPOT, (20, 20))).save(tmp_path / "whole.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "whole.png").read_bytes()[:60])
    with pytest.raises(DataError, match=r"cut\.png: cannot be read as a mask"):
        FileMask(tmp_path / "cut.png").read()


def test_relative_runs_go_down_the_columns_from_the_end_of_the_last_run() -> None:
    # 3 rows: 4 pixels left out reach row 1 of column 1; a run of 2; one left out; a run of 1 in row 1 of column 2
    mask = RunLengthMask("4 2 1 1", height=3, width=4).read()

    assert np.argwhere(mask).tolist() == [[1, 1], [1, 2], [2, 1]]


def test_absolute_runs_count_from_one() -> None:
    relative = RunLengthMask("4 2 1 1", height=3, width=4).read()
    assert np.array_equal(RunLengthMask("5 2 8 1", 3, 4, relative=False).read(), relative)
    assert np.array_equal(RunLengthMask("4 2 7 1", 3, 4, relative=False, first=0).read(), relative)


def test_an_empty_code_marks_nothing() -> None:
    assert not RunLengthMask("", 3, 4).read().any()


@pytest.mark.parametrize(
    ("code", "message"),
    [("1 2 3", "needs pairs"), ("-1 2", "not negative"), ("a b", "not a list of whole numbers"), ("10 3", "leaves")],
)
def test_codes_that_are_none_are_refused(code: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        RunLengthMask(code, 3, 4).read()
