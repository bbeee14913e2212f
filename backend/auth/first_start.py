"""The first administrator, and what a server must not be started with."""

from __future__ import annotations

import logging
import ssl
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from backend.access.permissions import Role
from backend.audit.service import Subject, record
from backend.auth import repository
from backend.auth.accounts import change_user
from backend.auth.errors import WeakPassword
from backend.auth.passwords import check_strength, hash_password
from backend.auth.schemas import Email
from backend.auth.secrets import one_time_password
from backend.auth.sessions import end_every_way
from backend.core.settings import Settings
from backend.db.session import Database
from backend.db.tables import User

logger = logging.getLogger(__name__)


class UnsafeSettings(ValueError):
    """The server must not start like this."""


@dataclass(frozen=True)
class FirstStart:
    """With what somebody signs in for the first time."""

    email: str
    password: str


def check_settings(settings: Settings) -> None:
    """Raises ``UnsafeSettings`` for what must not be reached from other machines, or cannot work at all."""
    try:
        TypeAdapter(Email).validate_python(settings.admin_email)
    except ValidationError as error:
        raise UnsafeSettings(f"VITRINE_ADMIN_EMAIL: '{settings.admin_email}' is not an e-mail address") from error
    problem = _weakness(settings)
    if problem and not settings.is_local:
        raise UnsafeSettings(f"VITRINE_ADMIN_PASSWORD: {problem} Other machines can reach {settings.host}.")
    if problem and settings.trusted_proxies:
        raise UnsafeSettings(f"VITRINE_ADMIN_PASSWORD: {problem} Other machines can reach the server by its proxy.")


def warnings(settings: Settings) -> list[str]:
    """What whoever starts the server should know before others use it."""
    found = []
    if not settings.is_local and not settings.tls_certificate and not settings.trusted_proxies:
        found.append(
            f"Other machines can reach {settings.host}, but without TLS everybody on the network can read passwords "
            "and images. Give VITRINE_TLS_CERTIFICATE and VITRINE_TLS_KEY, or put a proxy with TLS in front and name "
            "it in VITRINE_TRUSTED_PROXIES."
        )
    problem = _weakness(settings)
    if problem:
        found.append(f"VITRINE_ADMIN_PASSWORD is only good enough for this machine: {problem}")
    return found


def tls_problem(certificate: Path, key: Path) -> str | None:
    """Why the two cannot be used for TLS, if they cannot."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except FileNotFoundError:
        missing = certificate if not certificate.is_file() else key
        return f"VITRINE_TLS_CERTIFICATE and VITRINE_TLS_KEY: there is no file {missing}"
    except (ssl.SSLError, OSError) as error:
        return f"VITRINE_TLS_CERTIFICATE and VITRINE_TLS_KEY cannot be used: {error}"
    return None


def prepare(database: Database, settings: Settings) -> FirstStart | None:
    """Makes the first administrator. Until one has signed in, every start gives them another password.

    There is only one such account: with another address in the settings it gets that, so that no earlier password,
    which stands in some log, goes on working beside the new one.

    Returns:
        What to sign in with, if the settings do not say it.
    """
    email: str = TypeAdapter(Email).validate_python(settings.admin_email)
    given = settings.admin_password.get_secret_value() if settings.admin_password else None
    with database.reading() as session:
        if repository.an_administrator_signed_in(session):
            return None
    password = given or one_time_password()
    hashed = hash_password(password)
    with database.writing() as session:
        if repository.an_administrator_signed_in(session):
            return None
        known = repository.administrators(session)
        user = repository.find_user(session, email) or next(iter(known), None)
        if user is None:
            user = User(email=email, name="Administrator", role=Role.ADMINISTRATOR.value, active=True)
            session.add(user)
            session.flush()
            told = {"email": email, "role": user.role, "by": "first start"}
            record(session, "account.created", Subject("account", user.id), after=told)
        # Somebody may have had this address before, through single sign-on: who has the password now is another person.
        user.issuer = user.subject = None
        end_every_way(session, user.id)
        for other in known:
            other.password_hash = None if other is not user else hashed
        change_user(session, user, {"email": email, "role": Role.ADMINISTRATOR.value, "active": True})
        user.password_hash, user.must_change_password = hashed, given is None
    return None if given else FirstStart(email, password)


def reset_password(database: Database, email: str) -> str | None:
    """A one-time password for an account, which is then active. None: there is no such account."""
    password = one_time_password()
    hashed = hash_password(password)
    with database.writing() as session:
        user = repository.find_user(session, email)
        if user is None:
            return None
        before = {"active": user.active}
        user.password_hash, user.must_change_password, user.active = hashed, True, True
        user.issuer = user.subject = None  # who signs in with a password does not sign in elsewhere
        end_every_way(session, user.id)
        record(session, "account.password_set", Subject("account", user.id), before, {"active": True, "by": "operator"})
    return password


def _weakness(settings: Settings) -> str | None:
    """Covers every default that stands in anybody's manual: those are in the lists of common passwords."""
    if settings.admin_password is None:
        return None
    try:
        check_strength(settings.admin_password.get_secret_value(), [settings.admin_email])
    except WeakPassword as error:
        return error.detail
    return None
