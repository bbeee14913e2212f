"""What the process of a comparison does, with two tiny models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from backend.comparisons import running
from backend.comparisons.results import read_made, to_result
from backend.jobs.handling import JobRefused
from models.checkpoint import read_checkpoint


def refused(order: dict[str, Any]) -> str:
    with pytest.raises(JobRefused) as caught:
        running.run_comparison(order, lambda *_: None)
    return caught.value.reason


def test_what_it_leaves(made: Path, pair: tuple[Path, Path], stages: list[str]) -> None:
    found = read_made(made, "0" * 32)
    assert stages == ["Preparing", "Scoring A", "Scoring B", "Pictures"]
    assert found.comparison.data.images == 64
    assert [each.weights_digest for each in (found.comparison.a, found.comparison.b)] == [
        read_checkpoint(folder).weights_digest() for folder in pair
    ]
    assert {path.stem for path in made.glob("*.jpg")} == {f"changed-{n}" for n in range(len(found.changed))}
    assert {each.key for each in found.changed} <= {each.key for each in found.comparison.changed}


def test_a_result_that_lacks_something_is_none(made: Path) -> None:
    content = json.loads((made / "result.json").read_text())
    for name in ("comparison", "changed"):
        with pytest.raises(ValueError, match=name):
            to_result({key: value for key, value in content.items() if key != name}, "0" * 32)


@pytest.mark.parametrize("side", ["a", "b"])
def test_other_weights_than_registered_are_refused(order: dict[str, Any], tmp_path: Path, side: str) -> None:
    assert "other weights" in refused(order | {f"model_{side}_id": "0" * 32, "out": str(tmp_path / "out")})


def test_data_that_is_gone_is_refused_in_words(order: dict[str, Any], tmp_path: Path) -> None:
    words = refused(order | {"dataset": str(tmp_path / "gone"), "out": str(tmp_path / "out")})
    assert words.startswith("The models cannot be compared on this data: ")
    assert str(tmp_path / "gone") in words
