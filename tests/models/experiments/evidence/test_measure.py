"""Everything measured of a model that knows nothing, and how the images bound it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml
from pydantic import ValidationError
from typer.testing import CliRunner

from backend.cli.main import app
from models.checkpoint import read_checkpoint
from models.experiments import subjects as passing
from models.experiments.evidence.concepts import labels_of
from models.experiments.evidence.measure import measure_evidence
from models.experiments.evidence.schema import FILE, Evidence
from models.experiments.evidence.settings import EvidenceConfig
from models.experiments.images import ExperimentImages
from models.experiments.settings import load_settings
from models.experiments.surroundings import ExperimentCancelled, Surroundings
from models.train.data import Split
from tests.support.checkpoints import drawn_here

RECIPES = Path(passing.__file__).parent / "recipes"
SMALL = {
    "dataset": "synthetic-dermoscopy",
    "drawn": 64,
    "resamples": 100,
    "deletion_images": 3,
    "random_images": 8,
    "foreign_images": 10,
}
QUESTIONS = [
    "localization", "deletion", "leakage", "effective_concepts", "intervention", "calibration", "familiarity", "codes",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _drawn_here() -> Iterator[None]:
    with drawn_here():
        yield


@pytest.fixture(scope="module")
def told() -> list[str]:
    """Stages of the measurement."""
    return []


@pytest.fixture(scope="module")
def found(drawn_model: Path, told: list[str]) -> Evidence:
    around = Surroundings(lambda _name: drawn_model, str, tell=lambda stage, *_: told.append(stage))
    with drawn_here():
        return measure_evidence(EvidenceConfig(models=("drawn",), **SMALL), around, "as in a test")  # type: ignore[arg-type]


def test_all_that_the_card_shows(found: Evidence, drawn_model: Path, told: list[str]) -> None:
    checkpoint = read_checkpoint(drawn_model)
    concept_set = checkpoint.concept_set
    assert found.weights_digest == checkpoint.weights_digest()
    assert found.command == "as in a test"
    date.fromisoformat(found.made_on)
    tested = found.tested_on
    assert (tested.dataset, tested.synthetic, tested.split) == ("synthetic-dermoscopy", True, "test")
    assert (tested.images, tested.clusters) == (64, 64)
    assert [test.key for test in found.tests] == QUESTIONS
    assert all(test.question.endswith("?") and test.answer.endswith(".") for test in found.tests)
    assert [concept.key for concept in found.concepts] == list(concept_set.group_keys)
    assert [option.id for concept in found.concepts for option in concept.options] == list(concept_set.option_ids)
    assert [figure.key for figure in found.decision] == ["accuracy", "bmac", "auroc", "ece"]
    assert {"Preparing", "Explaining", "Blurring", "Questions"} <= set(told)


def test_a_model_that_knows_nothing_is_not_called_reliable(found: Evidence) -> None:
    """Its labels are drawn into the images, so they are checked; it cannot read one of its seven concepts well."""
    assert {concept.labels for concept in found.concepts} == {"image"}
    assert {concept.reliability for concept in found.concepts} <= {"limited", "poor"}
    assert sum(concept.reliability == "poor" for concept in found.concepts) >= 5
    localization = found.tests[0]
    assert localization.verdict in ("fails", "partly")


def test_every_figure_lies_in_its_interval_and_has_images_behind_it(found: Evidence) -> None:
    figures = [one.measured for test in found.tests for one in test.figures] + [one.measured for one in found.decision]
    figures += [one for concept in found.concepts for one in (concept.accuracy, concept.pointing_gradcam)]
    known = [one for one in figures if one.value is not None]
    assert len(known) > 30
    assert all(0 < one.n <= 2 * 64 for one in known)
    for one in known:
        assert (one.low is None) == (one.high is None)
        if one.low is not None:
            assert one.low <= one.high
    for concept in found.concepts:
        for option in concept.options:
            assert option.present + option.absent == 64


def test_the_words_say_that_the_images_are_drawn(found: Evidence) -> None:
    assert any("drawn by a program" in limit for limit in found.limits)
    assert any("only 64 images" in limit for limit in found.limits)
    assert not any("trained on some of these" in limit for limit in found.limits)  # the split is test


def test_the_command_writes_files_and_evidence_only_where_it_should(
    drawn_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tmp_path / "model"
    shutil.copytree(drawn_model, model)
    config = tmp_path / "evidence.yaml"
    content = SMALL | {"models": [str(model)], "split": "all", "most": 64}
    config.write_text(yaml.safe_dump(content))
    out = tmp_path / "out"
    answer = CliRunner().invoke(app, ["experiment", "evidence", str(config), "--out", str(out)])
    assert answer.exit_code == 0, answer.output
    assert not (model / FILE).exists()
    written = {path.name for path in out.iterdir()}
    assert {"evidence.json", "evidence.png", "evidence.svg", "evidence-concepts.csv", "evidence-figures.csv"} <= written
    told = Evidence.model_validate(json.loads((out / "evidence.json").read_text())["evidence"])
    assert told.tested_on.images == 64  # of 192 drawn ones
    assert told.command == f"vitrine experiment evidence {config}"
    assert any("trained on some of these" in limit for limit in told.limits)
    calibration = next(test for test in told.tests if test.key == "calibration")
    assert "no other images" in calibration.answer  # all are tested

    monkeypatch.setattr(passing, "run", lambda *_: pytest.fail("it passed again"))
    config.write_text(yaml.safe_dump(content | {"keep": True}))
    answer = CliRunner().invoke(app, ["experiment", "evidence", str(config), "--out", str(out)])
    assert answer.exit_code == 0, answer.output
    kept = Evidence.model_validate_json((model / FILE).read_bytes())
    assert kept == told
    assert read_checkpoint(model).weights_digest() == kept.weights_digest


@pytest.mark.parametrize(("changes", "field"), [
    ({"models": ["a", "b"]}, "models"), ({"deletion_images": 101}, "deletion_images"), ({"most": 10}, "most"),
    ({"rules": {"good": 2}}, "rules.good"), ({"rules": {"better": 1}}, "rules.better"), ({"keeps": 1}, "keeps"),
], ids=["two models", "too many", "too few", "out of range", "unknown rule", "unknown field"])  # fmt: skip
def test_bad_settings_name_the_field(changes: dict[str, object], field: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(yaml.safe_dump(SMALL | {"models": ["a"]} | changes))
    with pytest.raises(ValueError, match=field):
        load_settings(EvidenceConfig, path)
    with pytest.raises(ValidationError):
        EvidenceConfig.model_validate(SMALL | {"models": ["a"]} | changes)


@pytest.mark.parametrize("name", ["breast-ultrasound", "synthetic-dermoscopy"])
def test_the_recipes_measure_the_shipped_models_and_keep_it(name: str) -> None:
    settings = load_settings(EvidenceConfig, RECIPES / f"evidence-{name}.yaml")
    assert settings.models == (name,)
    assert settings.keep


def test_a_stop_ends_it(drawn_model: Path) -> None:
    around = Surroundings(lambda _name: drawn_model, str, cancelled=lambda: True)
    with pytest.raises(ExperimentCancelled):
        measure_evidence(EvidenceConfig(models=("drawn",), **SMALL), around, "")  # type: ignore[arg-type]


def test_where_labels_come_from() -> None:
    """A group that was read in some images counts only there; one from the class table everywhere."""
    options = np.array([[0, 1, -1], [1, 1, -1], [0, 0, -1]])
    own = np.array([[True, False, False], [False, False, False], [True, False, True]])
    split = Split(np.zeros((3, 8, 8, 3), np.uint8), np.zeros(3, np.int64), options, None, None)
    images = ExperimentImages("made-up", False, ("a", "b", "c"), split, own, np.arange(3))
    labels, sources = labels_of(images)
    assert sources == ("image", "class", "none")
    assert labels.tolist() == [[0, 1, -1], [-1, 1, -1], [0, 0, -1]]
    assert split.options[1, 0] == 1  # the images are left as they are
