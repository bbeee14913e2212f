"""``python -m worker --queue training|short|both``; ``vitrine worker`` is the same."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Mapping

from backend.access.rules import guard
from backend.audit import service as audit
from backend.audit.heads import Heads
from backend.core.logging import configure_logging
from backend.core.settings import Settings
from backend.core.storage import LocalStorage
from backend.datasets.library import DatasetLibrary
from backend.db.migrate import upgrade
from backend.db.session import Database
from backend.jobs.handling import JobHandler
from backend.jobs.kinds import JobKind, Queue
from worker import devices
from worker.app import run_worker
from worker.handlers import HANDLERS
from worker.work import Context

COMMAND = (sys.executable, "-m", "worker.child")


def main(handlers: Mapping[JobKind, JobHandler], command: tuple[str, ...] = COMMAND) -> None:
    """A worker, until it is told to stop.

    Args:
        handlers: what is particular to each kind of job.
        command: of a job's child.
    """
    parser = argparse.ArgumentParser(prog="python -m worker", description="Does jobs that a Vitrine server queues.")
    parser.add_argument("--queue", choices=[*(queue.value for queue in Queue), "both"], default="both")
    parser.add_argument("--embedded", action="store_true", help="ends soon after the server on its data folder")
    given = parser.parse_args()
    os.umask(0o077)
    settings = Settings()
    configure_logging(settings.log_level)
    if not given.embedded:  # else the server has done it
        upgrade(settings.resolved_database_url)
    queues = list(Queue) if given.queue == "both" else [Queue(given.queue)]
    run_worker(make_context(settings, handlers, command), queues, embedded=given.embedded)


def make_context(settings: Settings, handlers: Mapping[JobKind, JobHandler], command: tuple[str, ...]) -> Context:
    """Opens what a worker works with. Its database is guarded like the server's; it acts as the server itself."""
    heads = {audit.HEADS: Heads(settings.audit_heads_file)}
    return Context(
        settings=settings,
        database=Database(settings.resolved_database_url, heads, guard),
        storage=LocalStorage(settings.storage_dir),
        library=DatasetLibrary(settings.datasets_dir),
        handlers=handlers,
        command=command,
        name=f"{socket.gethostname()}, process {os.getpid()}",
        device=devices.for_children(settings.device),
        device_name=devices.for_people(settings.device),
    )


if __name__ == "__main__":
    main(HANDLERS)
