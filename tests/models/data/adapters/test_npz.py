"""Arrays in an .npz file, as in MedMNIST."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from models.data.adapters import arrays
from models.data.adapters.npz import Npz
from models.data.adapters.settings import AdapterSettings
from models.data.errors import DataError

RNG = np.random.default_rng(0)


def images(*shape: int) -> np.ndarray:
    return RNG.integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("kept", [1 << 20, 0])
def test_the_keys_of_medmnist(save, kept: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "KEPT_BYTES", kept)
    arrays._reader.cache_clear()
    content = {f"{part}_images": images(n, 5, 4, 3) for part, n in (("train", 4), ("val", 1), ("test", 2))}
    marks = {"train": [[0], [1], [1], [2]], "val": [[1]], "test": [[2], [0]]}
    save(tmp_path / "pathmnist.npz", **content, **{f"{k}_labels": np.array(v, np.uint8) for k, v in marks.items()})

    records = list(Npz().records(tmp_path))
    assert [(r.label, r.split) for r in records] == [
        ("class_0", "train"), ("class_1", "train"), ("class_1", "train"), ("class_2", "train"),
        ("class_1", "validation"), ("class_2", "test"), ("class_0", "test"),
    ]  # fmt: skip
    assert records[3].key == "pathmnist.npz/train_images#3"
    for index in (0, 1, 3, 2, 2):  # back and forth, as nobody should but may
        source = pickle.loads(pickle.dumps(records[index].image))
        assert np.array_equal(source.read(), content["train_images"][index])
    assert np.array_equal(records[6].image.read(), content["test_images"][1])
    assert [label.name for label in Npz().classes(tmp_path)] == ["Class 0", "Class 1", "Class 2"]


@pytest.mark.parametrize("shape", [(3, 5, 4), (3, 5, 4, 1)])
def test_plain_grey_images_with_names(shape: tuple[int, ...], tmp_path: Path) -> None:
    grey = images(*shape)
    np.savez(tmp_path / "a.npz", images=grey, labels=np.array(["ill", "well", "ill"]))
    records = list(Npz().records(tmp_path / "a.npz"))
    assert [(r.label, r.split) for r in records] == [("ill", None), ("well", None), ("ill", None)]
    assert np.array_equal(records[1].image.read(), np.repeat(grey[1].reshape(5, 4, 1), 3, axis=2))


def test_numbers_can_be_named_and_the_file_chosen(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", images=images(2, 5, 4), labels=[1, 0], class_names=["No", "Yes", "Unsure"])
    np.savez(tmp_path / "b.npz", images=images(2, 5, 4), labels=[1, 0])
    with pytest.raises(DataError, match=r"holds a\.npz, b\.npz; say which one"):
        Npz().classes(tmp_path)
    chosen = Npz(AdapterSettings(file="a.npz"))
    assert [label.key for label in chosen.classes(tmp_path)] == ["no", "yes", "unsure"]
    assert [r.label for r in chosen.records(tmp_path)] == ["yes", "no"]
    with pytest.raises(DataError, match=r"'c\.npz' is missing"):
        Npz(AdapterSettings(file="c.npz")).classes(tmp_path)
    with pytest.raises(DataError, match="is missing"):
        Npz(AdapterSettings(file="../a.npz")).classes(tmp_path)


GOOD = {"images": images(2, 5, 4), "labels": np.array([0, 1])}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": None}, "array 'labels' is missing; there are images"),
        ({"images": None}, "array 'images' is missing; there are labels"),
        ({"train_images": images(2, 5, 4)}, "array 'train_labels' is missing"),
        ({"val_labels": np.array([0])}, "array 'val_images' is missing"),
        ({"images": np.zeros((2, 5, 4), np.float32)}, "is of float32, not of uint8"),
        ({"images": images(2, 5, 4, 2)}, "has shape (2, 5, 4, 2), not (N, H, W)"),
        ({"images": images(2, 5, 4, 3, 1)}, "has shape (2, 5, 4, 3, 1)"),
        ({"images": images(3, 5, 4)}, "array 'labels' has shape (2,), not (3,) or (3, 1)"),
        ({"labels": np.zeros((2, 14), np.uint8)}, "has shape (2, 14), not (2,) or (2, 1): one class an image"),
        ({"labels": np.array([0.5, 1])}, "is of float64, neither whole numbers nor texts"),
        ({"labels": np.array([-1, 1])}, "labels begin with -1"),
        ({"labels": np.array([0, 0])}, "at least two classes are needed"),
        ({"labels": np.array([{}, []], dtype=object)}, "array 'labels' holds Python objects, which are not read"),
        ({"images": np.asfortranarray(images(2, 5, 4))}, "array 'images' is in Fortran order"),
        ({"class_names": np.array(["one"])}, "labels run from 0 to 1; 1 names are given"),
    ],
)
def test_what_is_wrong_is_named(change: dict, message: str, tmp_path: Path) -> None:
    content = {key: value for key, value in (GOOD | change).items() if value is not None}
    np.savez(tmp_path / "a.npz", **content)
    with pytest.raises(DataError) as caught:
        list(Npz().records(tmp_path))
    assert message in str(caught.value)
    assert "a.npz" in str(caught.value)


def test_keys_sorted_as_texts_are_in_the_order_of_the_file(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", images=images(11, 2, 2), labels=np.arange(11) % 2)
    keys = [r.key for r in Npz().records(tmp_path)]
    assert keys[:2] == ["a.npz/images#00", "a.npz/images#01"]
    assert keys == sorted(keys)


def test_missing_and_damaged_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"the \.npz file is missing"):
        list(Npz().records(tmp_path))
    path = tmp_path / "a.npz"
    path.write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(DataError, match=r"a\.npz: cannot be read as an \.npz file"):
        list(Npz().records(tmp_path))
    np.savez(path, **GOOD)
    records = list(Npz().records(tmp_path))
    path.unlink()
    with pytest.raises(DataError, match="cannot be read"):
        records[0].image.read()
