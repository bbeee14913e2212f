"""Imported images with procedural ones mixed in: from a tree as downloaded to a checkpoint."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.concepts import load_concept_set, parse_concept_set
from models.data.adapters.registry import find_adapter
from models.data.errors import DataError
from models.data.importing import ImportOptions, import_dataset
from models.train import TrainConfig, train
from models.train.data import InputShape, check_splits, dataset_concepts, dataset_identity, load_split
from models.train.settings import ImportedData
from tests.models.train.conftest import SIDE, Tiny

EACH = 14


def _picture(label: int, stream: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Coarse noise that no other picture has, with a patch whose brightness tells the class, and its mask."""
    noise = stream.integers(0, 120, (6, 6), dtype=np.uint8)
    image = np.asarray(Image.fromarray(noise).resize((48, 48), Image.Resampling.BICUBIC)).copy()
    mask = np.zeros_like(image)
    if label:
        top, left = stream.integers(0, 28, 2)
        image[top : top + 18, left : left + 18] = 100 + 60 * label
        mask[top : top + 18, left : left + 18] = 255
    return image, mask


def _write_busi(root: Path, seed: int, masks: bool) -> Path:
    stream = np.random.default_rng(seed)
    for label, name in enumerate(("normal", "benign", "malignant")):
        (root / name).mkdir(parents=True)
        for number in range(1, EACH + 1):
            image, mask = _picture(label, stream)
            Image.fromarray(image).save(root / name / f"{name} ({number}).png")
            if masks:
                Image.fromarray(mask).save(root / name / f"{name} ({number})_mask.png")
    return root


@pytest.fixture(scope="module")
def imports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two imports: one to train on, without masks, and one to test on, with masks."""
    base = tmp_path_factory.mktemp("imports")
    for name, seed, masks in (("busi", 0, False), ("busi-masked", 1, True)):
        root = _write_busi(base / f"{name}-downloaded", seed, masks)
        import_dataset(find_adapter("busi"), root, base / name, name, ImportOptions(workers=1))
    return base / "busi", base / "busi-masked"


def _write_auxiliary(tiny: Tiny) -> None:
    concept_set = load_concept_set("busi")
    stream = np.random.default_rng(2)
    folder = tiny.folder / "cache" / f"synthetic-ultrasound-train-12-{SIDE}"
    if folder.exists():
        return
    folder.mkdir()
    located = sum(group.localizable for group in concept_set.groups)
    np.save(folder / "images.npy", stream.integers(0, 255, (12, SIDE, SIDE, 3), dtype=np.uint8))
    np.save(folder / "classes.npy", np.arange(12) % 3)
    np.save(folder / "options.npy", np.zeros((12, concept_set.group_count), np.int64))
    masks = np.zeros((12, located, 14, 14), np.float32)
    masks[..., 7:, 7:] = 1.0
    np.save(folder / "masks.npy", masks)
    np.save(folder / "lesion.npy", masks[:, 0])
    (folder / "complete").touch()


def test_imported_images_with_procedural_ones_become_a_model(
    imports: tuple[Path, Path], tiny: Tiny, tmp_path: Path
) -> None:
    _write_auxiliary(tiny)
    config = tiny.config(
        data={"kind": "imported", "folder": str(imports[0]), "test_folder": str(imports[1]), "fold": [4, 1]},
        auxiliary={"name": "synthetic-ultrasound", "train": 12, "share": 0.3, "cache": str(tiny.folder / "cache")},
        localization_weight=0.2,
        epochs=2,
    )
    checkpoint = train(config, tmp_path)
    assert checkpoint.config.dataset == "busi"
    assert not checkpoint.config.synthetic
    assert checkpoint.concept_set.name == "busi"
    test = checkpoint.metrics["test"]
    assert test["images"] == 3 * EACH  # every image of the other import
    assert test["lesion"]["images"] == 2 * EACH
    assert set(test["lesion"]["gradcam"]) == set(checkpoint.concept_set.group_keys)
    assert all(report["losses"]["localization"] > 0 for report in checkpoint.metrics["epochs"])
    assert "procedural images of `synthetic-ultrasound`" in checkpoint.card
    assert "Training used the masks of its procedural images" in checkpoint.card
    assert "Magnet maximum" in checkpoint.card
    assert "Nobody labelled the concepts" in checkpoint.card
    assert "Data in Brief" in checkpoint.card
    child = train(tiny.config(data=config.data, parent=tmp_path, epochs=1), tmp_path / "child")
    assert "started from the weights of `a-test`, trained on" in child.card.replace(checkpoint.config.name, "a-test")


def test_folds_divide_what_is_not_test(imports: tuple[Path, Path]) -> None:
    concept_set, shape = load_concept_set("busi"), InputShape(SIDE, "squash", 4)
    sizes = []
    for index in range(3):
        data = ImportedData(kind="imported", folder=imports[0], fold=(3, index))
        train_split, held = (load_split(data, name, concept_set, shape) for name in ("train", "validation"))
        sizes.append((len(train_split), len(held)))
        assert train_split.images.shape[1:] == (SIDE, SIDE, 3)
    test = load_split(ImportedData(kind="imported", folder=imports[0]), "test", concept_set, shape)
    assert len({sum(pair) for pair in sizes}) == 1
    assert sum(held for _, held in sizes) == 3 * EACH - len(test)


def test_what_an_import_says_of_itself(imports: tuple[Path, Path]) -> None:
    data = ImportedData(kind="imported", folder=imports[0])
    assert dataset_identity(data) == ("busi", False)
    assert dataset_concepts(data) == "busi"


SMALL = """
name: small
version: 1
title: Small
modality: ultrasound
prompt: "{group}: {option}"
classes: [{key: normal, name: Normal}, {key: benign, name: Benign}, {key: malignant, name: Malignant}]
groups:
  - {key: mass, name: Mass, options: [{key: present, text: present, source: none}]}
  - {key: vessels, name: Vessels, options: [{key: seen, text: seen, source: none}]}
class_options: {benign: {mass: present}, malignant: {mass: present}}
"""


def test_a_group_of_one_option_counts_presence_where_anybody_looked(imports: tuple[Path, Path]) -> None:
    data = ImportedData(kind="imported", folder=imports[0])
    split = load_split(data, "train", parse_concept_set(SMALL), InputShape(SIDE))
    assert np.array_equal(split.options[:, 0], (split.classes > 0).astype(np.int64))
    assert np.all(split.options[:, 1] == -1)  # neither the table nor an image says anything of vessels


def test_a_folder_that_is_no_import_is_named(tmp_path: Path) -> None:
    config = TrainConfig.model_validate({"name": "x", "data": {"kind": "imported", "folder": str(tmp_path)}})
    with pytest.raises(DataError, match="no imported data set"):
        train(config, tmp_path / "out")


def test_a_card_tells_of_lesion_masks_that_taught_the_model(
    imports: tuple[Path, Path], tiny: Tiny, tmp_path: Path
) -> None:
    for folder, taught in zip(imports, (False, True), strict=True):
        config = tiny.config(data={"kind": "imported", "folder": str(folder)}, localization_weight=0.2, epochs=1)
        card = train(config, tmp_path / folder.name).card
        assert ("used the masks of its own images to teach" in card) == taught


def test_an_empty_split_is_told_before_the_training(imports: tuple[Path, Path], tmp_path: Path) -> None:
    root = _write_busi(tmp_path / "downloaded", 2, masks=False)
    options = ImportOptions(fractions=(0.8, 0.2, 0.0), workers=1)
    folder = import_dataset(find_adapter("busi"), root, tmp_path / "busi", "busi", options).folder
    with pytest.raises(ValueError, match=r"test split of .* is empty; .* as test_folder"):
        check_splits(ImportedData(kind="imported", folder=folder))
    check_splits(ImportedData(kind="imported", folder=folder, test_folder=imports[1]))
    config = TrainConfig.model_validate({"name": "x", "data": {"kind": "imported", "folder": str(folder)}})
    with pytest.raises(ValueError, match="test_folder"):
        train(config, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_images_that_are_trained_on_are_no_test(imports: tuple[Path, Path]) -> None:
    check_splits(ImportedData(kind="imported", folder=imports[0], test_folder=imports[1]))
    with pytest.raises(ValueError, match=r"images of the test_folder .* are among the training"):
        check_splits(ImportedData(kind="imported", folder=imports[0], test_folder=imports[0]))
