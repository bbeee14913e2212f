"""``vitrine data import``, ``show`` and ``adapters``, as somebody at a terminal meets them."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from backend.cli.main import app
from models.data.adapters.registry import adapter_cards
from models.data.prepared import PreparedDataset
from tests.support.datasets import blobs, folder_per_class, wait_for

EACH = 14


def vitrine(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["data", *map(str, arguments)])


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VITRINE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def write_busi(root: Path) -> Path:
    """BUSI in small, with what it is known for: one scan under two numbers, and one under two classes."""
    folder_per_class(root, ("normal", "benign", "malignant"), EACH)
    for name in ("normal", "benign", "malignant"):
        for path in list((root / name).iterdir()):
            path.rename(path.with_name(f"{name} ({int(path.stem) + 1}).png"))
    shutil.copyfile(root / "benign" / "benign (1).png", root / "benign" / "benign (90).png")
    shutil.copyfile(root / "benign" / "benign (2).png", root / "malignant" / "malignant (90).png")
    mask = np.zeros((48, 48), np.uint8)
    mask[10:20, 10:20] = 255
    Image.fromarray(mask).save(root / "benign" / "benign (1)_mask.png")
    return root


@pytest.fixture(scope="session")
def busi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_busi(tmp_path_factory.mktemp("downloads") / "Dataset_BUSI_with_GT")


def test_import_as_the_recipe_says_it(busi: Path, data_dir: Path) -> None:
    result = vitrine("import", "busi", busi, "--fractions", "0.85,0.15,0", "--workers", 1)
    assert result.exit_code == 0, result.output

    prepared = PreparedDataset.open(data_dir / "datasets" / "busi")
    assert {split: sum(counts.values()) for split, counts in prepared.info.counts.items()}["test"] == 0
    counts = [prepared.info.counts[split]["benign"] for split in ("train", "validation", "test")]
    row = next(line for line in result.stdout.splitlines() if line.startswith("benign "))
    assert row.split()[1:] == [str(count) for count in (*counts, EACH + 1)]
    assert f"{3 * EACH + 2} images of 3 classes from {busi}" in result.stdout
    assert "4 images in 2 clusters" in result.stdout
    assert "pairs to look at: 1" in result.stdout
    assert "1.00  benign/benign (2).png  ~  malignant/malignant (90).png  (benign / malignant)" in result.stdout
    assert "Masks: lesion." in result.stdout
    assert str(data_dir / "datasets" / "busi") in result.stdout
    assert "Reading" in result.stderr
    assert "Reading" not in result.stdout


def test_the_same_adapter_under_another_name(busi: Path, data_dir: Path) -> None:
    assert vitrine("import", "busi", busi, "--as", "busi-masked", "--workers", 1).exit_code == 0
    assert PreparedDataset.open(data_dir / "datasets" / "busi-masked").info.name == "busi-masked"


def test_where_it_is_put(busi: Path, tmp_path: Path) -> None:
    assert vitrine("import", "busi", busi, "--workers", 1, "--data-dir", tmp_path / "other").exit_code == 0
    assert (tmp_path / "other" / "datasets" / "busi" / "dataset.json").is_file()
    assert vitrine("import", "busi", busi, "--workers", 1, "--out", tmp_path / "here").exit_code == 0
    assert (tmp_path / "here" / "dataset.json").is_file()


def test_a_name_is_not_taken_twice_unless_asked(busi: Path, data_dir: Path) -> None:
    assert vitrine("import", "busi", busi, "--workers", 1).exit_code == 0
    before = (data_dir / "datasets" / "busi" / "dataset.json").stat().st_mtime_ns

    again = vitrine("import", "busi", busi, "--workers", 1)
    assert again.exit_code == 2
    assert "--as" in again.stderr
    assert "--overwrite" in again.stderr
    assert (data_dir / "datasets" / "busi" / "dataset.json").stat().st_mtime_ns == before
    assert vitrine("import", "busi", busi, "--workers", 1, "--overwrite").exit_code == 0
    assert (data_dir / "datasets" / "busi" / "dataset.json").stat().st_mtime_ns > before


def test_a_table_of_ones_own_with_its_own_column_names(tmp_path: Path, data_dir: Path) -> None:
    root = tmp_path / "My Scans (2026)"
    root.mkdir()
    lines = ["scan;finding;person;part"]
    for number in range(24):
        blobs(number).save(root / f"{number}.png")
        part = "test" if number % 4 == 0 else "train"
        lines.append(f"{number}.png;{('ill', 'well')[number % 2]};p{number // 2};{part if number < 12 else ''}")
    (root / "list.csv").write_text("\n".join(lines))
    columns = ("--image-column", "scan", "--label-column", "finding", "--group-column", "person")

    kept = vitrine("import", "csv", root, *columns, "--split-column", "part", "--workers", 1)
    assert kept.exit_code == 0, kept.output
    prepared = PreparedDataset.open(data_dir / "datasets" / "my-scans-2026")
    assert {row.published_split for row in prepared.rows} == {"train", "test", None}
    assert "Patients or lesions with several images: 12" in kept.stdout
    # pairs of a person with one image published as test and one as training
    assert "The published split is crossed by 3 clusters or patients; 3 images were left out" in kept.stdout
    assert "3 images are left out of every split" in kept.stdout

    free = vitrine("import", "csv", root, *columns, "--split-column", "part", "--no-published-split", "--workers", 1,
                   "--name", "free")  # fmt: skip
    assert free.exit_code == 0, free.output
    assert "left out" not in free.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("nonsense", "."), "no adapter is called 'nonsense'; there are isic2018,"),
        (("busi", "no-such-folder"), "no-such-folder: no such folder"),
        (("busi", ".", "--fractions", "0.5,0.5"), "expected three numbers such as 0.7,0.15,0.15"),
        (("busi", ".", "--fractions", "0.5,0.1,0.1"), "give three that add up to 1"),
        (("busi", ".", "--as", "Not A Name"), "use lower-case letters, digits and hyphens"),
        (("busi", ".", "--as", "a" * 65), "64 at most"),
        (("busi", ".", "--as", "synthetic-ultrasound"), "is the name of a procedural set"),
        (("busi", ".", "--file", "a.csv"), "takes no settings; csv and npz do"),
        (("busi", ".", "--concept-set", "nothing"), "nothing"),
        (("folder", "/"), "add --as NAME"),
    ],
)
def test_what_cannot_be_imported_is_said_in_one_line(
    arguments: tuple[str, ...], reason: str, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = vitrine("import", *arguments)
    assert result.exit_code == 2
    assert reason in result.stderr
    assert "Traceback" not in result.output
    assert not list(data_dir.glob("datasets/*"))


def test_a_layout_that_is_not_there_is_shown(tmp_path: Path, data_dir: Path) -> None:
    result = vitrine("import", "busi", tmp_path)
    assert result.exit_code == 2
    assert "benign/benign (1).png" in result.stderr


def test_files_that_cannot_be_read_are_named(busi: Path, tmp_path: Path, data_dir: Path) -> None:
    root = shutil.copytree(busi, tmp_path / "busi")
    (root / "normal" / "normal (3).png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    (root / "benign" / "benign (1)_mask.png").write_bytes(b"nothing")
    result = vitrine("import", "busi", root, "--workers", 1)
    assert result.exit_code == 0, result.output
    assert "Files that cannot be read and are left out: 1" in result.stdout
    assert f"{root}/normal/normal (3).png: " in result.stdout
    assert "Masks that cannot be used: 1" in result.stdout


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle_it_leaves_nothing(stop: signal.Signals, tmp_path: Path) -> None:
    root = folder_per_class(tmp_path / "many", count=40)
    code = "from backend.cli.main import app; app()"
    command = [sys.executable, "-c", code, "data", "import", "folder", str(root), "--data-dir", str(tmp_path / "data")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    folder = tmp_path / "data" / "datasets"
    wait_for(lambda: list(folder.glob(".many.importing-*")) or process.poll() is not None)
    os.killpg(process.pid, stop)  # as a terminal does: to the workers too
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert said.splitlines()[-1] == "vitrine: stopped; nothing is left of the import of many"
    assert "Traceback" not in said
    assert not list(folder.iterdir())


def test_show_by_name_and_by_folder(busi: Path, data_dir: Path, tmp_path: Path) -> None:
    empty = vitrine("show")
    assert empty.exit_code == 0
    assert "No data sets" in empty.stdout
    assert vitrine("import", "busi", busi, "--workers", 1).exit_code == 0

    shown = vitrine("show", "busi", "--contact-sheet", tmp_path / "sheet.png")
    assert shown.exit_code == 0, shown.output
    assert "Size: 48 × 48 pixels" in shown.stdout
    assert "benign/benign (2).png  ~  malignant/malignant (90).png" in shown.stdout
    assert "Cluster" not in shown.stdout
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width > 8 * 100
    assert vitrine("show", data_dir / "datasets" / "busi").stdout in shown.stdout

    pairs = vitrine("show", "busi", "--pairs")
    assert "Cluster 1: 2 images, " in pairs.stdout
    assert "labels disagree" in pairs.stdout
    assert "1.00  benign/benign (1).png  ~  benign/benign (90).png" in pairs.stdout
    assert [line.split()[0] for line in vitrine("show").stdout.splitlines()] == ["busi"]


def test_show_as_json(busi: Path, data_dir: Path) -> None:
    assert vitrine("import", "busi", busi, "--workers", 1).exit_code == 0
    found = json.loads(vitrine("show", "busi", "--json").stdout)
    assert found["images"] == 3 * EACH + 2
    assert sum(found["counts"]["train"].values()) > found["images"] / 2
    assert found["report"]["cluster_count"] == 2
    assert found["report"]["disagreements"][0]["b"] == "malignant/malignant (90).png"
    assert "clusters" not in found["report"]
    assert len(json.loads(vitrine("show", "busi", "--json", "--pairs").stdout)["report"]["clusters"]) == 2
    assert [entry["name"] for entry in json.loads(vitrine("show", "--json").stdout)] == ["busi"]


def test_show_what_is_not_there_or_damaged(busi: Path, data_dir: Path, tmp_path: Path) -> None:
    missing = vitrine("show", "busi")
    assert missing.exit_code == 2
    assert "vitrine data import" in missing.stderr
    assert "vitrine data synthesize ultrasound" in vitrine("show", "synthetic-ultrasound").stderr

    assert vitrine("import", "busi", busi, "--workers", 1).exit_code == 0
    assert "there are busi" in vitrine("show", "bussi").stderr
    assert vitrine("show", "busi", "--contact-sheet", tmp_path / "no" / "sheet.png").exit_code == 1
    (data_dir / "datasets" / "busi" / "report.json").write_text("{")
    damaged = vitrine("show", "busi")
    assert damaged.exit_code == 1
    assert "report.json" in damaged.stderr
    assert "Traceback" not in damaged.output


def test_adapters_are_listed_with_their_layouts() -> None:
    result = vitrine("adapters")
    assert result.exit_code == 0
    for card in adapter_cards():
        assert f"{card.name}: {card.title}" in result.stdout
        assert card.layout.splitlines()[0] in result.stdout
