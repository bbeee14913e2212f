"""``vitrine labels``: what people said of cases, for a training."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli.console import fail, read_settings

if TYPE_CHECKING:
    from backend.label_exports.service import Exported

labels = typer.Typer(no_args_is_help=True, help="Labels that people gave.")


@labels.callback()
def _group() -> None:
    """A group also while it has a single command."""


@labels.command(short_help="Write labels and images as a folder that can be imported.")
def export(
    folder: Annotated[Path, typer.Argument(help="Folder to make.")],
    concept_set: Annotated[
        str | None,
        typer.Option(help="Name of a concept set, or the beginning of its digest, if labels are of several."),
    ] = None,
) -> None:
    """Write the cases that people labelled, with a table of class, options and who said so.

    Where several people labelled a case, the majority counts, for the class and for each group; ties are left out.
    The folder can be imported, and a model trained on it. It holds images of patients: keep it as the server's data.
    """
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from backend.audit import service as audit
    from backend.audit.heads import Heads
    from backend.core.errors import AppError
    from backend.core.storage import LocalStorage
    from backend.db.session import Database
    from backend.label_exports.service import ExportRefused
    from backend.label_exports.service import export as write

    settings = read_settings()
    if settings.database_url is None and not (settings.data_dir / "vitrine.sqlite3").is_file():
        fail(f"there is no database in {settings.data_dir}; set VITRINE_DATA_DIR to the server's data folder")
    database = Database(settings.resolved_database_url, {audit.HEADS: Heads(settings.audit_heads_file)})
    folder = folder.expanduser().absolute()
    try:
        told = write(database, LocalStorage(settings.storage_dir), folder, concept_set)
    except ExportRefused as error:
        fail(str(error))
    except AppError as error:
        fail(error.detail, code=1)
    except (OperationalError, ProgrammingError) as error:
        fail(f"the database has no labels that can be read ({error.orig}); start the server once", code=1)
    except OSError as error:
        fail(f"cannot write {error.filename or folder}: {error.strerror or error}", code=1)
    finally:
        database.close()
    _report(told, folder)


def _report(told: Exported, folder: Path) -> None:
    from backend.label_exports.service import CONCEPT_SET

    print(f"{told.cases} cases written to {folder}, from {told.labels} labels of {told.concept_set.name}")
    for count, words in (
        (told.other_frames, "labels left out: they are of another frame than the case's image"),
        (told.without_class, "cases left out: nobody says which class they are of"),
        (told.class_ties, "cases left out: as many people name one class as another"),
        (told.option_ties, "options left empty: as many people name one as another"),
    ):
        if count:
            print(f"{count} {words}")
    if len(told.classes) < 2:
        print("All are of one class; an import needs at least two.")
    name = folder.name.lower().replace("_", "-")
    print(f"Next: vitrine data import csv {folder} --as {name} --concept-set {folder / CONCEPT_SET}")
