"""Sessions in the browser, and who somebody is by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.access.permissions import NOT_FOR_TOKENS, PERMISSIONS, Role, known_permissions
from backend.access.principal import ANONYMOUS, SYSTEM, Principal, acting_as
from backend.audit.service import Subject, record
from backend.auth import repository
from backend.auth.schemas import SignInMethod
from backend.auth.secrets import digest, new_secret
from backend.core.request import client_address
from backend.core.settings import Settings
from backend.db.base import now
from backend.db.session import Database
from backend.db.tables import ApiToken, User, UserSession

# What is noted of a session's use is not written more often than this.
NOTE_EVERY = timedelta(minutes=1)
# As wide as the trail's column.
MAX_ACTOR = 320


@dataclass(frozen=True)
class Browser:
    """What somebody signs in with: how it calls itself, and the session that it has until then."""

    name: str
    session_id: str | None = None


@dataclass(frozen=True)
class Opened:
    """A new session, and the secret that only the browser keeps."""

    secret: str
    principal: Principal


def system_for(name: str) -> Principal:
    """The server, doing something that the trail tells under somebody's name."""
    return replace(SYSTEM, name=name)


def open_session(session: Session, settings: Settings, user: User, method: SignInMethod, browser: Browser) -> Opened:
    """Signs somebody in. The browser's earlier session ends; expired ones of everybody are cleared away besides."""
    moment = now()
    repository.delete_expired(session, moment, moment - _idle(settings))
    if browser.session_id:
        repository.end_session(session, browser.session_id)
    secret = new_secret()
    row = UserSession(
        user_id=user.id,
        token_hash=digest(secret),
        method=method.value,
        address=client_address.get(),
        browser=browser.name[:200],
        expires_at=moment + timedelta(hours=settings.session_hours),
    )
    session.add(row)
    user.last_sign_in_at = moment
    session.flush()
    told = {"method": method.value, "session": row.id}
    record(session, "session.started", Subject("account", user.id), after=told)
    groups = frozenset(group.id for group in repository.groups_of(session, user.id))
    return Opened(secret, _by_session(row, user, groups))


def end_other_ways(session: Session, user_id: str, but: str | None) -> None:
    """After a change of password: other sessions end, and a link to choose a password, which could undo it."""
    with acting_as(SYSTEM):  # links are nobody's to read
        repository.end_sessions(session, user_id, but)
        repository.delete_links(session, user_id)


def end_every_way(session: Session, user_id: str) -> None:
    """Whoever was in the account before is out: sessions, API tokens and links end."""
    with acting_as(SYSTEM):  # they are otherwise their owner's alone
        repository.end_sessions(session, user_id)
        repository.end_tokens(session, user_id)
        repository.delete_links(session, user_id)


def identify_session(database: Database, settings: Settings, secret: str) -> Principal:
    """Who has this cookie; ``ANONYMOUS`` when the session has ended."""
    with acting_as(SYSTEM), database.reading() as session:
        found = repository.open_session(session, digest(secret))
    if found is None:
        return ANONYMOUS
    row, user, groups = found
    moment = now()
    if not user.active or row.expires_at <= moment or row.last_seen_at + _idle(settings) <= moment:
        return ANONYMOUS
    if row.last_seen_at + NOTE_EVERY <= moment:
        _note(database, row, moment)
    return _by_session(row, user, groups)


def identify_token(database: Database, secret: str) -> Principal:
    """Who has this API token; ``ANONYMOUS`` when it has run out or was revoked."""
    with acting_as(SYSTEM), database.reading() as session:
        found = repository.open_token(session, digest(secret))
    if found is None:
        return ANONYMOUS
    row, user, groups = found
    moment = now()
    if not user.active or user.must_change_password or row.expires_at <= moment:
        return ANONYMOUS
    if row.last_used_at is None or row.last_used_at + NOTE_EVERY <= moment:
        _note(database, row, moment)
    role = Role(user.role)
    return Principal(
        name=f"{user.email} (token {row.name})"[:MAX_ACTOR],
        user_id=user.id,
        role=role,
        permissions=(PERMISSIONS[role] & frozenset(known_permissions(row.scopes))) - NOT_FOR_TOKENS,
        group_ids=groups,
        token_id=row.id,
    )


def _by_session(row: UserSession, user: User, groups: frozenset[str]) -> Principal:
    role = Role(user.role)
    return Principal(
        name=user.email,
        user_id=user.id,
        role=role,
        permissions=PERMISSIONS[role],
        group_ids=groups,
        session_id=row.id,
        must_change_password=user.must_change_password,
    )


def _note(database: Database, row: UserSession | ApiToken, moment: datetime) -> None:
    with acting_as(SYSTEM), database.writing() as session:
        if isinstance(row, UserSession):
            repository.note_session(session, row.id, moment)
        else:
            repository.note_token(session, row.id, moment)


def _idle(settings: Settings) -> timedelta:
    return timedelta(minutes=settings.session_idle_minutes)
