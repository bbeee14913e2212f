"""Short jobs done in this process, as a worker would: claim, prepare, child, finish."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from backend.access.principal import SYSTEM, acting_as
from backend.db.job_tables import JobRow
from backend.jobs import leasing
from backend.jobs.handling import JobHandler, JobRefused, Surroundings
from backend.jobs.kinds import Queue
from backend.jobs.leasing import Claim
from tests.support.server import resources_of

Run = Callable[[dict[str, Any]], None]


@dataclass
class ShortJobs:
    """A worker for one kind of job.

    Args:
        client: of the server whose jobs it does.
        handler: of the kind.
        run: what the child does; by default nothing.
    """

    client: TestClient
    handler: JobHandler
    run: Run = lambda _content: None

    def around(self, job_id: str) -> Surroundings:
        known = resources_of(self.client)
        work: Path = known.settings.data_dir / "jobs" / job_id
        work.mkdir(parents=True, exist_ok=True)
        return Surroundings(known.settings, known.storage, known.library, work, "cpu")

    def claim(self) -> Claim:
        with acting_as(SYSTEM), resources_of(self.client).database.writing() as session:
            found = leasing.claim(session, Queue.SHORT, "bench", "bench:cpu")
        assert found is not None
        return found

    def write(self, claim: Claim, action: Callable[[Session, JobRow], Any]) -> Any:
        """One transaction on a job that is held. Raises ``LeaseLost``."""
        with acting_as(SYSTEM), resources_of(self.client).database.writing() as session:
            return action(session, leasing.held_row(session, claim))

    def prepare(self, claim: Claim) -> dict[str, Any]:
        """What the child is given, as JSON has it. Raises ``JobRefused``."""
        content = self.write(claim, lambda session, row: self.handler.prepare(session, row, self.around(row.id)))
        found: dict[str, Any] = json.loads(json.dumps(content))
        return found

    def finish(self, claim: Claim, content: dict[str, Any], then: Callable[[], None] = lambda: None) -> None:
        """The end of one whose child is done; ``then`` happens last in the transaction."""
        self.write(claim, lambda session, _row: leasing.beat(session, claim))
        around = self.around(claim.job_id)
        try:
            gathered = self.handler.gather(claim, content, around)

            def end(session: Session, row: JobRow) -> None:
                self.handler.finish(session, row, gathered, around)
                leasing.end(session, row, "succeeded")
                then()

            self.write(claim, end)
        except BaseException:
            with acting_as(SYSTEM), resources_of(self.client).database.reading() as session:
                self.handler.discard(session, claim, around)
            raise

    def fail(self, claim: Claim, reason: str) -> None:
        """An end with a reason."""

        def end(session: Session, row: JobRow) -> None:
            leasing.end(session, row, "failed", reason)
            self.handler.ended(session, row, self.around(row.id))

        self.write(claim, end)

    def do(self) -> str:
        """The next job from its claim to its end; its id."""
        claim = self.claim()
        try:
            content = self.prepare(claim)
            self.run(content)
            self.finish(claim, content)
        except JobRefused as refused:
            self.fail(claim, refused.reason)
        return claim.job_id
