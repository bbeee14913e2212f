"""``vitrine experiment`` and ``vitrine remeasure``: the commands; what they compute is tested with the models."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from backend.cli.main import app
from models.checkpoint import read_checkpoint
from models.data.adapters.registry import find_adapter
from models.data.importing import ImportOptions, import_dataset
from tests.support.checkpoints import drawn_checkpoint
from tests.support.datasets import folder_per_class


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn_checkpoint(tmp_path_factory.mktemp("checkpoint"))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder, with an import called pets."""
    source = folder_per_class(tmp_path / "source", ("mel", "nv"), count=4)
    options = ImportOptions(fractions=(1, 0, 0), workers=1)
    import_dataset(find_adapter("folder"), source, tmp_path / "data" / "datasets" / "pets", "pets", options)
    monkeypatch.setenv("VITRINE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def settings(path: Path, model: Path, /, **changes: object) -> Path:
    content = {
        "models": [str(model)], "dataset": "pets", "split": "train", "target_class": "mel", "reference_class": "nv",
        "groups": [["border"], ["border", "color"]], "minimum_probability": 0.0,
    }  # fmt: skip
    path.write_text(yaml.safe_dump(content | changes))
    return path


def surest_class(folder: Path, tmp_path: Path, data: Path) -> str:
    """A class that the untrained model says of some picture."""
    for key in read_checkpoint(folder).concept_set.class_keys:
        reference = "nv" if key != "nv" else "mel"
        config = settings(tmp_path / "probe.yaml", folder, target_class=key, reference_class=reference)
        if run("experiment", "concept-intervention", config).exit_code == 0:
            return key
    raise AssertionError("the model says no class at all")


def test_the_table_and_its_files(folder: Path, data: Path, tmp_path: Path) -> None:
    target = surest_class(folder, tmp_path, data)
    reference = "nv" if target != "nv" else "mel"
    config = settings(tmp_path / "config.yaml", folder, target_class=target, reference_class=reference)
    result = run("experiment", "concept-intervention", config, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "of 8 images are predicted as" in result.stdout
    assert "None (baseline)" in result.stdout
    assert "Intervene on “Border” and “Colour”" in result.stdout
    assert "Trained on synthetic images only." in result.stdout
    assert "Not for diagnosis." in result.stdout
    told = json.loads((tmp_path / "out" / "concept-intervention.json").read_text())
    assert (told["settings"]["target_class"], told["models"][0]["images_scored"]) == (target, 8)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "concept-intervention-images.csv", "concept-intervention.csv", "concept-intervention.json",
        "concept-intervention.png", "concept-intervention.svg", "kept",
    ]  # fmt: skip


def test_settings_from_before_there_were_several_models(folder: Path, data: Path, tmp_path: Path) -> None:
    target = surest_class(folder, tmp_path, data)
    path = settings(
        tmp_path / "config.yaml", folder, target_class=target, reference_class="nv" if target != "nv" else "mel"
    )
    content = yaml.safe_load(path.read_text())
    content["model"] = content.pop("models")[0]
    path.write_text(yaml.safe_dump(content))
    assert run("experiment", "concept-intervention", path).exit_code == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"groups": [["bordr"]]}, "no concept group 'bordr'"),
        ({"target_class": "zebra"}, "no class 'zebra'"),
        ({"minimum_probability": 1.0}, "the largest probability found is 0."),
        ({"dataset": "nosuch"}, "nosuch: holds no imported data set"),
        ({"split": "test"}, "has no images in test"),
        ({"models": ["nosuch"]}, "no model 'nosuch'"),
        ({"image": 3}, "image: Extra inputs"),
    ],
)
def test_what_does_not_fit_ends_with_one_sentence(
    folder: Path, data: Path, tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    result = run("experiment", "concept-intervention", settings(tmp_path / "c.yaml", folder, **changes))
    assert result.exit_code == 2, result.output
    assert words in result.stderr
    assert result.stderr.rstrip().rpartition("\n")[2].startswith("vitrine: ")


def test_remeasure_writes_only_on_demand(folder: Path, tmp_path: Path) -> None:
    older = shutil.copytree(folder, tmp_path / "older")
    path = older / "statistics.json"
    statistics = json.loads(path.read_text())
    del statistics["option_means"]
    path.write_text(json.dumps(statistics))
    before = path.read_bytes()

    tried = run("remeasure", older, "--dry-run")
    assert tried.exit_code == 0, tried.output
    assert "64 validation images" in tried.stdout
    assert "Nothing written" in tried.stdout
    assert path.read_bytes() == before

    assert run("remeasure", older).exit_code == 0
    assert read_checkpoint(older).statistics.option_means is not None
    refused = run("remeasure", older, "--dataset", tmp_path)
    assert (refused.exit_code, "name no data set" in refused.stderr) == (2, True)
