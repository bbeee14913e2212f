"""Events of a job as server-sent events: from the database, so that any server can serve them, and none is lost.

Sequence numbers are given under the row's lock (``repository.append``): an event that is committed never stands before
one that somebody has read already. So "everything after the last one I have" is complete, however often a browser
connects again, and to whichever server.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import StreamingResponse

from backend.access.principal import Principal, acting_as, current
from backend.db.session import Database
from backend.jobs import repository

POLL = 0.5
# Threads of their own for all streams together: fifty open ones must not take the requests' threads.
THREADS = 2
COMMENT_EVERY = 15.0
# Then the browser connects again, and is identified again: a session that has ended does not see more than this.
LONGEST = 300.0
BATCH = 500
RETRY_MS = 2000
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_ENDS = frozenset({"succeeded", "failed", "cancelled"})


class Streams:
    """What all open streams share. ``stop`` ends them, so that a server that stops need not wait for them."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._limiter: CapacityLimiter | None = None

    @property
    def limiter(self) -> CapacityLimiter:
        """Made with the first stream, inside the event loop."""
        if self._limiter is None:
            self._limiter = CapacityLimiter(THREADS)
        return self._limiter

    @property
    def stopping(self) -> bool:
        """Whether the server stops."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Every stream ends within half a second. To be called from anywhere, also from a signal handler."""
        self._stopping.set()


@dataclass(frozen=True)
class Position:
    """How far a stream is."""

    sequence: int
    progress: dict[str, Any] | None = None
    ended: bool = False


def stream_events(database: Database, request: Request, job_id: str, after: int) -> StreamingResponse:
    """The answer. Whoever asks must be known to see the job.

    Args:
        database: where the events are.
        request: its ``Last-Event-ID`` goes before ``after``: it is what a browser sends when it connects again.
        job_id: of the job.
        after: sequence number of the last event that is known already.
    """
    given = request.headers.get("last-event-id", "")
    start = int(given) if given.isdecimal() and len(given) <= 10 else after
    streams: Streams = request.app.state.streams
    events = _events(database, streams, current(), job_id, start)
    return StreamingResponse(events, media_type="text/event-stream", headers=HEADERS)


async def _events(
    database: Database, streams: Streams, principal: Principal, job_id: str, start: int
) -> AsyncIterator[str]:
    """Until the job has ended, or the time is over. Cancelled when the client is gone."""
    yield f"retry: {RETRY_MS}\n\n"
    position = Position(start)
    end = time.monotonic() + LONGEST
    said = time.monotonic()
    while not streams.stopping and time.monotonic() < end:
        text, position = await to_thread.run_sync(read, database, principal, job_id, position, limiter=streams.limiter)
        if text:
            yield text
        elif position.ended:
            return
        elif time.monotonic() - said > COMMENT_EVERY:
            yield ": still here\n\n"
        else:
            await asyncio.sleep(POLL)
            continue
        said = time.monotonic()
        if position.ended:
            return
    # Nothing more: the browser comes back after ``retry`` with the last id it has seen.


def read(database: Database, principal: Principal, job_id: str, position: Position) -> tuple[str, Position]:
    """What has happened since a position, and the new one."""
    with acting_as(principal), database.reading() as session:
        # The row first: what it says has happened, the events that are read after it contain.
        row = repository.get(session, job_id)
        if row is None:  # nobody's to see any more
            return "", replace(position, ended=True)
        events = repository.list_events(session, job_id, position.sequence, BATCH)
        lines = [_event(event.kind, {"at": event.at.isoformat(), **event.data}, event.sequence) for event in events]
        complete = len(events) < BATCH
        sequence = events[-1].sequence if events else position.sequence
        progress = row.progress if complete else position.progress
        if progress is not None and progress != position.progress:
            lines.append(_event("progress", progress, None))
        return "".join(lines), Position(sequence, progress, complete and row.status in _ENDS)


def _event(kind: str, data: dict[str, Any], sequence: int | None) -> str:
    """JSON has no line breaks of its own, so one ``data`` line is enough."""
    head = "" if sequence is None else f"id: {sequence}\n"
    return f"{head}event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
