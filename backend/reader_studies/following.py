"""How readers get on: progress and pace. Of what they answer nothing is read here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.db.base import now
from backend.db.study_tables import ReaderStudy, StudyReader
from backend.db.tables import User
from backend.reader_studies import accounts, standing
from backend.reader_studies import reader_repository as repository
from backend.reader_studies.members import role_of
from backend.reader_studies.reader_repository import Pace
from backend.reader_studies.schemas import ReaderStatus, StudyReaderRead, StudyRole
from backend.reader_studies.standing import Standing

RECENT = timedelta(days=7)
_DAY = timedelta(days=1)
_NO_PACE = Pace(None, 0)


def code_of(reader: StudyReader) -> str:
    """R1, R2 …: in the order of invitation."""
    return f"R{reader.slot + 1}"


def name_of(reader: StudyReader, user: User | None) -> str:
    """Of the account; simulated readers have none."""
    return user.name if user else f"Simulated reader {reader.slot + 1}"


def read_readers(session: Session, study: ReaderStudy, readers: Sequence[StudyReader]) -> list[StudyReaderRead]:
    """As those who run or observe the study see them. Addresses are for those who run it."""
    moment = now()
    people = accounts.of_readers(session, [reader.user_id for reader in readers if reader.user_id])
    counts = repository.session_counts(session, [reader.id for reader in readers])
    paces = repository.paces(session, study.id, moment - RECENT)
    washout = standing.washout_days(session, study.id)
    runs = role_of(session, study) is not StudyRole.OBSERVER
    return [
        _present(
            reader,
            people.get(reader.user_id or ""),
            standing.standing_of(counts.get(reader.id, []), washout, moment),
            paces.get(reader.id, _NO_PACE),
            _Clock(moment, washout, is_open=study.status == "open"),
            runs=runs,
        )
        for reader in readers
    ]


class _Clock:
    """When something is expected.

    Args:
        moment: now.
        washout: days between sessions.
        is_open: the study takes answers.
    """

    def __init__(self, moment: datetime, washout: int, *, is_open: bool) -> None:
        self._moment = moment
        self._washout = washout
        self._is_open = is_open

    def expected_end(self, reader: StudyReader, where: Standing, pace: Pace) -> datetime | None:
        """At the recent pace, with the washouts that are still to come; None where nobody can say."""
        left = where.total - where.done
        if not self._is_open or reader.status != "reading" or left == 0 or pace.recent == 0:
            return None
        begun = max(reader.joined_at or self._moment - RECENT, self._moment - RECENT)
        days = max(1.0, (self._moment - begun) / _DAY)
        waits = sum(each.done == 0 for each in where.sessions if each.number > where.number)
        start = where.opens_at or self._moment
        return start + timedelta(days=left * days / pace.recent + waits * self._washout)


def _present(
    reader: StudyReader, user: User | None, where: Standing, pace: Pace, clock: _Clock, *, runs: bool
) -> StudyReaderRead:
    return StudyReaderRead(
        id=reader.id,
        code=code_of(reader),
        name=name_of(reader, user),
        email=user.email if user and runs else None,
        simulated=reader.user_id is None,
        status=ReaderStatus(reader.status),
        pending_account=user is not None and accounts.is_pending(user),
        sessions=list(where.sessions),
        done=where.done,
        total=where.total,
        median_seconds=None if pace.median_ms is None else pace.median_ms / 1000,
        answers_last_7_days=pace.recent,
        last_answer_at=where.last_answer_at,
        expected_end=clock.expected_end(reader, where, pace),
        reminded_at=reader.reminded_at,
        invited_at=reader.invited_at,
        finished_at=reader.finished_at,
    )


def reminder_words(title: str, path: str, read: StudyReaderRead, opens_at: datetime | None) -> str:
    """A mail to a reader. Of the study it tells the title, and how far they are."""
    if read.status is ReaderStatus.INVITED:
        progress = f"You have not begun yet; there are {read.total} items to read."
    else:
        progress = f"You have answered {read.done} of {read.total} items."
    lines = [f"Dear {read.name},", "", f'you are a reader in the study "{title}". {progress}']
    if opens_at is not None:
        lines.append(f"Your next session opens on {opens_at:%Y-%m-%d at %H:%M} UTC.")
    lines += ["", f"Sign in to Vitrine and go on at {path}. Nothing that you have answered is lost.", ""]
    lines += ["Vitrine is for research use only."]
    return "\n".join(lines)


def opening_of(read: StudyReaderRead) -> datetime | None:
    """When the session that comes now opens; None: it is open."""
    return next((each.opens_at for each in read.sessions if each.done < each.total), None)
