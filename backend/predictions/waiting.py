"""Who waits for the model, and who goes next.

People take turns: one who asks for a hundred images waits behind each of the others once, not they behind all hundred.
What one person asked for is answered in order.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from models.explanation import Explanation

Opened = Callable[[], AbstractContextManager[Image.Image]]


@dataclass(frozen=True, eq=False)
class Job:
    """An image that waits.

    Attributes:
        model_version_id: of the model.
        folder: of its checkpoint.
        opened: opens the image, for as long as the block lasts.
        prepared: what the model's ``prepare`` made of it; None if the model was not loaded then.
        client: whose turn it takes.
        answer: of the model.
    """

    model_version_id: str
    folder: Path
    opened: Opened
    prepared: Any = None
    client: str = ""
    answer: Future[Explanation] = field(default_factory=Future)


class WaitingRoom:
    """A bounded queue, by client. Safe to use from any thread.

    Args:
        capacity: jobs that may wait.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._clients: OrderedDict[str, deque[Job]] = OrderedDict()  # whose turn is next comes first; no empty ones
        self._count = 0
        self._woken = False
        self._change = threading.Condition()

    def __len__(self) -> int:
        with self._change:
            return self._count

    def enter(self, job: Job) -> bool:
        """Takes a place; False if there is none."""
        with self._change:
            if self._count >= self._capacity:
                return False
            self._clients.setdefault(job.client, deque()).append(job)
            self._count += 1
            self._change.notify_all()
            return True

    def leave(self, job: Job) -> None:
        """Gives the place back. Nothing happens to one whose turn has come."""
        with self._change:
            waiting = self._clients.get(job.client)
            if waiting is None or job not in waiting:
                return
            waiting.remove(job)
            self._count -= 1
            if not waiting:
                del self._clients[job.client]

    def wake(self) -> None:
        """Makes ``next`` return although nobody may be there."""
        with self._change:
            self._woken = True
            self._change.notify_all()

    def next(self, most: int, patience: float = 0.0) -> list[Job]:
        """Waits until somebody is there or it is woken; then those whose turn it is, all for one model.

        Args:
            most: jobs at once.
            patience: seconds to wait for more of them once there is one.

        Returns:
            At most ``most``, fairly by client; none if it was woken.
        """
        with self._change:
            self._change.wait_for(lambda: self._count or self._woken)
            if patience > 0:
                self._change.wait_for(lambda: self._count >= most or self._woken, patience)
            if self._woken:
                self._woken = False
                return []
            return list(self._take(most))

    def empty(self) -> list[Job]:
        """Sends all away."""
        with self._change:
            gone = [job for waiting in self._clients.values() for job in waiting]
            self._clients.clear()
            self._count = 0
            return gone

    def _take(self, most: int) -> Iterator[Job]:
        """In turns: of each client the oldest, if it is for the first one's model. Others keep their place."""
        wanted: str | None = None
        for _ in range(most):
            heads = ((client, waiting[0].model_version_id) for client, waiting in self._clients.items())
            client = next((client for client, model in heads if wanted in (None, model)), None)
            if client is None:
                return
            waiting = self._clients[client]
            job = waiting.popleft()
            wanted = job.model_version_id
            self._count -= 1
            if waiting:
                self._clients.move_to_end(client)
            else:
                del self._clients[client]
            yield job
