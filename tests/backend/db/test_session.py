"""Transactions on SQLite."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, InvalidRequestError, OperationalError, StatementError

from backend.db.base import new_id
from backend.db.migrate import upgrade
from backend.db.session import Database, on_commit, on_rollback
from backend.db.tables import Case, ModelVersion, Prediction


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/test.sqlite3"
    upgrade(url)
    database = Database(url)
    yield database
    database.close()


def case(**changes: object) -> Case:
    fields: dict[str, object] = {
        "id": new_id(), "pseudonym": "A", "notes": "", "sha256": "0" * 64, "width": 1, "height": 1, "frames": 1,
        "source_format": "png", "deidentified": True, "synthetic": False, "image_key": "k", "thumbnail_key": "t",
    }  # fmt: skip
    return Case(**(fields | changes))


def prediction(case_id: str, model_id: str) -> Prediction:
    return Prediction(
        case_id=case_id, model_version_id=model_id, predicted_class="mel", predicted_class_name="Melanoma",
        probability=0.5, document={}, maps_key="m",
    )  # fmt: skip


def model(**changes: object) -> ModelVersion:
    fields: dict[str, object] = {
        "id": new_id(), "name": "m", "dataset": "d", "synthetic": True, "active": True, "folder": "f",
        "weights_digest": "0" * 64, "concept_set": {}, "concept_set_digest": "0", "metrics": {}, "card": "",
    }  # fmt: skip
    return ModelVersion(**(fields | changes))


def test_settings_of_sqlite(database: Database) -> None:
    with database.reading() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA synchronous")) == 2


def test_read_then_write_from_many_threads_loses_nothing(database: Database) -> None:
    with database.writing() as session:
        session.add(case(id="0" * 32, frames=1))

    def count_up() -> None:
        for _ in range(25):
            with database.writing() as session:
                row = session.get_one(Case, "0" * 32)
                row.frames += 1

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.get_one(Case, "0" * 32).frames == 201


def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    with database.writing() as writer:
        writer.add(case())
        writer.flush()
        with database.reading() as reader:
            assert reader.scalars(select(Case)).all() == []


def test_writers_of_one_process_come_one_after_the_other(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for a turn does not look again and again: SQLite itself would not wait at all here."""
    monkeypatch.setattr("backend.db.session.BUSY_SECONDS", 10)
    begun, waited = threading.Event(), threading.Event()

    def second() -> None:
        begun.wait(10)
        with database.writing() as session:
            session.execute(text("PRAGMA busy_timeout = 0"))
            session.add(case(pseudonym="second"))
        waited.set()

    thread = threading.Thread(target=second)
    thread.start()
    with database.writing() as session:
        session.add(case(pseudonym="first"))
        session.flush()
        begun.set()
        assert not waited.wait(0.2)
    thread.join(10)
    with database.reading() as session:
        assert set(session.scalars(select(Case.pseudonym))) == {"first", "second"}


def _fails_in_between(database: Database) -> None:
    with database.writing() as session:
        session.add(case())
        session.flush()
        raise RuntimeError("stop")


def _fails_at_the_commit(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        session.add(prediction("nothing", "nothing"))


def _fails_at_the_beginning(database: Database) -> None:
    locker = Database(str(database.engine.url))
    with locker.writing() as session:
        session.add(case())
        session.flush()
        with database.writing() as other:
            other.add(case())
            other.flush()


@pytest.mark.parametrize("failing", [_fails_in_between, _fails_at_the_commit, _fails_at_the_beginning])
def test_a_turn_ends_with_its_transaction_however_that_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: Callable[[Database], None]
) -> None:
    monkeypatch.setattr("backend.db.session.BUSY_SECONDS", 0.2)
    url = f"sqlite:///{tmp_path}/test.sqlite3"
    upgrade(url)
    database = Database(url)
    with pytest.raises((RuntimeError, IntegrityError, OperationalError)):
        failing(database)
    done = threading.Event()

    def write() -> None:  # on another connection, which waits for a turn
        with database.writing() as session:
            session.add(case(pseudonym="next"))
        done.set()

    threading.Thread(target=write).start()
    assert done.wait(5)
    with database.reading() as session:
        assert list(session.scalars(select(Case.pseudonym))) == ["next"]
    database.close()


def test_reading_sessions_keep_nothing(database: Database) -> None:
    with database.reading() as session:
        session.add(case())
        session.flush()
    with database.reading() as session:
        assert session.scalars(select(Case)).all() == []


def test_hooks_after_the_end(database: Database) -> None:
    seen: list[str] = []
    with database.writing() as session:
        on_commit(session, lambda: seen.append("committed"))
        on_rollback(session, lambda: seen.append("never"))
        assert seen == []

    def fail() -> None:
        with database.writing() as session:
            on_commit(session, lambda: seen.append("never"))
            on_rollback(session, lambda: seen.append("rolled back"))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert seen == ["committed", "rolled back"]


def test_a_commit_that_fails_counts_as_rolled_back(database: Database) -> None:
    seen: list[str] = []

    def fail() -> None:
        with database.writing() as session:
            on_commit(session, lambda: seen.append("never"))
            on_rollback(session, lambda: seen.append("rolled back"))
            session.add(case(width=0))  # flushed by the commit

    with pytest.raises(IntegrityError):
        fail()
    assert seen == ["rolled back"]


def test_a_hook_that_fails_does_not_hide_the_outcome(database: Database) -> None:
    seen: list[str] = []

    def fail() -> None:
        raise OSError

    with database.writing() as session:
        session.add(case())
        on_commit(session, fail)
        on_commit(session, lambda: seen.append("second"))
    assert seen == ["second"]


def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(prediction("0" * 32, "1" * 32))


def test_deleting_a_case_takes_its_predictions(database: Database) -> None:
    one, version = case(), model()
    with database.writing() as session:
        session.add_all([one, version])
        session.flush()
        session.add(prediction(one.id, version.id))
    with database.writing() as session:
        session.delete(session.get_one(Case, one.id))
    with database.reading() as session:
        assert session.scalars(select(Prediction)).all() == []


def test_a_model_with_predictions_cannot_be_deleted(database: Database) -> None:
    one, version = case(), model()
    with database.writing() as session:
        session.add_all([one, version])
        session.flush()
        session.add(prediction(one.id, version.id))
    with pytest.raises(IntegrityError), database.writing() as session:
        session.delete(session.get_one(ModelVersion, version.id))


def test_one_active_version_per_data_set(database: Database) -> None:
    with database.writing() as session:
        session.add_all([model(), model(active=False), model(dataset="other")])
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(model())


def test_relationships_are_never_loaded_by_accident(database: Database) -> None:
    one, version = case(), model()
    with database.writing() as session:
        session.add_all([one, version])
        session.flush()
        session.add(prediction(one.id, version.id))
    with database.reading() as session:
        found = session.scalars(select(Prediction)).one()
        with pytest.raises(InvalidRequestError, match="lazy='raise'"):
            _ = found.case


def test_moments_come_back_in_utc(database: Database) -> None:
    there = timezone(timedelta(hours=5))
    with database.writing() as session:
        session.add(case(id="0" * 32, created_at=datetime(2026, 1, 1, 12, tzinfo=there)))
    with database.reading() as session:
        assert session.get_one(Case, "0" * 32).created_at == datetime(2026, 1, 1, 7, tzinfo=UTC)


def test_moments_without_zone_are_refused(database: Database) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(StatementError, match="time zone"), database.writing() as session:
        session.add(case(created_at=naive))


def test_an_unavailable_database_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "folder.sqlite3").mkdir()
    assert not Database(f"sqlite:///{tmp_path}/folder.sqlite3").is_available()
