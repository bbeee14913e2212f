"""From a layout to arrays: what adapters say survives the manifest."""

from pathlib import Path

import numpy as np
import pydicom
import pytest

from models.concepts import load_concept_set
from models.data.adapters.registry import find_adapter
from models.data.importing import ImportOptions, import_dataset
from tests.support.trees import dicom, table, text

RNG = np.random.default_rng(5)
ALONE = ImportOptions(workers=1)


def noise(path: Path, patient: str, laterality: str = "") -> None:
    """A DICOM of 40 × 32 pixels that is like no other."""
    dicom(path, patient, laterality, size=(40, 32))
    header = pydicom.dcmread(path)
    header.PixelData = RNG.integers(0, 256, (40, 32), dtype=np.uint8).tobytes()
    header.save_as(path)


def test_siim_with_patients_and_run_length_masks(tmp_path: Path) -> None:
    lines = ["ImageId, EncodedPixels"]
    for number in range(12):
        noise(
            tmp_path / "siim" / "dicom-images-train" / f"1.{number}" / f"2.{number}" / f"3.{number}.dcm",
            f"P{number // 2}",
        )
        # columns 4 to 7 from row 0 to row 19
        lines.append(f"3.{number}, " + ("-1" if number % 3 else "160 20 20 20 20 20 20 20"))
    text(tmp_path / "siim" / "train-rle.csv", *lines)

    prepared = import_dataset(find_adapter("siim"), tmp_path / "siim", tmp_path / "out", "siim", ALONE)
    splits = {row.group: {other.split for other in prepared.rows if other.group == row.group} for row in prepared.rows}
    assert len(splits) == 6
    assert all(len(found) == 1 for found in splits.values())
    arrays = prepared.arrays(["train", "validation", "test"], load_concept_set("siim"), 32, "squash", grid=4)
    found = arrays.classes == 1
    assert found.sum() == 4
    # 4 of 32 columns and half of the rows: half of the first patch column, upper half
    expected = np.zeros((4, 4))
    expected[:2, 0] = 0.5
    assert arrays.lesion is not None
    assert np.allclose(arrays.lesion[found], expected, atol=0.02)
    assert not arrays.lesion[~found].any()


def test_cmmd_labels_of_single_images_win_over_the_class_table(tmp_path: Path) -> None:
    root, concepts = tmp_path / "cmmd", load_concept_set("cmmd")
    rows = []
    for number in range(10):
        patient = f"D1-{number:04d}"
        noise(root / "CMMD" / patient / "study" / "series" / "1-1.dcm", patient, "L")
        rows.append((patient, "L", ("mass", "calcification")[number % 2], ("Benign", "Malignant")[number // 5]))
    header = ("ID1", "LeftRight", "abnormality", "classification")
    table(root / "CMMD_clinicaldata_revision.csv", header, *rows)

    prepared = import_dataset(find_adapter("cmmd"), root, tmp_path / "out", "cmmd", ALONE)
    arrays = prepared.arrays(["train", "validation", "test"], concepts, 32, "longest", grid=4)
    margin = concepts.group_keys.index("mass_margin")
    kind = concepts.group_keys.index("abnormality")
    for key, label, options in zip(arrays.keys, arrays.classes, arrays.options, strict=True):
        number = int(key.split("/")[1][-4:])
        assert label == number // 5
        assert options[kind] == number % 2
        # no mass in breasts with calcifications only; else what is typical of the class
        assert options[margin] == (0 if number % 2 else 1 + label)


@pytest.mark.parametrize("packed", [np.savez, np.savez_compressed])
def test_npz_images_are_the_rows_of_the_array(packed, tmp_path: Path) -> None:
    images = RNG.integers(0, 256, (24, 28, 28, 3), dtype=np.uint8)
    packed(tmp_path / "a.npz", images=images, labels=np.arange(24) % 2)
    prepared = import_dataset(find_adapter("npz"), tmp_path, tmp_path / "out", "arrays", ALONE)
    for row in prepared.rows:
        assert np.array_equal(row.image.read(), images[int(row.key.split("#")[1])])
