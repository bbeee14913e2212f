"""What the process of a diagnosis does, with a tiny model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from backend.diagnoses import running
from backend.diagnoses.results import read_made, to_stored
from backend.diagnoses.rules import rules_of
from backend.jobs.handling import JobRefused
from models.checkpoint import read_checkpoint
from models.data.adapters.registry import find_adapter
from models.data.importing import ImportOptions, import_dataset
from models.diagnose.settings import DiagnoseSettings
from tests.backend.diagnoses.conftest import FEW
from tests.support.datasets import folder_per_class


def refused(order: dict[str, Any]) -> str:
    with pytest.raises(JobRefused) as caught:
        running.run_diagnosis(order, lambda *_: None)
    return caught.value.reason


def test_what_it_leaves(made: Path, tiny: Path, stages: list[str]) -> None:
    concept_set = read_checkpoint(tiny).concept_set
    found = read_made(made, "0" * 32).result
    assert stages == ["Preparing", "Diagnosing", "Pictures"]
    assert (found.dataset, found.synthetic, found.images) == ("synthetic-dermoscopy", True, 64)
    assert found.concept_set_digest == concept_set.digest()
    paths = [sheet.path for sheet in found.option_sheets] + [sheet.path for sheet in found.code_sheets]
    sheets = {Path(path).name for path in paths}
    assert {path.stem for path in made.glob("*.jpg")} == sheets
    assert len(sheets) == concept_set.option_count + len(found.codes)


def test_a_result_that_lacks_something_is_none(made: Path) -> None:
    content = json.loads((made / "result.json").read_text())
    for name in ("diagnosis", "gallery", "classes"):
        with pytest.raises(ValueError, match=name):
            to_stored({key: value for key, value in content.items() if key != name}, "0" * 32)


def test_what_an_earlier_attempt_left_is_gone(order: dict[str, Any], tmp_path: Path) -> None:
    out = tmp_path / "result"
    out.mkdir()
    (out / "option-0.jpg").write_text("half")
    refused(order | {"out": str(out), "model": str(tmp_path / "nothing")})
    assert list(out.iterdir()) == []


def test_other_weights_than_registered_are_refused(order: dict[str, Any], tmp_path: Path) -> None:
    assert "other weights" in refused(order | {"model_version_id": "0" * 32, "out": str(tmp_path / "out")})


def test_a_folder_that_is_no_checkpoint_is_refused(order: dict[str, Any], tiny: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(tiny, broken)
    (broken / "config.json").write_text("{}")
    assert "cannot be read" in refused(order | {"model": str(broken), "out": str(tmp_path / "out")})


def test_data_that_does_not_fit_is_refused_in_words(order: dict[str, Any], tmp_path: Path) -> None:
    source = folder_per_class(tmp_path / "pets", ("cat", "dog"), count=6)
    imported = import_dataset(find_adapter("folder"), source, tmp_path / "import", "pets", ImportOptions(workers=1))
    words = refused(order | {"dataset": str(imported.folder), "out": str(tmp_path / "out")})
    assert words.startswith("The model cannot be diagnosed on this data: ")
    assert "cat" in words
    gone = refused(order | {"dataset": str(tmp_path / "gone"), "out": str(tmp_path / "out")})
    assert str(tmp_path / "gone") in gone


def test_the_rules_name_the_thresholds_of_the_diagnosis() -> None:
    usual, other = rules_of(DiagnoseSettings()), rules_of(
        FEW(readable=0.7, least_labels=33, assignment_floor=0.2, presence_floor=0.03, variation_floor=0.4,
            correlation=0.91, cosine=0.92, concentration_gain=1.5, least_maps=44, pointing_gain=0.06,
            pointing_ceiling=0.85)
    )  # fmt: skip
    assert set(usual) == {"dormant", "redundant", "not_localized"}
    expected = {
        "dormant": ("0.7", "33", "20%", "3.0%", "40%"),
        "redundant": ("0.91", "0.92"),
        "not_localized": ("1.5", "44", "6%", "85%"),
    }
    for kind, numbers in expected.items():
        for number in numbers:
            assert number in other[kind]  # type: ignore[index]
            assert number not in usual[kind]  # type: ignore[index]
