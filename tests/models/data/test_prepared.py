"""What training gets of an import: the pictures that serving makes, masks in their place, from a cache that holds."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.concepts import parse_concept_set
from models.data.adapters.registry import find_adapter
from models.data.errors import DataError
from models.data.importing import ImportOptions, import_dataset
from models.data.prepared import PreparedDataset
from models.data.records import SPLITS
from models.squares import RESIZE_MODES, to_square
from tests.support.scans import scan

ALONE = ImportOptions(workers=1)
SIZE, GRID = 56, 7
SIDES = ((160, 120), (90, 140), (100, 100), (213, 60))
TEXT = """
name: own
version: 1
title: Own
modality: ultrasound
prompt: "an image, {group}: {option}"
classes:
  - {key: well, name: Well}
  - {key: ill, name: Ill}
groups:
  - key: shape
    name: Shape
    localizable: true
    options:
      - {key: round, text: round, source: s, synonyms: [a, b]}
      - {key: odd, text: odd, source: s, synonyms: [c, d]}
  - key: echo
    name: Echo
    options:
      - {key: dark, text: dark, source: s, synonyms: [a, b]}
class_options:
  well: {shape: round}
  ill: {shape: odd, echo: dark}
"""
CONCEPTS = parse_concept_set(TEXT, origin="test")


def write_table(root: Path, count: int = 32) -> Path:
    """Pictures of several shapes; a bright block in each, which the mask marks, in all but every fourth."""
    root.mkdir(parents=True)
    lines = ["image,label,group,mask,option:shape,option:echo"]
    for number in range(count):
        width, height = SIDES[number % 4]
        rng = np.random.default_rng(number)
        pixels = np.asarray(Image.fromarray(scan(number) // 3).resize((width, height))).copy()
        mask = np.zeros((height, width), np.uint8)
        top, left = rng.integers(0, height - 25), rng.integers(0, width - 25)
        name = ""
        if number % 4 < 3:
            pixels[top : top + 25, left : left + 25] = 255
            mask[top : top + 25, left : left + 25] = 255
            name = f"{number}_mask.png"
            Image.fromarray(mask).save(root / name)
        Image.fromarray(pixels).save(root / f"{number}.png")
        shape = ("", "round", "odd")[number % 3]
        lines.append(f"{number}.png,{('well', 'ill')[number % 2]},p{number // 2},{name},{shape},")
    (root / "table.csv").write_text("\n".join(lines))
    return root


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> PreparedDataset:
    base = tmp_path_factory.mktemp("prepared")
    return import_dataset(find_adapter("csv"), write_table(base / "in"), base / "own", "own", ALONE)


@pytest.fixture
def own(made: PreparedDataset, tmp_path: Path) -> PreparedDataset:
    """A copy that may be damaged, with pictures of its own."""
    shutil.copytree(Path(made.info.source), tmp_path / "in")
    shutil.copytree(made.folder, tmp_path / "own", ignore=shutil.ignore_patterns("cache"))
    info = tmp_path / "own" / "dataset.json"
    info.write_text(info.read_text().replace(made.info.source, str(tmp_path / "in")))
    return PreparedDataset.open(tmp_path / "own")


@pytest.mark.parametrize("mode", RESIZE_MODES)
def test_pictures_are_those_that_serving_makes(mode: str, made: PreparedDataset) -> None:
    arrays = made.arrays(SPLITS, CONCEPTS, SIZE, mode, GRID)
    assert arrays.images.shape == (32, SIZE, SIZE, 3)
    assert arrays.images.dtype == np.uint8
    for key, image in zip(arrays.keys, arrays.images, strict=True):
        with Image.open(Path(made.info.source) / key) as source:
            expected, _ = to_square(source.convert("RGB"), SIZE, mode)
        assert np.array_equal(image, np.asarray(expected)), key


@pytest.mark.parametrize("mode", RESIZE_MODES)
def test_masks_lie_where_the_picture_shows_the_finding(mode: str, made: PreparedDataset) -> None:
    arrays = made.arrays(SPLITS, CONCEPTS, SIZE, mode, GRID)
    assert arrays.lesion is not None
    assert arrays.lesion.shape == (32, GRID, GRID)
    assert arrays.masks is None  # the lesion's only, none of single groups
    bright = (arrays.images[..., 0] > 170).reshape(32, GRID, SIZE // GRID, GRID, SIZE // GRID).mean(axis=(2, 4))
    for number, key in enumerate(arrays.keys):
        if int(Path(key).stem) % 4 == 3:
            assert not arrays.lesion[number].any()
        else:
            assert np.abs(arrays.lesion[number] - bright[number]).max() < 0.35, key
            assert abs(arrays.lesion[number].sum() - bright[number].sum()) < 0.8, key


def test_labels_of_the_image_win_over_those_of_its_class(made: PreparedDataset) -> None:
    arrays = made.arrays(SPLITS, CONCEPTS, SIZE, "squash", GRID)
    for key, label, options in zip(arrays.keys, arrays.classes, arrays.options, strict=True):
        number = int(Path(key).stem)
        assert label == number % 2
        assert options[0] == (label, 0, 1)[number % 3]
        assert options[1] == (0 if label else -1)


def test_splits_are_the_rows_of_the_split_and_patients_stay_together(made: PreparedDataset) -> None:
    whole = made.arrays(SPLITS, CONCEPTS, SIZE, "squash", GRID)
    assert whole.keys == tuple(row.key for row in made.rows)
    of_cluster: dict[int, set[str | None]] = {}
    for row, cluster in zip(made.rows, whole.clusters.tolist(), strict=True):
        of_cluster.setdefault(cluster, set()).add(row.split)
    assert len(of_cluster) == 16
    assert all(len(splits) == 1 for splits in of_cluster.values())
    for split in SPLITS:
        part = made.arrays([split], CONCEPTS, SIZE, "squash", GRID)
        assert part.keys == tuple(row.key for row in made.rows if row.split == split)
        chosen = [whole.keys.index(key) for key in part.keys]
        assert np.array_equal(part.images, whole.images[chosen])
        assert np.array_equal(part.lesion, whole.lesion[chosen])
    turned = made.arrays(["test", "train"], CONCEPTS, SIZE, "squash", GRID)
    assert turned.keys[0] == next(row.key for row in made.rows if row.split == "test")


def test_folds_cover_training_and_validation_once(made: PreparedDataset) -> None:
    own_rows = {row.key for row in made.rows if row.split != "test"}
    seen: list[str] = []
    for index in range(4):
        held = made.arrays(["validation"], CONCEPTS, SIZE, "squash", GRID, fold=(4, index))
        rest = made.arrays(["train"], CONCEPTS, SIZE, "squash", GRID, fold=(4, index))
        assert set(held.keys).isdisjoint(rest.keys)
        assert set(held.keys) | set(rest.keys) == own_rows
        groups = {row.key: row.group for row in made.rows}
        assert {groups[key] for key in held.keys}.isdisjoint({groups[key] for key in rest.keys})
        with Image.open(Path(made.info.source) / held.keys[0]) as source:
            assert np.array_equal(held.images[0], np.asarray(to_square(source, SIZE, "squash")[0]))
        seen += held.keys
    assert sorted(seen) == sorted(own_rows)
    test = made.arrays(["test"], CONCEPTS, SIZE, "squash", GRID, fold=(4, 0))
    assert set(test.keys).isdisjoint(own_rows)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"splits": ["training"]}, "splits are train, validation, test; got training"),
        ({"resize_mode": "crop"}, "resize mode is 'crop'"),
        ({"fold": (3, 3)}, "fold 3 of 3; expected 0 to 2"),
    ],
)
def test_arguments_that_are_none_are_refused(arguments: dict, reason: str, made: PreparedDataset) -> None:
    usual = {"splits": ["train"], "concept_set": CONCEPTS, "size": SIZE, "resize_mode": "squash", "grid": GRID}
    with pytest.raises(ValueError, match=reason):
        made.arrays(**(usual | arguments))


def test_a_concept_set_of_other_classes_is_refused(made: PreparedDataset) -> None:
    other = parse_concept_set(TEXT.replace("well", "sound"), origin="test")
    with pytest.raises(DataError, match="lacks classes of own: well"):
        made.arrays(["train"], other, SIZE, "squash", GRID)


def cached(prepared: PreparedDataset) -> Path:
    (path,) = (prepared.folder / "cache").glob("images-*.npy")
    return path


def test_pictures_are_decoded_once(own: PreparedDataset) -> None:
    told: list[tuple[int, int]] = []
    first = own.arrays(SPLITS, CONCEPTS, SIZE, "squash", GRID, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (32, 32)
    before = cached(own).stat().st_mtime_ns
    for path in Path(own.info.source).glob("*.png"):
        path.unlink()  # whoever needs them again will complain
    again = PreparedDataset.open(own.folder).arrays(SPLITS, CONCEPTS, SIZE, "squash", GRID)
    assert np.array_equal(first.images, again.images)
    assert np.array_equal(first.lesion, again.lesion)
    assert cached(own).stat().st_mtime_ns == before
    assert isinstance(again.images, np.memmap)
    assert not again.images.flags.writeable
    with pytest.raises(DataError, match="no such file; put it back, or import the data set again"):
        own.arrays(["train"], CONCEPTS, SIZE + 1, "squash", GRID)


@pytest.mark.parametrize("damage", ["cut", "rubbish", "empty"])
def test_a_damaged_cache_is_made_again(damage: str, own: PreparedDataset) -> None:
    whole = np.array(own.arrays(SPLITS, CONCEPTS, SIZE, "squash", GRID).images)
    path = cached(own)
    content = path.read_bytes()
    path.unlink()  # open mappings keep the old file
    path.write_bytes({"cut": content[: len(content) // 2], "rubbish": b"x" * 500, "empty": b""}[damage])
    assert np.array_equal(own.arrays(SPLITS, CONCEPTS, SIZE, "squash", GRID).images, whole)


def test_a_cache_broken_off_is_not_taken_for_one(own: PreparedDataset) -> None:
    victim = Path(own.info.source) / "5.png"
    kept = victim.read_bytes()
    victim.unlink()
    with pytest.raises(DataError, match=r"5\.png: no such file"):
        own.arrays(SPLITS, CONCEPTS, SIZE, "squash", GRID)
    assert not list((own.folder / "cache").glob("*.npy"))
    assert not list((own.folder / "cache").glob(".*.npy"))
    victim.write_bytes(kept)
    assert own.arrays(SPLITS, CONCEPTS, SIZE, "squash", GRID).images.shape[0] == 32


def test_a_picture_that_has_changed_since_is_refused(own: PreparedDataset) -> None:
    Image.fromarray(scan(99)).save(Path(own.info.source) / "5.png")
    with pytest.raises(DataError, match=r"5\.png: has changed since the import; import the data set again"):
        own.arrays(SPLITS, CONCEPTS, SIZE, "squash", GRID)


def test_a_full_disk_is_seen_before(own: PreparedDataset, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(own.folder)._replace(free=10_000)
    monkeypatch.setattr("models.data.cache.shutil.disk_usage", lambda path: usage)
    with pytest.raises(DataError, match="GB are free"):
        own.arrays(["train"], CONCEPTS, SIZE, "squash", GRID)


def test_what_is_known_survives_the_folder(made: PreparedDataset) -> None:
    again = PreparedDataset.open(made.folder)
    assert again.info == made.info
    assert again.rows == made.rows
    assert again.report == made.report
    assert again.info.counts["train"]["well"] == sum(r.split == "train" and r.label == "well" for r in again.rows)
    assert (again.info.sizes.min_width, again.info.sizes.max_height) == (90, 140)


def test_folders_that_are_no_data_set(own: PreparedDataset, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"dataset\.json is missing"):
        PreparedDataset.open(tmp_path / "nothing")
    info = own.folder / "dataset.json"
    content = json.loads(info.read_text())
    info.write_text(json.dumps(content | {"format": 99}))
    with pytest.raises(DataError, match="of format 99, this version reads 1"):
        PreparedDataset.open(own.folder)
    for text in ("{", "[]", json.dumps({"format": 1})):
        info.write_text(text)
        with pytest.raises(DataError, match=r"dataset\.json: cannot be read"):
            PreparedDataset.open(own.folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("models.data.images:FileImage", "os:system"),
        ("models.data.images:FileImage", "models.data.images:Nothing"),
        ("train", "training"),
        ("image,class", "picture,class"),
    ],
)
def test_a_manifest_that_was_tampered_with_calls_nothing(old: str, new: str, own: PreparedDataset) -> None:
    path = own.folder / "manifest.csv"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(DataError):
        _ = PreparedDataset.open(own.folder).rows


def test_thumbnails(own: PreparedDataset) -> None:
    key = own.rows[0].key
    with Image.open(own.rows[0].image.path) as source:
        width, height = source.size
        small = source.resize((round(width * 50 / max(source.size)), round(height * 50 / max(source.size))))
    found = own.thumbnail(key, 50)
    assert found.shape == (small.height, small.width, 3)
    assert np.abs(found.astype(int) - np.asarray(small)).mean() < 12
    assert max(own.thumbnail(key, 10_000).shape) == max(width, height)  # never enlarged
    with pytest.raises(KeyError):
        own.thumbnail("nothing", 50)
    own.rows[0].image.path.unlink()
    assert np.abs(own.thumbnail(key, 50).astype(int) - found).mean() < 3  # kept, packed with a little loss


def test_the_contact_sheet_shows_every_class(made: PreparedDataset) -> None:
    with Image.open(made.folder / "contact-sheet.png") as sheet:
        pixels = np.asarray(sheet.convert("RGB")).astype(int)
    assert pixels.shape[1] > 8 * 150
    outline = pixels[..., 0] - pixels[..., 2] > 60  # all the rest is grey
    assert outline.sum() > 300  # of the lesions
    assert outline[: pixels.shape[0] // 2].any()
    assert outline[pixels.shape[0] // 2 :].any()
