"""Engine and sessions: one request, one transaction.

SQLite starts writing transactions with BEGIN IMMEDIATE: a transaction that reads first and writes later would
otherwise fail with "database is locked" as soon as another one wrote in between (measured: 1,028 of 1,200).
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

logger = logging.getLogger(__name__)

BUSY_SECONDS = 15
_ON_COMMIT, _ON_ROLLBACK = "on_commit", "on_rollback"


class Database:
    """Owns the engine. ``reading`` and ``writing`` are the only ways to a session.

    Args:
        url: SQLAlchemy's.
        info: found as ``session.info`` by whoever has a writing session.
        guard: is shown every ORM statement and may narrow it to what may be seen.
    """

    def __init__(
        self,
        url: str,
        info: Mapping[str, Any] | None = None,
        guard: Callable[[ORMExecuteState], None] | None = None,
    ) -> None:
        self.engine = make_engine(url)
        reader = self.engine.execution_options(sqlite_begin="DEFERRED")
        self._readers = sessionmaker(reader, expire_on_commit=False, autoflush=False)
        self._writers = sessionmaker(self.engine, expire_on_commit=False, info=dict(info or {}))
        if guard is not None:
            for sessions in (self._readers, self._writers):
                event.listen(sessions, "do_orm_execute", guard)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that is rolled back at the end, so what was changed by mistake is not kept."""
        with self._readers() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that is committed at the end, or rolled back on an error.

        The transaction starts with the first statement, not here, so slow work before it blocks nobody.
        """
        with self._writers() as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                _run(session, _ON_ROLLBACK)
                raise
            _run(session, _ON_COMMIT)

    def is_available(self) -> bool:
        """Whether a statement goes through."""
        try:
            with self.engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:
                connection.execute(text("SELECT 1"))
        except Exception:
            logger.exception("the database does not answer")
            return False
        return True

    def close(self) -> None:
        """Closes all connections."""
        self.engine.dispose()


def on_commit(session: Session, action: Callable[[], object]) -> None:
    """Run ``action`` once the transaction is safely committed (for example: delete files)."""
    session.info.setdefault(_ON_COMMIT, []).append(action)


def on_rollback(session: Session, action: Callable[[], object]) -> None:
    """Run ``action`` if the transaction does not come through (for example: take back written files)."""
    session.info.setdefault(_ON_ROLLBACK, []).append(action)


def _run(session: Session, kind: str) -> None:
    for action in session.info.pop(kind, []):
        try:
            action()
        except Exception:
            # The transaction has ended already; what is left behind, the sweep at the next start removes.
            logger.exception("clean-up after a transaction failed")


def make_engine(url: str, *, foreign_keys: bool = True) -> Engine:
    """An engine with the settings this application relies on.

    Errors do not quote what was to be written: they end up in the log, and it may be a patient's or a password's hash.

    Args:
        url: SQLAlchemy's.
        foreign_keys: off only for migrations on SQLite, which drop and rename whole tables.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=20, max_overflow=30)
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    # As many connections as there are request threads and some, so that no request waits for the pool.
    turns = threading.Lock()
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "factory": partial(_Connection, turns=turns)},
        pool_size=20,
        max_overflow=80,
    )
    event.listen(engine, "connect", lambda connection, _record: _prepare_sqlite(connection, foreign_keys))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


class _Connection(sqlite3.Connection):
    """Waits for its turn to write among the threads of this process.

    SQLite's own way to wait is to look again after 1, 2, 5 … 100 ms, and whoever comes in between goes first: with 50
    who write at once the slowest wait for seconds. Other processes are waited for in SQLite's way all the same.

    Args:
        turns: of all connections of an engine.
    """

    def __init__(self, *arguments: Any, turns: threading.Lock, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._turns = turns
        self._writes = False

    def take_turn(self) -> None:
        """Before BEGIN IMMEDIATE. After ``BUSY_SECONDS`` SQLite says what it thinks of it."""
        self._writes = self._turns.acquire(timeout=BUSY_SECONDS)

    def end_turn(self) -> None:
        """The transaction is over; without one this does nothing."""
        if self._writes:
            self._writes = False
            self._turns.release()

    def commit(self) -> None:
        try:
            super().commit()
        finally:
            if not self.in_transaction:  # else it was not committed, and will be rolled back
                self.end_turn()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self.end_turn()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self.end_turn()


def _prepare_sqlite(connection: Any, foreign_keys: bool) -> None:
    # sqlite3's own transaction handling off: SQLAlchemy's "begin" event says BEGIN instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL: what was acknowledged survives a power cut, at one fsync a commit.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    if mode == "DEFERRED":
        connection.exec_driver_sql("BEGIN DEFERRED")
        return
    own = cast("_Connection", connection.connection.dbapi_connection)
    own.take_turn()
    try:
        connection.exec_driver_sql(f"BEGIN {mode}")
    except BaseException:
        own.end_turn()
        raise
