"""Signing in and out."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from backend.access.permissions import Permission
from backend.access.principal import SYSTEM, Principal, acting_as
from backend.audit.service import Subject, record
from backend.auth import repository
from backend.auth.errors import LinkInvalid, SignInRefused, TooManyAttempts
from backend.auth.passwords import check_strength, hash_password, verify_password
from backend.auth.schemas import (
    AccountRead,
    GroupRef,
    LinkAccept,
    LinkPurpose,
    LinkRead,
    LoginCreate,
    SessionRead,
    SignInMethod,
    SignInOptions,
)
from backend.auth.secrets import digest
from backend.auth.sessions import Browser, Opened, end_every_way, open_session, system_for
from backend.core.request import client_address
from backend.db.base import now
from backend.db.tables import AccountLink, User
from backend.resources import Resources


def read_session(resources: Resources, principal: Principal) -> SessionRead:
    """Who is signed in, and how one signs in here."""
    with resources.database.reading() as session:
        account = _account(session, resources, principal) if principal.user_id else None
        with acting_as(SYSTEM):
            printed = resources.settings.admin_password is None
            first = printed and account is None and not repository.an_administrator_signed_in(session)
    provider = resources.settings.oidc_name if resources.settings.oidc_issuer else None
    options = SignInOptions(single_sign_on=provider, first_start=first)
    return SessionRead(account=account, sign_in=options)


def log_in(resources: Resources, body: LoginCreate, browser: Browser) -> Opened:
    """Signs somebody in with a password.

    Raises:
        TooManyAttempts: for this account or from this machine.
        SignInRefused: no such account, another password, or not active.
        ServerBusy: too many sign in at once.
    """
    address, password = client_address.get(), body.password.get_secret_value()
    with acting_as(SYSTEM), resources.database.reading() as session:
        user = repository.find_user(session, body.email)
    try:
        resources.attempts.count(body.email, address)
    except TooManyAttempts:  # told once in a while, so that nobody can fill the trail
        resources.views.note("session.braked", Subject("account", user.id if user else "unknown"))
        raise
    with resources.password_slots:
        right, better = verify_password(password, user.password_hash if user else None)
    if user is None or not right or not user.active:
        resources.attempts.failed(address)
        _refused(resources, user)
        raise SignInRefused
    resources.attempts.forgive(body.email, address)
    with acting_as(system_for(user.email)), resources.database.writing() as session:
        current = repository.lock_user(session, user.id)
        if current is None or not current.active or current.password_hash != user.password_hash:
            raise SignInRefused  # changed in the very moment
        if better is not None:
            current.password_hash = better
        return open_session(session, resources.settings, current, SignInMethod.PASSWORD, browser)


def log_out(session: Session, principal: Principal) -> None:
    """Ends the session that asks."""
    row = repository.get_session(session, principal.session_id) if principal.session_id else None
    if row is not None:
        session.delete(row)
        told = {"session": row.id}
        record(session, "session.ended", Subject("account", row.user_id), before=told)


def read_link(resources: Resources, token: str) -> LinkRead:
    """Whom a link is for. Raises ``LinkInvalid`` or ``TooManyAttempts``."""
    resources.attempts.count_address(client_address.get())
    with acting_as(SYSTEM), resources.database.reading() as session:
        link, user = _require_link(session, token)
    return LinkRead(purpose=LinkPurpose(link.purpose), email=user.email, name=user.name, expires_at=link.expires_at)


def accept_link(resources: Resources, body: LinkAccept, browser: Browser) -> Opened:
    """Sets the password that somebody chose, ends all their other sessions and signs them in.

    Raises:
        LinkInvalid: it was used, replaced or has run out.
        WeakPassword: the password can be guessed.
        TooManyAttempts: from this machine.
    """
    resources.attempts.count_address(client_address.get())
    token, password = body.token.get_secret_value(), body.password.get_secret_value()
    with acting_as(SYSTEM), resources.database.reading() as session:
        _, user = _require_link(session, token)
    check_strength(password, [user.email, user.name, body.name or ""])
    with resources.password_slots:
        hashed = hash_password(password)
    with acting_as(system_for(user.email)), resources.database.writing() as session:
        current = repository.lock_user(session, user.id)
        link, _ = _require_link(session, token)  # after the lock, so that of two at once only one finds it
        if current is None:
            raise LinkInvalid
        current.password_hash, current.must_change_password = hashed, False
        current.name = body.name or current.name
        end_every_way(session, current.id)
        record(session, "account.password_set", Subject("account", current.id), after={"by": link.purpose})
        return open_session(session, resources.settings, current, SignInMethod.LINK, browser)


def _refused(resources: Resources, user: User | None) -> None:
    """Of an unknown account nothing is noted: people type passwords into the wrong field."""
    with resources.database.writing() as session:
        subject = Subject("account", user.id if user else "unknown")
        record(session, "session.refused", subject, after={"reason": _reason(user)})


def _reason(user: User | None) -> str:
    if user is None:
        return "no such account"
    return "wrong password" if user.active else "not active"


def _require_link(session: Session, token: str) -> tuple[AccountLink, User]:
    found = repository.find_link(session, digest(token))
    if found is None or found[0].expires_at <= now() or not found[1].active:
        raise LinkInvalid
    return found


def _account(session: Session, resources: Resources, principal: Principal) -> AccountRead | None:
    user = repository.get_user(session, principal.user_id or "")
    if user is None:
        return None
    groups = repository.groups_of(session, user.id)
    method, expires_at = SignInMethod.TOKEN, now() + timedelta(hours=resources.settings.session_hours)
    if principal.session_id:
        row = repository.get_session(session, principal.session_id)
        if row is None:
            return None
        method, expires_at = SignInMethod(row.method), row.expires_at
    elif principal.token_id:
        token = repository.get_token(session, principal.token_id)
        expires_at = token.expires_at if token else expires_at
    return AccountRead(
        id=user.id,
        email=user.email,
        name=user.name,
        role=principal.role,
        groups=[GroupRef.model_validate(group) for group in groups],
        permissions=[permission for permission in Permission if principal.may(permission)],
        must_change_password=user.must_change_password,
        has_password=user.password_hash is not None,
        method=method,
        expires_at=expires_at,
        idle_minutes=resources.settings.session_idle_minutes,
    )
