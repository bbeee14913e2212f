"""Single sign-on with OpenID Connect: authorization code with PKCE, through Authlib."""

from __future__ import annotations

import hmac
import posixpath
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.access.principal import SYSTEM, acting_as
from backend.audit.service import Subject, record
from backend.auth import repository
from backend.auth.errors import ProviderFailed, SingleSignOnOff, TooManyAttempts
from backend.auth.provider import Person, failure, identify, make_client, read_provider
from backend.auth.schemas import SignInMethod
from backend.auth.secrets import digest, new_secret
from backend.auth.sessions import Browser, Opened, end_every_way, open_session, system_for
from backend.core.request import client_address
from backend.core.settings import Settings
from backend.db.base import now
from backend.db.tables import SignInFlow, User
from backend.resources import Resources

FLOW_SECONDS = 600
# On a shared computer the one before may still be signed in at the provider.
_PROMPT = "select_account"


@dataclass(frozen=True)
class Answer:
    """With what the provider sent the browser back; ``secret`` is from the cookie that ``start`` asked for."""

    state: str
    code: str
    secret: str
    error: str = ""


@dataclass(frozen=True)
class Finished:
    """Where the browser goes next; ``opened`` is None when nobody was signed in."""

    next_path: str
    opened: Opened | None


class _Refused(Exception):
    """``problem`` is for the sign-in page, ``reason`` for the trail."""

    def __init__(self, problem: str, reason: str, account: str = "unknown") -> None:
        super().__init__(reason)
        self.problem, self.reason, self.account = problem, reason, account


def start(resources: Resources, callback: str, next_path: str) -> tuple[str, str]:
    """The address of the provider to go to, and a secret for the browser's cookie.

    Raises:
        SingleSignOnOff: there is no provider.
        ProviderFailed: it does not answer.
        TooManyAttempts: from this machine.
    """
    if not resources.settings.oidc_issuer:
        raise SingleSignOnOff
    resources.attempts.count_address(client_address.get())
    provider = read_provider(resources.settings.oidc_issuer)
    client = make_client(resources.settings, provider, callback)
    state, secret, nonce, verifier = (new_secret() for _ in range(4))
    flow = SignInFlow(
        state_hash=digest(state),
        browser_hash=digest(secret),
        nonce=nonce,
        verifier=verifier,
        next_path=_safe_path(next_path),
        expires_at=now() + timedelta(seconds=FLOW_SECONDS),
    )
    with acting_as(SYSTEM), resources.database.writing() as session:
        session.add(flow)
    address, _ = client.create_authorization_url(
        provider["authorization_endpoint"], state, verifier, nonce=nonce, prompt=_PROMPT
    )
    return str(address), secret


def finish(resources: Resources, callback: str, answer: Answer, browser: Browser) -> Finished:
    """Checks what the provider says and signs that person in. Raises ``SingleSignOnOff``."""
    if not resources.settings.oidc_issuer:
        raise SingleSignOnOff
    try:
        flow = _take(resources, answer)
        person = identify(resources.settings, callback, answer.code, flow)
        try:
            return Finished(flow.next_path, _sign_in(resources, person, browser))
        except IntegrityError:  # two at once; the other one has made what this one finds now
            return Finished(flow.next_path, _sign_in(resources, person, browser))
    except ProviderFailed:
        return _refuse(resources, _Refused("provider_failed", "provider failed"))
    except _Refused as refused:
        return _refuse(resources, refused)


def _take(resources: Resources, answer: Answer) -> SignInFlow:
    with acting_as(SYSTEM), resources.database.writing() as session:
        flow = repository.take_flow(session, digest(answer.state))
    if flow is None or flow.expires_at <= now():
        raise _Refused("expired", "no such flow")
    if not hmac.compare_digest(flow.browser_hash, digest(answer.secret)):
        raise _Refused("expired", "another browser")
    if answer.error not in ("", "access_denied"):
        raise failure(f"it says {answer.error[:100]!r}")
    if answer.error or not answer.code:
        raise _Refused("expired", "cancelled")
    return flow


def _sign_in(resources: Resources, person: Person, browser: Browser) -> Opened:
    with acting_as(SYSTEM), resources.database.writing() as session:
        user = _account(session, resources.settings, person)
        with acting_as(system_for(user.email)):
            return open_session(session, resources.settings, user, SignInMethod.OIDC, browser)


def _account(session: Session, settings: Settings, person: Person) -> User:
    found = repository.find_identity(session, person.issuer, person.subject)
    if found is None and person.email is not None:
        found = repository.find_user(session, person.email)
    user = repository.lock_user(session, found.id) if found else None
    if user is None:
        return _new_account(session, settings, person)
    if not user.active:
        raise _Refused("not_active", "not active", user.id)
    if user.issuer is None:
        # People may change their own address. Whoever took this one beforehand must not keep a way in.
        user.issuer, user.subject = person.issuer, person.subject
        user.password_hash, user.must_change_password = None, False
        end_every_way(session, user.id)
        with acting_as(system_for(user.email)):
            record(session, "account.identity_linked", Subject("account", user.id), after={"issuer": person.issuer})
    if (user.issuer, user.subject) != (person.issuer, person.subject):
        raise _Refused("not_known", "account of another identity", user.id)
    return user


def _new_account(session: Session, settings: Settings, person: Person) -> User:
    role = settings.oidc_new_accounts
    if role is None or person.email is None:
        raise _Refused("not_known", "no such account")
    user = User(email=person.email, name=person.name, role=role, issuer=person.issuer, subject=person.subject)
    session.add(user)
    session.flush()
    told = {"email": user.email, "name": user.name, "role": role, "by": "single sign-on"}
    with acting_as(system_for(user.email)):
        record(session, "account.created", Subject("account", user.id), after=told)
    return user


def _refuse(resources: Resources, refused: _Refused) -> Finished:
    done = Finished(f"/sign-in?problem={refused.problem}", None)
    try:
        resources.attempts.count_address(client_address.get())
    except TooManyAttempts:
        return done  # anybody can come here with anything; the trail is not theirs to fill
    told = {"reason": refused.reason, "method": SignInMethod.OIDC.value}
    with resources.database.writing() as session:
        record(session, "session.refused", Subject("account", refused.account), after=told)
    return done


def _safe_path(path: str) -> str:
    """A page on this server, or the first one."""
    inside = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    place = posixpath.normpath(unquote(path.partition("?")[0].partition("#")[0]))
    return path if inside and not f"{place}/".startswith("/api/") else "/"
