"""What the server sends is what workers know."""

from __future__ import annotations

from celery import Celery

from backend.core.queue import make_celery
from backend.jobs.kinds import TASKS, JobKind, Queue
from worker.child import RUNNERS
from worker.handlers import HANDLERS
from worker.tasks import register


def test_every_name_that_the_server_sends_is_a_task() -> None:
    app: Celery = make_celery("redis+socket:///nowhere")
    register(app, None)
    assert set(TASKS) == set(Queue)
    assert set(TASKS.values()) <= set(app.tasks)


def test_every_kind_has_a_handler_and_a_runner() -> None:
    assert set(HANDLERS) == set(RUNNERS) == set(JobKind)
