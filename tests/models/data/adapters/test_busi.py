"""BUSI in its published layout; the real one too where VITRINE_BUSI says where it is."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.data.adapters.busi import Busi
from models.data.errors import DataError
from models.data.records import LESION
from tests.support.trees import mask, picture


@pytest.fixture
def root(tmp_path: Path) -> Path:
    home = tmp_path / "Dataset_BUSI_with_GT"
    for name, numbers in {"benign": (1, 2, 10), "malignant": (1,), "normal": (1,)}.items():
        for number in numbers:
            picture(home / name / f"{name} ({number}).png")
            mask(home / name / f"{name} ({number})_mask.png", marked=name != "normal")
    second = mask(home / "benign" / "benign (2)_mask_1.png", marked=False)
    with Image.open(second) as image:
        image.putpixel((5, 3), 255)
        image.save(second)
    return home


def test_images_in_the_order_of_their_numbers_with_all_masks(root: Path) -> None:
    records = list(Busi().records(root))

    assert [(r.key, r.label) for r in records] == [
        ("normal/normal (1).png", "normal"),
        ("benign/benign (1).png", "benign"),
        ("benign/benign (2).png", "benign"),
        ("benign/benign (10).png", "benign"),
        ("malignant/malignant (1).png", "malignant"),
    ]
    assert all(r.group is None and r.split is None for r in records)
    assert len(records[2].masks[LESION]) == 2
    union = np.logical_or.reduce([source.read() for source in records[2].masks[LESION]])
    assert np.argwhere(union).tolist() == [[0, 0], [3, 5]]
    assert not records[0].masks[LESION][0].read().any()
    assert [label.key for label in Busi().classes(root)] == ["normal", "benign", "malignant"]


def test_it_is_found_one_folder_down_and_needs_no_masks(root: Path) -> None:
    for path in root.rglob("*_mask*.png"):
        path.unlink()
    records = list(Busi().records(root.parent))
    assert len(records) == 5
    assert all(not r.masks for r in records)


def test_what_is_missing_is_named(root: Path) -> None:
    (root / "benign" / "benign (2).png").unlink()
    with pytest.raises(DataError, match=r"benign \(2\)_mask.*: the mask's image 'benign \(2\)\.png' is missing"):
        list(Busi().records(root))
    picture(root / "benign" / "benign (2).png")
    stray = picture(root / "malignant" / "scan7.png")
    with pytest.raises(DataError, match=r"scan7\.png: not a name of BUSI; expected 'malignant \(<number>\)\.png'"):
        list(Busi().records(root))
    stray.unlink()
    for path in (root / "normal").iterdir():
        path.unlink()
    with pytest.raises(DataError, match=r"'normal/normal \(1\)\.png' and all others of the class are missing"):
        list(Busi().records(root))
    (root / "normal").rmdir()
    with pytest.raises(DataError, match=r"folder 'normal' is missing.*\n.*benign \(4\)_mask_1"):
        list(Busi().records(root))


@pytest.mark.skipif("VITRINE_BUSI" not in os.environ, reason="VITRINE_BUSI names no folder of BUSI")
def test_the_real_one() -> None:
    root = Path(os.environ["VITRINE_BUSI"])
    records = list(Busi().records(root))
    files = [path for path in root.rglob("*.png") if "_mask" not in path.name]
    assert {r.key for r in records} == {path.relative_to(root).as_posix() for path in files}
    for record in records:
        image = record.image.read()
        for source in record.masks.get(LESION, ()):
            found = source.read()
            assert found.shape == image.shape[:2]
            assert found.any() == (record.label != "normal")
