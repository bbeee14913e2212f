"""Imports that end otherwise than well: cancelled, killed, broken, or cut off by the end of the server.

The process is a stand-in (``tests.support.fake_import``); everything around it is real.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.datasets.runner import BROKEN, INTERRUPTED, ImportRunner
from backend.db.tables import Dataset
from models.data.adapters.registry import find_adapter
from models.data.importing import import_dataset
from tests.support.datasets import (
    DATASETS,
    FAKE_IMPORT,
    folder_per_class,
    gone,
    start_import,
    wait_for,
    wait_for_status,
)
from tests.support.server import StartServer, assert_error, resources_of


def behaving(source: Path, behaviour: str, name: str = "pets") -> Path:
    """A folder whose import goes like this."""
    folder = source / name
    folder.mkdir()
    (folder / "behave").write_text(behaviour)
    return folder


def read(client: TestClient, dataset: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{DATASETS}/{dataset['id']}").json()
    return found


def processes(folder: Path) -> list[int]:
    """Of an import that hangs: its own, and one that it started."""
    file = folder / "processes"
    return [int(number) for number in wait_for(lambda: file.exists() and file.read_text()).split()]


def assert_nothing_left(client: TestClient) -> None:
    root = resources_of(client).library.root
    wait_for(lambda: not [path for path in root.rglob("*") if path.name != ".work"])


def test_progress_is_told(fake: TestClient, source: Path) -> None:
    dataset = start_import(fake, behaving(source, "hang"))
    found = wait_for(lambda: (answer := read(fake, dataset))["progress"] and answer)
    # "listing" is set when its turn comes, before the process says anything
    progress = wait_for(lambda: (now := read(fake, dataset)["progress"])["stage"] == "reading" and now)
    assert (found["status"], progress) == ("importing", {"stage": "reading", "done": 3, "total": 20})


def test_cancel_ends_every_process_at_once(fake: TestClient, source: Path) -> None:
    folder = behaving(source, "hang")
    dataset = start_import(fake, folder)
    running = processes(folder)
    assert len(running) == 2
    assert not any(gone(number) for number in running)
    answer = fake.post(f"{DATASETS}/{dataset['id']}/cancel")
    assert (answer.status_code, answer.json()["status"], answer.json()["progress"]) == (202, "cancelled", None)
    wait_for(lambda: all(gone(number) for number in running), seconds=5)
    assert_nothing_left(fake)
    found = read(fake, dataset)
    assert (found["status"], found["error"]) == ("cancelled", None)
    assert_error(fake.post(f"{DATASETS}/{dataset['id']}/cancel"), 409, "dataset_not_importing")
    assert fake.delete(f"{DATASETS}/{dataset['id']}").status_code == 204


def test_what_is_being_imported_cannot_be_deleted(fake: TestClient, source: Path) -> None:
    dataset = start_import(fake, behaving(source, "hang"))
    assert "cancel" in assert_error(fake.delete(f"{DATASETS}/{dataset['id']}"), 409, "dataset_importing")
    body = {"name": "pets", "adapter": "folder", "path": str(source)}
    assert_error(fake.post(DATASETS, json=body), 409, "dataset_name_taken")


def test_the_reason_of_a_failure(fake: TestClient, source: Path) -> None:
    folder = behaving(source, "0")
    found = wait_for_status(fake, start_import(fake, folder)["id"], "failed")
    assert found["error"] == f"{folder}: waited 0 s. What to do: nothing."
    assert found["progress"] is None
    assert_nothing_left(fake)


@pytest.mark.parametrize(
    ("behaviour", "words"), [("die", "signal 9"), ("break", BROKEN), ("rubbish", BROKEN), ("no number", BROKEN)]
)
def test_a_process_that_ends_badly(fake: TestClient, source: Path, behaviour: str, words: str) -> None:
    found = wait_for_status(fake, start_import(fake, behaving(source, behaviour))["id"], "failed")
    assert words in found["error"]
    assert_nothing_left(fake)
    # the server goes on with the next one
    other = start_import(fake, behaving(source, "0", "other"), "other")
    assert "waited 0 s" in wait_for_status(fake, other["id"], "failed")["error"]


def test_a_fault_is_in_the_log_but_not_in_the_answer(
    fake: TestClient, source: Path, caplog: pytest.LogCaptureFixture
) -> None:
    found = wait_for_status(fake, start_import(fake, behaving(source, "break"))["id"], "failed")
    assert "a fault, for the log" not in found["error"]
    assert "a fault, for the log" in caplog.text


def test_one_at_a_time_in_turn(fake: TestClient, source: Path) -> None:
    first_folder = behaving(source, "hang", "first")
    first = start_import(fake, first_folder, "first")
    others = [start_import(fake, behaving(source, "0", name), name) for name in ("second", "third")]
    processes(first_folder)
    # What waits has no progress yet, which is how the page tells them apart.
    assert [read(fake, other)["progress"] for other in others] == [None, None]
    assert fake.post(f"{DATASETS}/{others[0]['id']}/cancel").status_code == 202
    fake.post(f"{DATASETS}/{first['id']}/cancel")
    assert "waited 0 s" in wait_for_status(fake, others[1]["id"], "failed")["error"]
    assert read(fake, others[0])["status"] == "cancelled"
    assert_nothing_left(fake)


def test_the_end_of_the_server_ends_the_import(
    start_server: StartServer, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.app.ImportRunner", partial(ImportRunner, command=FAKE_IMPORT))
    client = start_server(import_dirs=(source,))
    hanging, waiting = behaving(source, "hang"), behaving(source, "0", "later")
    running, later = start_import(client, hanging), start_import(client, waiting, "later")
    numbers = processes(hanging)
    resources_of(client).imports.stop()
    assert all(gone(number) for number in numbers)
    found = read(client, running)
    assert (found["status"], found["error"]) == ("failed", INTERRUPTED)
    assert read(client, later)["status"] == "importing"
    # The next server on the same folder takes up what had not begun.
    after = start_server(import_dirs=(source,))
    assert "waited 0 s" in wait_for_status(after, later["id"], "failed")["error"]
    assert read(after, running)["error"] == INTERRUPTED


def test_after_a_server_that_was_killed(start_server: StartServer, source: Path) -> None:
    """Nobody wrote down how the import ended; its half-made folder is still there."""
    first = start_server()
    library = resources_of(first).library
    with resources_of(first).database.writing() as session:
        row = {"adapter": "folder", "source": str(source), "settings": {}, "status": "importing"}
        session.add(Dataset(id="1" * 32, name="half", progress={"stage": "reading", "done": 1, "total": 9}, **row))
        session.add(Dataset(id="2" * 32, name="whole", progress={"stage": "writing", "done": 9, "total": 9}, **row))
    half = library.workplace("1" * 32) / ".half.importing-1"
    half.mkdir()
    (half / "manifest.csv").touch()
    # Killed after the folder had moved to its place, before the row said so: nothing is lost.
    import_dataset(find_adapter("folder"), folder_per_class(source / "pets"), library.folder("whole"), "whole")
    resources_of(first).imports.stop()

    client = start_server()
    found = client.get(f"{DATASETS}/{'1' * 32}").json()
    assert (found["status"], found["error"], found["progress"]) == ("failed", INTERRUPTED, None)
    assert client.get(f"{DATASETS}/{'2' * 32}").json()["images"] == 20
    assert sorted(path.name for path in library.root.iterdir()) == ["whole"]


def test_the_process_ends_with_a_server_that_is_killed(source: Path, tmp_path: Path) -> None:
    """Nothing is told to anybody: the pipe that the server held open is closed, that is all."""
    folder = behaving(source, "hang")
    program = (
        "import json, os, signal, subprocess, sys, time\n"
        "child = subprocess.Popen(sys.argv[2:] + ['1'], stdin=subprocess.PIPE, start_new_session=True)\n"
        "child.stdin.write(sys.argv[1].encode() + b'\\n'); child.stdin.flush()\n"
        "time.sleep(600)\n"
    )
    job = f'{{"source": "{folder}", "out": "{tmp_path}/work/pets"}}'
    (tmp_path / "work").mkdir()
    server = subprocess.Popen([sys.executable, "-c", program, job, *FAKE_IMPORT], stdout=subprocess.DEVNULL)
    try:
        numbers = processes(folder)
        os.kill(server.pid, signal.SIGKILL)
        wait_for(lambda: all(gone(number) for number in numbers), seconds=10)
    finally:
        server.kill()
        server.wait()
