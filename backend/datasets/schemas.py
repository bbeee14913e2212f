"""Data sets and imports over HTTP."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from fastapi import Path
from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema, model_validator

from backend.core.schemas import LINE, Create, Read, Timestamp
from models.data.records import SplitName

NAME_PATTERN = r"^[a-z0-9][a-z0-9-]{0,63}$"
LONGEST_PATH = 4096
# Fractions come as decimals, so their sum may miss 1 by a little.
_ROUNDING = 1e-6

DatasetKind = Literal["imported", "procedural"]
DatasetStatus = Literal["importing", "ready", "failed", "cancelled"]
Stage = Literal["listing", "reading", "comparing", "writing"]


def _named(text: str) -> str:
    if not re.fullmatch(NAME_PATTERN[1:-1], text):
        raise ValueError("use small letters, digits and hyphens, 64 at most, a letter or digit first: busi-clean")
    return text


def _path(text: str) -> str:
    """Anything a file system takes: odd names are allowed."""
    if "\0" in text:
        raise ValueError("a path holds no NUL character; remove it")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("is not valid Unicode text (a lone surrogate)") from error
    return text


DatasetName = Annotated[str, AfterValidator(_named), WithJsonSchema({"type": "string", "pattern": NAME_PATTERN})]
DatasetId = Annotated[str, Path(pattern=NAME_PATTERN, description="As listed.")]
ServerPath = Annotated[str, StringConstraints(max_length=LONGEST_PATH), AfterValidator(_path)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=200), *LINE]
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class DatasetAdapterRead(Read):
    """A layout that can be imported as it was downloaded."""

    name: str
    title: str
    modality: str
    kind: Literal["medical", "general", "generic"] = Field(description="`generic`: for a user's own images.")
    layout: str = Field(description="The files expected below the folder, one a line.")
    concept_set: str | None
    homepage: str
    citation: str
    licence: str


class DatasetAdapterList(Read):
    """The published ones first."""

    items: list[DatasetAdapterRead]


class ImportFolderRead(Read):
    """A folder that can be opened."""

    name: str
    path: str = Field(description="Give it back as `path`.")


class ImportFoldersRead(Read):
    """One folder on the server, below the folders that imports may read."""

    root: str = Field(description="The import folder that this one is in; empty above several of them.")
    path: str
    parent: str | None = Field(description="Null at the top.")
    folders: list[ImportFolderRead]
    image_files: int = Field(description="Directly in it, by their endings.")
    other_files: int


class DatasetClassRead(Read):
    """One class."""

    key: str
    name: str


class ImportProgressRead(Read):
    """How far an import is. `total` is 0 while it is not known."""

    stage: Stage
    done: int
    total: int


class ImportSettingsRead(Read):
    """What an import was asked for."""

    fractions: tuple[float, float, float]
    published_split: bool
    concept_set: str | None
    file: str | None
    image_column: str | None
    label_column: str | None
    group_column: str | None
    split_column: str | None


class DatasetRead(Read):
    """A data set: imported, being imported, or drawn by the application itself."""

    id: str
    name: str
    title: str
    adapter: str | None
    kind: DatasetKind
    status: DatasetStatus
    progress: ImportProgressRead | None = Field(description="Null unless it runs: an import that waits has none yet.")
    error: str | None = Field(description="Why it failed, and what to do.")
    source: str | None = Field(description="The folder on the server that was imported.")
    settings: ImportSettingsRead | None = Field(description="To import it again alike; null if not imported here.")
    modality: str
    concept_set: str | None
    classes: list[DatasetClassRead] = Field(description="In the order of the logits; empty until it is ready.")
    images: int | None
    synthetic: bool
    created_at: Timestamp | None


class DatasetSizesRead(Read):
    """Sides of the images in pixels."""

    min_width: int
    median_width: int
    max_width: int
    min_height: int
    median_height: int
    max_height: int


class DatasetCardRead(Read):
    """How it is cited, and under which terms it is used."""

    homepage: str
    citation: str
    licence: str


class LeakageRead(Read):
    """What stands in the data set more than once."""

    clusters: int = Field(description="Groups of near-duplicates; each is kept in one split, unless leaking is given.")
    images_in_clusters: int
    disagreements: int = Field(description="Pairs of near-duplicates whose labels differ.")
    published_split_crossings: int = Field(description="Groups on both sides of a split that the publisher made.")
    leaking: int | None = Field(
        description="Test images with a near-duplicate in training, in an import that was told to ignore those "
        "(vitrine data import --ignore-duplicates); null where each is kept in one split."
    )


class UnreadableRead(Read):
    """A file that was left out."""

    key: str
    reason: str


class DatasetDetail(DatasetRead):
    """With what the import found. The fields are null where nothing was imported."""

    counts: dict[SplitName, dict[str, int]] | None = Field(description="Images by split and class key.")
    sizes: DatasetSizesRead | None
    card: DatasetCardRead | None
    leakage: LeakageRead | None
    unreadable: list[UnreadableRead]


class DatasetList(Read):
    """Those that come with the application first, then the newest first."""

    items: list[DatasetRead]


class ClusterImageRead(Read):
    """A member of a cluster."""

    row: int = Field(description="For its thumbnail.")
    key: str
    label: str
    split: SplitName | None = Field(description="Null: left out of every split.")


class ClusterPairRead(Read):
    """Two rows that show the same."""

    a: int
    b: int
    similarity: float = Field(description="1: equal pixels.")


class ClusterRead(Read):
    """Near-duplicates of each other."""

    id: int
    disagree: bool = Field(description="Their labels differ.")
    images: list[ClusterImageRead]
    pairs: list[ClusterPairRead]


class ClusterPage(Read):
    """Disagreeing ones first, then the largest first."""

    total: int
    items: list[ClusterRead]


class ImportSettingsCreate(Create):
    """How a folder is read and split."""

    fractions: tuple[Fraction, Fraction, Fraction] = Field(
        (0.7, 0.15, 0.15), description="Train, validation, test; they add up to 1."
    )
    published_split: bool = Field(True, description="Keep the publisher's split where there is one.")
    concept_set: Short | None = Field(
        None,
        description="A concept set by name (its newest revision when the import begins), or the id of a revision. "
        "Default: the adapter's, as it comes with Vitrine.",
    )
    file: ServerPath | None = Field(None, description="csv, npz: the table or array file, relative to the folder.")
    image_column: Short | None = None
    label_column: Short | None = None
    group_column: Short | None = Field(None, description="Patient or lesion: kept in one split.")
    split_column: Short | None = None

    @model_validator(mode="after")
    def _usable(self) -> Self:
        train, validation, test = self.fractions
        if abs(train + validation + test - 1) > _ROUNDING:
            raise ValueError(f"the fractions add up to {train + validation + test:g}; make them add up to 1")
        if train == 0:
            raise ValueError("nothing would be left to train on; make the first fraction larger than 0")
        return self

    def columns(self) -> dict[str, Any]:
        """What the generic adapters are told."""
        names = {"file", "image_column", "label_column", "group_column", "split_column"}
        return self.model_dump(include=names, exclude_none=True)


class DatasetCreate(Create):
    """An import."""

    name: DatasetName
    adapter: Short = Field(description="Of GET /dataset-adapters.")
    path: ServerPath = Field(description="A folder of GET /import-folders.")
    settings: ImportSettingsCreate = ImportSettingsCreate()
