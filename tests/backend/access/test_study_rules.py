"""Which rows of reader studies somebody sees, and which cases their readers no longer see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from backend.access.permissions import PERMISSIONS, Permission
from backend.access.principal import Principal, acting_as
from backend.access.rules import guard
from backend.cases import service as cases
from backend.cases.errors import CaseInStudy
from backend.core.storage import LocalStorage
from backend.db.base import Base, now
from backend.db.session import Database
from backend.db.study_tables import (
    ReaderStudy,
    ResponseAmendment,
    StudyAssignment,
    StudyCase,
    StudyItem,
    StudyMember,
    StudyProtocol,
    StudyQuery,
    StudyReader,
    StudyResponse,
)
from backend.db.tables import Case
from tests.support.people import ADMINISTRATOR, COORDINATOR, OTHER_READER, PEOPLE, READER, RESEARCHER, Person

STUDY = "study"
ALL_ROWS = {
    ReaderStudy: 1, StudyProtocol: 1, StudyMember: 1, StudyCase: 2, StudyItem: 2, StudyReader: 2, StudyAssignment: 3,
    StudyResponse: 2, ResponseAmendment: 2, StudyQuery: 2,
}  # fmt: skip
# READER has the first item and OTHER_READER both.
READERS_ROWS = {
    ReaderStudy: 1, StudyProtocol: 0, StudyMember: 0, StudyCase: 1, StudyItem: 1, StudyReader: 1, StudyAssignment: 1,
    StudyResponse: 1, ResponseAmendment: 1, StudyQuery: 1,
}  # fmt: skip


def principal(person: Person, **changes: Any) -> Principal:
    fields = {"name": person.email, "user_id": person.id, "role": person.role, "permissions": PERMISSIONS[person.role]}
    return Principal(**fields | changes)


@pytest.fixture
def database(migrated_database: Path, tmp_path: Path) -> Iterator[Database]:
    """A study of COORDINATOR, observed by RESEARCHER, read by READER and OTHER_READER."""
    copy = tmp_path / "vitrine.sqlite3"
    copy.write_bytes(migrated_database.read_bytes())
    database = Database(f"sqlite:///{copy}", guard=guard)
    with database.writing() as session:
        _fill(session)
    yield database
    database.close()


def _fill(session: Session) -> None:
    session.add(_case("open-case", "open"))
    session.add(_case("unread-case", "open"))
    session.add(ReaderStudy(id=STUDY, title="S", status="open", design={}, owner_id=COORDINATOR.id, published_at=now()))
    session.flush()
    session.add(StudyMember(study_id=STUDY, user_id=RESEARCHER.id, role="observer"))
    session.add(StudyProtocol(study_id=STUDY, version=1, document={}, hash="h", reason="r"))
    for number, case_id in enumerate(("open-case", None)):
        session.add(_study_case(number, case_id))
        session.flush()
        session.add(
            StudyItem(
                id=f"item-{number}", study_id=STUDY, number=number, study_case_id=f"case-{number}", task_key="t",
                arm_key="a", unit=number, practice=False, content={}, truth={},
            )
        )  # fmt: skip
    for slot, person in enumerate((READER, OTHER_READER)):
        session.add(StudyReader(id=f"reader-{slot}", study_id=STUDY, user_id=person.id, slot=slot, status="reading"))
        session.flush()
        for position in range(slot + 1):
            _answer(session, slot, position)


def _answer(session: Session, slot: int, position: int) -> None:
    name = f"{slot}-{position}"
    given = {"study_id": STUDY, "reader_id": f"reader-{slot}"}
    session.add(StudyAssignment(id=name, item_id=f"item-{position}", session=1, position=position, **given))
    session.flush()
    if position:
        return
    session.add(
        StudyResponse(
            id=name, assignment_id=name, answers={}, cannot_judge=False, comment="", active_ms=1, idle_ms=0,
            opened_at=now(), protocol_version=1, **given,
        )
    )  # fmt: skip
    session.flush()
    session.add(ResponseAmendment(response_id=name, answers={}, cannot_judge=False, reason="r", **given))
    session.add(StudyQuery(text="?", **given))


def counts(database: Database, who: Principal) -> dict[type[Base], int]:
    with acting_as(who), database.reading() as session:
        return {table: session.scalar(select(func.count()).select_from(table)) or 0 for table in ALL_ROWS}


@pytest.mark.parametrize("person", [ADMINISTRATOR, COORDINATOR, RESEARCHER], ids=lambda person: person.role.value)
def test_who_runs_or_observes_a_study_sees_all_rows(database: Database, person: Person) -> None:
    assert counts(database, principal(person)) == ALL_ROWS


def test_a_reader_sees_what_they_were_given_and_gave(database: Database) -> None:
    assert counts(database, principal(READER)) == READERS_ROWS


def test_others_see_nothing(database: Database) -> None:
    stranger = principal(COORDINATOR, user_id="somebody-else")
    assert set(counts(database, stranger).values()) == {0}
    outsider = principal(READER, user_id="somebody-else")
    assert set(counts(database, outsider).values()) == {0}


@pytest.mark.parametrize("kept", [Permission.STUDIES_READ, Permission.STUDIES_ANSWER])
def test_a_token_shows_no_more_than_its_scopes(database: Database, kept: Permission) -> None:
    """The coordinator reads nothing, and a reader runs nothing."""
    as_coordinator = principal(COORDINATOR, permissions=frozenset({kept}))
    as_reader = principal(READER, permissions=frozenset({kept}))
    runs = kept is Permission.STUDIES_READ
    assert (counts(database, as_coordinator) == ALL_ROWS) is runs
    assert (counts(database, as_reader) == READERS_ROWS) is not runs


def visible(database: Database, person: Person) -> set[str]:
    with acting_as(principal(person)), database.reading() as session:
        return set(session.scalars(select(Case.id)))


@pytest.mark.parametrize("status", ["invited", "reading"])
def test_readers_do_not_see_cases_that_they_are_to_read(database: Database, status: str) -> None:
    with database.writing() as session:
        session.execute(update(StudyReader).values(status=status))
    assert visible(database, READER) == {"unread-case"}
    assert visible(database, RESEARCHER) == {"open-case", "unread-case"}


@pytest.mark.parametrize("status", ["finished", "withdrawn"])
def test_who_has_read_sees_the_cases_again(database: Database, status: str) -> None:
    with database.writing() as session:
        session.execute(update(StudyReader).where(StudyReader.user_id == READER.id).values(status=status))
    assert visible(database, READER) == {"open-case", "unread-case"}
    assert visible(database, OTHER_READER) == {"unread-case"}


def test_a_closed_study_hides_no_case(database: Database) -> None:
    with database.writing() as session:
        session.execute(update(ReaderStudy).values(status="closed"))
    assert visible(database, READER) == {"open-case", "unread-case"}


def test_a_case_of_a_study_stays(database: Database, tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "storage")
    with pytest.raises(CaseInStudy), database.writing() as session:
        cases.delete_case(session, storage, session.get_one(Case, "open-case"))
    with database.writing() as session:
        cases.delete_case(session, storage, session.get_one(Case, "unread-case"))
    with database.reading() as session:
        assert set(session.scalars(select(Case.id))) == {"open-case"}


def test_a_locked_answer_is_never_changed(database: Database) -> None:
    with pytest.raises(DatabaseError, match="never changed"), database.writing() as session:
        session.execute(update(StudyResponse).values(comment="better"))


def test_a_protocol_is_never_changed(database: Database) -> None:
    with pytest.raises(DatabaseError, match="never changed"), database.writing() as session:
        session.execute(update(StudyProtocol).values(hash="0"))


def test_a_study_is_deleted_with_all_that_it_holds(database: Database) -> None:
    with database.writing() as session:
        session.delete(session.get_one(ReaderStudy, STUDY))
    assert set(counts(database, principal(ADMINISTRATOR)).values()) == {0}


def _case(case_id: str, visibility: str) -> Case:
    return Case(
        id=case_id, pseudonym=case_id, sha256="0" * 64, width=1, height=1, frames=1, source_format="PNG",
        deidentified=True, synthetic=False, image_key="k", thumbnail_key="k", owner_id=PEOPLE[0].id,
        visibility=visibility,
    )  # fmt: skip


def _study_case(number: int, case_id: str | None) -> StudyCase:
    return StudyCase(
        id=f"case-{number}", study_id=STUDY, number=number, case_id=case_id, source={}, practice=False, synthetic=True,
        width=1, height=1, sha256="0" * 64, image_key="k",
    )  # fmt: skip
