"""Tiny data sets, and a stand-in for the process of an import."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from fastapi.testclient import TestClient
from PIL import Image

from tests.support.server import API

DATASETS = f"{API}/datasets"
FAKE_IMPORT = (sys.executable, "-m", "tests.support.fake_import")
SIDE = 48


def blobs(seed: int, side: int = SIDE) -> Image.Image:
    """A picture with structure: one seed always the same, two seeds never near-duplicates."""
    noise = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize((side, side), Image.Resampling.BICUBIC)


def folder_per_class(root: Path, classes: Iterable[str] = ("cat", "dog"), count: int = 10) -> Path:
    """``count`` different pictures in a folder for each class."""
    for number, name in enumerate(classes):
        (root / name).mkdir(parents=True)
        for index in range(count):
            blobs(100 * number + index).save(root / name / f"{index}.png")
    return root


def start_import(client: TestClient, path: Path, name: str = "pets", **body: Any) -> dict[str, Any]:
    """Asks for an import of a folder per class."""
    answer = client.post(DATASETS, json={"name": name, "adapter": "folder", "path": str(path)} | body)
    assert answer.status_code == 202, answer.text
    started: dict[str, Any] = answer.json()
    return started


def wait_for(condition: Callable[[], Any], seconds: float = 60) -> Any:
    """What the condition gives once it is true."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return found


def wait_for_status(client: TestClient, dataset_id: str, status: str, seconds: float = 60) -> dict[str, Any]:
    """The data set once it has this status; fails when it ends otherwise."""

    def settled() -> dict[str, Any] | None:
        found: dict[str, Any] = client.get(f"{DATASETS}/{dataset_id}").json()
        assert found["status"] in (status, "importing"), found
        return found if found["status"] == status else None

    found: dict[str, Any] = wait_for(settled, seconds)
    return found


def gone(process_id: int) -> bool:
    """Whether a process has ended (one that nobody has waited for yet has)."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"
