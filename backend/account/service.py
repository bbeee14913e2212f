"""What people do with their own account."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from backend.access.errors import NotAllowed, NotSignedIn
from backend.access.permissions import NOT_FOR_TOKENS, Permission, known_permissions, with_what_they_take
from backend.access.principal import Principal
from backend.account.errors import ApiTokenNotFound, ScopeNotYours, TooManyTokens, UserSessionNotFound
from backend.account.schemas import (
    AccountUpdate,
    ApiTokenCreate,
    ApiTokenCreated,
    ApiTokenList,
    ApiTokenRead,
    PasswordCreate,
    UserSessionList,
    UserSessionRead,
)
from backend.audit.service import Subject, record
from backend.auth import repository
from backend.auth.accounts import change_user
from backend.auth.errors import SignsInElsewhere, WeakPassword, WrongPassword
from backend.auth.passwords import check_strength, hash_password, verify_password
from backend.auth.schemas import SignInMethod
from backend.auth.secrets import TOKEN_PREFIX, digest, new_secret
from backend.auth.sessions import end_other_ways
from backend.core.request import client_address
from backend.db.base import now
from backend.db.tables import ApiToken, User
from backend.resources import Resources

MAX_TOKENS = 50


def update_account(resources: Resources, principal: Principal, update: AccountUpdate) -> None:
    """Changes name or e-mail.

    Raises:
        NotAllowed: a new e-mail address is given by administrators; it names people in the trail and, with single
            sign-on, says whose account it is.
        WrongPassword: the current password is not right.
        SignsInElsewhere: there is none.
        EmailTaken: another account has the address.
        TooManyAttempts: from this machine.
    """
    if update.email is not None:
        if not principal.may(Permission.PEOPLE_WRITE):
            raise NotAllowed("An administrator changes e-mail addresses, under People; ask one.")
        _confirm(resources, principal, update.current_password.get_secret_value() if update.current_password else "")
    with resources.database.writing() as session:
        user = _own(session, principal)
        change_user(session, user, {"name": update.name, "email": update.email})


def set_password(resources: Resources, principal: Principal, body: PasswordCreate) -> None:
    """Changes the password; all other sessions and a link to choose one end.

    Raises:
        WrongPassword: the current one is not right.
        SignsInElsewhere: there is none.
        WeakPassword: the new one can be guessed, or is the current one.
        TooManyAttempts: from this machine.
    """
    new = body.new_password.get_secret_value()
    current = body.current_password.get_secret_value()
    confirmed = _confirm(resources, principal, current)
    if new == current:
        raise WeakPassword("This is the current password; choose another.")
    check_strength(new, [confirmed.email, confirmed.name])
    with resources.password_slots:
        hashed = hash_password(new)
    with resources.database.writing() as session:
        user = _own(session, principal)
        if user.password_hash != confirmed.password_hash:
            raise WrongPassword  # changed in the very moment
        user.password_hash, user.must_change_password = hashed, False
        end_other_ways(session, user.id, but=principal.session_id)
        record(session, "account.password_set", Subject("account", user.id), after={"by": "owner"})


def list_sessions(session: Session, principal: Principal, idle_minutes: int) -> UserSessionList:
    """Those that still work."""
    moment = now()
    rows = repository.list_sessions(session, principal.user_id or "")
    idle = timedelta(minutes=idle_minutes)
    return UserSessionList(
        items=[
            UserSessionRead(
                id=row.id,
                current=row.id == principal.session_id,
                method=SignInMethod(row.method),
                address=row.address,
                browser=row.browser,
                created_at=row.created_at,
                last_seen_at=row.last_seen_at,
                expires_at=row.expires_at,
            )
            for row in rows
            if row.expires_at > moment and row.last_seen_at + idle > moment
        ]
    )


def end_session(session: Session, principal: Principal, session_id: str) -> None:
    """Raises ``UserSessionNotFound``."""
    row = repository.get_session(session, session_id)
    if row is None or row.user_id != principal.user_id:
        raise UserSessionNotFound
    session.delete(row)
    record(session, "session.ended", Subject("account", row.user_id), before={"session": row.id})


def end_other_sessions(session: Session, principal: Principal) -> None:
    """All but the one that asks."""
    user_id = principal.user_id or ""
    repository.end_sessions(session, user_id, but=principal.session_id)
    record(session, "session.others_ended", Subject("account", user_id))


def list_tokens(session: Session, principal: Principal) -> ApiTokenList:
    """All, also those that have run out."""
    return ApiTokenList(items=[_read(row) for row in repository.list_tokens(session, principal.user_id or "")])


def create_token(session: Session, principal: Principal, body: ApiTokenCreate) -> ApiTokenCreated:
    """Raises ``ScopeNotYours`` or ``TooManyTokens``."""
    scopes = with_what_they_take(body.scopes)
    if not scopes <= principal.permissions - NOT_FOR_TOKENS:
        refused = ", ".join(sorted(scope.value for scope in scopes - (principal.permissions - NOT_FOR_TOKENS)))
        raise ScopeNotYours(f"A token of yours cannot have: {refused}. Leave that away.")
    user = _own(session, principal)
    if repository.count_tokens(session, user.id) >= MAX_TOKENS:
        raise TooManyTokens
    secret = TOKEN_PREFIX + new_secret()
    row = ApiToken(
        user_id=user.id,
        name=body.name,
        token_hash=digest(secret),
        scopes=sorted(scope.value for scope in scopes),
        expires_at=now() + timedelta(days=body.days),
    )
    session.add(row)
    session.flush()
    told = {"name": row.name, "scopes": row.scopes, "days": body.days, "account": user.id}
    record(session, "token.created", Subject("token", row.id), after=told)
    return ApiTokenCreated(**_read(row).model_dump(), token=secret)


def revoke_token(session: Session, principal: Principal, token_id: str) -> None:
    """Raises ``ApiTokenNotFound``."""
    row = repository.get_token(session, token_id)
    if row is None or row.user_id != principal.user_id:
        raise ApiTokenNotFound
    session.delete(row)
    record(session, "token.revoked", Subject("token", row.id), before={"name": row.name, "scopes": row.scopes})


def _read(row: ApiToken) -> ApiTokenRead:
    return ApiTokenRead(
        id=row.id,
        name=row.name,
        scopes=known_permissions(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        expired=row.expires_at <= now(),
        last_used_at=row.last_used_at,
    )


def _confirm(resources: Resources, principal: Principal, password: str) -> User:
    """Whoever finds an open browser must not take over the account: the current password is asked for."""
    with resources.database.reading() as session:
        user = repository.get_user(session, principal.user_id or "")
    if user is None:
        raise NotSignedIn
    if user.password_hash is None:
        raise SignsInElsewhere
    address = client_address.get()
    resources.attempts.count(user.email, address)
    with resources.password_slots:
        right, _ = verify_password(password, user.password_hash)
    if not right:
        resources.attempts.failed(address)
        with resources.database.writing() as session:
            record(session, "account.wrong_password", Subject("account", user.id))
        raise WrongPassword
    resources.attempts.forgive(user.email, address)
    return user


def _own(session: Session, principal: Principal) -> User:
    user = repository.lock_user(session, principal.user_id or "")
    if user is None or not user.active:
        raise NotSignedIn
    return user
