"""``vitrine study``: the same figures and files as the server gives, also from an exported file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from backend.cli.main import app
from backend.db.session import Database
from backend.db.study_tables import ReaderStudy
from backend.db.tables import AuditEvent
from backend.study_results import analysis, tidy
from backend.study_results.analysis import analyse
from backend.study_results.data import StudyData
from backend.study_results.document import as_json, now
from tests.support.published_study import published_study, store
from tests.support.study_data import LOCALIZATION, STUDY_ID

DATA = published_study(cases=3, tasks=[LOCALIZATION])


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "analyse", lambda data: analyse(data, 20))


@pytest.fixture
def database(tmp_path: Path, empty_trail: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A data folder with a study; commands are run in an empty folder."""
    folder = tmp_path / "data"
    folder.mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    shutil.copy(empty_trail, folder)
    monkeypatch.setenv("VITRINE_DATA_DIR", str(folder))
    made = Database(f"sqlite:///{folder / empty_trail.name}")
    yield made
    made.close()


@pytest.fixture
def closed(database: Database) -> Database:
    return put(database, DATA)


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    path = tmp_path / "study.json"
    path.write_bytes(as_json(DATA, now()))
    return path


def put(database: Database, data: StudyData) -> Database:
    with database.writing() as session:
        store(session, data)
    return database


def run(*words: str, code: int = 0) -> tuple[str, str]:
    """What it prints, and what it complains of."""
    result = CliRunner().invoke(app, ["study", *words])
    assert result.exit_code == code, result.output
    return result.stdout, result.stderr


def trail(database: Database) -> list[tuple[str, str, str | None]]:
    with database.reading() as session:
        query = select(AuditEvent).order_by(AuditEvent.sequence)
        return [(event.actor, event.action, event.after) for event in session.scalars(query)]


@pytest.mark.usefixtures("closed")
def test_list_says_what_there_is() -> None:
    said, _ = run("list")
    assert said == f"{STUDY_ID[:8]}  closed     {len(DATA.answers):>7} answers  Do maps show what they say?\n"


@pytest.mark.usefixtures("database")
def test_list_of_nothing() -> None:
    assert run("list")[0] == "There is no reader study yet.\n"


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("which", [STUDY_ID, "5555", "do maps"])
def test_results_from_the_database_and_from_a_file_are_the_same(which: str, exported: Path, tmp_path: Path) -> None:
    said, _ = run("results", which, "--json", str(tmp_path / "a.json"))
    again, _ = run("results", str(exported), "--json", str(tmp_path / "b.json"))
    assert "Human evaluation" in said
    assert "Research use only" in said

    def without_time(text: str) -> list[str]:
        return [line for line in text.splitlines() if not line.startswith(("Computed", "Written"))]

    assert without_time(said) == without_time(again)
    found = [json.loads((tmp_path / name).read_text()) for name in ("a.json", "b.json")]
    expected = json.loads(analyse(DATA, 20).model_dump_json(exclude={"computed_at"}))
    assert [{key: value for key, value in each.items() if key != "computed_at"} for each in found] == [expected] * 2


def test_exports_are_those_of_the_server_and_are_noted(closed: Database, exported: Path) -> None:
    for which in (STUDY_ID, str(exported)):
        said, _ = run("export", which)
        (path,) = Path.cwd().iterdir()
        assert said == f"Written to {path.name}\n"
        assert path.name.startswith("do-maps-show-what-they-say_protocol-v2_")
        assert path.read_bytes() == tidy.as_csv(DATA)
        path.unlink()
    (event,) = trail(closed)
    assert event == ("system", "reader_study.exported", '{"by":"operator","format":"csv"}')


@pytest.mark.usefixtures("closed")
def test_reports_go_where_they_are_told(exported: Path, tmp_path: Path) -> None:
    run("report", STUDY_ID, "--to", str(tmp_path))
    (page,) = tmp_path.glob("*_report.html")
    run("report", str(exported), "--out", str(tmp_path / "mine.pdf"))
    assert page.read_bytes().startswith(b"<!doctype html>")
    assert (tmp_path / "mine.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("closed")
def test_verify_an_honest_study(exported: Path) -> None:
    for which in (STUDY_ID, str(exported)):
        said, _ = run("verify", which)
        assert f"{len(DATA.answers)} answers fit together" in said
        assert DATA.hashes[-1] in said


def test_verify_names_what_was_changed(exported: Path) -> None:
    document = json.loads(exported.read_text())
    document["protocols"][0]["document"]["design"]["title"] = "Another"
    exported.write_text(json.dumps(document))
    said, _ = run("verify", str(exported), code=1)
    assert "Version 1 does not have the hash" in said
    assert "does not fit" in said or "do not fit" in said


def test_an_open_study_hides_its_results_from_the_operator_too_unless_asked_twice(database: Database) -> None:
    put(database, published_study(cases=2, tasks=[LOCALIZATION], status="open"))
    for words in (["results"], ["export"], ["report"]):
        assert "--while-open" in run(*words, STUDY_ID, code=2)[1]
    assert trail(database) == []
    run("results", STUDY_ID, "--while-open")
    assert [event[1] for event in trail(database)] == ["reader_study.results_viewed"]
    run("verify", STUDY_ID)


def test_what_cannot_be_found_or_used_is_said(database: Database, tmp_path: Path) -> None:
    put(database, DATA)
    with database.writing() as session:
        session.add(ReaderStudy(id="5" * 31 + "6", title="Do readers agree?", design={}))
    assert "no study 'nothing'" in run("results", "nothing", code=2)[1]
    assert "fits several" in run("results", "do ", code=2)[1]
    assert "not published" in run("results", "5" * 31 + "6", code=1)[1]
    assert "cannot read" in run("verify", str(tmp_path / "absent.json"), code=2)[1]
    (tmp_path / "other.json").write_text("{}")
    assert "no export of a reader study" in run("verify", str(tmp_path / "other.json"), code=2)[1]
    assert "no diagnosis task" in run("export", STUDY_ID, "--format", "imrmc", code=1)[1]
    assert "cannot write" in run("export", STUDY_ID, "--to", str(tmp_path / "no" / "folder.csv"), code=1)[1]


def test_no_database_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINE_DATA_DIR", str(tmp_path))
    assert "VITRINE_DATA_DIR" in run("list", code=2)[1]
    assert list(tmp_path.iterdir()) == []
