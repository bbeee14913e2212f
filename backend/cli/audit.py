"""``vitrine audit``: the trail of who did what."""

from __future__ import annotations

import typer

from backend.cli.console import fail, read_settings

audit = typer.Typer(no_args_is_help=True, help="The audit trail.")


# Without a second command typer would make `verify` the whole of `vitrine audit`.
@audit.callback()
def _group() -> None:
    """The audit trail."""


@audit.command()
def verify() -> None:
    """Look for events that were changed, removed, inserted or moved; exit code 1 when there are any.

    Reads the database and the file of heads in the data folder (VITRINE_DATA_DIR, VITRINE_DATABASE_URL). The server may
    run meanwhile.
    """
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from backend.audit.heads import Heads
    from backend.audit.verify import verify as look
    from backend.db.session import Database

    settings = read_settings()
    url = settings.resolved_database_url
    if settings.database_url is None and not (settings.data_dir / "vitrine.sqlite3").is_file():
        fail(f"there is no database in {settings.data_dir}; set VITRINE_DATA_DIR to the server's data folder")
    database = Database(url)
    try:
        with database.reading() as session:
            found = look(session, Heads(settings.audit_heads_file))
    except (OperationalError, ProgrammingError) as error:
        fail(f"the database has no trail that can be read ({error.orig}); start the server once")
    finally:
        database.close()
    for problem in found.problems:
        print(f"event {problem.sequence}: {problem.text}" if problem.sequence else problem.text)
    if found.problems:
        signs = "1 sign" if len(found.problems) == 1 else f"{len(found.problems)} signs"
        print(f"\n{signs} of tampering in {found.events} events.")
        raise typer.Exit(1)
    tail = f"; the last {found.unnoted} are not yet in the file of heads" if found.unnoted else ""
    print(f"{found.events} events, each as it was written{tail}.")
