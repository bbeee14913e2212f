"""From rows to plain data."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, update

from backend.db.session import Database
from backend.db.study_tables import ReaderStudy, StudyProtocol, StudyReader
from backend.reader_studies.errors import StudyNotFound
from backend.study_results import loading
from backend.study_results.errors import NoResults
from backend.study_results.loading import fingerprint, load
from tests.support.published_study import published_study, store
from tests.support.study_data import LOCALIZATION, STUDY_ID


@pytest.fixture
def database(tmp_path: Path, empty_trail: Path) -> Iterator[Database]:
    shutil.copy(empty_trail, tmp_path)
    made = Database(f"sqlite:///{tmp_path / empty_trail.name}")
    yield made
    made.close()


def test_what_is_loaded_is_what_was_stored(database: Database) -> None:
    data = published_study()
    with database.writing() as session:
        store(session, data)
    with database.reading() as session:
        found = load(session, STUDY_ID)
    assert found.readers == data.readers
    assert found.items == data.items
    assert found.answers == data.answers
    assert found == data
    assert any(answer.amendments for answer in found.answers)
    assert {reader.status for reader in found.readers} == {"finished", "withdrawn"}


@pytest.mark.parametrize("cases", [2, 20])
def test_the_number_of_queries_does_not_depend_on_the_number_of_answers(database: Database, cases: int) -> None:
    with database.writing() as session:
        store(session, published_study(cases=cases, tasks=[LOCALIZATION]))
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    with database.reading() as session:
        event.listen(database.engine, "before_cursor_execute", note)
        assert len(load(session, STUDY_ID).answers) > 5 * cases / 2
    assert sum(statement.startswith("SELECT") for statement in statements) == 7


def test_a_reader_without_an_account_is_a_simulated_one(database: Database) -> None:
    with database.writing() as session:
        store(session, published_study(readers=2, cases=2))
        session.execute(update(StudyReader).where(StudyReader.slot == 1).values(user_id=None))
    with database.reading() as session:
        readers = load(session, STUDY_ID).readers
    assert [(reader.code, reader.simulated) for reader in readers] == [("R1", False), ("R2", True)]


def test_what_is_not_there_or_not_published_is_said(database: Database) -> None:
    with database.writing() as session:
        session.add(ReaderStudy(id=STUDY_ID, title="Draft", design={"title": "Draft"}))
    with database.reading() as session:
        with pytest.raises(NoResults):
            load(session, STUDY_ID)
        with pytest.raises(StudyNotFound):
            load(session, "0" * 32)


def test_the_fingerprint_changes_with_all_that_results_depend_on(database: Database) -> None:
    with database.writing() as session:
        store(session, published_study(readers=2, cases=2, answered=0.5))
    with database.reading() as session:
        seen = {fingerprint(session, STUDY_ID, "open"), fingerprint(session, STUDY_ID, "closed")}
    with database.writing() as session:
        session.execute(update(StudyReader).where(StudyReader.slot == 1).values(status="withdrawn"))
    with database.reading() as session:
        seen.add(fingerprint(session, STUDY_ID, "open"))
    with database.writing() as session:
        session.add(StudyProtocol(study_id=STUDY_ID, version=3, document={}, hash="0" * 64, reason="Again."))
    with database.reading() as session:
        seen.add(fingerprint(session, STUDY_ID, "open"))
        again = fingerprint(session, STUDY_ID, "open")
    assert len(seen) == 4
    assert again in seen


def test_codes_count_from_one() -> None:
    assert [loading.code(slot) for slot in (0, 9)] == ["R1", "R10"]
