"""Looking for everything that was done to the trail afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from backend.audit import repository
from backend.audit.chain import GENESIS, Content, link
from backend.audit.heads import Heads, HeadsDamaged
from backend.db.tables import AuditEvent

_FILE = "the file of heads"


@dataclass(frozen=True)
class Problem:
    """Something that was tampered with: the first event it concerns (0: the file of heads), and what was found."""

    sequence: int
    text: str


@dataclass
class Verification:
    """``events`` that were looked at, ``unnoted`` ones at the end that the file of heads does not have yet."""

    events: int = 0
    unnoted: int = 0
    problems: list[Problem] = field(default_factory=list)


def verify(session: Session, heads: Heads) -> Verification:
    """Reads the whole trail.

    Finds: changed content, changed hashes, events that are missing, inserted or in another's place, a tail that was cut
    off, and a chain that was computed anew. It cannot find the loss of events that the file of heads does not have
    either, so keep copies of that file elsewhere.
    """
    result = Verification()
    try:
        noted = heads.read()
    except HeadsDamaged as error:
        result.problems.append(Problem(0, str(error)))
        noted = {}
    _follow(repository.stream(session), noted, result)
    return result


def _follow(events: Iterable[AuditEvent], noted: dict[int, str], result: Verification) -> None:
    sequence, previous = 0, GENESIS
    newest = max(noted, default=0)
    for event in events:
        if event.sequence > sequence + 1:
            result.problems.append(Problem(sequence + 1, _missing(sequence + 1, event.sequence - 1)))
        elif event.previous != previous:
            result.problems.append(
                Problem(event.sequence, "does not follow the event before it: one of the two was changed or moved")
            )
        if event.sequence < 1:
            result.problems.append(Problem(event.sequence, "stands before the first event: it was inserted"))
        if not _matches(event):
            result.problems.append(Problem(event.sequence, "its content does not match its hash: it was changed"))
        wanted = noted.get(event.sequence)
        if wanted is not None and wanted != event.hash:
            result.problems.append(Problem(event.sequence, "its hash is not the one noted outside the database"))
        elif wanted is None and event.sequence <= newest:
            result.problems.append(Problem(event.sequence, f"{_FILE} lacks it: one of the two was tampered with"))
        elif wanted is None:
            result.unnoted += 1
        sequence, previous = event.sequence, event.hash
        result.events += 1
    if newest > sequence:
        result.problems.append(Problem(sequence + 1, _missing(sequence + 1, newest)))


def _matches(event: AuditEvent) -> bool:
    try:
        return link(event.previous, content_of(event)) == event.hash
    except (TypeError, ValueError):  # SQLite keeps whatever was written into a column of text
        return False


def _missing(first: int, last: int) -> str:
    return "is missing: it was removed" if first == last else f"and all up to {last} are missing: they were removed"


def content_of(event: AuditEvent) -> Content:
    """What the hash was made of."""
    return Content(
        sequence=event.sequence,
        at=event.at,
        actor=event.actor,
        address=event.address,
        request_id=event.request_id,
        action=event.action,
        subject=event.subject,
        before=event.before,
        after=event.after,
    )
