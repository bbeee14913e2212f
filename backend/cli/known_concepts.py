"""Concept sets as the server of a data folder knows them, for commands that take one by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from backend.cli.console import fail

if TYPE_CHECKING:
    from backend.core.settings import Settings
    from models.concepts import ConceptSet


def known_concepts(name: str, settings: Settings) -> ConceptSet | str:
    """What a name stands for: the newest revision on the server, the revision of an id, a shipped set, or a YAML file.

    Args:
        name: as given on the command line.
        settings: of the server; where it has no database yet, there are the shipped sets and files.

    Returns:
        The set, or the name or path of one to be loaded.
    """
    from models.concepts import available_concept_sets
    from models.concepts.files import SUFFIXES

    path = Path(name).expanduser()
    if path.suffix in SUFFIXES or len(path.parts) != 1:
        return str(path)
    if settings.database_url is None and not (settings.data_dir / "vitrine.sqlite3").is_file():
        return name
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from backend.datasets.concepts import find_concepts
    from backend.datasets.errors import BadImportSettings
    from backend.db.session import Database

    database = Database(settings.resolved_database_url)
    try:
        with database.reading() as session:
            return find_concepts(session, name)
    except (BadImportSettings, OperationalError, ProgrammingError) as error:
        if name in available_concept_sets():
            return name
        if isinstance(error, BadImportSettings):
            fail(f"{error.detail} A YAML file is given with its ending: {name}.yaml")
        fail(f"the server's concept sets cannot be read ({error.orig}); start the server once, or give a YAML file")
    finally:
        database.close()
