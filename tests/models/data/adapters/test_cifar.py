"""CIFAR-10 and CIFAR-100 in both versions; pickles that name anything else are refused."""

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.data.adapters.cifar import CIFAR10, CIFAR100
from models.data.adapters.pickles import read_batch
from models.data.errors import DataError
from tests.support.trees import python2_pickle

NAMES_10 = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


def pixels(count: int, seed: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (count, 3072), dtype=np.uint8)


@pytest.fixture
def python10(tmp_path: Path) -> Path:
    home = tmp_path / "cifar-10-batches-py"
    home.mkdir()
    for seed, name in enumerate([*(f"data_batch_{n}" for n in range(1, 6)), "test_batch"]):
        content = {
            "batch_label": name,
            "labels": [seed, seed + 1],
            "data": pixels(2, seed),
            "filenames": ["leptodactylus_s_000004.png", "camion_s_000148.png"],
        }
        (home / name).write_bytes(python2_pickle(content))
    meta = {"num_cases_per_batch": 2, "label_names": NAMES_10, "num_vis": 3072}
    (home / "batches.meta").write_bytes(python2_pickle(meta))
    return tmp_path


@pytest.fixture
def binary10(tmp_path: Path) -> Path:
    home = tmp_path / "cifar-10-batches-bin"
    home.mkdir()
    for seed, name in enumerate([*(f"data_batch_{n}.bin" for n in range(1, 6)), "test_batch.bin"]):
        images = pixels(2, seed)
        (home / name).write_bytes(b"".join(bytes([seed + row]) + images[row].tobytes() for row in range(2)))
    (home / "batches.meta.txt").write_text("\n".join([*NAMES_10, "", ""]))
    return tmp_path


@pytest.mark.parametrize("version", ["python10", "binary10"])
def test_both_versions_of_cifar10_say_the_same(version: str, request: pytest.FixtureRequest) -> None:
    root = request.getfixturevalue(version)
    records = list(CIFAR10.records(root))

    assert [label.name for label in CIFAR10.classes(root)] == NAMES_10
    assert [r.label for r in records[:4]] == ["airplane", "automobile", "automobile", "bird"]
    assert [r.split for r in records] == ["train"] * 10 + ["test"] * 2
    assert records[3].key.startswith("data_batch_2")
    assert records[3].key.endswith("#00001")
    expected = pixels(2, 1)[1].reshape(3, 32, 32).transpose(1, 2, 0)
    again = pickle.loads(pickle.dumps(records[3].image))
    assert np.array_equal(again.read(), expected)


def test_the_folder_itself_will_do(python10: Path) -> None:
    home = python10 / "cifar-10-batches-py"
    assert [r.key for r in CIFAR10.records(home)] == [r.key for r in CIFAR10.records(python10)]


def test_cifar100_has_fine_labels(tmp_path: Path) -> None:
    home = tmp_path / "cifar-100-python"
    home.mkdir()
    for seed, name in enumerate(("train", "test")):
        content = {"fine_labels": [2, 0], "coarse_labels": [1, 1], "data": pixels(2, seed)}
        (home / name).write_bytes(python2_pickle(content))
    names = ["apple", "aquarium_fish", "baby"]
    (home / "meta").write_bytes(python2_pickle({"fine_label_names": names, "coarse_label_names": ["fish"]}))
    python = [(r.label, r.split, r.image.read().tobytes()) for r in CIFAR100.records(tmp_path)]
    assert [item[:2] for item in python] == [
        ("baby", "train"), ("apple", "train"), ("baby", "test"), ("apple", "test"),
    ]  # fmt: skip

    home = tmp_path / "cifar-100-binary"
    home.mkdir()
    for seed, name in enumerate(("train.bin", "test.bin")):
        images = pixels(2, seed)
        (home / name).write_bytes(b"".join(bytes([1, n]) + images[row].tobytes() for row, n in enumerate((2, 0))))
    (home / "fine_label_names.txt").write_text("\n".join(names))
    assert [(r.label, r.split, r.image.read().tobytes()) for r in CIFAR100.records(tmp_path)] == python
    assert next(iter(CIFAR100.records(tmp_path))).key == "train.bin#00000"


class Evil:
    def __reduce__(self):
        return os.system, ("touch hacked",)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_that_names_anything_else_is_refused_and_not_run(
    protocol: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "batch").write_bytes(pickle.dumps({"data": Evil()}, protocol))
    with pytest.raises(DataError, match=r"it names \w+\.system, which no file of CIFAR does"):
        read_batch(tmp_path / "batch")
    assert not (tmp_path / "hacked").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"cbuiltins\neval\n(S'1'\ntR.",
        b"cnumpy\nload\n(S'x'\ntR.",
        b"cnumpy.core.multiarray\n_reconstruct.__globals__\n.",
        b"\x80\x04\x8c\x05numpy\x8c\x10ndarray.__init__\x93.",
        b"cmodels.data.adapters.pickles\nPath\n.",
        b"Pid\n.",
        b"not a pickle",
        b"",
        b"\x80\x02]q\x00.",
        b"\x80\x02}(U\x01ac_codecs\nencode\nU\x01xU\x05rot13\x86Ru.",
    ],
)
def test_other_ways_out_are_closed(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "batch").write_bytes(content)
    with pytest.raises(DataError, match=r"batch: (cannot be read|holds a list)"):
        read_batch(tmp_path / "batch")


def test_what_is_missing_is_named(python10: Path, binary10: Path, tmp_path: Path) -> None:
    home = python10 / "cifar-10-batches-py"
    (home / "data_batch_3").unlink()
    with pytest.raises(DataError, match="'data_batch_3' is missing"):
        list(CIFAR10.records(home))
    (home / "data_batch_3").write_bytes(python2_pickle({"labels": [1], "filenames": ["x"]}))
    with pytest.raises(DataError, match="data_batch_3: 'data' is missing; there are filenames, labels"):
        list(CIFAR10.records(home))
    (home / "data_batch_3").write_bytes(python2_pickle({"labels": [1], "data": pixels(2, 0)}))
    with pytest.raises(DataError, match=r"'data' has shape \(2, 3072\) of u1, not \(1, 3072\)"):
        list(CIFAR10.records(home))
    (home / "data_batch_3").write_bytes(python2_pickle({"labels": [1, 77], "data": pixels(2, 0)}))
    with pytest.raises(DataError, match="image 1: has class 77; there are 10 names"):
        list(CIFAR10.records(home))
    (home / "batches.meta").unlink()
    with pytest.raises(DataError, match=r"'batches\.meta' is missing"):
        list(CIFAR10.records(home))

    home = binary10 / "cifar-10-batches-bin"
    path = home / "data_batch_1.bin"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DataError, match="6145 bytes are no whole number of images of 3073 bytes"):
        list(CIFAR10.records(home))
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"'cifar-10-batches-bin/batches\.meta\.txt' or .*missing"):
        list(CIFAR10.records(tmp_path / "empty"))


def test_a_rewritten_pickle_is_refused_with_advice(python10: Path) -> None:
    path = python10 / "cifar-10-batches-py" / "data_batch_1"
    path.write_bytes(pickle.dumps({b"labels": [0, 1], b"data": pixels(2, 0)}, protocol=2))
    with pytest.raises(DataError, match="do not stand in it in one piece; download the original again"):
        list(CIFAR10.records(python10))
