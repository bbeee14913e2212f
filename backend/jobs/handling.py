"""What is particular to a kind of job: how its child process is set up, and what becomes of the result.

The worker does the rest (claim, heartbeats, the process, cancelling, ends). It calls a handler inside a writing
session, as SYSTEM, with the row locked and the claim checked: what a handler writes is part of that transaction. All of
it may run again: ``prepare`` with every attempt, and any of it when its transaction does not come through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.orm import Session

from backend.core.settings import Settings
from backend.core.storage import Storage
from backend.datasets.library import DatasetLibrary
from backend.db.job_tables import JobRow
from backend.jobs import repository
from backend.jobs.leasing import Claim


class JobRefused(Exception):
    """The job cannot be done; it fails with this message, which says why and what to do.

    Args:
        reason: for the person who started it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Surroundings:
    """What a handler works with.

    Attributes:
        settings: of the application.
        storage: for results.
        library: of the data sets.
        work: folder of this job, ``jobs/<id>`` in the data folder. It exists, and stays between attempts and after an
            end that was not a success, so that the job can go on from what it had saved. ``log`` in it is taken.
        device: such as ``cpu`` or ``cuda:0``, for the child.
    """

    settings: Settings
    storage: Storage
    library: DatasetLibrary
    work: Path
    device: str


class JobHandler(Protocol):
    """To be subclassed, so that ``event`` and ``ended`` are inherited where there is nothing to do."""

    def prepare(self, session: Session, job: JobRow, around: Surroundings) -> dict[str, Any]:
        """What the child is given, as JSON values.

        Called at the start of every attempt. Slow work belongs into the child: the transaction is open.

        Raises:
            JobRefused: it cannot be done (any more).
        """
        ...

    def event(self, session: Session, job: JobRow, event: Mapping[str, Any]) -> None:
        """The child said something that is not about progress, log or end, such as ``epoch``. Default: it is kept."""
        repository.append(session, job.id, event["event"], {name: event[name] for name in event if name != "event"})

    def gather(
        self,
        claim: Claim,  # noqa: ARG002 (for those who have something to store)
        content: dict[str, Any],
        around: Surroundings,  # noqa: ARG002
    ) -> dict[str, Any]:
        """The child is done: store what it made, before the transaction, so that this holds rows only.

        Called without a session. What is stored must lie under the claim's token.

        Returns:
            The content, with what ``finish`` needs to know of it. Default: nothing is stored.

        Raises:
            JobRefused: what was made cannot be used.
        """
        return content

    def discard(
        self,
        session: Session,  # noqa: ARG002 (for those who have stored something)
        claim: Claim,  # noqa: ARG002
        around: Surroundings,  # noqa: ARG002
    ) -> None:
        """Removes what ``gather`` stored, unless the row names it.

        Called in a session of its own after the end did not come through, or seemed not to: an answer to a commit can
        be lost. Default: there is nothing.
        """
        return

    def finish(self, session: Session, job: JobRow, content: dict[str, Any], around: Surroundings) -> None:
        """Register what was made. The same transaction ends the job as succeeded.

        Args:
            session: a writing one.
            job: still ``running``.
            content: what ``gather`` gave for this attempt.
            around: as in ``prepare``.

        Raises:
            JobRefused: what was made cannot be used; the job fails with the reason.
        """
        ...

    def ended(self, session: Session, job: JobRow, around: Surroundings) -> None:
        """It failed or was cancelled: ``job.status`` says which. What a resume could go on from stays.

        Of one that is cancelled while it waits nobody calls this.
        """
