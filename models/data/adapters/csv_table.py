"""A user's own images: a table that names them and says what they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from models.concepts import ClassLabel
from models.data.adapters.base import DatasetCard
from models.data.adapters.folder import SPLIT_FOLDERS
from models.data.adapters.layout import (
    DICOM_SUFFIXES,
    IMAGE_SUFFIXES,
    classes_from,
    files,
    image_at,
    missing,
)
from models.data.adapters.settings import AdapterSettings
from models.data.adapters.tables import Row, header_of, normal, read_table
from models.data.errors import DataError
from models.data.masks import FileMask
from models.data.records import LESION, Record, SplitName

OPTION_PREFIX = "option:"
ABSENT = "-"  # in such a column: somebody looked, and none of the group's options is there
# Usual names, the first that is there counts; the first of all is what a message asks for.
IMAGE_COLUMNS = ("image", "path", "file", "filename")
LABEL_COLUMNS = ("label", "class")


@dataclass(frozen=True)
class _Columns:
    image: str
    label: str
    group: str | None
    split: str | None
    mask: str | None
    options: Mapping[str, str]

    def named(self) -> list[str]:
        extra = [name for name in (self.group, self.split, self.mask) if name is not None]
        return [self.image, self.label, *extra, *self.options.values()]


class CsvTable:
    """Reads a CSV file whose rows are images.

    Paths are relative to the table and may not lead out of its folder; a name without its suffix is completed if one
    image fits. The order of the classes is alphabetical.
    """

    card = DatasetCard(
        name="csv",
        title="A table of images",
        modality="any",
        concept_set=None,
        layout=(
            "<any name>.csv with the columns image (path relative to the table) and label,\n"
            "  and if wanted group (patient or lesion), split (train, validation, test), mask (path of the lesion's\n"
            "  mask) and option:<concept group>; other names are given as settings\n"
            "the images, in the table's folder or below"
        ),
        homepage="",
        citation="",
        licence="your own",
    )

    def __init__(self, settings: AdapterSettings | None = None) -> None:
        self._settings = settings or AdapterSettings()

    def classes(self, root: Path) -> tuple[ClassLabel, ...]:
        """The labels of the table in alphabetical order."""
        table = self._table(root)
        return tuple(self._labels(table, self._columns(table)).values())

    def records(self, root: Path) -> Iterator[Record]:
        """All images; see ``Adapter.records``."""
        table = self._table(root)
        columns = self._columns(table)
        labels = self._labels(table, columns)
        seen: dict[str, Row] = {}
        for row in read_table(table, columns.named()):
            path = _file(table.parent, row, columns.image)
            key = path.relative_to(table.parent).as_posix()
            before = seen.setdefault(key, row)
            if before is not row:
                if before.cells != row.cells:
                    raise DataError(f"{row.place}: '{key}' stands twice with different values (also {before.place})")
                continue
            yield Record(
                key,
                image_at(path),
                labels[row[columns.label]].key,
                group=(row[columns.group] or None) if columns.group else None,
                split=_split(row, columns.split) if columns.split else None,
                options={
                    group: "" if row[column] == ABSENT else row[column]
                    for group, column in columns.options.items()
                    if row[column]
                },
                masks=_masks(table.parent, row, columns.mask) if columns.mask else {},
            )
        if not seen:
            raise missing(self.card, table, "every row below the header is")

    def _table(self, root: Path) -> Path:
        if root.is_file():
            return root
        if not root.is_dir():
            raise DataError(f"{root}: no such folder")
        if self._settings.file is not None:
            path = _inside(root, self._settings.file, str(root))
            if not path.is_file():
                raise missing(self.card, root, f"'{self._settings.file}' is")
            return path
        tables = files(root, (".csv",))
        if len(tables) > 1:
            raise DataError(f"{root}: holds {', '.join(path.name for path in tables)}; say which one (setting: file)")
        if not tables:
            raise missing(self.card, root, "the table (.csv) is")
        return tables[0]

    def _columns(self, table: Path) -> _Columns:
        settings = self._settings
        there = {normal(name): name for name in header_of(table)}

        def usual(given: str | None, *names: str) -> str | None:
            return given if given is not None else next((there[name] for name in names if name in there), None)

        options = {
            name[len(OPTION_PREFIX) :].strip(): title
            for name, title in there.items()
            if name.startswith(OPTION_PREFIX) and name != OPTION_PREFIX
        }
        return _Columns(
            image=usual(settings.image_column, *IMAGE_COLUMNS) or IMAGE_COLUMNS[0],
            label=usual(settings.label_column, *LABEL_COLUMNS) or LABEL_COLUMNS[0],
            group=usual(settings.group_column, "group"),
            split=usual(settings.split_column, "split"),
            mask=usual(settings.mask_column, "mask"),
            options=options | dict(settings.option_columns),
        )

    def _labels(self, table: Path, columns: _Columns) -> dict[str, ClassLabel]:
        names = set()
        for row in read_table(table, [columns.image, columns.label]):
            if not row[columns.label]:
                raise DataError(f"{row.place}: column '{columns.label}' is empty")
            names.add(row[columns.label])
        return classes_from(sorted(names), str(table))


def _file(folder: Path, row: Row, column: str) -> Path:
    name = row[column]
    if not name:
        raise DataError(f"{row.place}: column '{column}' is empty")
    path = _inside(folder, name, row.place)
    if path.is_file():
        return path
    # Many tables name images by their id alone.
    suffixes = sorted(IMAGE_SUFFIXES | DICOM_SUFFIXES)
    for candidate in (path.with_name(path.name + suffix) for suffix in suffixes):
        if candidate.is_file():
            return candidate
    raise DataError(f"{row.place}: there is no image '{name}' in {folder}")


def _inside(folder: Path, name: str, place: str) -> Path:
    """A path below the folder: a table must not make the import read any other file of the machine."""
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or "\0" in name:
        raise DataError(f"{place}: '{name}' leads out of {folder}; paths are relative to the table and stay below it")
    return folder / parts


def _split(row: Row, column: str) -> SplitName | None:
    value = row[column].lower()
    if value and value not in SPLIT_FOLDERS:
        raise DataError(f"{row.place}: column '{column}' is '{row[column]}', not train, validation or test")
    return SPLIT_FOLDERS[value] if value else None


def _masks(folder: Path, row: Row, column: str) -> dict[str, tuple[FileMask, ...]]:
    names = [name.strip() for name in row[column].split("|") if name.strip()]
    paths = [_inside(folder, name, row.place) for name in names]
    for path in paths:
        if not path.is_file():
            raise DataError(f"{row.place}: there is no mask '{path.relative_to(folder).as_posix()}' in {folder}")
    return {LESION: tuple(FileMask(path) for path in paths)} if paths else {}
