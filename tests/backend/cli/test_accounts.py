"""``vitrine accounts``: the way back in."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from backend.auth.passwords import verify_password
from backend.cli.main import app
from backend.db.session import Database
from backend.db.tables import AuditEvent, User, UserSession
from tests.support.people import PEOPLE, READER


@pytest.fixture
def database(tmp_path: Path, empty_trail: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(empty_trail, folder)
    monkeypatch.setenv("VITRINE_DATA_DIR", str(folder))
    return Database(f"sqlite:///{folder / empty_trail.name}")


@pytest.mark.usefixtures("database")
def test_list_shows_everybody() -> None:
    result = CliRunner().invoke(app, ["accounts", "list"])
    assert result.exit_code == 0
    assert [line.split()[:2] for line in result.stdout.splitlines()] == sorted(
        [person.email, person.role.value] for person in PEOPLE
    )


def test_reset_lets_somebody_in_again_and_everybody_else_out(database: Database) -> None:
    with database.writing() as session:
        session.get(User, READER.id).active = False
    result = CliRunner().invoke(app, ["accounts", "reset", READER.email.upper()])
    assert result.exit_code == 0
    password = result.stdout.split()[-1]
    with database.reading() as session:
        user = session.get(User, READER.id)
        assert user.active
        assert user.must_change_password
        assert verify_password(password, user.password_hash)[0]
        assert session.scalars(select(UserSession).where(UserSession.user_id == READER.id)).all() == []
        (event,) = session.scalars(select(AuditEvent))
    assert (event.actor, event.action, event.subject) == ("system", "account.password_set", f"account/{READER.id}")
    assert json.loads(event.after) == {"active": True, "by": "operator"}
    assert password not in event.after


@pytest.mark.usefixtures("database")
def test_an_unknown_address_is_said() -> None:
    result = CliRunner().invoke(app, ["accounts", "reset", "nobody@hospital.example"])
    assert result.exit_code == 2
    assert "vitrine accounts list" in result.stderr


def test_no_database_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINE_DATA_DIR", str(tmp_path))
    result = CliRunner().invoke(app, ["accounts", "list"])
    assert result.exit_code == 2
    assert "VITRINE_DATA_DIR" in result.stderr
    assert list(tmp_path.iterdir()) == []
