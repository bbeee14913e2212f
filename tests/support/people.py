"""Accounts that tests act with: one of each role, and a second reader, each with an open session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from backend.access.dependencies import PAGE_HEADER, SESSION_COOKIE
from backend.access.permissions import Role
from backend.auth.secrets import digest
from backend.db.base import now
from backend.db.tables import Group, Membership, User, UserSession

PASSWORD = "correct-horse-battery-staple-42"
# Of PASSWORD; making one takes a fifth of a second.
HASH = "$argon2id$v=19$m=65536,t=3,p=4$96fPGXHAE+CPNs+CDrcmQQ$KKusKMRvqawneArE+5IhSoG1yNnqv7/F9jOUwAA8pBI"
TEAM, OTHER_TEAM = "7" * 32, "8" * 32


@dataclass(frozen=True)
class Person:
    """An account with a session whose cookie holds ``secret``."""

    id: str
    email: str
    role: Role
    groups: tuple[str, ...] = ()

    @property
    def secret(self) -> str:
        return f"session-of-{self.email}"

    @property
    def headers(self) -> dict[str, str]:
        """As the page sends them."""
        return {"cookie": f"{SESSION_COOKIE}={self.secret}", PAGE_HEADER: "1"}


ADMINISTRATOR = Person("a" * 32, "admin@hospital.example", Role.ADMINISTRATOR)
RESEARCHER = Person("b" * 32, "researcher@hospital.example", Role.RESEARCHER, (TEAM,))
COORDINATOR = Person("c" * 32, "coordinator@hospital.example", Role.COORDINATOR, (TEAM,))
READER = Person("d" * 32, "reader@hospital.example", Role.READER, (TEAM,))
OTHER_READER = Person("e" * 32, "other@hospital.example", Role.READER, (OTHER_TEAM,))
PEOPLE = (ADMINISTRATOR, RESEARCHER, COORDINATOR, READER, OTHER_READER)


def add_people(session: Session) -> None:
    """The accounts, their groups and their sessions."""
    session.add_all([Group(id=TEAM, name="Mammography"), Group(id=OTHER_TEAM, name="Dermatology")])
    for person in PEOPLE:
        session.add(_account(person))
        session.flush()
        session.add_all([Membership(user_id=person.id, group_id=group) for group in person.groups])
        session.add(
            UserSession(
                user_id=person.id,
                token_hash=digest(person.secret),
                method="password",
                address="testclient",
                browser="",
                expires_at=now() + timedelta(days=1),
            )
        )
    session.flush()


def become(client: TestClient, person: Person | None) -> TestClient:
    """From now on this client is that person's browser; None: nobody's."""
    client.cookies.clear()
    client.headers.pop("cookie", None)
    client.headers.pop(PAGE_HEADER, None)
    if person is not None:
        client.cookies.set(SESSION_COOKIE, person.secret)
        client.headers[PAGE_HEADER] = "1"
    return client


def _account(person: Person) -> User:
    return User(
        id=person.id,
        email=person.email,
        name=person.email.partition("@")[0].title(),
        role=person.role.value,
        active=True,
        password_hash=HASH,
        last_sign_in_at=now(),
    )
