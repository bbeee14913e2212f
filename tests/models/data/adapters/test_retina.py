"""The retina set as its repository is cloned."""

import shutil
from pathlib import Path

import pytest

from models.data.adapters.retina import FOLDERS, Retina
from models.data.errors import DataError
from tests.support.trees import picture


@pytest.fixture
def root(tmp_path: Path) -> Path:
    names = ("NL_001.png", "cataract_001.png", "Glaucoma_001.png", "Retina_001.png")
    for folder, name in zip(FOLDERS, names, strict=True):
        picture(tmp_path / "dataset" / folder / name)
        (tmp_path / "dataset" / folder / ".DS_Store").write_bytes(b"x")
    return tmp_path


def test_the_four_folders_are_the_classes(root: Path) -> None:
    records = list(Retina().records(root))
    assert [(r.key, r.label) for r in records] == [
        ("1_normal/NL_001.png", "normal"),
        ("2_cataract/cataract_001.png", "cataract"),
        ("2_glaucoma/Glaucoma_001.png", "glaucoma"),
        ("3_retina_disease/Retina_001.png", "retina_disease"),
    ]
    assert [r.key for r in Retina().records(root / "dataset")] == [r.key for r in records]
    assert [label.key for label in Retina().classes(root)] == [r.label for r in records]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_missing_class_is_named(folder: str, root: Path) -> None:
    next((root / "dataset" / folder).glob("*.png")).unlink()
    with pytest.raises(DataError, match=f"folder '{folder}' with images is missing.*\n.*NL_001"):
        list(Retina().records(root))
    shutil.rmtree(root / "dataset" / folder)
    with pytest.raises(DataError, match=f"folder '{folder}' with images is missing"):
        list(Retina().records(root))


def test_a_root_without_any_of_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="'1_normal' or '2_cataract'"):
        list(Retina().records(tmp_path))
