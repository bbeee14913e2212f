"""``vitrine compare``: the command; what it computes is tested with the models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from backend.cli.main import app

MODEL = "synthetic-dermoscopy"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["compare", *map(str, arguments)])


def test_the_table_and_its_file(tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    drawn = ("--data", "synthetic-dermoscopy", "--drawn", 4, "--split", "validation", "--seed", 3)
    result = run(MODEL, MODEL, *drawn, "--json", path)
    assert result.exit_code == 0, result.output
    assert "on synthetic-dermoscopy, split validation: 4 images, class known of 4" in result.stdout
    assert "Balanced accuracy (BMAC)" in result.stdout
    assert "Not for diagnosis" in result.stdout
    told = json.loads(path.read_text())
    assert (told["settings"]["seed"], told["data"]["images"], told["changed"]) == (3, 4, [])
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--data", "nosuch"), "nosuch: holds no imported data set"),
        (("--data", "synthetic-dermoscopy", "--split", "tset"), "there is no split 'tset'"),
        (("--data", "synthetic-dermoscopy", "--drawn", 0), "drawn must be at least 1"),
    ],
)
def test_what_does_not_fit_ends_with_one_sentence(arguments: tuple[object, ...], words: str) -> None:
    result = run(MODEL, MODEL, *arguments)
    assert result.exit_code == 2, result.output
    assert words in result.stderr


def test_models_of_other_classes() -> None:
    result = run(MODEL, "breast-ultrasound", "--data", "synthetic-dermoscopy")
    assert result.exit_code == 2
    assert "the models tell other classes apart" in result.stderr


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    result = run(MODEL, MODEL, "--data", "synthetic-dermoscopy", "--drawn", 2, "--json", tmp_path / "no" / "found.json")
    assert result.exit_code == 1
    assert "cannot write" in result.stderr
