"""The first administrator, and settings that a server must not be started with."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from backend.access.permissions import Permission
from backend.app import create_app
from backend.auth.first_start import FirstStart, UnsafeSettings, check_settings, prepare, reset_password, warnings
from backend.auth.passwords import verify_password
from backend.auth.repository import find_user
from backend.core.settings import Settings
from backend.db.base import now
from backend.db.migrate import upgrade
from backend.db.session import Database
from backend.db.tables import AccountLink, ApiToken, AuditEvent, User
from tests.support.accounts import SESSION, account_of, add_token, log_in, token_of
from tests.support.explainer import ColourZoo
from tests.support.people import READER
from tests.support.server import API, assert_error, resources_of

NEW = "gravel-octopus-lantern-63"
ANYBODY = "0.0.0.0"
Start = Callable[..., tuple[TestClient, FirstStart | None]]


@pytest.fixture
def empty(settings: Settings) -> Settings:
    """A data folder in which nothing is."""
    (settings.data_dir / "vitrine.sqlite3").unlink()
    return settings


@pytest.fixture
def start(empty: Settings, zoo: ColourZoo) -> Iterator[Start]:
    with ExitStack() as stack:

        def run(**changes: Any) -> tuple[TestClient, FirstStart | None]:
            told: list[FirstStart] = []
            made = Settings(**{**empty.model_dump(), **changes})
            client = TestClient(create_app(made, zoo, told.append), base_url="http://localhost")
            stack.enter_context(client)
            return client, told[0] if told else None

        yield run


@pytest.fixture
def database(empty: Settings) -> Iterator[Database]:
    upgrade(empty.resolved_database_url)
    database = Database(empty.resolved_database_url)
    yield database
    database.close()


def accounts(database: Database) -> list[User]:
    with database.reading() as session:
        return list(session.scalars(select(User)))


def test_the_first_start(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client, first = start()
    assert first is not None
    assert first.email == "admin@localhost"
    assert re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", first.password)
    assert first.password not in caplog.text  # only who starts the server is told
    assert client.get(SESSION).json()["sign_in"]["first_start"]

    account = log_in(client, first.email, first.password).json()["account"]
    assert (account["role"], account["must_change_password"]) == ("administrator", True)
    client.headers["X-Vitrine"] = "1"
    assert_error(client.get(f"{API}/people"), 403, "password_change_needed")
    body = {"current_password": first.password, "new_password": first.password}
    assert_error(client.post(f"{API}/account/password", json=body), 400, "weak_password")
    body["new_password"] = NEW
    assert client.post(f"{API}/account/password", json=body).status_code == 204
    assert client.get(f"{API}/people").status_code == 200
    assert not account_of(client)["must_change_password"]
    assert not log_in(client, "nobody@x", "x").is_success
    assert not client.get(SESSION).json()["sign_in"]["first_start"]
    assert_error(log_in(client, first.email, first.password), 401, "sign_in_refused")


def test_another_one_time_password_at_each_start(database: Database, empty: Settings) -> None:
    found = [prepare(database, empty) for _ in range(2)]
    assert all(found)
    (account,) = accounts(database)
    assert account.must_change_password
    assert found[0].password != found[1].password
    hashes = account.password_hash
    with database.writing() as session:
        find_user(session, "admin@localhost").last_sign_in_at = account.created_at
    assert prepare(database, empty) is None
    assert accounts(database)[0].password_hash == hashes
    with database.reading() as session:
        assert session.scalars(select(AuditEvent.action)).all() == ["account.created"]


def test_a_password_from_the_settings(start: Start) -> None:
    client, first = start(admin_email="It@Hospital.example", admin_password=NEW)
    assert first is None
    account = log_in(client, "it@hospital.example", NEW).json()["account"]
    assert (account["role"], account["must_change_password"]) == ("administrator", False)


def test_a_password_that_is_set_after_a_start_without(database: Database, empty: Settings) -> None:
    """Somebody who lost the one-time password sets one, and must get in with it."""
    assert prepare(database, empty) is not None
    before = accounts(database)[0].password_hash
    assert prepare(database, Settings(**{**empty.model_dump(), "admin_password": NEW})) is None
    (account,) = accounts(database)
    assert account.password_hash != before
    assert not account.must_change_password


def test_another_address_leaves_no_earlier_password_behind(database: Database, empty: Settings) -> None:
    prepare(database, empty)
    found = prepare(database, empty.model_copy(update={"admin_email": "it@hospital.example"}))
    assert found is not None
    assert [account.email for account in accounts(database)] == ["it@hospital.example"]


def test_people_of_single_sign_on_do_not_stand_in_for_the_administrator(database: Database, empty: Settings) -> None:
    """They may come first; somebody must still be able to let others in, with a password that no old log has."""
    prepare(database, empty)
    with database.writing() as session:
        early = User(email="it@hospital.example", name="Ines", role="reader", active=True, issuer="i", subject="s")
        early.last_sign_in_at = now()
        session.add(early)
    assert prepare(database, empty).email == "admin@localhost"
    found = prepare(database, empty.model_copy(update={"admin_email": "it@hospital.example"}))
    assert found.email == "it@hospital.example"
    by_email = {account.email: account for account in accounts(database)}
    assert by_email["it@hospital.example"].role == "administrator"
    assert verify_password(found.password, by_email["it@hospital.example"].password_hash)[0]
    assert by_email["admin@localhost"].password_hash is None


def test_the_settings_change_nothing_once_somebody_signed_in(start: Start) -> None:
    client, first = start()
    log_in(client, first.email, first.password)
    for changes in ({"admin_password": NEW}, {"admin_email": "it@hospital.example"}):
        client, again = start(**changes)
        assert again is None
        assert len(accounts(resources_of(client).database)) == 1
        assert log_in(client, first.email, first.password).status_code == 200


@pytest.mark.parametrize("password", ["admin", "vitrine", "changeme", "password1234", "admin@localhost", "a" * 40])
@pytest.mark.parametrize("host", [ANYBODY, "::", "192.0.2.1", "vitrine.example"])
def test_weak_passwords_are_refused_where_others_reach_the_server(
    settings: Settings, zoo: ColourZoo, host: str, password: str
) -> None:
    weak = Settings(**{**settings.model_dump(), "host": host, "admin_password": password})
    with pytest.raises(UnsafeSettings, match="VITRINE_ADMIN_PASSWORD") as caught:
        create_app(weak, zoo)
    assert not password or f"'{password}'" not in str(caught.value)


def test_weak_passwords_are_refused_behind_a_proxy(settings: Settings) -> None:
    """It runs on this machine most of the time, and what it forwards comes from others."""
    weak = Settings(**{**settings.model_dump(), "trusted_proxies": "127.0.0.1", "admin_password": "admin"})
    with pytest.raises(UnsafeSettings, match="proxy"):
        check_settings(weak)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_weak_passwords_are_told_on_this_machine(start: Start, caplog: pytest.LogCaptureFixture, host: str) -> None:
    caplog.set_level(logging.WARNING)
    client, _ = start(host=host, admin_password="weak-weak")
    assert "VITRINE_ADMIN_PASSWORD is only good enough for this machine" in caplog.text
    assert "weak-weak" not in caplog.text
    assert log_in(client, "admin@localhost", "weak-weak").status_code == 200


def test_good_passwords_are_taken_anywhere(settings: Settings) -> None:
    for host in (ANYBODY, "127.0.0.1"):
        good = Settings(**{**settings.model_dump(), "host": host, "admin_password": NEW})
        check_settings(good)
        assert not any("VITRINE_ADMIN_PASSWORD" in each for each in warnings(good))
    check_settings(settings.model_copy(update={"host": ANYBODY}))


@pytest.mark.parametrize("email", ["admin", "", "a b@c", "a@b\nc", "x" * 300 + "@y"])
def test_an_address_that_is_none(settings: Settings, zoo: ColourZoo, email: str) -> None:
    with pytest.raises(UnsafeSettings, match="VITRINE_ADMIN_EMAIL"):
        create_app(settings.model_copy(update={"admin_email": email}), zoo)


def test_without_tls(settings: Settings) -> None:
    assert warnings(settings) == []
    (found,) = warnings(settings.model_copy(update={"host": ANYBODY}))
    assert "without TLS" in found
    for safe in ({"tls_certificate": Path("a"), "tls_key": Path("b")}, {"trusted_proxies": ("192.0.2.1",)}):
        assert warnings(settings.model_copy(update={"host": ANYBODY, **safe})) == []


def test_warnings_are_logged(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    start(host=ANYBODY)
    assert [each for each in caplog.messages if "without TLS" in each]


def test_settings_keep_secrets_to_themselves(settings: Settings) -> None:
    given = Settings(**{**settings.model_dump(), "admin_password": NEW})
    assert NEW not in f"{given!r} {given} {given.model_dump_json()}"


def test_the_operator_gives_a_one_time_password(client: TestClient) -> None:
    link = client.post(f"{API}/people/{READER.id}/link").json()
    script = add_token(client, READER, [Permission.CASES_READ])
    database = resources_of(client).database
    password = reset_password(database, READER.email)
    assert password is not None
    assert client.get(f"{API}/cases", headers={"cookie": READER.headers["cookie"]}).status_code == 401
    assert client.get(f"{API}/cases", headers=script).status_code == 401
    with database.reading() as session:
        assert session.scalars(select(AccountLink)).all() == []
        assert session.scalars(select(ApiToken)).all() == []  # one of an intruder would outlive the new password
    assert token_of(link)
    assert log_in(client, READER.email, password).json()["account"]["must_change_password"]


def test_the_operator_mistypes_the_address(client: TestClient) -> None:
    database = resources_of(client).database
    before = {account.email: account.password_hash for account in accounts(database)}
    assert reset_password(database, "raeder@hospital.example") is None
    assert {account.email: account.password_hash for account in accounts(database)} == before
