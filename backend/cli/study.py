"""``vitrine study``: what reader studies found, from the server's data folder or from an exported file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

import typer

from backend.cli.console import fail, read_settings

if TYPE_CHECKING:
    from backend.db.session import Database
    from backend.db.study_tables import ReaderStudy
    from backend.study_results.data import StudyData

study = typer.Typer(no_args_is_help=True, help="Reader studies: results, exports and reports.")

_SHORTEST = 4  # letters of an id that are taken for one
Which = Annotated[
    str, typer.Argument(metavar="STUDY", help="Id, beginning of the id or of the title, or an exported JSON file.")
]
WhileOpen = Annotated[
    bool,
    typer.Option("--while-open", help="Also of a study that is open and hides its results; the audit trail has it."),
]
To = Annotated[
    Path | None, typer.Option("--out", "--to", metavar="PATH", help="File or folder; by default this folder.")
]


class FileForm(StrEnum):
    """What answers can be exported as."""

    CSV = "csv"
    DICTIONARY = "dictionary"
    JSON = "json"
    IMRMC = "imrmc"


class ReportForm(StrEnum):
    """What a report can be."""

    HTML = "html"
    PDF = "pdf"


Form = TypeVar("Form", FileForm, ReportForm)


class Found(NamedTuple):
    """A study. ``database``: None for an exported file."""

    data: StudyData
    database: Database | None


@study.command("list")
def list_studies() -> None:
    """All studies of the data folder, newest first."""
    from backend.study_results import repository

    with _database() as database, database.reading() as session:
        rows, answers = repository.list_studies(session), repository.count_answers(session)
    for row in rows:
        kind = "  demonstration" if row.demonstration else ""
        print(f"{row.id[:8]}  {row.status:10}  {answers.get(row.id, 0):>6} answers  {row.title}{kind}")
    if not rows:
        print("There is no reader study yet.")


@study.command()
def results(
    which: Which,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write all figures as JSON.")] = None,
    while_open: WhileOpen = False,
) -> None:
    """Print what was found: ratings, accuracy, agreement, repeats, times. The same figures as on the page."""
    from backend.study_results.analysis import analyse
    from backend.study_results.report import summarize
    from backend.study_results.text import as_text

    with _find(which) as found:
        _require_visible(found, while_open)
        told = analyse(found.data)
        _record(found, "reader_study.results_viewed", None)
        print(as_text(summarize(found.data, told)))
        if json is not None:
            _write(json, told.model_dump_json(indent=1).encode() + b"\n")


@study.command()
def export(
    which: Which,
    form: Annotated[
        FileForm | None, typer.Option("--format", help="What to write; by default as --out ends, else csv.")
    ] = None,
    to: To = None,
    while_open: WhileOpen = False,
) -> None:
    """Write the answers: a tidy table, its data dictionary, everything as JSON with the protocol, or for iMRMC."""
    _make(which, (form or _by_ending(to, FileForm, FileForm.CSV)).value, to, while_open)


@study.command()
def report(
    which: Which,
    form: Annotated[
        ReportForm | None, typer.Option("--format", help="What to write; by default as --out ends, else html.")
    ] = None,
    to: To = None,
    while_open: WhileOpen = False,
) -> None:
    """Write the report: methods, tables and figures, as a page or as a PDF."""
    _make(which, (form or _by_ending(to, ReportForm, ReportForm.HTML)).value, to, while_open)


@study.command()
def verify(which: Which) -> None:
    """Compute all hashes again: of protocols, items, maps and orders; exit code 1 if something does not fit."""
    from backend.study_results.verification import verify as look

    with _find(which) as found:
        data, problems = found.data, look(found.data)
    for problem in problems:
        print(problem)
    if problems:
        print(f"\n{len(problems)} {'thing does' if len(problems) == 1 else 'things do'} not fit.")
        raise typer.Exit(1)
    versions = "1 protocol version" if len(data.protocols) == 1 else f"{len(data.protocols)} protocol versions"
    print(
        f"{versions}, {len(data.items)} items, {len(data.readers)} orders and {len(data.answers)} answers fit together."
    )
    print(f"SHA-256 of the protocol: {data.hashes[-1]}")


def _by_ending(to: Path | None, forms: type[Form], usual: Form) -> Form:
    """What a file of that name is taken to hold."""
    ending = "" if to is None else to.suffix.lower().removeprefix(".")
    return next((form for form in forms if form.value == ending), usual)


def _make(which: str, form: str, to: Path | None, while_open: bool) -> None:
    from backend.core.errors import AppError
    from backend.study_results import files
    from backend.study_results.analysis import analyse
    from backend.study_results.document import now
    from backend.study_results.schemas import ExportFormat

    wanted = ExportFormat(form)
    with _find(which) as found:
        _require_visible(found, while_open)
        try:
            made = (
                files.report(found.data, analyse(found.data), wanted)
                if wanted in files.REPORTS
                else files.make(found.data, wanted)
            )
        except AppError as error:
            fail(error.detail, code=1)
        name = files.name(*files.heading(found.data), wanted, now())
        path = Path(name) if to is None else to / name if to.is_dir() else to
        _record(found, "reader_study.exported", form)
        _write(path, made)


def _require_visible(found: Found, while_open: bool) -> None:
    """Whoever runs the server can read its database anyway; but nobody should see results by mistake."""
    design = found.data.protocols[-1]["design"]
    hidden = found.data.status == "open" and design["access"]["live_results"] == "nobody"
    if found.database is not None and hidden and not while_open:
        fail(
            "the study is open and its protocol hides results until it is closed; --while-open shows them all the same"
        )


def _record(found: Found, action: str, form: str | None) -> None:
    """An event before anything is shown, as on the server. Of an exported file there is no trail."""
    if found.database is None:
        return
    from backend.audit.service import Subject, record

    told = {"by": "operator"} | ({} if form is None else {"format": form})
    with found.database.writing() as session:
        record(session, action, Subject("reader_study", found.data.study_id), after=told)


@contextmanager
def _find(which: str) -> Iterator[Found]:
    """An exported file if there is one of that name, else a study of the data folder."""
    from backend.study_results import loading, repository
    from backend.study_results.document import DocumentInvalid, parse, to_data
    from backend.study_results.errors import NoResults

    path = Path(which).expanduser()
    if path.suffix == ".json" or path.is_file():
        try:
            yield Found(to_data(parse(path.read_bytes())), None)
        except DocumentInvalid as error:
            fail(f"{path} cannot be used: {error}")
        except OSError as error:
            fail(f"cannot read {path}: {error.strerror or error}")
        return
    with _database() as database:
        with database.reading() as session:
            row = _choose(repository.list_studies(session), which)
            try:
                data = loading.load(session, row.id)
            except NoResults as error:
                fail(error.detail, code=1)
        yield Found(data, database)


def _choose(rows: Sequence[ReaderStudy], which: str) -> ReaderStudy:
    by_id = [row for row in rows if len(which) >= _SHORTEST and row.id.startswith(which.lower())]
    found = by_id or [row for row in rows if row.title.lower().startswith(which.lower())]
    if not found:
        fail(f"no study '{which}'; see: vitrine study list")
    if len(found) > 1:
        fail(f"'{which}' fits several: {', '.join(f'{row.title} ({row.id[:8]})' for row in found)}; give the id")
    return found[0]


@contextmanager
def _database() -> Iterator[Database]:
    """The server's; it may run meanwhile."""
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from backend.audit import service as audit
    from backend.audit.heads import Heads
    from backend.db.session import Database

    settings = read_settings()
    if settings.database_url is None and not (settings.data_dir / "vitrine.sqlite3").is_file():
        fail(f"there is no database in {settings.data_dir}; set VITRINE_DATA_DIR to the server's data folder")
    database = Database(settings.resolved_database_url, {audit.HEADS: Heads(settings.audit_heads_file)})
    try:
        yield database
    except (OperationalError, ProgrammingError) as error:
        fail(f"the database has no studies that can be read ({error.orig}); start the server once", code=1)
    finally:
        database.close()


def _write(path: Path, content: bytes) -> None:
    """In one step, so that no half-written file is left."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        fail(f"cannot write {path}: {error.strerror or error}", code=1)
    finally:
        temporary.unlink(missing_ok=True)
    print(f"Written to {path}")
