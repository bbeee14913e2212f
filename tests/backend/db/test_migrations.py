"""Migrations: from nothing to the newest, back, and no difference to the tables in the code."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from backend.db.base import Base
from backend.db.migrate import DatabaseTooNew, migrating, upgrade
from tests.support.server import StartServer, resources_of


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/test.sqlite3"


def tables(url: str) -> set[str]:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {name for (name,) in rows}


def test_upgrade_from_nothing(url: str) -> None:
    upgrade(url)
    assert tables(url) == {"alembic_version", *Base.metadata.tables}
    assert len(Base.metadata.tables) > 10


def test_upgrade_again_changes_nothing(url: str) -> None:
    upgrade(url)
    upgrade(url)


def test_tables_in_the_code_are_those_of_the_migrations(url: str) -> None:
    upgrade(url)
    with migrating(url) as (config, _):
        command.check(config)  # raises when autogenerate finds a difference


def test_every_step_down_and_up_again(url: str) -> None:
    with migrating(url) as (config, _):
        revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    for revision in reversed(revisions):
        upgrade(url, revision)
        with migrating(url) as (config, _):
            command.downgrade(config, "-1")
        upgrade(url, revision)
    with migrating(url) as (config, _):
        command.downgrade(config, "base")
    assert tables(url) == {"alembic_version"}
    upgrade(url)


def test_data_sets_come_to_a_database_with_cases_and_go_again(url: str) -> None:
    upgrade(url, "0001")
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        columns = [column for _, column, *_ in connection.execute("PRAGMA table_info(model_versions)")]
        values = dict.fromkeys(columns, "x") | {"active": 1, "synthetic": 1, "created_at": "2026-01-01 00:00:00"}
        values |= {name: "{}" for name in ("metrics", "concept_set") if name in columns}
        marks = ", ".join(f":{name}" for name in columns)
        connection.execute(f"INSERT INTO model_versions VALUES ({marks})", values)
    upgrade(url)
    assert "datasets" in tables(url)
    with migrating(url) as (config, _):
        command.downgrade(config, "0001")
    assert "datasets" not in tables(url)
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        assert connection.execute("SELECT count(*) FROM model_versions").fetchone() == (1,)


def test_cases_from_before_wait_for_nobody_and_keep_an_image_only(url: str) -> None:
    upgrade(url, "0008")
    path = url.removeprefix("sqlite:///")
    names = ("id", "pseudonym", "notes", "sha256", "width", "height", "frames", "source_format", "deidentified",
             "synthetic", "image_key", "thumbnail_key", "visibility", "created_at")  # fmt: skip
    row = ("c", "P", "", "0", 1, 1, 1, "png", 1, 0, "i", "t", "open", "2026-01-01 00:00:00")
    with sqlite3.connect(path) as connection:
        connection.execute(f"INSERT INTO cases ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", row)
    upgrade(url)
    added = "values_kept, display, rendering, deidentification, review, suspects, regions, frames_key, original_key"
    with sqlite3.connect(path) as connection:
        found = connection.execute(f"SELECT {added} FROM cases").fetchone()
        assert found == (0, None, None, None, "not_needed", "[]", "[]", None, None)
        with pytest.raises(sqlite3.IntegrityError, match="ck_cases_review_known"):
            connection.execute("UPDATE cases SET review = 'perhaps'")
    with migrating(url) as (config, _):
        command.downgrade(config, "0008")
    with sqlite3.connect(path) as connection:
        assert connection.execute(f"SELECT {', '.join(names)} FROM cases").fetchone() == row


def test_names_of_dicom_files_from_before_are_cleared(url: str) -> None:
    upgrade(url, "0009")
    path = url.removeprefix("sqlite:///")
    names = ("id", "pseudonym", "notes", "sha256", "width", "height", "frames", "source_format", "deidentified",
             "synthetic", "image_key", "thumbnail_key", "visibility", "created_at", "filename")  # fmt: skip
    rows = [
        (key, "P", "", "0", 1, 1, 1, kind, 1, 0, "i", "t", "open", "2026-01-01 00:00:00", name)
        for key, kind, name in (("c", "dicom", "DOE_JANE.dcm"), ("d", "png", "lesion.png"))
    ]
    with sqlite3.connect(path) as connection:
        statement = f"INSERT INTO cases ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        connection.executemany(statement, rows)
    upgrade(url)
    asked = "SELECT filename, found, modality, body_part FROM cases ORDER BY id"
    with sqlite3.connect(path) as connection:
        found = connection.execute(asked).fetchall()
    assert found == [(None, "[]", None, None), ("lesion.png", "[]", None, None)]


@pytest.mark.parametrize("row", [("half done", None, None), ("ready", None, "1-2"), ("ready", "{}", None)])
def test_a_data_set_that_is_ready_is_described(url: str, row: tuple[str, str | None, str | None]) -> None:
    upgrade(url)
    with (
        sqlite3.connect(url.removeprefix("sqlite:///")) as connection,
        pytest.raises(sqlite3.IntegrityError, match="ck_datasets"),
    ):
        connection.execute(
            "INSERT INTO datasets (id, name, status, adapter, source, settings, info, stamp, created_at)"
            " VALUES ('1', 'pets', ?, 'folder', '/', '{}', ?, ?, '2026-01-01')",
            row,
        )


def test_revisions_form_one_line(url: str) -> None:
    with migrating(url) as (config, _):
        assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_a_newer_database_is_refused_with_advice(url: str) -> None:
    upgrade(url)
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseTooNew, match="install the version that made it"):
        upgrade(url)


def test_a_failed_migration_leaves_the_database_as_it_was(url: str) -> None:
    upgrade(url)

    def migrate() -> None:
        with migrating(url) as (config, connection):
            command.downgrade(config, "base")
            connection.exec_driver_sql("CREATE TABLE half (x)")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        migrate()
    assert "cases" in tables(url)
    assert "half" not in tables(url)


def test_rows_without_what_they_refer_to_stop_a_migration(url: str) -> None:
    upgrade(url)
    with pytest.raises(RuntimeError, match="without what they refer to"), migrating(url) as (_, connection):
        connection.exec_driver_sql(
            "INSERT INTO predictions VALUES ('p', 'no case', 'no model', 'x', 'x', 0.5, '{}', 'k', '2026-01-01', NULL)"
        )


def test_constraints_have_names(url: str) -> None:
    upgrade(url)
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        text = "".join(sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
    for name in (
        "pk_cases",
        "ck_cases_size_positive",
        "ck_cases_review_known",
        "ix_cases_owner_id_sha256",
        "fk_predictions_case_id_cases",
        "uq_model_versions_active_dataset",
        "uq_datasets_name",
        "ck_datasets_ready_described",
        "uq_concept_set_revisions_concept_set_id_number",
        "fk_concept_set_revisions_parent",
        "ix_concept_set_revisions_digest",
    ):
        assert name in text


def test_the_server_migrates_at_start(start_server: StartServer, tmp_path: Path) -> None:
    client = start_server(data_dir=tmp_path / "new" / "folder")
    url = resources_of(client).settings.resolved_database_url
    assert "cases" in tables(url)
