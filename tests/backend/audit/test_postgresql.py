"""The trail on PostgreSQL: the same migrations, the same chain, the same refusals."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from backend.audit.heads import Heads
from backend.audit.service import HEADS, Subject, record
from backend.audit.verify import verify
from backend.db.migrate import upgrade
from backend.db.session import Database
from backend.db.tables import AuditEvent
from tests.support.postgres import postgres, require_postgres

EVENTS = 60


@pytest.fixture(scope="module")
def heads(tmp_path_factory: pytest.TempPathFactory) -> Heads:
    return Heads(tmp_path_factory.mktemp("audit") / "heads.txt")


@pytest.fixture(scope="module")
def database(heads: Heads) -> Iterator[Database]:
    require_postgres()
    with postgres() as url:
        upgrade(url)
        database = Database(url, {HEADS: heads})

        def work(name: int) -> None:
            for number in range(EVENTS // 6):
                with database.writing() as session:
                    record(session, "case.viewed", Subject("case", f"{name}-{number}"), {"é": 1.5}, {"n": None})

        threads = [threading.Thread(target=work, args=(name,)) for name in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        yield database
        database.close()


def test_many_at_once_make_one_chain(database: Database, heads: Heads) -> None:
    with database.reading() as session:
        found = verify(session, heads)
    assert (found.events, found.unnoted, found.problems) == (EVENTS, 0, [])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET actor = 'nobody' WHERE sequence = 2",
        "DELETE FROM audit_events WHERE sequence = 2",
        "TRUNCATE audit_events",
    ],
)
def test_the_database_only_lets_events_be_added(database: Database, statement: str) -> None:
    with pytest.raises(DatabaseError, match="never changed or removed"), database.writing() as session:
        session.execute(text(statement))


def test_who_owns_the_database_is_found(database: Database, heads: Heads, tmp_path: Path) -> None:
    """Last in this file: the triggers are gone afterwards."""
    with database.writing() as session:
        session.execute(text("ALTER TABLE audit_events DISABLE TRIGGER USER"))
        session.execute(text("UPDATE audit_events SET action = 'case.deleted' WHERE sequence = 5"))
        session.execute(text("DELETE FROM audit_events WHERE sequence > 58"))
    with database.reading() as session:
        assert session.scalars(select(AuditEvent).where(AuditEvent.sequence == 59)).first() is None
        assert [problem.sequence for problem in verify(session, heads).problems] == [5, 59]
        unnoted = verify(session, Heads(tmp_path / "none"))
    assert ([problem.sequence for problem in unnoted.problems], unnoted.unnoted) == ([5], 58)
