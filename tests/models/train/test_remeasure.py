"""What a checkpoint did not measure yet is added; all else stays, and other images are refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from models.checkpoint import read_checkpoint
from models.train.remeasure import RemeasureError, remeasure, write_option_means
from tests.support.checkpoints import IMAGES


@pytest.fixture
def older(checkpoint_folder: Path, tmp_path: Path) -> Path:
    """The same checkpoint as an earlier version wrote it."""
    folder = shutil.copytree(checkpoint_folder, tmp_path / "older")
    statistics = json.loads((folder / "statistics.json").read_text())
    del statistics["option_means"]
    (folder / "statistics.json").write_text(json.dumps(statistics, indent=1) + "\n")
    return folder


def test_the_same_as_a_training_measures_now(checkpoint_folder: Path, older: Path) -> None:
    before = {path.name: path.read_bytes() for path in older.iterdir()}
    assert read_checkpoint(older).statistics.option_means is None
    found = remeasure(older)
    assert found.images == IMAGES
    assert max(found.differences.values()) < 1e-3
    assert {path.name: path.read_bytes() for path in older.iterdir()} == before  # measuring alone writes nothing

    write_option_means(older, found.option_means)
    expected, now = (
        read_checkpoint(checkpoint_folder).statistics.option_means,
        read_checkpoint(older).statistics.option_means,
    )
    for measured, known in zip(now, expected, strict=True):
        assert (measured is None) == (known is None)
        if known is not None:
            assert measured == pytest.approx(known, abs=1e-3)
    after = {path.name: path.read_bytes() for path in older.iterdir()}
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"statistics.json"}
    assert set(after) == set(before)
    # Every other number is written as it was, in the order in which a training writes the fields.
    told = json.loads(after["statistics.json"])
    assert list(told) == list(json.loads((checkpoint_folder / "statistics.json").read_text()))
    del told["option_means"]
    assert (json.dumps(told, indent=1) + "\n").encode() == before["statistics.json"]


def test_other_images_are_refused(older: Path) -> None:
    path = older / "statistics.json"
    statistics = json.loads(path.read_text())
    statistics["means"][3] += 0.5
    path.write_text(json.dumps(statistics))
    with pytest.raises(RemeasureError, match=r"its means differ by up to 0\.5"):
        remeasure(older)


def test_another_number_of_images_is_refused(older: Path) -> None:
    path = older / "metrics.json"
    metrics = json.loads(path.read_text())
    metrics["training"]["settings"]["data"]["validation"] = IMAGES + 6
    path.write_text(json.dumps(metrics))
    with pytest.raises(RemeasureError, match=f"validated on {IMAGES} images; .* has {IMAGES + 6}"):
        remeasure(older)


def test_a_procedural_set_is_not_named(older: Path, tmp_path: Path) -> None:
    with pytest.raises(RemeasureError, match="which is drawn; name no data set"):
        remeasure(older, dataset=tmp_path)


def test_a_checkpoint_that_does_not_say_what_it_saw(older: Path) -> None:
    (older / "metrics.json").write_text("{}")
    with pytest.raises(RemeasureError, match="does not say what it was trained on"):
        remeasure(older)


def test_means_that_do_not_fit_are_not_written(older: Path) -> None:
    before = (older / "statistics.json").read_bytes()
    with pytest.raises(ValueError, match="option_means must have"):
        write_option_means(older, [[1.0]])
    assert (older / "statistics.json").read_bytes() == before


@pytest.mark.parametrize("name", ["breast-ultrasound", "synthetic-dermoscopy"])
def test_the_shipped_models_have_means_of_every_option(name: str) -> None:
    """Where an option is the true one, its score lies further above its group than it does over all images."""
    checkpoint = read_checkpoint(Path("models/zoo") / name)
    rows, means = checkpoint.statistics.option_means, np.asarray(checkpoint.statistics.means)
    for group in checkpoint.concept_set.group_slices:
        for option in range(group.start, group.stop):
            own, place = np.asarray(rows[option]), option - group.start
            assert len(own) == group.stop - group.start
            assert own[place] - own.mean() > means[option] - means[group].mean()
