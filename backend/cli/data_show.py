"""``vitrine data show``: what is in an imported data set, and what its import found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backend.cli.console import fail, read_settings

if TYPE_CHECKING:
    from models.data.prepared import PreparedDataset

_PROCEDURAL = ("synthetic-dermoscopy", "synthetic-ultrasound")


def show(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME|FOLDER]", help="An import by name or folder; all of them if left out."),
    ] = None,
    contact_sheet: Annotated[Path | None, typer.Option(help="Also write the contact sheet into this PNG.")] = None,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="List all near-duplicates, not only those that disagree.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
    data_dir: Annotated[
        Path | None, typer.Option(help="The data folder. [default: VITRINE_DATA_DIR, else data]")
    ] = None,
) -> None:
    """Show counts, sizes and the leakage report of an imported data set."""
    from backend.cli.data_text import summary
    from models.data.errors import DataError

    datasets = read_settings(**({"data_dir": data_dir} if data_dir else {})).datasets_dir
    if name is None:
        _list(datasets, as_json)
        return
    prepared = _open(name, datasets)
    try:
        print(json.dumps(_document(prepared, pairs), indent=1) if as_json else "\n".join(summary(prepared, pairs)))
    except DataError as error:
        fail(str(error), code=1)
    if contact_sheet is not None:
        _copy_sheet(prepared, contact_sheet, quiet=as_json)


def _open(name: str, datasets: Path) -> PreparedDataset:
    from models.data.errors import DataError
    from models.data.prepared import INFO, PreparedDataset

    if name in _PROCEDURAL:
        fail(f"{name} is drawn as needed, not imported; vitrine data synthesize {name.partition('-')[2]} writes files")
    by_name, by_path = datasets / name, Path(name).expanduser()
    folder = by_name if (by_name / INFO).is_file() else by_path
    if not (folder / INFO).is_file():
        known = ", ".join(_names(datasets)) or "none yet (vitrine data import)"
        fail(f"no data set '{name}' in {datasets}: there are {known}; a folder made by an import will do too")
    try:
        return PreparedDataset.open(folder)
    except DataError as error:
        fail(str(error), code=1)


def _names(datasets: Path) -> list[str]:
    from models.data.prepared import INFO

    return sorted(path.parent.name for path in datasets.glob(f"[a-z0-9]*/{INFO}"))


def _list(datasets: Path, as_json: bool) -> None:
    from backend.cli.data_text import line
    from models.data.errors import DataError
    from models.data.prepared import PreparedDataset

    lines, documents = [], []
    for name in _names(datasets):
        try:
            prepared = PreparedDataset.open(datasets / name)
        except DataError as error:
            lines.append(f"{name}: {error}")
            continue
        lines.append(line(prepared))
        documents.append({"folder": str(prepared.folder), **prepared.info.model_dump(mode="json")})
    if as_json:
        print(json.dumps(documents, indent=1))
    else:
        print("\n".join(lines) or f"No data sets in {datasets}; vitrine data import NAME PATH makes one.")


def _document(prepared: PreparedDataset, pairs: bool) -> dict[str, Any]:
    report = prepared.report
    found = report.model_dump(mode="json", exclude=None if pairs else {"clusters"})
    found["cluster_count"] = len(report.clusters)
    found["images_in_clusters"] = report.images_in_clusters
    return {"folder": str(prepared.folder), **prepared.info.model_dump(mode="json"), "report": found}


def _copy_sheet(prepared: PreparedDataset, path: Path, quiet: bool) -> None:
    from models.data.prepared import CONTACT_SHEET

    try:
        shutil.copyfile(prepared.folder / CONTACT_SHEET, path)
    except OSError as error:
        fail(f"cannot write the contact sheet to {path}: {error.strerror or error}", code=1)
    if not quiet:
        print(f"Contact sheet written to {path}")
