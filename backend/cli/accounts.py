"""``vitrine accounts``: for whoever runs the server, when nobody can get in any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli.console import fail, read_settings

if TYPE_CHECKING:
    from backend.db.session import Database

accounts = typer.Typer(no_args_is_help=True, help="Accounts, from the server's own command line.")


@accounts.command("list")
def list_accounts() -> None:
    """All accounts, with role and state."""
    from backend.auth import repository

    database = _database()
    with database.reading() as session:
        users = repository.list_users(session)
    database.close()
    width = max([len(user.email) for user in users], default=0)
    for user in users:
        state = "" if user.active else "  deactivated"
        print(f"{user.email:{width}}  {user.role:13}  {user.name}{state}")


@accounts.command()
def reset(email: Annotated[str, typer.Argument(help="Of the account.")]) -> None:
    """Give an account a one-time password, activate it, and end its sessions. The server may run meanwhile."""
    from backend.auth.first_start import reset_password

    database = _database()
    password = reset_password(database, email.strip().lower())
    database.close()
    if password is None:
        fail(f"there is no account with the e-mail address {email}; see: vitrine accounts list")
    print(f"One-time password for {email}: {password}")


def _database() -> Database:
    """The server's, as its settings say. The operator acts as the server itself."""
    from backend.audit import service as audit
    from backend.audit.heads import Heads
    from backend.db.migrate import upgrade
    from backend.db.session import Database

    settings = read_settings()
    url = settings.resolved_database_url
    if settings.database_url is None and not (settings.data_dir / "vitrine.sqlite3").is_file():
        fail(f"there is no database in {settings.data_dir}; set VITRINE_DATA_DIR to the server's data folder")
    upgrade(url)
    return Database(url, {audit.HEADS: Heads(settings.audit_heads_file)})
