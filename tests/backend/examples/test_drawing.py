"""What the gallery shows is drawn in the background, in a process that does not outlive the server."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from backend.core.errors import StorageFull
from backend.core.storage import LocalStorage
from backend.datasets.pictures import sheet_key
from backend.datasets.procedural import PROCEDURAL, edition
from backend.examples import drawing, service
from backend.examples.catalogue import Example, all_examples
from backend.examples.painter import GalleryPainter
from tests.support.datasets import gone, wait_for
from tests.support.server import API, StartServer


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "storage")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The generators, but at once; the keys they were asked for."""
    drawn: list[str] = []

    def render(example: Example) -> bytes:
        drawn.append(example.key)
        return example.key.encode()

    monkeypatch.setattr(drawing, "render", render)
    for one in PROCEDURAL.values():
        monkeypatch.setattr(one.module, "contact_sheet", lambda: np.zeros((4, 4, 3), np.uint8))
    return drawn


def test_each_picture_is_drawn_into_its_own_file(storage: LocalStorage, quick: list[str]) -> None:
    assert drawing.draw_missing(storage) == 22  # 20 examples, 2 contact sheets
    assert quick == list(all_examples())
    for example in all_examples().values():
        assert storage.read(service.image_key(example)) == example.key.encode()
    for drawn in PROCEDURAL.values():
        assert storage.read(sheet_key(drawn)).startswith(b"\x89PNG")


def test_only_what_is_missing_is_drawn(storage: LocalStorage, quick: list[str]) -> None:
    there, *missing = all_examples()
    storage.write(service.image_key(all_examples()[there]), b"there already")
    drawing.draw_missing(storage)
    assert quick == missing
    assert storage.read(service.image_key(all_examples()[there])) == b"there already"
    quick.clear()
    assert drawing.draw_missing(storage) == 0
    assert quick == []


def test_what_older_generators_drew_is_removed(storage: LocalStorage, quick: list[str], tmp_path: Path) -> None:
    storage.write("examples/0123456789abcdef/dermoscopy-mel-1.png", b"old")
    storage.write("cases/1/image.png", b"somebody's")
    drawing.draw_missing(storage)
    assert [path.name for path in (tmp_path / "storage" / "examples").iterdir()] == [edition()]
    assert storage.read("cases/1/image.png") == b"somebody's"


def test_a_full_disk_ends_it_quietly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> int:
        raise StorageFull

    monkeypatch.setattr(drawing, "draw_missing", full)
    monkeypatch.setattr(drawing, "end_with_parent", lambda: None)
    monkeypatch.setattr("os.nice", lambda _: 0)
    monkeypatch.setattr("sys.argv", ["drawing", str(tmp_path)])
    drawing.main()


def test_the_process_draws_and_ends_when_told(tmp_path: Path) -> None:
    folder = tmp_path / "storage"
    process = GalleryPainter(folder)
    process.start()
    try:
        wait_for(lambda: list(folder.rglob("*.png")))
    finally:
        process.stop()
    running = process._process
    assert running is not None
    assert running.returncode is not None
    assert len(list(folder.rglob("*.png"))) < 22  # it was not let run to its end


def test_the_server_starts_and_stops_it(start_server: StartServer, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, command: list[str], **options: object) -> None:
            super().__init__(["sleep", "600"], **options)  # type: ignore[call-overload]
            started.append(self)

    monkeypatch.setattr("backend.examples.painter.subprocess.Popen", Recorded)
    client = start_server(prepare_examples=True)
    assert client.get(f"{API}/examples").status_code == 200
    [process] = started
    assert process.poll() is None
    client.__exit__(None, None, None)
    assert gone(process.pid)
    assert process.returncode == -9
