"""``vitrine case``: what the operator of a server alone may do with a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli.console import fail, read_settings

if TYPE_CHECKING:
    from backend.core.settings import Settings
    from backend.db.session import Database

case = typer.Typer(no_args_is_help=True, help="Single cases.")


@case.callback()
def _group() -> None:
    """A group also while it has a single command."""


@case.command(short_help="Write the upload of a case as it came in, with all that names the patient.")
def original(
    case_id: Annotated[str, typer.Argument(help="Of the case, as in its address.")],
    out: Annotated[Path, typer.Option(help="File to write. It must not be there yet.")],
) -> None:
    """Decrypt the original of a case, which is kept only where VITRINE_KEEP_ORIGINALS says so.

    The file names the patient, and is readable for you alone. That it was taken is an event in the audit trail.
    """
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from backend.audit import service as audit
    from backend.audit.heads import Heads
    from backend.core.errors import AppError
    from backend.db.session import Database

    settings = read_settings()
    if settings.database_url is None and not (settings.data_dir / "vitrine.sqlite3").is_file():
        fail(f"there is no database in {settings.data_dir}; set VITRINE_DATA_DIR to the server's data folder")
    out = out.expanduser().absolute()
    database = Database(settings.resolved_database_url, {audit.HEADS: Heads(settings.audit_heads_file)})
    try:
        size = _write(database, settings, case_id, out)
    except AppError as error:
        fail(error.detail, code=1)
    except FileExistsError:
        fail(f"{out} is there already; choose another name")
    except OSError as error:
        fail(f"cannot write {error.filename or out}: {error.strerror or error}", code=1)
    except (OperationalError, ProgrammingError) as error:
        fail(f"the database has no cases that can be read ({error.orig}); start the server once", code=1)
    finally:
        database.close()
    print(f"{size} bytes written to {out}. The file names the patient: keep it as your site's rules say.")


def _write(database: Database, settings: Settings, case_id: str, out: Path) -> int:
    import os

    from backend.audit.service import Subject, record
    from backend.cases import repository
    from backend.cases.originals import OriginalUnreadable, decrypt, read_key
    from backend.core.storage import LocalStorage
    from backend.db.session import on_rollback

    with database.reading() as session:
        found = repository.get(session, case_id)
    if found is None:
        fail(f"there is no case {case_id}; its id stands in the address of its page")
    if found.original_key is None:
        fail("no original is kept of this case: VITRINE_KEEP_ORIGINALS was off, or its pixels were blacked out")
    try:
        stored = LocalStorage(settings.storage_dir).read(found.original_key)
        content = decrypt(stored, case_id, read_key(settings.originals_key))
    except OriginalUnreadable as error:
        fail(str(error), code=1)
    with database.writing() as session:
        record(session, "case.original_read", Subject("case", case_id), after={"sha256": found.sha256})
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        on_rollback(session, lambda: out.unlink(missing_ok=True))  # no file without the event
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
    return len(content)
