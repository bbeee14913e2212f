"""``vitrine diagnose``: the command; what it computes is tested with the models."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from backend.cli.main import app
from models.diagnose.files import read_diagnosis
from tests.support.checkpoints import drawn_checkpoint


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn_checkpoint(tmp_path_factory.mktemp("diagnose"))


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in ("diagnose", *words)])


def test_flags_come_first_and_the_file_has_all(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    result = run(folder, "--data", "synthetic-dermoscopy", "--drawn", 64, "--seed", 3, "--no-umap", "--json", path)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "drawn on synthetic-dermoscopy (procedural images), split validation: 64 images"
    assert lines[2].startswith(("Flags on", "No flag"))
    assert "not for diagnosis" in result.stdout
    found = read_diagnosis(path)
    assert (found.images, found.settings.seed, len(found.options)) == (64, 3, 34)
    assert [embedding.method for embedding in found.embeddings] == ["pca"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--data", "nosuch"), "nosuch: holds no imported data set"),
        (("--data", "synthetic-dermoscopy", "--split", "all"), "no split 'all'"),
        (("--data", "synthetic-ultrasound", "--drawn", 64), "synthetic-ultrasound draws the concepts of busi"),
    ],
)
def test_what_does_not_fit_ends_with_one_sentence(folder: Path, words: tuple[object, ...], message: str) -> None:
    result = run(folder, *words)
    assert result.exit_code == 2, result.output
    assert message in result.stderr
    assert result.stderr.rstrip().rpartition("\n")[2].startswith("vitrine: ")
