"""``vitrine explain``: what is printed and written, and how bad input ends."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from backend.cli.main import app
from models.checkpoint import read_checkpoint
from tests.support.dicom_files import dataset, save
from tests.support.images import gradient, png_header


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "lesion.png"
    gradient(96, 64).save(path)
    return path


def explain(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["explain", *map(str, arguments)])


def test_a_table_of_all_classes_and_concepts(image: Path, untrained: Path) -> None:
    result = explain(image, "--model", untrained)

    assert result.exit_code == 0, result.output
    concept_set = read_checkpoint(untrained).concept_set
    for name in (*concept_set.class_names, *(group.name for group in concept_set.groups)):
        assert name in result.stdout
    assert "lesion.png, 96 x 64 px." in result.stdout
    assert "synthetic" in result.stdout
    assert "Not for diagnosis" in result.stdout


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A CT slice."""
    pixels = np.arange(64 * 48, dtype=np.uint16).reshape(48, 64)
    return save(dataset(pixels, Modality="CT"), tmp_path / "DOE_JANE.dcm")


def test_no_model_is_guessed_for_a_dicom_file_that_fits_none(scan: Path) -> None:
    result = explain(scan)

    assert result.exit_code == 2
    assert "CT (computed tomography)" in result.stderr
    assert "choose a model yourself with --model" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_choice_against_the_header_is_noted(scan: Path, untrained: Path, tmp_path: Path) -> None:
    result = explain(scan, "--model", untrained, "--out", tmp_path / "out")

    assert result.exit_code == 0, result.output
    assert "header says CT (computed tomography)" in result.stdout
    document = json.loads((tmp_path / "out" / "explanation.json").read_text())
    assert (document["image"]["filename"], document["image"]["modality"]) == (None, "CT")
    assert "CT (computed tomography)" in document["header_note"]
    assert "deidentification" not in result.stderr  # no secret to keep: it was made for this file alone


def test_the_header_finds_the_model(scan: Path, untrained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(dataset(np.arange(64 * 48, dtype=np.uint16).reshape(48, 64), Modality="DMS"), scan)
    monkeypatch.setattr("backend.cli.explain.list_models", lambda _: [untrained.parent / "damaged", untrained])
    result = explain(scan)

    assert result.exit_code == 0, result.output
    assert "Model untrained" in result.stdout
    assert "header says" not in result.stdout


def test_contributions_to_another_class(image: Path, untrained: Path) -> None:
    result = explain(image, "--model", untrained, "--toward", "vasc")

    assert result.exit_code == 0
    assert "contributions are to Vascular lesion" in result.stdout


def test_out_writes_the_document_and_the_pictures(image: Path, untrained: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    result = explain(image, "--model", untrained, "--out", out, "--colormap", "jet")

    assert result.exit_code == 0, result.output
    document = json.loads((out / "explanation.json").read_text())
    checkpoint = read_checkpoint(untrained)
    assert document["image"]["width"] == 96
    assert document["model"]["weights_sha256"] == checkpoint.weights_digest()
    assert document["model"]["concept_set_digest"] == checkpoint.concept_set.digest()
    assert len(document["explanation"]["scores"]) == checkpoint.concept_set.option_count
    pictures = list(out.glob("*.png"))
    assert len(pictures) == 5 + checkpoint.concept_set.group_count + 1
    for picture in pictures:
        with Image.open(picture) as opened:
            opened.verify()


def test_bad_images_end_with_one_sentence(untrained: Path, tmp_path: Path) -> None:
    text = tmp_path / "notes.png"
    text.write_text("not an image")
    empty = tmp_path / "empty.png"
    empty.touch()
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(png_header(100_000, 100_000))
    for path, words in (
        (tmp_path / "missing.png", "no such file"),
        (tmp_path, "Is a directory"),
        (text, "PNG, JPEG, JPEG 2000, TIFF, WebP and BMP"),
        (empty, "empty"),
        (bomb, "million"),
    ):
        result = explain(path, "--model", untrained)
        assert result.exit_code == 2, path
        assert words in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--model", "nosuch"], "no model 'nosuch'"),
        (["--toward", "zebra"], "no class 'zebra' in this model; it has mel, nv, bcc"),
        (["--device", "abacus"], "abacus"),
    ],
)
def test_bad_choices_name_what_there_is(arguments: list[str], words: str, image: Path, untrained: Path) -> None:
    model = [] if "--model" in arguments else ["--model", str(untrained)]
    result = explain(image, *arguments, *model)

    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_model_of_ones_own_is_found_by_its_name(
    image: Path, untrained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VITRINE_DATA_DIR", str(tmp_path))
    shutil.copytree(untrained, tmp_path / "models" / "mine")
    result = explain(image, "--model", "mine")

    assert result.exit_code == 0, result.output
    assert "Model untrained" in result.stdout


def test_a_folder_that_is_no_model_is_named(image: Path, tmp_path: Path) -> None:
    result = explain(image, "--model", tmp_path)

    assert result.exit_code == 2
    assert "not a checkpoint folder" in result.stderr


def test_damaged_weights_are_named(image: Path, untrained: Path, tmp_path: Path) -> None:
    copy = tmp_path / "damaged"
    copy.mkdir()
    for path in untrained.iterdir():
        (copy / path.name).write_bytes(path.read_bytes()[: 1000 if path.suffix == ".safetensors" else None])
    result = explain(image, "--model", copy)

    assert result.exit_code == 2
    assert "weights.safetensors" in result.stderr
