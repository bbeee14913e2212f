"""Import of a large set: time, memory of all its processes, progress, and which planted near-duplicates are found.

    .venv/bin/python -m benchmarks.data_import FOLDER --images 10000

The pictures are drawn first (FOLDER/pictures, kept for the next run): skin-like ground with a dark spot, hairs and
grain, 600 × 450 JPEG, so that all are of one kind, as the images of a medical set are. A fiftieth of them are then
stored once more under another name, changed in one of several ways, every fifth in another class.
"""

# ruff: noqa: T201 (its output)

from __future__ import annotations

import argparse
import os
import resource
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.adapters.registry import find_adapter
from models.data.importing import ImportOptions, ImportProgress, import_dataset
from models.data.pool import in_order, processors
from models.data.prepared import PreparedDataset

WIDTH, HEIGHT = 600, 450
CLASSES = ("benign", "malignant")
Picture = NDArray[np.uint8]


def picture(index: int) -> Picture:
    """(450, 600, 3) uint8 BGR that depends on the index only."""
    rng = np.random.default_rng(index)
    ground = np.full((HEIGHT, WIDTH, 3), rng.normal((140, 165, 205), (18, 18, 14)), np.float32)
    for cells, strength in ((4, 14), (16, 6), (90, 5)):
        noise = rng.normal(0, strength, (cells, cells, 1)).astype(np.float32)
        ground += cv2.resize(noise, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)[..., None]
    spot = np.zeros((HEIGHT, WIDTH), np.float32)
    centre = rng.normal((WIDTH / 2, HEIGHT / 2), (45, 35))
    for _ in range(rng.integers(1, 5)):
        place = tuple(int(value) for value in centre + rng.normal(0, 30, 2))
        axes = tuple(int(value) for value in rng.integers(25, 120, 2))
        cv2.ellipse(spot, place, axes, float(rng.integers(180)), 0, 360, float(rng.uniform(0.4, 1)), -1)
    texture = rng.normal(1, 0.25, (40, 40)).astype(np.float32)
    spot = cv2.GaussianBlur(spot, (0, 0), float(rng.uniform(4, 14))) * cv2.resize(texture, (WIDTH, HEIGHT))
    ground -= spot[..., None] * rng.uniform((50, 60, 60), (110, 120, 110)).astype(np.float32)
    for _ in range(rng.integers(0, 9)):
        ends = rng.integers(0, (WIDTH, HEIGHT), (2, 2))
        cv2.line(ground, ends[0].tolist(), ends[1].tolist(), (40.0, 45.0, 60.0), int(rng.integers(1, 3)), cv2.LINE_AA)
    ground += rng.normal(0, 3, ground.shape)
    return np.clip(ground, 0, 255).astype(np.uint8)


def turned(image: Picture, degrees: float) -> Picture:
    """Turned about its centre, corners filled by the edge."""
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(image, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def annotated(image: Picture) -> Picture:
    """With a caption and two callipers, as scanners draw them."""
    marked = image.copy()
    cv2.putText(marked, "RT 12 CM", (20, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (255, 255, 255), 2)
    for place in ((220, 180), (380, 280)):
        cv2.drawMarker(marked, place, (0, 255, 255), cv2.MARKER_CROSS, 22, 2)
    return marked


CHANGES: dict[str, Callable[[Picture], Picture]] = {
    "stored anew": lambda image: image,
    "two thirds of the size": lambda image: np.asarray(cv2.resize(image, (400, 300), interpolation=cv2.INTER_AREA)),
    "brighter, more contrast": lambda image: np.asarray(cv2.convertScaleAbs(image, alpha=1.2, beta=12), np.uint8),
    "cropped to 90 %": lambda image: image[20:425, 35:575],
    "turned by 5 degrees": partial(turned, degrees=5),
    "mirrored": lambda image: np.ascontiguousarray(image[:, ::-1]),
    "caption and callipers": annotated,
    "blurred": lambda image: np.asarray(cv2.GaussianBlur(image, (0, 0), 2.5), np.uint8),
}


def draw(folder: Path, count: int) -> dict[str, tuple[str, str]]:
    """Writes what is not there yet.

    Returns:
        The planted copies: key to the key of its original and the name of the change.
    """
    for label in CLASSES:
        (folder / label).mkdir(parents=True, exist_ok=True)
    copies = max(1, count // 50)
    originals = range(count - copies)
    for done, _ in enumerate(in_order(partial(_draw_one, folder), originals, None, _crashed), start=1):
        if done % 1000 == 0:
            print(f"drawn: {done} of {count}", flush=True)
    planted = {}
    for number in range(copies):
        original = number * len(originals) // copies
        change = list(CHANGES)[number % len(CHANGES)]
        label = CLASSES[(original + (number % 5 == 0)) % 2]
        key = f"{label}/copy-{number:05}.jpg"
        image = CHANGES[change](picture(original))
        cv2.imwrite(str(folder / key), image, [cv2.IMWRITE_JPEG_QUALITY, 70])
        planted[key] = (_key(original), change)
    return planted


def _key(index: int) -> str:
    return f"{CLASSES[index % 2]}/{index:06}.jpg"


def _draw_one(folder: Path, index: int) -> None:
    path = folder / _key(index)
    if not path.exists():
        cv2.imwrite(str(path), picture(index), [cv2.IMWRITE_JPEG_QUALITY, 90])


def _crashed(index: int) -> None:
    raise RuntimeError(f"picture {index} could not be drawn")


class Memory(threading.Thread):
    """Samples the memory of this process and all below it. Shared pages count once (PSS)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.main, self.processes = 0, 0, 0
        self.done = threading.Event()

    def run(self) -> None:
        """Until ``done``."""
        while not self.done.wait(0.2):
            tree = _tree(os.getpid())
            sizes = [_pss(process) for process in tree]
            self.peak, self.processes = max(self.peak, sum(sizes)), max(self.processes, len(tree))
            self.main = max(self.main, sizes[0])


def _tree(root: int) -> list[int]:
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = [root]
    for process in found:
        found += [child for child, parent in parents.items() if parent == process]
    return found


def _pss(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


class Watch:
    """What the progress callback saw."""

    def __init__(self) -> None:
        self.reports, self.gap = 0, 0.0
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def __call__(self, progress: ImportProgress) -> None:
        """One report."""
        moment = time.monotonic()
        self.seconds[progress.stage] = self.seconds.get(progress.stage, 0.0) + moment - self._last
        self.gap = max(self.gap, moment - self._last)
        self.reports, self._last = self.reports + 1, moment


def report(found: PreparedDataset, planted: dict[str, tuple[str, str]]) -> None:
    """Prints which planted copies were found, and what else was taken for one."""
    cluster = {image.key: number.id for number in found.report.clusters for image in number.images}
    total, hits = Counter(change for _, change in planted.values()), Counter[str]()
    for key, (original, change) in planted.items():
        hits[change] += key in cluster and cluster[key] == cluster.get(original)
    print("\n| planted copy | found |\n| --- | --- |")
    for change in CHANGES:
        print(f"| {change} | {hits[change]} of {total[change]} |")
    links = {frozenset((key, original)) for key, (original, _) in planted.items()}
    pairs = [pair for number in found.report.clusters for pair in number.pairs]
    false = [pair for pair in pairs if frozenset((pair.a, pair.b)) not in links]
    print(f"| pairs of different pictures taken for copies | {len(false)} of {len(pairs)} pairs |")
    splits = {row.key: row.split for row in found.rows}
    apart = sum(splits[key] != splits[original] for key, (original, _) in planted.items())
    print(f"| copies in another split than their original | {apart} |")
    print(f"| pairs with disagreeing labels | {len(found.report.disagreements)} |")


def main() -> None:
    """One import, and its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="outside the repository; takes about 1 GB for 10,000 pictures")
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--workers", type=int)
    given = parser.parse_args()
    pictures = given.folder / f"pictures-{given.images}"
    planted = draw(pictures, given.images)
    out = given.folder / "imported"
    shutil.rmtree(out, ignore_errors=True)
    memory, watch, begun = Memory(), Watch(), time.monotonic()
    before = _processor_seconds()
    memory.start()
    found = import_dataset(
        find_adapter("folder"), pictures, out, "benchmark", ImportOptions(workers=given.workers), watch
    )
    seconds = time.monotonic() - begun
    memory.done.set()
    memory.join()
    spent = _processor_seconds() - before
    print(f"\n{given.images} pictures of {WIDTH} × {HEIGHT}, {given.workers or processors()} processes\n")
    print("| what | figure |\n| --- | --- |")
    print(f"| time | {seconds:.0f} s, {given.images / seconds:.0f} images/s; {spent:.0f} s of processor time |")
    for stage, part in watch.seconds.items():
        print(f"| … {stage} | {part:.0f} s |")
    print(f"| memory at its peak, {memory.processes} processes | {memory.peak / 1e6:.0f} MB |")
    print(f"| … of the main process | {memory.main / 1e6:.0f} MB |")
    print(f"| progress | {watch.reports} reports, at most {watch.gap:.1f} s between two |")
    report(found, planted)


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


if __name__ == "__main__":
    main()
