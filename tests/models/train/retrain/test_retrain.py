"""From a parent and an edited concept set to a checkpoint folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from models.checkpoint import Checkpoint, load_network, read_checkpoint
from models.concepts import ConceptSet, dump_concept_set
from models.data.importing import import_dataset
from models.train import TrainingCancelled, state_path
from models.train.data import InputShape, load_split
from models.train.evaluate import measure, run_split
from models.train.retrain import RetrainConfig, RetrainError, Watching, retrain
from models.train.retrain.run import _Job
from models.train.settings import ProceduralData
from tests.models.train.conftest import SIDE, Tiny
from tests.models.train.retrain.conftest import edited


def _edit(content: dict[str, Any]) -> None:
    """Without the last group and an option, with another order."""
    del content["groups"][-1]
    del content["groups"][0]["options"][-1]
    content["groups"].reverse()


def _add(content: dict[str, Any]) -> None:
    options = [{"key": key, "text": f"a light that is {key}", "source": "a test"} for key in ("dim", "bright")]
    content["groups"].append({"key": "light", "name": "Light", "options": options})


def _config(tiny: Tiny, tmp_path: Path, **changes: Any) -> RetrainConfig:
    data = ProceduralData(train=64, validation=64, test=64, cache=tiny.folder / "cache")
    given: dict[str, Any] = {"name": "child", "data": data, "tokens": tmp_path / "tokens", "epochs": 2}
    return RetrainConfig(**given | {"drawn": tiny.folder / "cache", "device": "cpu"} | changes)


@pytest.fixture(scope="module")
def concept_set(parent: Checkpoint) -> ConceptSet:
    return edited(parent.concept_set, _edit)


def test_quick_trains_what_stands_behind_the_tokens(
    parent: Checkpoint, concept_set: ConceptSet, tiny: Tiny, tmp_path: Path
) -> None:
    before = {path.name: path.read_bytes() for path in parent.folder.iterdir() if path.is_file()}
    reports: list[dict[str, Any]] = []
    stages: set[str] = set()
    watching = Watching(progress=reports.append, staged=lambda stage, _done, _all: stages.add(stage))
    made = retrain(parent, concept_set, tmp_path / "child", _config(tiny, tmp_path), watching)

    old, new = load_network(parent), load_network(made)
    for name, value in old.encoder.state_dict().items():
        assert torch.equal(new.encoder.state_dict()[name], value), name
    for part in (new.bottleneck.scorer.projection.weight, new.bottleneck.head.weight):
        assert float(part.abs().sum()) > 0
    assert not torch.equal(new.bottleneck.scorer.projection.weight, old.bottleneck.scorer.projection.weight)
    assert not torch.equal(new.bottleneck.magnet.queries, old.bottleneck.magnet.queries[[5, 4, 3, 2, 1, 0]])
    assert made.concept_set == concept_set
    assert made.config.codes == concept_set.group_count
    assert {"Tokens", "Measuring"} <= stages
    assert [report["epoch"] for report in reports] == [1, 2]
    assert {"class_bmac", "concept_bmac"} <= set(reports[0]["validation"])
    assert {path.name: path.read_bytes() for path in parent.folder.iterdir() if path.is_file()} == before
    assert not state_path(made.folder).exists()

    # What is written was measured on tokens; the images say the same.
    shape = InputShape(SIDE, "longest", made.config.grid[0])
    data = ProceduralData(train=64, validation=64, test=64, cache=tiny.folder / "cache")
    for name in ("validation", "test"):
        split = load_split(data, name, concept_set, shape)
        output = run_split(new, split, concept_set, made.config.preprocessing, bfloat16=False)
        found, told = measure(output, split, concept_set), made.metrics[name]
        for key in ("images", "class_bmac", "concept_bmac", "assignment_entropy"):
            assert told[key] == pytest.approx(found[key], rel=1e-4), f"{name} {key}"
        if name == "validation":
            assert made.statistics.means == pytest.approx(output.scores.mean(0).tolist(), abs=1e-3)
            assert made.statistics.option_means is not None


def test_the_result_says_where_it_comes_from(
    parent: Checkpoint, concept_set: ConceptSet, tiny: Tiny, tmp_path: Path
) -> None:
    config = _config(tiny, tmp_path, seed=5, concept_set="edited.yaml", epochs=1)
    made = retrain(parent, concept_set, tmp_path / "child", config, Watching(command="vitrine retrain so"))
    told = json.loads((made.folder / "metrics.json").read_text())["lineage"]
    assert told["parent"]["weights"] == parent.weights_digest()
    assert told["concept_set"] == {
        "name": concept_set.name,
        "version": concept_set.version,
        "digest": concept_set.digest(),
    }
    assert (told["mode"], told["seed"], told["settings"]["epochs"]) == ("quick", 5, 1)
    assert set(told["dataset"]["splits"]) == {"train", "validation", "test"}
    assert set(told["code"]) == {"vitrine", "commit"}
    assert any("groups removed: elevation" in line for line in told["changes"])
    for words in ("## Retrained", "From `tiny`", parent.weights_digest()[:12], "- groups removed: elevation"):
        assert words in made.card
    assert "`vitrine retrain so`, seed 5" in made.card
    assert made.metrics["training"]["ancestors"][0]["name"] == "tiny"


def test_the_same_seed_gives_the_same_weights_and_finds_its_tokens(
    parent: Checkpoint, concept_set: ConceptSet, tiny: Tiny, tmp_path: Path
) -> None:
    digests = []
    for number, seed in enumerate((1, 1, 2)):
        out = tmp_path / f"child-{number}"
        kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "tokens").glob("*/tokens.npy")}
        digests.append(retrain(parent, concept_set, out, _config(tiny, tmp_path, seed=seed)).weights_digest())
        if number:
            assert len(kept) == 3
            assert {path: path.stat().st_mtime_ns for path in (tmp_path / "tokens").glob("*/tokens.npy")} == kept
    assert digests[0] == digests[1] != digests[2]


def test_a_child_is_retrained_in_turn(parent: Checkpoint, concept_set: ConceptSet, tiny: Tiny, tmp_path: Path) -> None:
    child = retrain(parent, concept_set, tmp_path / "child", _config(tiny, tmp_path, epochs=1))
    config = _config(tiny, tmp_path, epochs=1)
    grandchild = retrain(child, edited(concept_set, _add), tmp_path / "grandchild", config)
    assert grandchild.concept_set.group_keys[-1] == "light"
    assert grandchild.config.codes == grandchild.concept_set.group_count
    assert [each["name"] for each in grandchild.metrics["training"]["ancestors"]] == ["child", "tiny"]
    assert len(list((tmp_path / "tokens").glob("*/tokens.npy"))) == 3  # the encoder is the same one still


def test_full_trains_the_encoder_too(parent: Checkpoint, concept_set: ConceptSet, tiny: Tiny, tmp_path: Path) -> None:
    made = retrain(
        parent, edited(concept_set, _add), tmp_path / "child", _config(tiny, tmp_path, mode="full", epochs=1)
    )
    old, new = load_network(parent).encoder.state_dict(), load_network(made).encoder.state_dict()
    assert any(not torch.equal(value, new[name]) for name, value in old.items())
    assert made.metrics["lineage"]["mode"] == "full"
    assert "the encoder was trained too" in made.card
    assert not (tmp_path / "tokens").exists()


def test_cancelled_and_gone_on_with_it_ends_the_same(
    parent: Checkpoint, concept_set: ConceptSet, tiny: Tiny, tmp_path: Path
) -> None:
    config = _config(tiny, tmp_path)
    whole = retrain(parent, concept_set, tmp_path / "whole", config)
    seen: list[dict[str, Any]] = []
    watching = Watching(progress=seen.append, cancelled=lambda: bool(seen))
    with pytest.raises(TrainingCancelled):
        retrain(parent, concept_set, tmp_path / "child", config, watching)
    assert len(seen) == 1
    assert not (tmp_path / "child" / "config.json").exists()
    assert retrain(parent, concept_set, tmp_path / "child", config).weights_digest() == whole.weights_digest()


def _export(folder: Path, tiny: Tiny, concept_set: ConceptSet) -> Path:
    """As ``vitrine labels export`` writes it: an image that is trained on, one that is tested on, and a new one."""
    (folder / "images").mkdir(parents=True)
    cache = tiny.folder / "cache"
    images = [
        np.load(cache / f"synthetic-dermoscopy-{split}-64-{SIDE}" / "images.npy")[9] for split in ("train", "test")
    ]
    images.append(np.random.default_rng(9).integers(0, 255, (SIDE, SIDE, 3), dtype=np.uint8))
    rows = ["image,label,option:border"]
    for number, (pixels, label) in enumerate(zip(images, ("mel", "nv", "vasc"), strict=True)):
        Image.fromarray(pixels).save(folder / "images" / f"{number}.png")
        rows.append(f"images/{number}.png,{label},{concept_set.groups[2].option_keys[0]}")
    (folder / "labels.csv").write_text("\n".join(rows) + "\n")
    dump_concept_set(concept_set, folder / "concept_set.yaml")
    return folder


def test_corrected_labels_are_trained_on(
    parent: Checkpoint, concept_set: ConceptSet, tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _export(tmp_path / "labels", tiny, parent.concept_set)
    trained: list[Any] = []
    fit = _Job._fit

    def watched(self: _Job, engine: Any, splits: dict[str, Any]) -> Any:
        trained.append(splits["train"])
        return fit(self, engine, splits)

    monkeypatch.setattr(_Job, "_fit", watched)
    made = retrain(parent, concept_set, tmp_path / "child", _config(tiny, tmp_path, labels=folder, epochs=1))
    told = made.metrics["lineage"]["labels"]
    assert (told["folder"], told["corrected"], told["added"], told["left_out"]) == ("labels", 1, 1, 1)
    assert made.metrics["training"]["images"] == 65
    assert "1 training images corrected, 1 added, 1 left out" in made.card
    assert concept_set.class_keys[trained[0].classes[9]] == "mel"
    assert concept_set.class_keys[trained[0].classes[64]] == "vasc"
    assert trained[0].options[9, concept_set.group_keys.index("border")] == 0
    assert trained[0].images.shape == (65, 16, 16)


def test_what_is_made_of_labelled_images_lies_where_it_was_said(
    parent: Checkpoint, concept_set: ConceptSet, tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They may be of patients: neither in the system's temporary folder nor among the tokens of others."""
    folder, private = _export(tmp_path / "labels", tiny, parent.concept_set), tmp_path / "private"
    left = private / "vitrine-labels-killed" / "labels"
    left.mkdir(parents=True)
    made_in: list[Path] = []

    def watched(adapter: Any, source: Path, place: Path, *rest: Any) -> Any:
        made_in.append(place)
        return import_dataset(adapter, source, place, *rest)

    monkeypatch.setattr("models.train.retrain.labelled.import_dataset", watched)
    config = _config(tiny, tmp_path, labels=folder, epochs=1, private=private)
    made = retrain(parent, concept_set, tmp_path / "child", config)
    assert made.metrics["lineage"]["labels"]["added"] == 1
    assert "private" not in json.dumps(made.metrics)
    (place,) = made_in
    assert private in place.parents
    assert [path.name for path in private.iterdir()] == ["tokens"]
    kept = {len(np.load(path, mmap_mode="r")) for path in private.glob("tokens/*/tokens.npy")}
    shared = {len(np.load(path, mmap_mode="r")) for path in (tmp_path / "tokens").glob("*/tokens.npy")}
    assert kept == {1}
    assert 1 not in shared


def test_what_cannot_work_is_said_first(parent: Checkpoint, tiny: Tiny, tmp_path: Path) -> None:
    with pytest.raises(RetrainError, match="is the parent's own folder"):
        retrain(parent, parent.concept_set, parent.folder, _config(tiny, tmp_path))
    silent = Checkpoint(**vars(parent) | {"metrics": {}})
    with pytest.raises(RetrainError, match="does not say how the parent was trained"):
        retrain(silent, parent.concept_set, tmp_path / "child", _config(tiny, tmp_path))
    assert not (tmp_path / "child").exists()
    assert read_checkpoint(parent.folder).name == "tiny"
