"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from backend.core.settings import Settings
from backend.db.session import Database


def test_environment_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VITRINE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("VITRINE_PORT", "8123")
    monkeypatch.setenv("VITRINE_TRUSTED_HOSTS", "a.example, b.example")
    settings = Settings()
    assert settings.data_dir == tmp_path
    assert settings.port == 8123
    assert settings.trusted_hosts == ("a.example", "b.example")
    assert settings.resolved_database_url == f"sqlite:///{tmp_path}/vitrine.sqlite3"


def test_another_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINE_DATABASE_URL", "postgresql://db/vitrine")
    assert Settings().resolved_database_url == "postgresql://db/vitrine"


def test_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(("name", "value"), [("PORT", "70000"), ("MAX_PIXELS", "0"), ("LOG_LEVEL", "LOUD")])
def test_wrong_values_are_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"VITRINE_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_an_empty_secret_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """As compose files pass on variables that nobody has set."""
    monkeypatch.setenv("VITRINE_ADMIN_PASSWORD", "")
    monkeypatch.setenv("VITRINE_OIDC_CLIENT_SECRET", "")
    assert (Settings().admin_password, Settings().oidc_client_secret) == (None, None)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"tls_key": "k"}, "tls_certificate and tls_key are given together"),
        ({"tls_certificate": "c"}, "tls_certificate and tls_key are given together"),
        ({"oidc_issuer": "https://login.example"}, "oidc_client_id is missing"),
        ({"oidc_client_secret": "s", "oidc_client_secret_file": "f"}, "not both"),
    ],
)
def test_settings_that_need_each_other(given: dict[str, str], missing: str) -> None:
    with pytest.raises(ValidationError, match=missing):
        Settings(**given)


@pytest.mark.parametrize(
    ("host", "trusted", "allowed"),
    [
        ("127.0.0.1", (), ("localhost", "127.0.0.1", "::1", "127.0.0.1")),
        ("localhost", (), ("localhost", "127.0.0.1", "::1", "localhost")),
        ("0.0.0.0", (), ()),
        ("127.0.0.1", ("vitrine.example",), ("vitrine.example",)),
        ("127.0.0.1", ("*",), ()),
    ],
)
def test_hosts(host: str, trusted: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    assert Settings(host=host, trusted_hosts=trusted).allowed_hosts == allowed


def test_data_folder_with_odd_letters(tmp_path: Path) -> None:

    settings = Settings(data_dir=tmp_path / "with space?#ü")
    database = Database(settings.resolved_database_url)
    assert database.is_available()
    database.close()
    assert (tmp_path / "with space?#ü" / "vitrine.sqlite3").is_file()
