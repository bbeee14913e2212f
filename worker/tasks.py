"""The tasks. They only unwrap their argument: which job is done, the rows say."""

from __future__ import annotations

from celery import Celery

from backend.jobs.kinds import TASKS, Queue
from worker.work import Context, run_waiting


def register(app: Celery, context: Context) -> None:
    """Gives the application its tasks, by the names that the server sends."""
    for queue in Queue:
        _register(app, context, queue)


def _register(app: Celery, context: Context, queue: Queue) -> None:
    @app.task(name=TASKS[queue])  # type: ignore[untyped-decorator]
    def run(job_id: str) -> None:  # noqa: ARG001 (it is a hint that something waits; the oldest is done first)
        run_waiting(queue, context)
