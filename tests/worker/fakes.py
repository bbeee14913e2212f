"""Jobs that need no model: what a child does stands in a plan file, and what it saved and began in the job's folder.

``python -m tests.worker.fakes worker …`` is a worker of such jobs, ``server …`` a server that supervises such workers.
All else is the application's own. ``VITRINE_TEST_LEASE`` shortens leases.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend.db.job_tables import JobRow
from backend.jobs import dispatcher, leasing, repository, supervision
from backend.jobs.handling import JobHandler, JobRefused, Surroundings
from backend.jobs.kinds import JobKind
from backend.jobs.leasing import Claim
from tests.worker.fake_child import note
from worker import app as worker_app
from worker.__main__ import main as run_worker

CHILD = (sys.executable, "-m", "tests.worker.fake_child")
PLANS = "plans"


class FakeHandler(JobHandler):
    """Notes what it is asked in the job's folder."""

    def prepare(self, session: Session, job: JobRow, around: Surroundings) -> dict[str, Any]:
        plan = plan_of(around.settings.data_dir, job.id)
        if plan.get("refuse"):
            raise JobRefused(plan["refuse"])
        return {"plan": plan, "work": str(around.work), "attempt": job.attempts, "device": around.device}

    def gather(self, claim: Claim, content: dict[str, Any], around: Surroundings) -> dict[str, Any]:
        note(around.work, "gathered", claim.token)
        return content | {"gathered": True}

    def discard(self, session: Session, claim: Claim, around: Surroundings) -> None:
        note(around.work, "discarded", f"{claim.token} {repository.require(session, claim.job_id).status}")

    def finish(self, session: Session, job: JobRow, content: dict[str, Any], around: Surroundings) -> None:
        if content["plan"].get("finish") == "full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if content["plan"].get("finish") == "broken":
            raise ZeroDivisionError
        assert content["gathered"]
        note(around.work, "finished", job.attempts)

    def ended(self, session: Session, job: JobRow, around: Surroundings) -> None:
        note(around.work, "ended", job.status)


HANDLERS: Mapping[JobKind, JobHandler] = dict.fromkeys(JobKind, FakeHandler())


def plan_of(data: Path, job_id: str) -> dict[str, Any]:
    """What a test wants of a job; by default nothing at all."""
    path = data / PLANS / f"{job_id}.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return found


def shorten(seconds: str | None) -> None:
    """Leases of so many seconds, and all that hangs on them."""
    if seconds:
        leasing.LEASE = timedelta(seconds=float(seconds))
        leasing.HEARTBEAT = leasing.LEASE / 6
        dispatcher.REAP_EVERY = float(seconds) / 6
        dispatcher.TICK = 0.1
        supervision.TICK = 0.1


def _serve() -> None:
    from backend import app  # noqa: PLC0415 (a worker needs none of it)
    from backend.cli.main import app as command  # noqa: PLC0415
    from tests.support.explainer import ColourZoo, checkpoint_info  # noqa: PLC0415

    supervision.WORKER_COMMAND = (sys.executable, "-m", "tests.worker.fakes", "worker")
    zoo = ColourZoo([checkpoint_info(Path(os.environ["VITRINE_DATA_DIR"]) / "zoo")])
    setattr(app, "FolderZoo", lambda *_: zoo)  # noqa: B010 (in place of models that take seconds to load)
    command()


def _main() -> None:
    shorten(os.environ.get("VITRINE_TEST_LEASE"))
    worker_app.ALONE_SECONDS = float(os.environ.get("VITRINE_TEST_ALONE", "60"))
    if sys.argv[1] == "worker":
        del sys.argv[1]
        run_worker(HANDLERS, CHILD)
    else:
        sys.argv[1] = "serve"
        _serve()


if __name__ == "__main__":
    _main()
