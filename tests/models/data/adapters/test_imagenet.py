"""ImageNet as on Kaggle, and from its archives with the development kit."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import scipy.io

from models.data.adapters.imagenet import DEVKIT, ImageNet
from models.data.errors import DataError
from tests.support.trees import picture, table, text

SYNSETS = ("n01440764", "n01443537")


def images(data: Path, *, sorted_by_hand: bool = False) -> None:
    for synset in SYNSETS:
        picture(data / "train" / synset / f"{synset}_18.JPEG")
    for number, synset in ((1, SYNSETS[1]), (2, SYNSETS[0])):
        folder = data / "val" / synset if sorted_by_hand else data / "val"
        picture(folder / f"ILSVRC2012_val_{number:08d}.JPEG")


@pytest.fixture
def kaggle(tmp_path: Path) -> Path:
    images(tmp_path / "ILSVRC" / "Data" / "CLS-LOC")
    picture(tmp_path / "ILSVRC" / "Data" / "CLS-LOC" / "test" / "ILSVRC2012_test_00000001.JPEG")
    table(
        tmp_path / "LOC_val_solution.csv",
        ("ImageId", "PredictionString"),
        ("ILSVRC2012_val_00000002", "n01440764 85 1 499 272 "),
        ("ILSVRC2012_val_00000001", "n01443537 131 0 499 254 n01443537 1 2 3 4 "),
    )
    text(tmp_path / "LOC_synset_mapping.txt", "n01440764 tench, Tinca tinca", "n01443537 goldfish")
    return tmp_path


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    images(tmp_path)
    # the kit numbers its classes in another order than the synsets', and lists inner nodes too
    fields = [("ILSVRC2012_ID", "O"), ("WNID", "O"), ("words", "O"), ("num_children", "O")]
    rows = [(1, SYNSETS[1], "goldfish", 0), (2, SYNSETS[0], "tench", 0), (1001, "n00001740", "entity", 2)]
    (tmp_path / DEVKIT).mkdir(parents=True)
    scipy.io.savemat(tmp_path / DEVKIT / "meta.mat", {"synsets": np.array(rows, dtype=fields)})
    text(tmp_path / DEVKIT / "ILSVRC2012_validation_ground_truth.txt", "1", "2")
    return tmp_path


def labels(root: Path) -> list[tuple[str, str, str | None]]:
    return [(r.key, r.label, r.split) for r in ImageNet().records(root)]


EXPECTED = [
    ("train/n01440764/n01440764_18.JPEG", "n01440764", "train"),
    ("train/n01443537/n01443537_18.JPEG", "n01443537", "train"),
    ("val/ILSVRC2012_val_00000001.JPEG", "n01443537", "test"),
    ("val/ILSVRC2012_val_00000002.JPEG", "n01440764", "test"),
]


def test_the_layout_of_kaggle(kaggle: Path) -> None:
    assert labels(kaggle) == labels(kaggle / "ILSVRC") == EXPECTED
    assert [label.name for label in ImageNet().classes(kaggle)] == ["tench, Tinca tinca", "goldfish"]


def test_the_layout_of_the_archives(archives: Path) -> None:
    assert labels(archives) == EXPECTED
    assert [label.name for label in ImageNet().classes(archives)] == list(SYNSETS)


def test_validation_images_sorted_into_folders(tmp_path: Path) -> None:
    images(tmp_path, sorted_by_hand=True)
    assert {(label, split) for _, label, split in labels(tmp_path)} == {
        (s, p) for s in SYNSETS for p in ("train", "test")
    }


def test_what_is_missing_on_kaggle_is_named(kaggle: Path) -> None:
    solution = kaggle / "LOC_val_solution.csv"
    lines = solution.read_text()
    solution.write_text("\n".join(lines.splitlines()[:2]))
    with pytest.raises(DataError, match=r"has no row for ILSVRC2012_val_00000001\.JPEG"):
        labels(kaggle)
    solution.write_text(lines.replace("n01440764", "n09999999"))
    with pytest.raises(DataError, match="has the label 'n09999999', which is no folder of"):
        labels(kaggle)
    solution.write_text(lines.replace("PredictionString", "Labels"))
    with pytest.raises(DataError, match="column 'PredictionString' is missing"):
        labels(kaggle)
    solution.unlink()
    with pytest.raises(DataError, match=r"'LOC_val_solution\.csv' or 'ILSVRC2012_devkit_t12/data/.*' is missing"):
        labels(kaggle)
    data = kaggle / "ILSVRC" / "Data" / "CLS-LOC"
    for path in (data / "val").iterdir():
        path.unlink()
    with pytest.raises(DataError, match="every image of 'val' is missing"):
        labels(kaggle)
    shutil.rmtree(data / "val")
    with pytest.raises(DataError, match="folder 'val' is missing"):
        labels(kaggle)


def test_what_is_missing_of_the_archives_is_named(archives: Path) -> None:
    truth = archives / DEVKIT / "ILSVRC2012_validation_ground_truth.txt"
    truth.write_text("1\n1001\n")
    with pytest.raises(DataError, match=r"line 2: '1001' is no number of a class in meta\.mat"):
        labels(archives)
    (archives / DEVKIT / "meta.mat").write_bytes(b"rubbish")
    with pytest.raises(DataError, match=r"meta\.mat: cannot be read as the class table"):
        labels(archives)
    (archives / DEVKIT / "meta.mat").unlink()
    with pytest.raises(DataError, match=r"meta\.mat', which says what the numbers mean, is missing"):
        labels(archives)
    next((archives / "train" / SYNSETS[0]).iterdir()).unlink()
    with pytest.raises(DataError, match="every image of 'train/n01440764' is missing"):
        labels(archives)
