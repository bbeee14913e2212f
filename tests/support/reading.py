"""What a reader's browser does, for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import event

from backend.access.permissions import PERMISSIONS
from backend.access.principal import Principal, acting_as
from backend.core.errors import AppError
from backend.db.base import now
from backend.db.study_tables import ReaderStudy, StudyAssignment, StudyReader, StudyResponse
from backend.readings import service
from backend.readings.schemas import ResponseCreate
from tests.support.designs import STUDIES
from tests.support.people import READER
from tests.support.server import API, resources_of

PROFILE = {"profession": "Dermatologist", "years": 12}
READINGS = f"{API}/readings"


def begin(client: TestClient, study_id: str) -> dict[str, Any]:
    """Agrees to the instructions."""
    return good(client.post(f"{READINGS}/{study_id}/start", json={"agreed": True, "profile": PROFILE}))


def next_of(client: TestClient, study_id: str) -> dict[str, Any]:
    """Current and upcoming item."""
    return good(client.get(f"{STUDIES}/{study_id}/next"))


def answers_to(item: dict[str, Any], pick: int = 0) -> dict[str, int | str]:
    """An answer to every question of an item; another ``pick``, another answer."""
    found: dict[str, int | str] = {}
    for question in item["content"]["questions"]:
        kind, key = question["kind"], question["key"]
        if kind == "choice":
            found[key] = question["options"][pick % len(question["options"])]["key"]
        elif kind == "text":
            found[key] = f"Seen {pick}"
        else:
            found[key] = 1 + pick % 5 if kind == "likert" else pick % 101
    return found


def save(client: TestClient, study_id: str, assignment_id: str, answers: dict[str, Any], **more: Any) -> Response:
    """Saves a draft."""
    address = f"{READINGS}/{study_id}/items/{assignment_id}/draft"
    return client.put(address, json={"answers": answers, **more})


def send(client: TestClient, study_id: str, assignment_id: str, answers: dict[str, Any], **more: Any) -> Response:
    """Sends an answer."""
    body = {"assignment_id": assignment_id, "answers": answers, **more}
    return client.post(f"{STUDIES}/{study_id}/responses", json=body)


def read_on(client: TestClient, study_id: str, most: int = 1000) -> list[dict[str, Any]]:
    """Answers up to so many of the coming items; the locked answers."""
    given = []
    for pick in range(most):
        item = next_of(client, study_id)["item"]
        if item is None:
            break
        given.append(good(send(client, study_id, item["id"], answers_to(item, pick)), 201))
    return given


def good(answer: Response, status: int = 200) -> dict[str, Any]:
    """Its body."""
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


@contextmanager
def statements(client: TestClient) -> Iterator[list[str]]:
    """What the database is asked of studies inside the block; not who asks, which is noted once a minute."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "study_" in statement or "reader_studies" in statement:
            asked.append(statement)

    engine = resources_of(client).database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def change(client: TestClient, study_id: str, act: Callable[[ReaderStudy, StudyReader], None]) -> None:
    """Changes the study and its first reader in the database."""
    with resources_of(client).database.writing() as session:
        study = session.get_one(ReaderStudy, study_id)
        reader = session.query(StudyReader).filter_by(study_id=study_id, slot=0).one()
        act(study, reader)


def close(study: ReaderStudy, _: StudyReader) -> None:
    """For ``change``."""
    study.status, study.closed_at = "closed", now()


def withdraw(_: ReaderStudy, reader: StudyReader) -> None:
    """For ``change``."""
    reader.status = "withdrawn"


def rows(client: TestClient, study_id: str) -> list[StudyResponse]:
    """All locked answers, oldest first."""
    with resources_of(client).database.reading() as session:
        return session.query(StudyResponse).filter_by(study_id=study_id).order_by(StudyResponse.submitted_at).all()


def next_assignment(client: TestClient, study_id: str, session_number: int) -> str:
    """The first of a session, of the first reader: what no browser knows."""
    with resources_of(client).database.reading() as session:
        found = session.query(StudyAssignment).join(StudyReader, StudyReader.id == StudyAssignment.reader_id)
        wanted = found.filter(StudyReader.study_id == study_id, StudyReader.slot == 0)
        return str(wanted.filter(StudyAssignment.session == session_number, StudyAssignment.position == 0).one().id)


def at_once(client: TestClient, study_id: str, bodies: Sequence[ResponseCreate]) -> list[Any]:
    """Each in a thread and a transaction of its own, as the reader; answers, or errors of the application."""
    barrier, database = Barrier(len(bodies)), resources_of(client).database
    principal = Principal("reader", READER.id, READER.role, PERMISSIONS[READER.role], frozenset(READER.groups))

    def run(body: ResponseCreate) -> Any:
        barrier.wait(10)
        try:
            with acting_as(principal), database.writing() as session:
                return service.respond(session, database, study_id, body)
        except AppError as error:
            return error

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(run, bodies))
