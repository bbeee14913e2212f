"""``evidence.json``: the same after writing and reading, and nothing else is taken for it."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest
from pydantic import ValidationError

from models.checkpoint import list_zoo, read_checkpoint
from models.experiments.evidence.files import write_evidence
from models.experiments.evidence.schema import FILE, Evidence
from tests.support.evidence import NOTHING, made_up


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    path = write_evidence(tmp_path, made_up())
    assert path.name == FILE == "evidence.json"
    assert Evidence.model_validate_json(path.read_bytes()) == made_up()
    write_evidence(tmp_path, made_up(limits=["Later."]))
    assert [each.name for each in tmp_path.iterdir()] == [FILE]
    assert Evidence.model_validate_json(path.read_bytes()).limits == ["Later."]


def test_a_figure_that_cannot_be_measured_is_null_and_not_left_out(tmp_path: Path) -> None:
    (concept,) = json.loads(write_evidence(tmp_path, made_up()).read_text())["concepts"]
    assert concept["pointing_magnet"] == {"value": None, "low": None, "high": None, "n": 0}
    assert NOTHING.model_dump() == concept["pointing_magnet"]


@pytest.mark.parametrize("changes", [
    {"format": 2}, {"new": 1}, {"limits": None}, {"concepts": [{}]},
], ids=["later format", "unknown field", "no limits", "half a concept"])  # fmt: skip
def test_anything_else_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Evidence.model_validate(made_up().model_dump(mode="json") | changes)


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_evidence(tmp_path, made_up())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(OSError, match="No space left"):
            write_evidence(tmp_path, made_up(limits=[]))
    assert [each.name for each in tmp_path.iterdir()] == [FILE]
    assert Evidence.model_validate_json(path.read_bytes()) == made_up()


def test_every_shipped_model_has_evidence_of_its_own_weights_in_the_package() -> None:
    folders = list_zoo()
    assert {folder.name for folder in folders} == {"breast-ultrasound", "synthetic-dermoscopy"}
    for folder in folders:
        file = resources.files("models") / "zoo" / folder.name / FILE
        found = Evidence.model_validate_json(file.read_bytes())
        checkpoint = read_checkpoint(folder)
        assert found.weights_digest == checkpoint.weights_digest()
        assert [concept.key for concept in found.concepts] == list(checkpoint.concept_set.group_keys)
        options = [option.id for concept in found.concepts for option in concept.options]
        assert options == list(checkpoint.concept_set.option_ids)
        assert len(found.tests) == 8
        assert found.command == f"vitrine experiment evidence models/experiments/recipes/evidence-{folder.name}.yaml"
