"""Places365-Standard with the easy directory structure."""

import shutil
from pathlib import Path

import pytest

from models.data.adapters.places365 import Places365
from models.data.errors import DataError
from tests.support.trees import picture


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "places365_standard"
    for scene in ("airfield", "apartment_building-outdoor"):
        picture(home / "train" / scene / "00000001.jpg")
        picture(home / "val" / scene / "Places365_val_00000435.jpg")
    (home / "train.txt").write_text("airfield/00000001.jpg\n")
    return home


def test_val_is_the_test_split(home: Path) -> None:
    assert [(r.key, r.label, r.split) for r in Places365().records(home.parent)] == [
        ("train/airfield/00000001.jpg", "airfield", "train"),
        ("train/apartment_building-outdoor/00000001.jpg", "apartment_building_outdoor", "train"),
        ("val/airfield/Places365_val_00000435.jpg", "airfield", "test"),
        ("val/apartment_building-outdoor/Places365_val_00000435.jpg", "apartment_building_outdoor", "test"),
    ]
    assert [label.key for label in Places365().classes(home)] == ["airfield", "apartment_building_outdoor"]


def test_what_is_missing_is_named(home: Path) -> None:
    picture(home / "val" / "zoo" / "1.jpg")
    with pytest.raises(DataError, match=r"val/zoo: no class of this name in .*train"):
        list(Places365().records(home))
    (home / "train" / "airfield" / "00000001.jpg").unlink()
    with pytest.raises(DataError, match="every image of 'train/airfield' is missing"):
        list(Places365().records(home))
    shutil.rmtree(home / "val")
    with pytest.raises(DataError, match=r"folder 'val' is missing.*\n.*places365_standard/train"):
        list(Places365().records(home))
    shutil.rmtree(home / "train")
    with pytest.raises(DataError, match="'train' or 'val' is missing"):
        list(Places365().records(home))
