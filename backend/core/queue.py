"""The queue: how jobs' ids reach workers. Celery on Redis or Valkey; nothing here waits long.

Messages are hints, not truth: one that is lost is sent again, and one too many finds nothing to do. See
docs/adr/0046-jobs-and-workers.md.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import redis
from celery import Celery
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend.core.settings import Settings

# A message that was taken and not acknowledged is only delivered again after this; the row's lease is what counts.
VISIBILITY_SECONDS = 12 * 3600
# How long a broker may take for one answer; only the dispatcher's thread waits.
TIMEOUT = 2.0
# sockaddr_un holds 108 bytes, the last of them zero.
LONGEST_SOCKET = 107
_SOCKET_SCHEME = "redis+socket://"


class UnsafeFolder(Exception):
    """The short folder for the socket belongs to somebody else."""


def broker_url(settings: Settings) -> str:
    """Celery's address of the broker in use."""
    return settings.broker_url or f"{_SOCKET_SCHEME}{socket_path(settings)}"


def socket_path(settings: Settings) -> Path:
    """Of the embedded broker: in the data folder, or, where that path is too long for a socket, in a short one.

    Server and workers come to the same one, since it only depends on the data folder.
    """
    usual = settings.broker_dir / "socket"
    if len(os.fsencode(usual)) <= LONGEST_SOCKET:
        return usual
    name = f"vitrine-{os.getuid()}-{sha256(os.fsencode(settings.data_dir)).hexdigest()[:16]}"
    short = Path(tempfile.gettempdir()) / name / "socket"
    return short if len(os.fsencode(short)) <= LONGEST_SOCKET else Path("/tmp") / name / "socket"  # noqa: S108 (checked)


def prepare_socket_folder(path: Path) -> None:
    """Makes the folder of the socket, for nobody else.

    Raises:
        UnsafeFolder: if others made it, or can write to it: then they could give us their own broker.
    """
    with suppress(FileExistsError):
        path.parent.mkdir(mode=0o700, parents=True)
    found = path.parent.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o022 or path.parent.is_symlink():
        raise UnsafeFolder(f"{path.parent} can be written by others; remove it, or choose a shorter VITRINE_DATA_DIR")


def queue_name(queue: str) -> str:
    """How the broker calls a queue."""
    return f"vitrine.{queue}"


def make_celery(url: str) -> Celery:
    """As the server sends and as workers receive. Connects to nothing yet."""
    app = Celery("vitrine", broker=url, set_as_current=False)
    app.conf.update(
        task_serializer="json",
        accept_content=["json"],
        result_backend=None,
        task_ignore_result=True,
        task_acks_late=True,
        worker_prefetch_multiplier=1,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        # A worker that lost its broker goes on with its job and comes back, however long that takes.
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": VISIBILITY_SECONDS,
            "unacked_restore_interval": 2,
            "unacked_restore_throttle": 1,
        },
    )
    return app


class Broker:
    """What the server wants of the broker. Everything raises ``redis.RedisError`` or ``OSError`` where it is gone.

    Args:
        url: Celery's.
    """

    def __init__(self, url: str) -> None:
        self._client = _client(url)
        self._celery = make_celery(url)
        options: dict[str, Any] = {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT, "max_retries": 0}
        self._celery.conf.broker_transport_options |= options

    def ping(self) -> bool:
        """Whether it answers and takes messages."""
        try:
            return bool(self._client.ping())
        except (redis.RedisError, OSError):
            return False

    def waiting(self, queue: str) -> int:
        """Messages that no worker has taken."""
        return int(self._client.llen(queue_name(queue)))

    def send(self, task: str, queue: str, job_id: str) -> None:
        """Tells a queue's workers that a job waits."""
        # Without retry: with it, a dead broker would block for 19 seconds.
        self._celery.send_task(task, args=[job_id], queue=queue_name(queue), retry=False, ignore_result=True)

    def shut_down(self) -> None:
        """Ends the broker itself, for those who have embedded it."""
        with suppress(redis.RedisError, OSError):
            self._client.shutdown(save=False, nosave=True)

    def close(self) -> None:
        """Closes all connections."""
        with suppress(Exception):
            self._celery.close()
        self._client.close()


def make_broker(settings: Settings) -> Broker | None:
    """Of a server with these settings; None if it has no queue."""
    return Broker(broker_url(settings)) if settings.broker_url or settings.starts_broker else None


def answers(url: str) -> bool:
    """Whether there is a broker at an address."""
    with closing(_client(url)) as client:
        try:
            return bool(client.ping())
        except (redis.RedisError, OSError):
            return False


def _client(url: str) -> redis.Redis:
    options: dict[str, Any] = {"socket_timeout": TIMEOUT, "retry": Retry(NoBackoff(), 0)}
    if url.startswith(_SOCKET_SCHEME):
        return redis.Redis(unix_socket_path=url.removeprefix(_SOCKET_SCHEME), **options)
    return redis.Redis.from_url(url, socket_connect_timeout=TIMEOUT, **options)
