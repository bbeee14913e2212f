"""CUB-200-2011 with its four lists."""

import shutil
from pathlib import Path

import pytest

from models.data.adapters.cub import LISTS, Cub
from models.data.errors import DataError
from tests.support.trees import picture, text

IMAGES = (
    "001.Black_footed_Albatross/Black_Footed_Albatross_0046_18.jpg",
    "001.Black_footed_Albatross/Black_Footed_Albatross_0009_34.jpg",
    "002.Laysan_Albatross/Laysan_Albatross_0002_1027.jpg",
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "CUB_200_2011"
    for path in IMAGES:
        picture(home / "images" / path)
    text(home / "images.txt", *(f"{n} {path}" for n, path in enumerate(IMAGES, start=1)))
    text(home / "image_class_labels.txt", "1 1", "2 1", "3 2")
    text(home / "train_test_split.txt", "1 0", "2 1", "3 1")
    text(home / "classes.txt", "1 001.Black_footed_Albatross", "2 002.Laysan_Albatross")
    return home


def test_species_and_the_published_split(home: Path) -> None:
    assert [(r.key, r.label, r.split) for r in Cub().records(home.parent)] == [
        (f"images/{IMAGES[0]}", "black_footed_albatross", "test"),
        (f"images/{IMAGES[1]}", "black_footed_albatross", "train"),
        (f"images/{IMAGES[2]}", "laysan_albatross", "train"),
    ]
    assert [label.name for label in Cub().classes(home)] == ["Black footed Albatross", "Laysan Albatross"]


@pytest.mark.parametrize("name", LISTS)
def test_a_missing_list_is_named(name: str, home: Path) -> None:
    (home / name).unlink()
    with pytest.raises(DataError, match=rf"'{name}' is missing.*\n.*CUB_200_2011/images\.txt"):
        list(Cub().records(home.parent))


def test_missing_images_and_lines_are_named(home: Path) -> None:
    (home / "images" / IMAGES[2]).unlink()
    with pytest.raises(DataError, match=rf"images\.txt names .*{IMAGES[2]}, which cannot be found"):
        list(Cub().records(home))
    picture(home / "images" / IMAGES[2])
    text(home / "image_class_labels.txt", "1 1", "3 2")
    with pytest.raises(DataError, match=r"image_class_labels\.txt: no line for image 2"):
        list(Cub().records(home))
    text(home / "image_class_labels.txt", "1 1", "2 9", "3 2")
    with pytest.raises(DataError, match="image 2 has class 9"):
        list(Cub().records(home))
    text(home / "train_test_split.txt", "1 1", "1 0")
    with pytest.raises(DataError, match=r"train_test_split\.txt, line 2: '1 0' stands twice"):
        list(Cub().records(home))
    (home / "train_test_split.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match=r"train_test_split\.txt, line 1"):
        list(Cub().records(home))
    text(home / "train_test_split.txt", "1")
    with pytest.raises(DataError, match="line 1: '1' is not '<number> <value>'"):
        list(Cub().records(home))
    shutil.rmtree(home / "images")
    with pytest.raises(DataError, match="folder 'images' is missing"):
        list(Cub().records(home))
