"""``vitrine data synthesize``."""

import csv
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from backend.cli.main import app


def synthesize(*arguments: object, name: str = "dermoscopy") -> Result:
    return CliRunner().invoke(app, ["data", "synthesize", name, *map(str, arguments)])


@pytest.mark.parametrize(("name", "column"), [("dermoscopy", "mask_pattern"), ("ultrasound", "mask_lesion")])
def test_images_masks_manifest_and_contact_sheet(name: str, column: str, tmp_path: Path) -> None:
    options = ("--out", tmp_path / "set", "--count", 10, "--size", 64, "--contact-sheet", tmp_path / "s.png")
    result = synthesize(*options, name=name)

    assert result.exit_code == 0, result.output
    assert f"10 synthetic images of {name}" in result.stdout
    with (tmp_path / "set" / "manifest.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["split"] for row in rows] == ["train"] * 8 + ["validation", "test"]
    for row in rows:
        with (
            Image.open(tmp_path / "set" / row["image"]) as image,
            Image.open(tmp_path / "set" / row[column]) as mask,
        ):
            assert image.size == mask.size == (64, 64)
    with Image.open(tmp_path / "s.png") as sheet:
        assert sheet.width > 64


def test_the_same_arguments_give_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert synthesize("--out", tmp_path / name, "--count", 10, "--size", 64).exit_code == 0
    for path in (tmp_path / "one").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    result = synthesize("--out", tmp_path)

    assert result.exit_code == 2
    assert "not an empty folder" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("arguments", [["--count", "3"], ["--size", "10"], ["--contact-sheet", "/nowhere/sheet.png"]])
def test_what_cannot_be_drawn_is_refused_before_anything_is_written(arguments: list[str], tmp_path: Path) -> None:
    result = synthesize("--out", tmp_path / "set", *arguments)

    assert result.exit_code == 2
    assert not (tmp_path / "set").exists()
