"""``vitrine audit verify``."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.audit.heads import Heads
from backend.audit.service import HEADS, Subject, record
from backend.cli.main import app
from backend.core.settings import Settings
from backend.db.migrate import upgrade
from backend.db.session import Database


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with three events."""
    monkeypatch.setenv("VITRINE_DATA_DIR", str(tmp_path / "data"))
    settings = Settings()
    upgrade(settings.resolved_database_url)
    database = Database(settings.resolved_database_url, {HEADS: Heads(settings.audit_heads_file)})
    for _ in range(3):
        with database.writing() as session:
            record(session, "case.viewed", Subject("case", "1"))
    database.close()
    return settings.data_dir


@pytest.mark.usefixtures("data_dir")
def test_an_honest_trail() -> None:
    result = CliRunner().invoke(app, ["audit", "verify"])
    assert (result.exit_code, result.stdout) == (0, "3 events, each as it was written.\n")


def test_a_changed_event_is_named(data_dir: Path) -> None:
    with sqlite3.connect(data_dir / "vitrine.sqlite3") as connection:
        connection.execute("DROP TRIGGER audit_events_stay")
        connection.execute("UPDATE audit_events SET actor = 'nobody' WHERE sequence = 2")
    connection.close()
    result = CliRunner().invoke(app, ["audit", "verify"])
    assert result.exit_code == 1
    assert result.stdout.startswith("event 2: its content does not match its hash")
    assert "1 signs" not in result.stdout
    assert "1 sign of tampering in 3 events" in result.stdout


def test_a_damaged_file_of_heads_is_told(data_dir: Path) -> None:
    (data_dir / "audit" / "heads.txt").write_text("rubbish\n")
    result = CliRunner().invoke(app, ["audit", "verify"])
    assert result.exit_code == 1
    assert "heads.txt" in result.stdout


def test_a_folder_without_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINE_DATA_DIR", str(tmp_path))
    result = CliRunner().invoke(app, ["audit", "verify"])
    assert result.exit_code == 2
    assert "VITRINE_DATA_DIR" in result.stderr


def test_a_database_from_before_there_was_a_trail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINE_DATA_DIR", str(tmp_path))
    upgrade(Settings().resolved_database_url, "0002")
    result = CliRunner().invoke(app, ["audit", "verify"])
    assert result.exit_code == 2
    assert "start the server once" in result.stderr
