"""Table 7 of the paper by command and over HTTP: the same images, the same edits, the same probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from models.checkpoint import read_checkpoint
from models.data.adapters.registry import find_adapter
from models.data.importing import ImportOptions, import_dataset
from models.experiments.concept_intervention import (
    ConceptInterventionConfig,
    edits_for,
    measure_concept_intervention,
)
from models.experiments.subjects import subjects
from models.experiments.surroundings import Surroundings
from models.intervene.editing import EditableModel
from models.intervene.loading import read_editable
from models.predictor import Predictor
from tests.support.checkpoints import drawn_checkpoint
from tests.support.datasets import folder_per_class
from tests.support.explainer import ColourZoo, checkpoint_info
from tests.support.server import API, StartServer


@dataclass
class _RealZoo(ColourZoo):
    """One checkpoint, in float32, as the command computes."""

    def load(self, folder: Path) -> Predictor:
        return Predictor.from_folder(folder, "cpu", "float32")

    def editable(self, folder: Path) -> EditableModel:
        return read_editable(read_checkpoint(folder))


def test_command_and_api_agree_on_the_same_cases(start_server: StartServer, tmp_path: Path) -> None:
    folder = drawn_checkpoint(tmp_path / "checkpoint")
    checkpoint = read_checkpoint(folder)
    source = folder_per_class(tmp_path / "pets", ("mel", "nv"), count=4)
    dataset = import_dataset(find_adapter("folder"), source, tmp_path / "data set", "pets", ImportOptions(workers=1))
    info = checkpoint_info(tmp_path / "zoo")
    info = type(info)(**(vars(info) | {"folder": folder, "concept_set": checkpoint.concept_set}))
    client = start_server(_RealZoo([info]))
    explained = {}
    for path in sorted(source.rglob("*.png")):
        case = client.post(f"{API}/cases", files={"file": (path.name, path.read_bytes())}).json()
        explained[path.relative_to(source).as_posix()] = client.post(f"{API}/cases/{case['id']}/predictions").json()
    classes = [prediction["predicted_class"] for prediction in explained.values()]
    target = max(set(classes), key=classes.count)  # the model is untrained and may never say the others
    reference = next(key for key in checkpoint.concept_set.class_keys if key != target)
    groups = [["border"], ["color"], ["border", "color"]]
    config = ConceptInterventionConfig.model_validate(
        {
            "models": ["drawn"],
            "dataset": "pets",
            "split": "all",
            "target_class": target,
            "reference_class": reference,
            "groups": groups,
            "minimum_probability": 0.0,
        }
    )
    around = Surroundings(lambda _name: folder, lambda _name: dataset.folder)
    table = measure_concept_intervention(next(subjects(config, around)), config)
    assert len(table.keys) == classes.count(target) >= 2
    for key, row in zip(table.keys, table.probabilities, strict=True):
        url = f"{API}/predictions/{explained[key]['id']}/interventions"
        for chosen, wanted in zip([[], *groups], row, strict=True):
            edits = [
                {"option_id": edit.option_id, "operation": "class_mean", "reference_class": reference}
                for edit in edits_for(checkpoint.concept_set, chosen, reference)
            ]
            found = client.post(url, json={"edits": edits}).json()
            (said,) = [each["probability"] for each in found["intervened"] if each["class_key"] == target]
            assert said == pytest.approx(wanted, abs=1e-5)
    # The edits do something.
    assert abs(table.probabilities[:, 1:] - table.probabilities[:, :1]).max() > 1e-4
