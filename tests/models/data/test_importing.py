"""An import is there as a whole or not at all, says what it could not read, and needs little memory."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.concepts import ClassLabel
from models.data.adapters.base import DatasetCard
from models.data.adapters.registry import find_adapter
from models.data.errors import DataError
from models.data.images import FileImage
from models.data.importing import ImportCancelled, ImportOptions, ImportProgress, import_dataset, remove_leftovers
from models.data.masks import FileMask
from models.data.prepared import PreparedDataset
from models.data.records import LESION, Record
from tests.support.datasets import folder_per_class, wait_for
from tests.support.scans import CHANGES, scan

ALONE = ImportOptions(workers=1)


class Listed:
    """An adapter that says what it was told to."""

    card = DatasetCard("listed", "Listed", "any", None, "<any>", "", "", "")

    def __init__(self, *records: Record) -> None:
        self._records = records

    def classes(self, root: Path) -> tuple[ClassLabel, ...]:
        return ClassLabel(key="a", name="A"), ClassLabel(key="b", name="B")

    def records(self, root: Path):
        return iter(self._records)


@pytest.fixture(scope="module")
def pets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_per_class(tmp_path_factory.mktemp("pets") / "pets", count=12)


def imported(root: Path, out: Path, options: ImportOptions = ALONE, **more) -> PreparedDataset:
    return import_dataset(find_adapter("folder"), root, out, out.name, options, **more)


def test_progress_goes_through_all_stages_and_ends_each(pets: Path, tmp_path: Path) -> None:
    seen: list[ImportProgress] = []
    imported(pets, tmp_path / "out", progress=seen.append)
    assert list(dict.fromkeys(step.stage for step in seen)) == ["listing", "reading", "comparing", "writing"]
    for stage in ("listing", "reading", "comparing", "writing"):
        steps = [step for step in seen if step.stage == stage]
        assert steps[-1].done == steps[-1].total
        assert [step.done for step in steps] == sorted(step.done for step in steps)


@pytest.mark.parametrize("stage", ["listing", "reading", "comparing", "writing"])
@pytest.mark.parametrize("workers", [1, 2])
def test_cancelled_at_any_stage_nothing_is_left(stage: str, workers: int, pets: Path, tmp_path: Path) -> None:
    reached = []
    with pytest.raises(ImportCancelled):
        imported(
            pets,
            tmp_path / "sets" / "out",
            ImportOptions(workers=workers),
            progress=lambda step: reached.append(step.stage == stage),
            cancelled=lambda: any(reached),
        )
    assert list((tmp_path / "sets").iterdir()) == []


def test_killed_half_way_nothing_is_taken_for_whole_and_the_next_import_clears_up(tmp_path: Path) -> None:
    root = folder_per_class(tmp_path / "many", count=60)
    code = (
        "import sys, time; from pathlib import Path; from models.data.adapters.registry import find_adapter;"
        "from models.data.importing import *\n"
        "if __name__ == '__main__':\n"
        "    import_dataset(find_adapter('folder'), Path(sys.argv[1]), Path(sys.argv[2]), 'many',"
        " ImportOptions(workers=1), lambda step: time.sleep(0.02 * (step.stage == 'writing')))"
    )
    out = tmp_path / "sets" / "many"
    process = subprocess.Popen([sys.executable, "-c", code, str(root), str(out)], start_new_session=True)
    wait_for(lambda: list(out.parent.glob(".many.importing-*/thumbnails/*")) or process.poll() is not None)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    (left,) = out.parent.iterdir()
    assert left.name == f".many.importing-{process.pid}"
    assert not (left / "dataset.json").exists()
    with pytest.raises(DataError, match="holds no imported data set"):
        PreparedDataset.open(out)

    assert imported(root, out).info.images == 120
    assert [path.name for path in out.parent.iterdir()] == ["many"]


def test_the_folder_of_an_import_that_runs_is_left_alone(tmp_path: Path) -> None:
    running, dead = tmp_path / f".a.importing-{os.getppid()}", tmp_path / ".a.importing-99999999"
    for folder in (running, dead):
        folder.mkdir()
    remove_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == [running]


def test_an_import_that_fails_leaves_what_it_was_to_replace(pets: Path, tmp_path: Path) -> None:
    before = imported(pets, tmp_path / "out").info
    again = ImportOptions(workers=1, overwrite=True)
    with pytest.raises(DataError):
        import_dataset(Listed(), pets, tmp_path / "out", "out", again)
    with pytest.raises(ImportCancelled):
        imported(pets, tmp_path / "out", again, cancelled=lambda: True)
    assert PreparedDataset.open(tmp_path / "out").info == before
    (tmp_path / "mine").mkdir()
    with pytest.raises(DataError, match="is no imported data set, so it is not replaced"):
        imported(pets, tmp_path / "mine", again)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "out"]


def test_what_cannot_be_read_is_listed_and_left_out(pets: Path, tmp_path: Path) -> None:
    root = shutil.copytree(pets, tmp_path / "pets")
    (root / "cat" / "3.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    (root / "dog" / "7_mask.png").write_bytes(b"nothing")
    Image.new("L", (9, 9), 255).save(root / "dog" / "8_mask.png")  # of another size than its image
    found = imported(root, tmp_path / "out")
    listed = {file.key: (file.kept, file.reason) for file in found.report.unreadable}
    assert set(listed) == {"cat/3.png", "dog/7.png", "dog/8.png"}
    assert not listed["cat/3.png"][0]
    assert str(root / "cat" / "3.png") in listed["cat/3.png"][1]
    assert listed["dog/7.png"][0]
    assert "a mask of 9 x 9 pixels; its image has 48 x 48" in listed["dog/8.png"][1]
    assert found.info.images == 23
    assert found.info.masks == ()
    assert "cat/3.png" not in {row.key for row in found.rows}


def test_nothing_readable_is_an_error(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "x.png").write_text("no")
    with pytest.raises(DataError, match=r"none of 2 images can be read; the first one: .*a/x.png"):
        imported(tmp_path / "in", tmp_path / "out")


def test_the_same_data_give_the_same_set_whoever_reads_them(pets: Path, tmp_path: Path) -> None:
    digests = {
        imported(pets, tmp_path / f"{workers}", ImportOptions(workers=workers)).info.digest for workers in (1, 2)
    }
    elsewhere = shutil.copytree(pets, tmp_path / "elsewhere")
    digests.add(imported(elsewhere, tmp_path / "moved").info.digest)
    assert len(digests) == 1
    Image.fromarray(scan(0)).save(elsewhere / "cat" / "3.png")
    assert imported(elsewhere, tmp_path / "changed").info.digest not in digests


def test_near_duplicates_go_to_one_split_and_stand_in_the_report(tmp_path: Path) -> None:
    root = tmp_path / "in"
    for name in ("a", "b"):
        (root / name).mkdir(parents=True)
    for seed in range(40):
        Image.fromarray(scan(seed)).save(root / "ab"[seed % 2] / f"{seed}.png")
    for seed in range(0, 40, 4):  # all of class a; every other copy stands in b
        copy = CHANGES["turned 3 degrees"](scan(seed))
        Image.fromarray(copy).save(root / "ab"[seed % 8 // 4] / f"copy of {seed}.png")
    found = imported(root, tmp_path / "out")
    splits = {Path(row.key).name: row.split for row in found.rows}
    assert all(splits[f"copy of {seed}.png"] == splits[f"{seed}.png"] for seed in range(0, 40, 4))
    assert len(found.report.clusters) == 10
    assert {Path(pair.b).name for pair in found.report.disagreements} | {
        Path(pair.a).name for pair in found.report.disagreements
    } == {name for seed in range(4, 40, 8) for name in (f"{seed}.png", f"copy of {seed}.png")}


def test_near_duplicates_may_be_split_apart_and_the_import_says_so(tmp_path: Path) -> None:
    root = tmp_path / "in"
    for name in ("a", "b"):
        (root / name).mkdir(parents=True)
    for seed in range(40):
        name = "ab"[seed % 2]
        Image.fromarray(scan(seed)).save(root / name / f"{seed}.png")
        Image.fromarray(CHANGES["turned 3 degrees"](scan(seed))).save(root / name / f"copy of {seed}.png")
    apart = imported(root, tmp_path / "apart", ImportOptions((0.5, 0.0, 0.5), workers=1))
    options = ImportOptions((0.5, 0.0, 0.5), workers=1, ignore_duplicates=True)
    leaking = imported(root, tmp_path / "leaking", options)
    assert (apart.info.duplicates_ignored, leaking.info.duplicates_ignored) == (False, True)
    assert leaking.info.title.endswith(", near-duplicates not kept apart")
    assert apart.report.leaking("test", "train") == frozenset()
    splits = {row.key: row.split for row in leaking.rows}
    clusters = {row.key: row.cluster for row in leaking.rows}
    crossing = {
        key
        for key, split in splits.items()
        if split == "test" and any(splits[other] == "train" for other in splits if clusters[other] == clusters[key])
    }
    assert crossing
    assert leaking.report.leaking("test", "train") == crossing
    # What belongs together is known in both, for intervals and folds.
    assert {row.key: row.cluster for row in apart.rows} == clusters
    assert sum(leaking.info.counts["test"].values()) == pytest.approx(40, abs=8)


def picture(path: Path) -> FileImage:
    Image.new("RGB", (8, 8), (9, 9, 9)).save(path)
    return FileImage(path)


def bad_key(image: FileImage) -> list[Record]:
    return [Record("a/\udcff.png", image, "a")]


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        (lambda image: [], "holds no images in the layout of Listed"),
        (lambda image: [Record("x", image, "a"), Record("x", image, "b")], "'x' stands twice"),
        (lambda image: [Record("x", image, "c")], "its class 'c' is none of a, b"),
        (bad_key, "rename"),
    ],
)
def test_records_that_do_not_fit_are_refused(
    records: Callable[[FileImage], list[Record]], reason: str, tmp_path: Path
) -> None:
    image = picture(tmp_path / "x.png")
    with pytest.raises(DataError, match=reason):
        import_dataset(Listed(*records(image)), tmp_path, tmp_path / "out", "out", ALONE)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_an_error_in_words(pets: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="file"):
        imported(pets, tmp_path / "file" / "out")


def test_several_masks_are_kept_apart_in_the_manifest(tmp_path: Path) -> None:
    image = picture(tmp_path / "x.png")
    for name in ("m", "n"):
        Image.new("L", (8, 8), 255).save(tmp_path / f"{name}.png")
    masks = {LESION: (FileMask(tmp_path / "m.png"), FileMask(tmp_path / "n.png"))}
    records = [Record("x", image, "a", masks=masks), Record("y", image, "b", group="p", options={"k": "o", "e": ""})]
    found = import_dataset(Listed(*records), tmp_path, tmp_path / "out", "out", ALONE)
    rows = {row.key: row for row in found.rows}
    assert rows["x"].masks == masks
    assert rows["x"].image == image
    assert rows["y"].group == "p"
    assert rows["y"].options == {"k": "o", "e": ""}
    # equal pixels in two classes: one cluster, one split
    assert rows["x"].cluster == rows["y"].cluster
    assert len(found.report.disagreements) == 1


MEMORY = """
import os, sys, threading, time
from pathlib import Path
from models.data.adapters.registry import find_adapter
from models.data.importing import *

def pss():
    total, tree = 0, [os.getpid()]
    for process in tree:
        try:
            tree += [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
            text = Path(f"/proc/{process}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total // 1024

if __name__ == "__main__":
    seen = []
    def watch(step):
        if step.stage != "listing" and step.done % 16 == 0 and step.done:
            seen.append(pss())
    import_dataset(find_adapter("folder"), Path(sys.argv[1]), Path(sys.argv[2]), "x", ImportOptions(workers=2), watch)
    print(seen)
"""


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="measures through Linux's /proc")
def test_memory_does_not_grow_with_the_images(tmp_path: Path) -> None:
    """Decoded, all images are 180 MB; the import may keep but their small copies."""
    one = tmp_path / "one.bmp"
    Image.fromarray(np.tile(scan(0), (8, 8, 1))).save(one)  # 1280 × 960, 3.7 MB decoded
    for name in ("a", "b"):
        (tmp_path / "in" / name).mkdir(parents=True)
        for number in range(24):
            (tmp_path / "in" / name / f"{number}.bmp").symlink_to(one)
    command = [sys.executable, "-c", MEMORY, str(tmp_path / "in"), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    first, *later = json.loads(done.stdout)  # with all processes started
    assert len(later) >= 3
    assert max(later) < first + 60, (first, later)
