"""The Celery application of a worker, and its life: start, stop in order, and what it does when it is left alone."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import warnings
from collections.abc import Sequence
from contextlib import closing

from celery.exceptions import SecurityWarning
from celery.signals import setup_logging, worker_shutting_down

from backend.core import processes
from backend.core.queue import Broker, broker_url, make_celery, queue_name
from backend.db.base import now
from backend.jobs import repository
from backend.jobs.kinds import Queue
from backend.jobs.supervision import SERVER_LOCK
from worker.tasks import register
from worker.work import Context

logger = logging.getLogger(__name__)

# A worker of a server that was killed waits this long for the next one, if it has nothing to do.
ALONE_SECONDS = 60.0
_LOOK_EVERY = 2.0
# After this, a worker that was told to stop just ends; its child ends with it, and its lease runs out.
_STOP_SECONDS = 10.0


def run_worker(context: Context, queues: Sequence[Queue], *, embedded: bool) -> None:
    """Works until it is told to stop (SIGTERM, SIGINT).

    Args:
        context: what it works with.
        queues: to take from; one job of each at a time.
        embedded: started by a server on this data folder, and not to outlive it for long.
    """
    # Its warning about root is about unpickling messages; ours are JSON, and who runs the server is told elsewhere.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    app = make_celery(broker_url(context.settings))
    register(app, context)

    def stop(**_: object) -> None:
        context.stopping.set()
        threading.Thread(target=_end_for_sure, name="end for sure", daemon=True).start()

    worker_shutting_down.connect(stop, weak=False)
    setup_logging.connect(_keep_logging)  # ours is set up already; Celery's would print every line twice
    if embedded:
        threading.Thread(target=_watch_server, args=(context,), name="server watch", daemon=True).start()
    # Threads, not processes: the work itself is done by a process of its own (worker.work), and a pool that forks
    # would add another one in between that can be lost.
    worker = app.Worker(
        pool="threads",
        concurrency=len(queues),
        queues=[queue_name(queue.value) for queue in queues],
        hostname=f"vitrine-{os.getpid()}@{socket.gethostname()}",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        optimization="fair",
    )
    try:
        worker.start()
    finally:
        context.stopping.set()
        context.database.close()


def _keep_logging(**_: object) -> None:
    """Whoever listens to this signal has done what Celery would do."""


def _end_for_sure() -> None:
    time.sleep(_STOP_SECONDS)
    os._exit(1)


def _watch_server(context: Context) -> None:
    """Ends this worker, and the broker with it, once there is no server any more and nothing to do."""
    lock = context.settings.broker_dir / SERVER_LOCK
    since = time.monotonic()
    while not context.stopping.wait(_LOOK_EVERY):
        if processes.is_held(lock, shared=True) or context.busy or _somebody_works(context):
            since = time.monotonic()
        elif time.monotonic() - since > ALONE_SECONDS:
            logger.warning("no server for %.0f s and nothing to do; the worker ends", ALONE_SECONDS)
            if context.settings.starts_broker:
                with closing(Broker(broker_url(context.settings))) as broker:
                    broker.shut_down()
            os._exit(0)


def _somebody_works(context: Context) -> bool:
    """Whether a job runs whose worker is alive: the other worker needs the broker still."""
    try:
        with context.database.reading() as session:
            return repository.has_live_lease(session, now())
    except Exception:  # noqa: BLE001 (without a database there is nothing to do)
        return False
