"""Whole splits: as arrays, as files, as a contact sheet."""

import csv

import cv2
import numpy as np
import pytest

from models.data.synthetic.samples import patch_shares
from models.data.synthetic.ultrasound import (
    CLASS_KEYS,
    GROUP_KEYS,
    LOCALIZABLE,
    OPTION_KEYS,
    contact_sheet,
    render_sample,
    synthesize,
    write_dataset,
)


def test_arrays_are_the_samples_in_order():
    seen = []

    arrays = synthesize("validation", 5, 98, workers=1, progress=lambda done, total: seen.append((done, total)))

    assert arrays.images.shape == (5, 98, 98, 3)
    assert arrays.masks.shape == (5, 4, 14, 14)
    assert arrays.masks.dtype == np.float32
    assert arrays.lesion.shape == (5, 14, 14)
    assert arrays.lesion.dtype == np.float32
    assert seen == [(done, 5) for done in range(1, 6)]
    for index in range(5):
        sample = render_sample("validation", index, 98)
        assert np.array_equal(arrays.images[index], sample.image)
        assert arrays.classes[index] == sample.class_index
        assert np.array_equal(arrays.options[index], sample.options)
        assert arrays.lesion[index].mean() == pytest.approx(sample.lesion.mean(), abs=1e-5)


def test_the_number_of_workers_changes_nothing():
    alone, together = synthesize("train", 12, 64, workers=1), synthesize("train", 12, 64, workers=2)

    for field in ("images", "classes", "options", "masks", "lesion"):
        assert np.array_equal(getattr(alone, field), getattr(together, field)), field


def test_patch_shares_are_means_over_patches():
    sample = render_sample("test", 2, 112)

    shares = patch_shares(sample)

    assert shares.shape == (len(LOCALIZABLE), 14, 14)
    for row, key in enumerate(LOCALIZABLE):
        expected = sample.masks[key].reshape(14, 8, 14, 8).mean(axis=(1, 3))
        assert shares[row] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(("count", "workers"), [(0, 1), (3, 0)])
def test_nothing_to_do_is_refused(count, workers):
    with pytest.raises(ValueError, match="expected 1 or more"):
        synthesize("train", count, 64, workers=workers)


def test_files_hold_what_was_drawn(tmp_path):
    manifest = write_dataset(tmp_path / "set", {"train": 3, "test": 2}, 64, workers=1)

    with manifest.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["split"] for row in rows] == ["train"] * 3 + ["test"] * 2
    for row, index in zip(rows, (0, 1, 2, 0, 1), strict=True):
        sample = render_sample(row["split"], index, 64)
        picture = cv2.imread(str(manifest.parent / row["image"]))[..., ::-1]
        assert np.array_equal(picture, sample.image)
        assert row["class"] == CLASS_KEYS[sample.class_index]
        assert [row[group] for group in GROUP_KEYS] == [
            OPTION_KEYS[group][option] for group, option in zip(GROUP_KEYS, sample.options, strict=True)
        ]
        for key in LOCALIZABLE:
            mask = cv2.imread(str(manifest.parent / row[f"mask_{key}"]), cv2.IMREAD_UNCHANGED)
            assert np.array_equal(mask, sample.masks[key].astype(np.uint8) * 255)
        lesion = cv2.imread(str(manifest.parent / row["mask_lesion"]), cv2.IMREAD_UNCHANGED)
        assert np.array_equal(lesion, sample.lesion.astype(np.uint8) * 255)


def test_files_are_written_by_several_processes_too(tmp_path):
    alone = write_dataset(tmp_path / "one", {"train": 10}, 64, workers=1)
    together = write_dataset(tmp_path / "two", {"train": 10}, 64, workers=2)

    assert alone.read_text() == together.read_text()
    for image in (tmp_path / "one" / "images" / "train").iterdir():
        assert image.read_bytes() == (tmp_path / "two" / "images" / "train" / image.name).read_bytes()


def test_a_split_that_does_not_exist_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ValueError, match="'holdout'"):
        write_dataset(tmp_path / "set", {"train": 1, "holdout": 1}, 64)  # type: ignore[dict-item]

    assert not (tmp_path / "set").exists()


def test_a_contact_sheet_has_a_row_per_class():
    sheet = contact_sheet(columns=2, size=64, masks=True)

    assert sheet.dtype == np.uint8
    assert sheet.shape[0] % len(CLASS_KEYS) == 0
    assert sheet.shape[1:] == (128, 3)
    with pytest.raises(ValueError, match="expected 1 or more"):
        contact_sheet(columns=0)
