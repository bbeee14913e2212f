"""A folder per class."""

from pathlib import Path

import pytest

from models.data.adapters.folder import Folder
from models.data.errors import DataError
from models.data.images import DicomImage, FileImage
from models.data.records import LESION
from tests.support.trees import dicom, mask, picture


def test_folders_are_classes(tmp_path: Path) -> None:
    picture(tmp_path / "Ductal carcinoma (IDC)" / "b.png")
    picture(tmp_path / "Ductal carcinoma (IDC)" / "a.JPG")
    dicom(tmp_path / "0 normal" / "scan.dcm")
    (tmp_path / "0 normal" / "notes.txt").write_text("x")
    (tmp_path / "__MACOSX" / "0 normal").mkdir(parents=True)
    (tmp_path / "readme.md").write_text("x")

    records = list(Folder().records(tmp_path))
    assert [(r.key, r.label, r.split) for r in records] == [
        ("0 normal/scan.dcm", "class_0_normal", None),
        ("Ductal carcinoma (IDC)/a.JPG", "ductal_carcinoma_idc", None),
        ("Ductal carcinoma (IDC)/b.png", "ductal_carcinoma_idc", None),
    ]
    assert [type(r.image) for r in records] == [DicomImage, FileImage, FileImage]
    assert [label.name for label in Folder().classes(tmp_path)] == ["0 normal", "Ductal carcinoma (IDC)"]


def test_a_level_of_splits_and_masks(tmp_path: Path) -> None:
    picture(tmp_path / "Train" / "a" / "1.png")
    mask(tmp_path / "Train" / "a" / "1_mask.png")
    mask(tmp_path / "Train" / "a" / "1_mask_1.png")
    picture(tmp_path / "Train" / "a" / "face_mask.png")  # an image: there is no face.png
    picture(tmp_path / "val" / "b" / "1.png")
    picture(tmp_path / "test" / "c" / "1.png")

    records = list(Folder().records(tmp_path))
    assert [(r.key, r.label, r.split) for r in records] == [
        ("Train/a/1.png", "a", "train"),
        ("Train/a/face_mask.png", "a", "train"),
        ("test/c/1.png", "c", "test"),
        ("val/b/1.png", "b", "validation"),
    ]
    assert len(records[0].masks[LESION]) == 2
    assert not records[1].masks
    assert [label.key for label in Folder().classes(tmp_path)] == ["a", "b", "c"]


def test_names_in_other_scripts_keep_apart(tmp_path: Path) -> None:
    for name in ("良性", "恶性", "Größe"):
        picture(tmp_path / name / "1.png")
    keys = [r.label for r in Folder().records(tmp_path)]
    assert len(set(keys)) == 3
    assert "grosse" in keys or "groe" in keys
    assert keys == [label.key for label in Folder().classes(tmp_path)]


def test_what_is_wrong_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere: no such folder"):
        list(Folder().records(tmp_path / "nowhere"))
    with pytest.raises(DataError, match=r"every class folder is missing.*\n.*<class>/<image>"):
        list(Folder().records(tmp_path))
    picture(tmp_path / "a" / "1.png")
    with pytest.raises(DataError, match="at least two classes are needed; found a"):
        list(Folder().records(tmp_path))
    (tmp_path / "A!").mkdir()
    with pytest.raises(DataError, match="the classes 'A!' and 'a' would have one key, a"):
        Folder().classes(tmp_path)
    (tmp_path / "A!").rename(tmp_path / "b")
    with pytest.raises(DataError, match="b: every image is missing"):
        list(Folder().records(tmp_path))
    picture(tmp_path / "b" / "patient7" / "1.png")
    with pytest.raises(DataError, match=r"b: holds folders such as 'patient7'.*use the adapter csv"):
        list(Folder().records(tmp_path))
    (tmp_path / "test").mkdir()
    with pytest.raises(DataError, match="holds 'a' beside folders of splits"):
        list(Folder().records(tmp_path))
