"""Queries on accounts, sessions, tokens, links and flows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from backend.access.permissions import Role
from backend.db.tables import AccountLink, ApiToken, Group, Membership, SignInFlow, User, UserSession


def get_user(session: Session, user_id: str) -> User | None:
    return session.get(User, user_id)


def lock_user(session: Session, user_id: str) -> User | None:
    """The row as it is now; nobody else changes it until the transaction ends."""
    query = select(User).where(User.id == user_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def find_user(session: Session, email: str) -> User | None:
    return session.scalars(select(User).where(User.email == email)).one_or_none()


def find_identity(session: Session, issuer: str, subject: str) -> User | None:
    return session.scalars(select(User).where(User.issuer == issuer, User.subject == subject)).one_or_none()


def list_users(session: Session) -> Sequence[User]:
    return session.scalars(select(User).order_by(User.email)).all()


def administrators(session: Session) -> Sequence[User]:
    """Oldest first."""
    query = select(User).where(User.role == Role.ADMINISTRATOR.value)
    return session.scalars(query.order_by(User.created_at, User.id)).all()


def an_administrator_signed_in(session: Session) -> bool:
    query = select(exists().where(User.role == Role.ADMINISTRATOR.value, User.last_sign_in_at.is_not(None)))
    return bool(session.scalar(query))


def active_administrators(session: Session) -> Sequence[User]:
    """Locked, so that the last two cannot demote each other at once."""
    query = select(User).where(User.role == Role.ADMINISTRATOR.value, User.active).order_by(User.id)
    return session.scalars(query.with_for_update()).all()


def groups_of(session: Session, user_id: str) -> Sequence[Group]:
    query = select(Group).join(Membership, Membership.group_id == Group.id).where(Membership.user_id == user_id)
    return session.scalars(query.order_by(Group.name)).all()


def open_session(session: Session, token_hash: str) -> tuple[UserSession, User, frozenset[str]] | None:
    """A session with its account and the groups of that, in one query."""
    query = (
        select(UserSession, User, Membership.group_id)
        .join(User, User.id == UserSession.user_id)
        .outerjoin(Membership, Membership.user_id == User.id)
        .where(UserSession.token_hash == token_hash)
    )
    rows = session.execute(query).all()
    return (rows[0][0], rows[0][1], _groups(row[2] for row in rows)) if rows else None


def open_token(session: Session, token_hash: str) -> tuple[ApiToken, User, frozenset[str]] | None:
    """A token with its account and the groups of that, in one query."""
    query = (
        select(ApiToken, User, Membership.group_id)
        .join(User, User.id == ApiToken.user_id)
        .outerjoin(Membership, Membership.user_id == User.id)
        .where(ApiToken.token_hash == token_hash)
    )
    rows = session.execute(query).all()
    return (rows[0][0], rows[0][1], _groups(row[2] for row in rows)) if rows else None


def note_session(session: Session, session_id: str, moment: datetime) -> None:
    session.execute(update(UserSession).where(UserSession.id == session_id).values(last_seen_at=moment))


def note_token(session: Session, token_id: str, moment: datetime) -> None:
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=moment))


def end_sessions(session: Session, user_id: str, but: str | None = None) -> None:
    query = delete(UserSession).where(UserSession.user_id == user_id)
    session.execute(query if but is None else query.where(UserSession.id != but))


def end_session(session: Session, session_id: str) -> None:
    session.execute(delete(UserSession).where(UserSession.id == session_id))


def end_tokens(session: Session, user_id: str) -> None:
    session.execute(delete(ApiToken).where(ApiToken.user_id == user_id))


def delete_expired(session: Session, moment: datetime, idle_since: datetime) -> None:
    """Sessions, links and flows that work no more. Tokens stay in sight until they are revoked."""
    session.execute(
        delete(UserSession).where((UserSession.expires_at <= moment) | (UserSession.last_seen_at <= idle_since))
    )
    session.execute(delete(AccountLink).where(AccountLink.expires_at <= moment))
    session.execute(delete(SignInFlow).where(SignInFlow.expires_at <= moment))


def delete_links(session: Session, user_id: str) -> None:
    session.execute(delete(AccountLink).where(AccountLink.user_id == user_id))


def find_link(session: Session, token_hash: str) -> tuple[AccountLink, User] | None:
    query = select(AccountLink, User).join(User, User.id == AccountLink.user_id)
    row = session.execute(query.where(AccountLink.token_hash == token_hash)).one_or_none()
    return None if row is None else (row[0], row[1])


def take_flow(session: Session, state_hash: str) -> SignInFlow | None:
    """A flow, which is gone with that: an answer of the provider works once."""
    flow = session.scalars(select(SignInFlow).where(SignInFlow.state_hash == state_hash)).one_or_none()
    if flow is not None:
        taken = session.execute(delete(SignInFlow).where(SignInFlow.id == flow.id))
        if getattr(taken, "rowcount", 0) == 0:
            return None
    return flow


def list_sessions(session: Session, user_id: str) -> Sequence[UserSession]:
    query = select(UserSession).where(UserSession.user_id == user_id)
    return session.scalars(query.order_by(UserSession.created_at.desc(), UserSession.id)).all()


def get_session(session: Session, session_id: str) -> UserSession | None:
    return session.get(UserSession, session_id)


def list_tokens(session: Session, user_id: str) -> Sequence[ApiToken]:
    query = select(ApiToken).where(ApiToken.user_id == user_id)
    return session.scalars(query.order_by(ApiToken.created_at.desc(), ApiToken.id)).all()


def count_tokens(session: Session, user_id: str) -> int:
    return session.scalar(select(func.count()).select_from(ApiToken).where(ApiToken.user_id == user_id)) or 0


def get_token(session: Session, token_id: str) -> ApiToken | None:
    return session.get(ApiToken, token_id)


def _groups(found: Iterable[str | None]) -> frozenset[str]:
    return frozenset(group for group in found if group is not None)
