"""What tests of signing in share: a browser that is nobody's, API tokens, and what the database holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from backend.access.permissions import Permission
from backend.access.principal import SYSTEM, acting_as
from backend.auth.secrets import TOKEN_PREFIX, digest
from backend.db.base import Base, now
from backend.db.session import Database
from backend.db.tables import ApiToken, AuditEvent, User
from tests.support.people import PASSWORD, Person, add_people, become
from tests.support.postgres import postgres, require_postgres
from tests.support.server import API, resources_of

LOGIN = f"{API}/auth/login"
SESSION = f"{API}/auth/session"
LOGOUT = f"{API}/auth/logout"


def log_in(
    client: TestClient, email: str, password: str = PASSWORD, headers: Mapping[str, str] | None = None
) -> Response:
    """With e-mail and password, from a browser that was nobody's."""
    become(client, None)
    return post_json(client, LOGIN, {"email": email, "password": password}, headers)


def post_json(client: TestClient, path: str, body: object, headers: Mapping[str, str] | None = None) -> Response:
    """In ASCII, so that lone surrogates get through as well."""
    sent = {"content-type": "application/json", **(headers or {})}
    return client.post(path, content=json.dumps(body), headers=sent)


def account_of(client: TestClient) -> dict[str, Any] | None:
    """Who the server takes this browser for."""
    account: dict[str, Any] | None = client.get(SESSION).json()["account"]
    return account


def change_row(client: TestClient, person: Person, **changes: Any) -> None:
    """Changes an account behind the server's back, also in the middle of a request."""
    with acting_as(SYSTEM), resources_of(client).database.writing() as session:
        row = session.get_one(User, person.id)
        for name, value in changes.items():
            setattr(row, name, value)


def row_of(client: TestClient, person: Person) -> User:
    """The account as the database has it."""
    with resources_of(client).database.reading() as session:
        return session.get_one(User, person.id)


def add_token(client: TestClient, person: Person, scopes: Iterable[Permission], days: float = 1) -> dict[str, str]:
    """The headers of a script that has a new API token of this person; ``days`` below 0: it has run out."""
    given = sorted(scope.value for scope in scopes)
    secret = f"{TOKEN_PREFIX}{person.email}-{'-'.join(given)}-{days}"
    with resources_of(client).database.writing() as session:
        session.add(
            ApiToken(
                user_id=person.id,
                name="script",
                token_hash=digest(secret),
                scopes=given,
                expires_at=now() + timedelta(days=days),
            )
        )
    return {"authorization": f"Bearer {secret}"}


def events(client: TestClient, action: str) -> list[AuditEvent]:
    """Of this kind, oldest first."""
    query = select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.sequence)
    with resources_of(client).database.reading() as session:
        return list(session.scalars(query))


def written(client: TestClient) -> bytes:
    """Everything that the database's files and the file of heads hold, byte for byte."""
    folder: Path = resources_of(client).settings.data_dir
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def token_of(link: dict[str, Any]) -> str:
    """The secret in a link's path."""
    found = re.fullmatch(r"/welcome#token=([\w-]{43})", link["path"])
    assert found, link
    return found[1]


@contextmanager
def people_on_postgresql() -> Iterator[Database]:
    """The accounts of ``support.people`` on a PostgreSQL server, where two requests really write at once."""
    require_postgres()
    with postgres() as url:
        database = Database(url)
        try:
            Base.metadata.create_all(database.engine)
            with database.writing() as session:
                add_people(session)
            yield database
        finally:
            database.close()
