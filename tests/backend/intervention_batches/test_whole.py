"""A batch from the request to its rows, with a real model in a real process; and the same by single predictions."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.intervention_batches.jobs import ROWS, BatchJob
from backend.intervention_batches.rows import unpack
from backend.intervention_batches.running import run_batch
from models.checkpoint import read_checkpoint
from models.data.adapters.registry import find_adapter
from models.data.importing import ImportOptions, import_dataset
from models.intervene.editing import Predicted, decide_from
from models.intervene.loading import read_head
from models.intervene.scores import Edit, Operation
from models.predictor import Predictor
from tests.support.batches import BATCHES, start_batch, wait_for_end
from tests.support.checkpoints import drawn_checkpoint
from tests.support.datasets import DATASETS, folder_per_class, start_import, wait_for_status
from tests.support.explainer import ColourZoo, checkpoint_info
from tests.support.server import StartServer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn_checkpoint(tmp_path_factory.mktemp("checkpoint"))


def test_over_an_imported_data_set(start_server: StartServer, folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    folder_per_class(source / "pets", ("mel", "nv", "cat"), count=4)
    zoo = ColourZoo([replace(checkpoint_info(tmp_path / "zoo" / "colour"), folder=folder)])
    client = start_server(zoo, import_dirs=(source,), device="cpu")
    dataset = wait_for_status(client, start_import(client, source / "pets")["id"], "ready")
    counts = client.get(f"{DATASETS}/{dataset['id']}").json()["counts"]
    images = sum(sum(counts[split].values()) for split in ("train", "validation", "test"))
    batch = wait_for_end(client, start_batch(client, dataset_id=dataset["id"], split="all"), "succeeded")
    result = batch["result"]
    assert result["images"] == images == 12
    assert result["accuracy_before"] is not None  # cats are of no class of the model; the others are
    assert [each["key"] for each in result["classes"]] == list(read_checkpoint(folder).concept_set.class_keys)
    for each in result["classes"]:
        assert each["drop"] == pytest.approx(each["mean_before"] - each["mean_after"])
        assert each["low"] <= each["drop"] <= each["high"]
    rows = list(csv.DictReader(io.StringIO(client.get(f"{BATCHES}/{batch['id']}/export").text, newline="")))
    assert sorted(row["image"] for row in rows) == sorted(
        f"{name}/{index}.png" for name in ("mel", "nv", "cat") for index in range(4)
    )
    assert {row["class"] for row in rows if row["image"].startswith("cat")} == {""}
    assert np.mean([float(row["before:mel"]) for row in rows]) == pytest.approx(result["classes"][0]["mean_before"])
    assert sum(int(row["flipped"]) for row in rows) == result["flipped"]

    nothing = start_batch(client, dataset_id=dataset["id"], split="all", minimum_probability=1.0)
    assert "the largest probability found is" in wait_for_end(client, nothing, "failed")["error"]


def test_a_batch_says_what_single_predictions_say(folder: Path, tmp_path: Path) -> None:
    """Each image explained alone, as an upload is, and then edited: the same probabilities."""
    source = folder_per_class(tmp_path / "source", ("mel", "nv"), count=4)
    dataset = import_dataset(find_adapter("folder"), source, tmp_path / "pets", "pets", ImportOptions(workers=1))
    edit = {"operation": "class_mean", "option_id": "border.fading", "value": None, "reference_class": "nv"}
    job = BatchJob(
        model=str(folder), dataset=str(dataset.folder), split="all", edits=[edit], predicted_class=None,
        minimum_probability=None, limit=5, seed=3, device="cpu", out=str(tmp_path),
    )  # fmt: skip
    told: list[str] = []
    run_batch(job, lambda stage, *_: None if stage in told else told.append(stage))
    assert told == ["preparing", "scoring"]
    rows = list(unpack((tmp_path / ROWS).read_bytes()))
    assert len(rows) == 5
    predictor, head = Predictor.from_folder(folder, "cpu", "float32"), read_head(read_checkpoint(folder))
    for row in rows:
        explained = predictor.explain(Image.open(source / row["image"]))
        numbers = (explained.scores, explained.logits, explained.probabilities)
        predicted = Predicted(*(each.astype(np.float64) for each in numbers))
        edits = [Edit("border.fading", Operation.CLASS_MEAN, reference_class="nv")]
        after = decide_from(head, predicted, head.apply(predicted.scores, edits))
        assert list(row["before"].values()) == pytest.approx(predicted.probabilities.tolist(), abs=1e-5)
        assert list(row["after"].values()) == pytest.approx(after.probabilities.tolist(), abs=1e-5)
