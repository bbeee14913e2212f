"""Single sign-on, through the routes that a browser takes."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from joserfc.jwk import JWKRegistry, Key
from limits import RateLimitItemPerMinute
from pydantic import SecretStr
from sqlalchemy import func, select

from backend.access.principal import SYSTEM, acting_as
from backend.auth import attempts, oidc, repository
from backend.auth import provider as provider_client
from backend.db.base import now
from backend.db.tables import AccountLink, SignInFlow, User, UserSession
from tests.support.accounts import account_of, change_row, events, row_of, written
from tests.support.people import ADMINISTRATOR, READER, become
from tests.support.provider import CLIENT_ID, JSON, Provider, consent, honest_provider, new_key, parameters, running
from tests.support.server import API, StartServer, assert_error, resources_of

START, CALLBACK = f"{API}/auth/oidc/start", f"{API}/auth/oidc/callback"
DISCOVERY = "/.well-known/openid-configuration"
VERIFIED = {"email": READER.email, "email_verified": True}
STRANGER = {"email": "stranger@elsewhere.example", "email_verified": True, "name": "Sam Stranger"}
PEOPLE: dict[str, dict[str, object]] = {
    "reader-at-provider": {**VERIFIED, "name": "Rita Reader"},
    "stranger": dict(STRANGER),
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with honest_provider(PEOPLE) as address:
        yield address


@pytest.fixture(scope="module")
def key() -> Key:
    return new_key()


@pytest.fixture
def provider(key: Key) -> Iterator[Provider]:
    """One that does what the test wants; it says that somebody is the reader."""
    with running(Provider(key)) as one:
        one.claims = dict(VERIFIED)
        yield one


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_client, "_KEPT", provider_client._Kept())
    monkeypatch.setattr(provider_client, "_SILENT_SECONDS", 0)  # for its own test


@pytest.fixture
def browser(start_server: StartServer, provider: Provider) -> TestClient:
    """Nobody's, at a server that trusts the provider."""
    return serve(start_server, provider.issuer)


def serve(start_server: StartServer, issuer: str, **changes: Any) -> TestClient:
    client = become(start_server(oidc_issuer=issuer, oidc_client_id=CLIENT_ID, **changes), None)
    client.follow_redirects = False
    return client


def at_honest(start_server: StartServer, issuer: str, **changes: Any) -> TestClient:
    """The honest provider takes any secret, but wants one."""
    return serve(start_server, issuer, oidc_client_secret=SecretStr("s3cret"), **changes)


def begin(client: TestClient, next_path: str | None = None) -> str:
    """Where the browser is sent to."""
    answer = client.get(START, params={} if next_path is None else {"next": next_path})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def land(client: TestClient, back: str) -> str:
    """Where the browser is sent to when it is back."""
    answer = client.get(back)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def sign_in(client: TestClient, provider: Provider, next_path: str | None = None) -> str:
    return land(client, provider.consent(begin(client, next_path)))


def assert_refused(client: TestClient, place: str, problem: str, reason: str) -> None:
    """The page is told the problem, the trail the reason, and nobody is signed in."""
    assert place == f"/sign-in?problem={problem}"
    assert account_of(client) is None
    last = events(client, "session.refused")[-1]
    assert json.loads(last.after) == {"reason": reason, "method": "oidc"}
    assert last.actor == "anonymous"
    assert events(client, "session.started") == []


def assert_failed(client: TestClient, provider: Provider) -> None:
    assert_refused(client, sign_in(client, provider), "provider_failed", "provider failed")


def assert_no_start(client: TestClient) -> None:
    answer = client.get(START)
    assert (answer.status_code, answer.headers["location"]) == (302, "/sign-in?problem=provider_failed")
    assert "set-cookie" not in answer.headers
    assert count(client, SignInFlow) == 0


def count(client: TestClient, table: type[Any]) -> int:
    with acting_as(SYSTEM), resources_of(client).database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def users(client: TestClient) -> int:
    return count(client, User)


# At a provider that keeps to the standard


def test_somebody_whom_the_provider_knows_is_signed_in(start_server: StartServer, issuer: str) -> None:
    client = at_honest(start_server, issuer)
    address = begin(client, "/cases/7?map=cam")
    assert address.startswith(f"{issuer}/oauth2/authorize?")
    back = consent(address, "reader-at-provider")
    assert back.startswith(f"http://localhost{CALLBACK}?")
    assert land(client, back) == "/cases/7?map=cam"
    account = account_of(client)
    assert account is not None
    assert (account["id"], account["method"]) == (READER.id, "oidc")


def test_the_first_time_links_the_account_and_the_next_ones_do_not(start_server: StartServer, issuer: str) -> None:
    client = at_honest(start_server, issuer)
    add_link(client)
    for _ in range(2):
        become(client, None)
        assert land(client, consent(begin(client), "reader-at-provider")) == "/"
    row = row_of(client, READER)
    assert (row.issuer, row.subject, row.name) == (issuer, "reader-at-provider", "Reader")
    assert count(client, AccountLink) == 0
    (event,) = events(client, "account.identity_linked")
    assert (event.actor, event.subject) == (READER.email, f"account/{READER.id}")
    assert json.loads(event.after) == {"issuer": issuer}
    assert row.password_hash is None  # nor does anybody keep a way in who took this address before
    assert become(client, READER).get(f"{API}/account/sessions").status_code == 401
    assert [event.actor for event in events(client, "session.started")] == [READER.email] * 2


def test_strangers_are_not_let_in_and_leave_no_trace(start_server: StartServer, issuer: str) -> None:
    client = at_honest(start_server, issuer)
    place = land(client, consent(begin(client), "stranger"))
    assert_refused(client, place, "not_known", "no such account")
    assert events(client, "session.refused")[-1].subject == "account/unknown"
    assert b"elsewhere.example" not in written(client)


def test_new_people_get_an_account_where_that_is_wanted(start_server: StartServer, issuer: str) -> None:
    client = at_honest(start_server, issuer, oidc_new_accounts="coordinator")
    before = users(client)
    for _ in range(2):
        become(client, None)
        assert land(client, consent(begin(client), "stranger")) == "/"
        account = account_of(client)
        assert account is not None
        assert (account["email"], account["name"]) == ("stranger@elsewhere.example", "Sam Stranger")
        assert (account["role"], account["has_password"]) == ("coordinator", False)
    assert users(client) == before + 1
    (event,) = events(client, "account.created")
    assert json.loads(event.after) == {
        "email": "stranger@elsewhere.example",
        "name": "Sam Stranger",
        "role": "coordinator",
        "by": "single sign-on",
    }


def test_whoever_cancels_can_try_again(start_server: StartServer, issuer: str) -> None:
    client = at_honest(start_server, issuer)
    assert land(client, consent(begin(client), None)) == "/sign-in?problem=expired"
    assert land(client, consent(begin(client), "reader-at-provider")) == "/"


def test_a_slash_at_the_end_of_the_setting_does_no_harm(start_server: StartServer, issuer: str) -> None:
    client = at_honest(start_server, f"{issuer}/")
    assert land(client, consent(begin(client), "reader-at-provider")) == "/"
    assert row_of(client, READER).issuer == issuer


def test_without_a_provider_there_is_no_single_sign_on(client: TestClient) -> None:
    assert_error(client.get(START), 404, "single_sign_on_off")
    assert_error(client.get(CALLBACK, params={"state": "a", "code": "b"}), 404, "single_sign_on_off")


# What is kept, sent and told


def test_the_database_keeps_only_hashes_of_what_the_browser_has(browser: TestClient) -> None:
    asked, cookie = parameters(begin(browser)), browser.cookies["vitrine_sign_in"]
    assert count(browser, SignInFlow) == 1
    assert asked["state"].encode() not in written(browser)
    assert cookie.encode() not in written(browser)
    assert len({asked["state"], asked["nonce"], asked["code_challenge"], cookie}) == 4


def test_logs_hold_no_secrets(browser: TestClient, provider: Provider, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="backend")
    assert sign_in(browser, provider) == "/"
    provider.claims["aud"] = "somebody-else"
    sign_in(browser, provider)
    used = provider.forms[-1]["code"]
    state = parameters(begin(browser))["state"]
    land(browser, f"{CALLBACK}?{urlencode({'code': used, 'state': state})}")  # the provider repeats it in its answer
    assert "Invalid claim: 'aud'" in caplog.text
    assert "invalid_grant" in caplog.text
    secrets = [form[name] for form in provider.forms for name in ("code", "code_verifier")]
    for secret in [*secrets, *provider.tokens, "access-1", state]:
        assert secret not in caplog.text


@pytest.mark.parametrize(
    ("methods", "expected"), [(None, "header"), (["client_secret_post"], "form"), (["client_secret_basic"], "header")]
)
def test_the_clients_secret_is_sent_as_the_provider_wants_it(
    start_server: StartServer, provider: Provider, tmp_path: Path, methods: list[str] | None, expected: str
) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    provider.metadata["token_endpoint_auth_methods_supported"] = methods
    client = serve(start_server, provider.issuer, oidc_client_secret_file=tmp_path / "secret")
    assert sign_in(client, provider) == "/"
    header = "Basic dml0cmluZTpzM2NyZXQ="  # vitrine:s3cret
    sent = (provider.authorizations[-1], provider.forms[-1].get("client_secret"))
    assert sent == ((header, None) if expected == "header" else ("", "s3cret"))


def test_the_secret_may_stand_in_the_settings(start_server: StartServer, provider: Provider) -> None:
    client = serve(start_server, provider.issuer, oidc_client_secret=SecretStr("s3cret"))
    assert sign_in(client, provider) == "/"
    assert provider.authorizations == ["Basic dml0cmluZTpzM2NyZXQ="]


def test_a_public_client_sends_its_name_and_no_secret(browser: TestClient, provider: Provider) -> None:
    assert sign_in(browser, provider) == "/"
    (form,) = provider.forms
    assert (form["client_id"], provider.authorizations) == (CLIENT_ID, [""])
    assert "client_secret" not in form


def test_a_secret_that_cannot_be_read_stops_at_the_start(
    start_server: StartServer, provider: Provider, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert_no_start(serve(start_server, provider.issuer, oidc_client_secret_file=tmp_path / "missing"))
    assert "VITRINE_OIDC_CLIENT_SECRET_FILE" in caplog.text


@pytest.mark.parametrize(("kind", "algorithm"), [("RSA", "PS256"), ("EC", "ES256"), ("OKP", "EdDSA")])
def test_other_signatures_hold_too(browser: TestClient, provider: Provider, kind: str, algorithm: str) -> None:
    provider.key, provider.algorithm = new_key(kind), algorithm
    odd = [{"kty": "AKP", "kid": "of-tomorrow"}, {"kty": "EC", "crv": "P-999", "x": "a", "y": "b"}]
    provider.published = [*odd, dict(provider.key.as_dict(private=False))]
    assert sign_in(browser, provider) == "/"


def test_what_the_provider_publishes_is_asked_for_once(
    browser: TestClient, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        assert sign_in(browser, provider) == "/"
    assert (provider.asked[DISCOVERY], provider.asked["/keys"]) == (1, 1)
    until = time.monotonic() + 3601
    monkeypatch.setattr("backend.auth.provider.time.monotonic", lambda: until)
    assert sign_in(browser, provider) == "/"
    assert (provider.asked[DISCOVERY], provider.asked["/keys"]) == (2, 2)


def test_a_new_key_is_fetched_once(browser: TestClient, provider: Provider) -> None:
    assert sign_in(browser, provider) == "/"
    provider.rotate()
    assert sign_in(browser, provider) == "/"
    assert provider.asked["/keys"] == 2
    provider.key = new_key()  # published nowhere
    assert sign_in(browser, provider) == "/sign-in?problem=provider_failed"
    assert provider.asked["/keys"] == 3


def test_a_bad_description_is_not_kept(browser: TestClient, provider: Provider) -> None:
    provider.answers[DISCOVERY] = (200, JSON, b"{}")
    assert_no_start(browser)
    provider.answers.clear()
    assert sign_in(browser, provider) == "/"


# Whose account it is


def test_an_address_that_is_not_verified_is_nobodys(start_server: StartServer, provider: Provider) -> None:
    client = serve(start_server, provider.issuer, oidc_new_accounts="reader")
    before = users(client)
    for verified in (False, None, "true", 1):
        provider.claims["email_verified"] = verified
        assert_refused(client, sign_in(client, provider), "not_known", "no such account")
        assert (users(client), row_of(client, READER).issuer) == (before, None)


def test_letters_in_an_address_may_be_large(browser: TestClient, provider: Provider) -> None:
    provider.claims["email"] = "READER@Hospital.example"
    assert sign_in(browser, provider) == "/"
    assert row_of(browser, READER).subject == "subject-1"


def test_a_look_alike_address_is_another(browser: TestClient, provider: Provider) -> None:
    change_row(browser, READER, email="kim@hospital.example")
    provider.claims["email"] = "\N{KELVIN SIGN}im@hospital.example"
    assert_refused(browser, sign_in(browser, provider), "not_known", "no such account")
    provider.claims["email"] = "Kim@hospital.example"
    assert sign_in(browser, provider) == "/"


def test_a_new_address_at_the_provider_changes_nothing(browser: TestClient, provider: Provider) -> None:
    assert sign_in(browser, provider) == "/"
    provider.claims |= {"email": ADMINISTRATOR.email}
    assert sign_in(browser, provider) == "/"
    account = account_of(browser)
    assert account is not None
    assert account["id"] == READER.id
    assert row_of(browser, ADMINISTRATOR).issuer is None


def test_an_account_has_one_identity(browser: TestClient, provider: Provider) -> None:
    change_row(browser, READER, issuer=provider.issuer, subject="somebody-before")
    assert_refused(browser, sign_in(browser, provider), "not_known", "account of another identity")
    assert row_of(browser, READER).subject == "somebody-before"


def test_the_same_subject_of_another_provider_is_somebody_else(browser: TestClient, provider: Provider) -> None:
    change_row(browser, READER, issuer="https://login.elsewhere.example", subject="subject-1")
    provider.claims = {}
    assert_refused(browser, sign_in(browser, provider), "not_known", "no such account")


@pytest.mark.parametrize("linked", [False, True])
def test_whoever_was_deactivated_stays_out(browser: TestClient, provider: Provider, linked: bool) -> None:
    identity = {"issuer": provider.issuer, "subject": "subject-1"} if linked else {}
    change_row(browser, READER, active=False, **identity)
    add_link(browser)
    assert_refused(browser, sign_in(browser, provider), "not_active", "not active")
    assert events(browser, "session.refused")[-1].subject == f"account/{READER.id}"
    assert (row_of(browser, READER).issuer is not None) == linked
    assert count(browser, AccountLink) == 1


def test_a_refused_sign_in_changes_nothing(
    browser: TestClient, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linking and the session are one transaction."""

    def stop(*_: object) -> None:
        raise oidc._Refused("not_known", "stopped")

    monkeypatch.setattr(oidc, "open_session", stop)
    assert_refused(browser, sign_in(browser, provider), "not_known", "stopped")
    assert row_of(browser, READER).issuer is None
    assert events(browser, "account.identity_linked") == []


def test_a_name_that_is_none_comes_from_the_address(start_server: StartServer, provider: Provider) -> None:
    client = serve(start_server, provider.issuer, oidc_new_accounts="reader")
    for index, name in enumerate((None, "", "two\nlines", "x" * 121, ["Rita"])):
        provider.claims = {"sub": f"s{index}", "email": f"p{index}@a.example", "email_verified": True, "name": name}
        assert sign_in(client, provider) == "/"
        account = account_of(client)
        assert account is not None
        assert account["name"] == f"p{index}"


def test_two_at_once_make_one_account(
    start_server: StartServer, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve(start_server, provider.issuer, oidc_new_accounts="reader")
    provider.claims = dict(STRANGER)
    assert sign_in(client, provider) == "/"
    before, find = users(client), repository.find_identity
    seen = iter([None])
    monkeypatch.setattr(repository, "find_identity", lambda *args: next(seen, find(*args)))
    monkeypatch.setattr(repository, "find_user", lambda *_: None)  # as the database was before the other one's commit
    assert sign_in(client, provider) == "/"
    assert next(seen, "used") == "used"
    assert users(client) == before


def test_the_address_may_stand_in_the_user_info(browser: TestClient, provider: Provider) -> None:
    provider.metadata["userinfo_endpoint"] = f"{provider.issuer}/userinfo"
    provider.claims = {}
    provider.user_info = {"sub": "subject-2", **VERIFIED}
    assert_failed(browser, provider)
    provider.user_info["sub"] = "subject-1"
    assert sign_in(browser, provider) == "/"
    assert row_of(browser, READER).subject == "subject-1"


# Where the browser goes afterwards


ELSEWHERE = [
    "//elsewhere.example",
    "///elsewhere.example",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "https://elsewhere.example/",
    "javascript:alert(1)",
    "elsewhere.example",
    "/\t/elsewhere.example",
    "/\n/elsewhere.example",
    "/cases\r\nSet-Cookie: a=b",
    "/\x00",
    "",
    "/api/v1/auth/oidc/start",
    "/api",
    "/./api/v1/cases",
    "/a/../api/v1/cases",
    "/%61pi/v1/cases",
]


def test_nobody_is_sent_elsewhere(browser: TestClient, provider: Provider) -> None:
    ended = {path: sign_in(browser, provider, path) for path in ELSEWHERE}
    assert ended == dict.fromkeys(ELSEWHERE, "/")


def test_pages_of_ours_are_returned_to(browser: TestClient, provider: Provider) -> None:
    for path in ("/", "/cases", "/cases/7?a=//b#c", "/apian", "/models?next=/api/v1"):
        assert sign_in(browser, provider, path) == path


# Flows that are not the browser's own


def test_an_answer_works_once(browser: TestClient, provider: Provider) -> None:
    back = provider.consent(begin(browser))
    cookie = browser.cookies["vitrine_sign_in"]
    assert land(browser, back) == "/"
    assert "vitrine_sign_in" not in browser.cookies
    again = browser.get(back, headers={"cookie": f"vitrine_sign_in={cookie}"})
    assert again.headers["location"] == "/sign-in?problem=expired"
    assert "vitrine_session" not in again.headers["set-cookie"]
    assert len(events(browser, "session.started")) == 1
    assert provider.asked["/token"] == 1


def test_an_answer_for_another_browser_is_refused(browser: TestClient, provider: Provider) -> None:
    """Somebody who sends their own answer to others would have these work in their account."""
    back = provider.consent(begin(browser))
    browser.cookies.clear()
    assert_refused(browser, land(browser, back), "expired", "another browser")
    back = provider.consent(begin(browser))
    begin(browser)  # and has another cookie now
    assert_refused(browser, land(browser, back), "expired", "another browser")
    assert provider.asked["/token"] == 0


def test_a_refused_answer_is_used_up(browser: TestClient, provider: Provider) -> None:
    back = provider.consent(begin(browser))
    cookie = browser.cookies["vitrine_sign_in"]
    browser.cookies.clear()
    land(browser, back)
    again = browser.get(back, headers={"cookie": f"vitrine_sign_in={cookie}"})
    assert_refused(browser, again.headers["location"], "expired", "no such flow")


def test_whoever_takes_too_long_starts_again(browser: TestClient, provider: Provider) -> None:
    back = provider.consent(begin(browser))
    with acting_as(SYSTEM), resources_of(browser).database.writing() as session:
        flow = session.scalars(select(SignInFlow)).one()
        assert timedelta(seconds=595) < flow.expires_at - now() <= timedelta(seconds=600)
        flow.expires_at = now()
    assert_refused(browser, land(browser, back), "expired", "no such flow")
    assert provider.asked["/token"] == 0


def test_an_answer_nobody_asked_for(browser: TestClient) -> None:
    for query in ("", "?code=a", "?state=a", "?state=a&code=b", "?error=access_denied"):
        assert_refused(browser, land(browser, f"{CALLBACK}{query}"), "expired", "no such flow")


ANSWERS: list[tuple[dict[str, str], str, str]] = [
    ({"error": "access_denied"}, "expired", "cancelled"),
    ({"error": "access_denied", "code": "a"}, "expired", "cancelled"),
    ({}, "expired", "cancelled"),
    ({"error": "invalid_scope"}, "provider_failed", "provider failed"),
    ({"error": "server_error", "code": "a"}, "provider_failed", "provider failed"),
]


def test_an_answer_without_a_code(browser: TestClient, provider: Provider) -> None:
    for answer, problem, reason in ANSWERS:
        state = parameters(begin(browser))["state"]
        place = land(browser, f"{CALLBACK}?{urlencode({'state': state, **answer})}")
        assert_refused(browser, place, problem, reason)
    assert provider.asked["/token"] == 0


def test_a_code_works_once(browser: TestClient, provider: Provider) -> None:
    back = provider.consent(begin(browser))
    assert land(browser, back) == "/"
    become(browser, None)
    state = parameters(begin(browser))["state"]
    place = land(browser, f"{CALLBACK}?{urlencode({'state': state, 'code': parameters(back)['code']})}")
    assert place == "/sign-in?problem=provider_failed"
    assert account_of(browser) is None
    assert provider.asked["/token"] == 2


def test_a_code_of_somebody_else_is_refused(browser: TestClient, provider: Provider) -> None:
    """PKCE: a stolen code is worth nothing in another flow."""
    stolen = parameters(provider.consent(begin(browser)))["code"]
    state = parameters(begin(browser))["state"]
    place = land(browser, f"{CALLBACK}?{urlencode({'state': state, 'code': stolen})}")
    assert_refused(browser, place, "provider_failed", "provider failed")


def test_starts_are_counted(browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "PER_ADDRESS", RateLimitItemPerMinute(2, 15))
    begin(browser)
    begin(browser)
    assert browser.get(START).headers["location"] == "/sign-in?problem=too_many_attempts"
    assert count(browser, SignInFlow) == 2


def test_strangers_cannot_fill_the_trail(browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "PER_ADDRESS", RateLimitItemPerMinute(2, 15))
    for _ in range(5):
        assert land(browser, f"{CALLBACK}?state=a&code=b") == "/sign-in?problem=expired"
    assert len(events(browser, "session.refused")) == 2


# Tokens that do not hold


def test_a_token_without_signature(browser: TestClient, provider: Provider) -> None:
    provider.forge = provider.unsigned
    assert_failed(browser, provider)


@pytest.mark.parametrize("secret", ["key", "client"])
def test_a_token_signed_with_what_others_know(start_server: StartServer, provider: Provider, secret: str) -> None:
    client = serve(start_server, provider.issuer, oidc_client_secret=SecretStr("s3cret"))
    known = provider.key.as_pem(private=False) if secret == "key" else b"s3cret"
    provider.published.append({"kty": "oct", "kid": provider.key.kid, "k": "czNjcmV0"})
    provider.forge = lambda claims: provider.with_secret(claims, known)
    assert_failed(client, provider)


def test_a_token_signed_with_another_key(browser: TestClient, provider: Provider) -> None:
    other = Provider(new_key())
    other.key = JWKRegistry.import_key({**other.key.as_dict(private=True), "kid": str(provider.key.kid)})
    provider.forge = other.sign
    assert_failed(browser, provider)


def test_a_token_that_was_changed(browser: TestClient, provider: Provider) -> None:
    def forge(claims: dict[str, Any]) -> str:
        head, _, signature = provider.sign({**claims, "sub": "somebody-else"}).split(".")
        return ".".join([head, provider.sign(claims).split(".")[1], signature])

    provider.forge = forge
    assert_failed(browser, provider)


def moments(**seconds: int) -> dict[str, Any]:
    return {name: int(time.time()) + offset for name, offset in seconds.items()}


FOREIGN: list[dict[str, Any]] = [
    {"nonce": "another"},
    {"nonce": None},
    {"nonce": ["another"]},
    {"aud": "somebody-else"},
    {"aud": None},
    {"aud": []},
    {"aud": {"vitrine": 1}},
    {"aud": [CLIENT_ID, "somebody-else"]},
    {"aud": [CLIENT_ID, "somebody-else"], "azp": "somebody-else"},
    {"azp": "somebody-else"},
    {"iss": "https://login.elsewhere.example"},
    {"iss": None},
    {"iss": ""},
    {"sub": None},
    {"sub": ""},
    {"sub": 17},
    {"sub": "x" * 256},
    {"sub": "nul\x00"},
    {"exp": None},
    {"exp": "soon"},
    {"iat": None},
    {"iat": [1]},
    {"at_hash": "of-another-token"},
]


def test_claims_that_are_not_for_us(browser: TestClient, provider: Provider) -> None:
    ended = []
    for claims in FOREIGN:
        provider.claims = {**VERIFIED, **claims}
        ended.append((claims, sign_in(browser, provider)))
    assert ended == [(claims, "/sign-in?problem=provider_failed") for claims in FOREIGN]
    assert events(browser, "session.started") == []


def test_a_token_of_another_time(browser: TestClient, provider: Provider) -> None:
    for offset in ({"exp": -61}, {"iat": 90}, {"nbf": 90}):
        provider.claims = VERIFIED | moments(**offset)
        assert_failed(browser, provider)


def test_clocks_may_differ_a_little(browser: TestClient, provider: Provider) -> None:
    provider.claims |= moments(exp=-30, iat=30)
    assert sign_in(browser, provider) == "/"


def test_the_issuers_last_slash_counts_in_a_token(browser: TestClient, provider: Provider) -> None:
    provider.claims["iss"] = f"{provider.issuer}/"
    assert_failed(browser, provider)


def test_further_audiences_are_fine_if_the_token_is_ours(browser: TestClient, provider: Provider) -> None:
    provider.claims |= {"aud": [CLIENT_ID, "somebody-else"], "azp": CLIENT_ID}
    assert sign_in(browser, provider) == "/"


# Providers that fail


def answer_of(content: bytes, status: int = 200, kind: str = JSON) -> tuple[int, str, bytes]:
    return status, kind, content


BROKEN = {
    "page": answer_of(b"<html>Welcome</html>", kind="text/html"),
    "failure": answer_of(b'{"error": "server_error"}', 500),
    "failure that is no JSON": answer_of(b"<html>Oops</html>", 502, "text/html"),
    "nothing": answer_of(b""),
    "list": answer_of(b"[]"),
    "null": answer_of(b"null"),
    "deep": answer_of(b"[" * 200_000),
    "no text": answer_of(b"\xff\xfe\x00"),
    "another document": answer_of(b'{"keys": 5, "id_token": 5, "issuer": []}'),
    "huge": answer_of(b"{" + b" " * (1024 * 1024) + b"}"),
}


@pytest.mark.parametrize("path", [DISCOVERY, "/keys", "/token"])
def test_answers_that_are_none(browser: TestClient, provider: Provider, path: str) -> None:
    for broken in BROKEN.values():
        provider.answers[path] = broken
        if path == DISCOVERY:
            assert_no_start(browser)
        else:
            assert_failed(browser, provider)


@pytest.mark.parametrize("path", [DISCOVERY, "/keys", "/token"])
def test_right_answers_that_are_too_long(browser: TestClient, provider: Provider, path: str) -> None:
    """The very same with fewer spaces works, so nothing but the length is refused."""
    right = provider.answer

    def long(asked: str, form: str, authorization: str) -> tuple[int, str, bytes]:
        status, kind, content = right(asked, form, authorization)
        return status, kind, content + b" " * (spaces if asked == path else 0)

    provider.answer = long  # type: ignore[assignment]
    spaces = 1024 * 1024
    if path == DISCOVERY:
        assert_no_start(browser)
    else:
        assert_failed(browser, provider)
    spaces = 1000 * 1000
    assert sign_in(browser, provider) == "/"


@pytest.mark.parametrize("path", [DISCOVERY, "/keys", "/token"])
def test_right_answers_with_a_wrong_status(browser: TestClient, provider: Provider, path: str) -> None:
    right = provider.answer

    def failing(asked: str, form: str, authorization: str) -> tuple[int, str, bytes]:
        status, kind, content = right(asked, form, authorization)
        return 500 if asked == path else status, kind, content

    provider.answer = failing  # type: ignore[assignment]
    if path == DISCOVERY:
        assert_no_start(browser)
    else:
        assert_failed(browser, provider)


def test_a_provider_that_takes_forever(
    browser: TestClient, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_client, "_WAIT_SECONDS", 0.3)
    provider.pause = 0.05  # each byte in time, all of them not
    began = time.monotonic()
    assert_no_start(browser)
    assert time.monotonic() - began < 3


def test_a_provider_that_is_down(start_server: StartServer, key: Key) -> None:
    with running(Provider(key)) as provider:
        client = serve(start_server, provider.issuer)
        back = provider.consent(begin(client))
    assert_refused(client, land(client, back), "provider_failed", "provider failed")
    provider_client._KEPT = provider_client._Kept()
    assert client.get(START).headers["location"] == "/sign-in?problem=provider_failed"


def test_redirects_are_not_followed(browser: TestClient, provider: Provider, key: Key) -> None:
    """Elsewhere stands what would be right."""
    with running(Provider(key)) as other:
        other.metadata = provider._describe()
        provider.answers[DISCOVERY] = (302, f"{other.issuer}{DISCOVERY}", b"")
        assert_no_start(browser)
        assert other.asked[DISCOVERY] == 0


def test_a_provider_that_says_it_is_another(browser: TestClient, provider: Provider) -> None:
    for name in ("https://login.elsewhere.example", f"{provider.issuer}//", f"{provider.issuer}/realm", None):
        provider.metadata["issuer"] = name
        assert_no_start(browser)


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_addresses_that_are_none(browser: TestClient, provider: Provider, name: str) -> None:
    for address in (None, 5, "", "javascript:alert(1)", "http://login.hospital.example/x"):
        provider.metadata[name] = address
        assert_no_start(browser)


def test_a_provider_that_is_silent_is_not_asked_by_everybody(
    browser: TestClient, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_client, "_SILENT_SECONDS", 60)
    provider.answers[DISCOVERY] = (500, JSON, b"{}")
    assert_no_start(browser)
    provider.answers.clear()
    assert_no_start(browser)  # it would answer now, but is not asked
    monkeypatch.setattr(provider_client._KEPT, "_silent", {})
    assert sign_in(browser, provider) == "/"


def test_addresses_are_only_trusted_without_verification_where_the_site_says_so(
    start_server: StartServer, provider: Provider
) -> None:
    del provider.claims["email_verified"]
    assert sign_in(serve(start_server, provider.issuer), provider) == "/sign-in?problem=not_known"
    assert sign_in(serve(start_server, provider.issuer, oidc_trust_email=True), provider) == "/"


def test_only_this_machine_is_asked_without_https(
    start_server: StartServer, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("backend.auth.provider.httpx.stream", lambda _method, address, **_: asked.append(address))
    assert_no_start(serve(start_server, "http://login.hospital.example"))
    assert asked == []


def test_user_info_is_only_asked_for_with_https(browser: TestClient, provider: Provider) -> None:
    for address in ("http://login.hospital.example/userinfo", 5):
        provider.metadata["userinfo_endpoint"] = address
        provider.claims = {}
        provider_client._KEPT = provider_client._Kept()
        assert_failed(browser, provider)


def test_sessions_are_opened_with_the_browsers_cookie(browser: TestClient, provider: Provider) -> None:
    assert sign_in(browser, provider) == "/"
    become(browser, None)
    before = count(browser, UserSession)
    answer: Response = browser.get(provider.consent(begin(browser)))
    (cookie,) = [each for each in answer.headers.get_list("set-cookie") if each.startswith("vitrine_session=")]
    assert {"HttpOnly", "SameSite=strict"} <= set(cookie.split("; "))
    assert count(browser, UserSession) == before + 1


def test_with_tls_no_host_beside_this_one_can_plant_the_flows_cookie(
    start_server: StartServer, provider: Provider
) -> None:
    client = serve(start_server, provider.issuer)
    for scheme, name in (("http", "vitrine_sign_in"), ("https", "__Host-vitrine_sign_in")):
        answer = client.get(f"{scheme}://localhost{START}")
        parts = answer.headers["set-cookie"].split("; ")
        assert parts[0].startswith(f"{name}=")
        assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(parts)
        assert ("Secure" in parts) is (scheme == "https")
        assert "prompt=select_account" in answer.headers["location"]


def add_link(client: TestClient) -> None:
    """The reader has an invitation still."""
    with acting_as(SYSTEM), resources_of(client).database.writing() as session:
        link = AccountLink(
            user_id=READER.id, purpose="invitation", token_hash="0" * 64, expires_at=now() + timedelta(days=1)
        )
        session.add(link)
