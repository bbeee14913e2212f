"""What the identity provider says, and whether to believe it."""

from __future__ import annotations

import json
import logging
import time
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

import httpx
from authlib.common.security import is_secure_transport  # type: ignore[import-untyped]
from authlib.oauth2.client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet
from pydantic import TypeAdapter, ValidationError

from backend.auth.errors import ProviderFailed
from backend.auth.schemas import Email, PersonName
from backend.core.settings import MIB, Settings
from backend.db.tables import SignInFlow

logger = logging.getLogger(__name__)

_Document = dict[str, Any]
_T = TypeVar("_T")

# Only where the provider alone has the key that signs: not "none", not HS256.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_KEEP_SECONDS = 3600.0
_SILENT_SECONDS = 5.0
_WAIT_SECONDS = 10.0
_READ_AT_MOST = MIB
_LEEWAY_SECONDS = 60  # between the provider's clock and ours
# What libraries raise for answers that are none, besides errors of their own.
_MALFORMED = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Person:
    """Who somebody is at the provider; ``email`` is None unless the provider has verified it."""

    issuer: str
    subject: str
    email: str | None
    name: str


def identify(settings: Settings, callback: str, code: str, flow: SignInFlow) -> Person:
    """Exchanges the code for what the provider says of somebody. Raises ``ProviderFailed``."""
    provider = read_provider(settings.oidc_issuer or "")
    client = make_client(settings, provider, callback)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback, "code_verifier": flow.verifier}
    auth = client.client_auth(client.token_endpoint_auth_method)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    tokens = _ask(*auth.prepare("POST", provider["token_endpoint"], kind, urlencode(form)))
    access = tokens.get("access_token")
    params = {"nonce": flow.nonce, "client_id": settings.oidc_client_id, "access_token": access}
    told = _verify(provider, tokens.get("id_token"), params)
    if "email" not in told and "userinfo_endpoint" in provider and isinstance(access, str):
        more = _ask(str(provider["userinfo_endpoint"]), {"Authorization": f"Bearer {access}"})
        if more.get("sub") != told["sub"]:
            raise failure("the user info is about somebody else")
        told = {**told, **more}
    verified = told.get("email_verified") is True or settings.oidc_trust_email
    email = _valid(Email, told.get("email")) if verified else None
    if email and not unicodedata.is_normalized("NFKC", told["email"]):  # the Kelvin sign is no k
        email = None
    name = _valid(PersonName, told.get("name")) or (email or "").partition("@")[0][:120]
    return Person(provider["issuer"], told["sub"], email, name)


def _verify(provider: _Document, token: object, params: _Document) -> _Document:
    if not isinstance(token, str):
        raise failure("there is no ID token")
    wanted = {"iss": {"value": provider["issuer"]}, "aud": {"value": params["client_id"]}}
    try:
        try:
            decoded = jwt.decode(token, _KEPT.get(provider["jwks_uri"], _read_keys), _ALGORITHMS)
        except InvalidKeyIdError:  # the provider has new keys
            decoded = jwt.decode(token, _KEPT.get(provider["jwks_uri"], _read_keys, fresh=True), _ALGORITHMS)
        claims = CodeIDToken(decoded.claims, decoded.header, wanted, params)
        claims.validate(leeway=_LEEWAY_SECONDS)
        if not (0 < len(claims["sub"]) <= 255 and claims["sub"].isascii() and claims["sub"].isprintable()):
            raise ValueError("sub")
    except JoseError as error:
        raise failure(f"the ID token does not hold: {str(error)[:200]!r}") from error
    except _MALFORMED as error:
        raise failure(f"the ID token cannot be read ({type(error).__name__})") from error
    return dict(claims)


class _Kept:
    """What the provider publishes, as it was understood, for an hour."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[float, Any]] = {}
        self._silent: dict[str, float] = {}

    def get(self, address: str, read: Callable[[_Document], _T], fresh: bool = False) -> _T:
        until, found = self._found.get(address, (0.0, None))
        if fresh or until <= time.monotonic():
            if self._silent.get(address, 0.0) > time.monotonic():
                raise failure(f"{address[:200]!r} did not answer a moment ago")
            try:
                found = read(_ask(address))
            except ProviderFailed:  # everybody who tries would otherwise hold a thread as long as one waits
                self._silent[address] = time.monotonic() + _SILENT_SECONDS
                raise
            self._found[address] = (time.monotonic() + _KEEP_SECONDS, found)
        return cast("_T", found)


_KEPT = _Kept()


def read_provider(issuer: str) -> _Document:
    """Its metadata. Raises ``ProviderFailed``."""
    base = issuer.rstrip("/")

    def read(found: _Document) -> _Document:
        if found.get("issuer") not in (base, f"{base}/"):
            raise failure(f"it calls itself {str(found.get('issuer'))[:200]!r}, VITRINE_OIDC_ISSUER does not")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not is_secure_transport(str(found.get(name))):
                raise failure(f"its metadata has no {name} with HTTPS")
        return found

    return _KEPT.get(f"{base}/.well-known/openid-configuration", read)


def _read_keys(found: _Document) -> KeySet:
    keys: list[Key] = []
    for each in found.get("keys") or ():
        with suppress(JoseError, *_MALFORMED):  # one of a kind that we do not know; the others may do
            keys.append(JWKRegistry.import_key(each))
    return KeySet(keys)


def make_client(settings: Settings, provider: _Document, callback: str) -> OAuth2Client:
    secret = settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else None
    if settings.oidc_client_secret_file:
        try:
            secret = settings.oidc_client_secret_file.read_text().strip()
        except (OSError, ValueError) as error:
            raise failure(f"VITRINE_OIDC_CLIENT_SECRET_FILE cannot be read ({type(error).__name__})") from error
    methods = str(provider.get("token_endpoint_auth_methods_supported") or "client_secret_basic")
    method = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
    return OAuth2Client(
        None,
        settings.oidc_client_id,
        secret,
        method if secret else "none",
        scope="openid email profile",
        redirect_uri=callback,
        code_challenge_method="S256",
    )


def _ask(address: str, headers: Mapping[str, str] | None = None, form: str | None = None) -> _Document:
    """A JSON object, bounded in time and size; redirects are not followed. Raises ``ProviderFailed``."""
    content, until = b"", time.monotonic() + _WAIT_SECONDS
    sent = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
    try:
        if not is_secure_transport(address):
            raise ValueError("not HTTPS")
        with httpx.stream(
            "GET" if form is None else "POST", address, headers=sent, content=form, timeout=_WAIT_SECONDS
        ) as answer:
            for piece in answer.iter_raw():
                content += piece
                if len(content) > _READ_AT_MOST or time.monotonic() > until:
                    raise ValueError("too much or too slow")
        found = json.loads(content)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, *_MALFORMED) as error:
        raise failure(f"{address[:200]!r} gives no answer that can be read ({type(error).__name__})") from error
    if answer.status_code != 200 or not isinstance(found, dict):
        said = found.get("error") if isinstance(found, dict) else None  # not its description: that may repeat the code
        raise failure(f"{address[:200]!r} answers {answer.status_code} {str(said)[:100]!r}")
    return found


def failure(reason: str) -> ProviderFailed:
    logger.warning("single sign-on: the provider fails: %s", reason)
    return ProviderFailed()


def _valid(kind: Any, value: object) -> str | None:
    try:
        return str(TypeAdapter(kind).validate_python(value, strict=True))
    except ValidationError:
        return None
