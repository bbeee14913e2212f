"""Which data sets there are, and what may be done with them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.access.principal import SYSTEM, acting_as
from backend.audit.service import Subject, record
from backend.comparisons import repository as comparisons
from backend.core.storage import Storage
from backend.datasets import lifecycle, repository
from backend.datasets.concepts import find_concepts
from backend.datasets.errors import (
    BadImportSettings,
    DatasetBuiltIn,
    DatasetImporting,
    DatasetNotFound,
    DatasetNotReady,
    NameTaken,
    NotImporting,
    UnknownAdapter,
)
from backend.datasets.folders import find_file, find_folder, shown
from backend.datasets.library import DatasetLibrary
from backend.datasets.presenting import (
    cards,
    damage_in_words,
    detail_fields,
    procedural_fields,
    read_cluster,
    read_fields,
)
from backend.datasets.procedural import PROCEDURAL
from backend.datasets.schemas import (
    ClusterPage,
    DatasetAdapterList,
    DatasetAdapterRead,
    DatasetCreate,
    DatasetDetail,
    DatasetList,
    DatasetRead,
    ImportSettingsCreate,
)
from backend.db.session import on_commit, on_rollback
from backend.db.tables import Dataset
from backend.diagnoses import repository as diagnoses
from backend.resources import Resources
from models.data.adapters.registry import GENERIC, adapter_cards, find_adapter
from models.data.adapters.settings import AdapterSettings
from models.data.errors import DataError
from models.data.prepared import PreparedDataset

_GENERAL = "natural images"


def list_adapters() -> DatasetAdapterList:
    """All layouts that can be read."""
    items = []
    for card in adapter_cards():
        kind = "generic" if card.name in GENERIC else "general" if card.modality == _GENERAL else "medical"
        items.append(DatasetAdapterRead.model_validate({**vars(card), "kind": kind}))
    return DatasetAdapterList(items=items)


def list_datasets(resources: Resources) -> DatasetList:
    """Those that are drawn, then the imported ones, newest first."""
    with acting_as(SYSTEM):  # what the folders hold does not depend on who asks
        lifecycle.follow_folders(resources.database, resources.library)
    with resources.database.reading() as session:
        imported = [DatasetRead(**read_fields(row)) for row in repository.list_all(session)]
    drawn = [DatasetRead(**procedural_fields(drawn)) for drawn in PROCEDURAL.values()]
    return DatasetList(items=drawn + imported)


def create_dataset(session: Session, resources: Resources, body: DatasetCreate) -> DatasetRead:
    """An import that waits for its turn.

    Raises:
        UnknownAdapter: there is no such adapter.
        BadImportSettings: it does not take these settings.
        OutsideImportFolders: the path leads elsewhere.
        ImportFolderNotFound: there is no such folder.
        NameTaken: another data set has the name.
    """
    _, folder = find_folder(resources.settings.import_roots, body.path)
    settings = _checked(session, body, folder)
    _free_name(session, resources.library, body.name)
    row = Dataset(
        name=body.name,
        status="importing",
        adapter=body.adapter,
        source=shown(folder),
        settings=settings.model_dump(mode="json", exclude_none=True),
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:  # two at once, where the database lets both look first
        raise NameTaken from error
    told = {"name": row.name, "adapter": row.adapter, "source": row.source, "settings": row.settings}
    record(session, "dataset.import_started", Subject("dataset", row.id), after=told)
    on_commit(session, lambda: resources.imports.submit(row.id))
    return DatasetRead(**read_fields(row))


def read_dataset(session: Session, resources: Resources, dataset_id: str) -> DatasetDetail:
    """With counts and report, where there are any.

    Raises:
        DatasetNotFound: there is no such data set.
        DatasetDamaged: its files cannot be read.
    """
    if dataset_id in PROCEDURAL:
        nothing: dict[str, Any] = {"counts": None, "sizes": None, "card": None, "leakage": None, "unreadable": []}
        return DatasetDetail(**procedural_fields(PROCEDURAL[dataset_id]), **nothing)
    row = _require(session, dataset_id)
    return DatasetDetail(**read_fields(row), **detail_fields(row, resources.library))


def list_clusters(
    session: Session, resources: Resources, dataset_id: str, disagreeing: bool, page: slice
) -> ClusterPage:
    """Near-duplicates, a page of them.

    Raises:
        DatasetNotFound, DatasetNotReady, DatasetDamaged: as ``require_ready``.
    """
    if dataset_id in PROCEDURAL:
        return ClusterPage(total=0, items=[])
    prepared = require_ready(session, resources, dataset_id)
    with damage_in_words():
        found = [cluster for cluster in prepared.report.clusters if cluster.disagree or not disagreeing]
    return ClusterPage(total=len(found), items=[read_cluster(cluster) for cluster in found[page]])


def cancel_import(session: Session, resources: Resources, dataset_id: str) -> DatasetRead:
    """Ends an import, whether it runs or waits.

    Raises:
        DatasetNotFound: there is no such data set.
        DatasetBuiltIn: it was never imported.
        NotImporting: it has ended.
    """
    row = _require_changeable(session, dataset_id)
    if row.status != "importing":
        raise NotImporting
    row.status, row.progress = "cancelled", None
    record(session, "dataset.import_cancelled", Subject("dataset", row.id))
    on_commit(session, lambda: resources.imports.cancel(row.id))
    return DatasetRead(**read_fields(row))


def delete_dataset(session: Session, resources: Resources, dataset_id: str) -> None:
    """Row and folder, and what diagnoses and comparisons kept of its images; the imported folder is not touched.

    Raises:
        DatasetNotFound: there is no such data set.
        DatasetBuiltIn: it comes with the application.
        DatasetImporting: its import runs or waits.
    """
    row = _require_changeable(session, dataset_id)
    if row.status == "importing":
        raise DatasetImporting
    if row.status == "ready":
        # Out of its place first: a folder there without a row would be found again as a data set.
        library, name = resources.library, row.name
        on_rollback(session, lambda: library.take_back(name, dataset_id))
        library.throw_away(name, dataset_id)
        on_commit(session, lambda: library.empty(dataset_id))
    _forget_results(session, resources.storage, dataset_id)
    session.delete(row)
    before = {"name": row.name, "status": row.status, "stamp": row.stamp}
    record(session, "dataset.deleted", Subject("dataset", dataset_id), before=before)


def _forget_results(session: Session, storage: Storage, dataset_id: str) -> None:
    """They show its images. That they were made their rows still say; one that runs will keep nothing."""
    with acting_as(SYSTEM):  # who may delete a data set need not see what was made of it
        diagnosed = diagnoses.list_of_dataset(session, dataset_id)
        compared = comparisons.list_of_dataset(session, dataset_id)
    for diagnosis in diagnosed:
        diagnosis.result_key = None
        on_commit(session, partial(storage.delete_all, f"diagnoses/{diagnosis.id}"))
    for comparison in compared:
        comparison.result_key = None
        on_commit(session, partial(storage.delete_all, f"comparisons/{comparison.id}"))


def require_ready(session: Session, resources: Resources, dataset_id: str) -> PreparedDataset:
    """The imported data set behind an id.

    Raises:
        DatasetNotFound: there is no such data set.
        DatasetNotReady: its import has not ended well, or there was none.
        DatasetDamaged: its files cannot be read.
    """
    if dataset_id in PROCEDURAL:
        raise DatasetNotReady("This data set is drawn as needed and holds no single images to look at.")
    row = _require(session, dataset_id)
    if row.status != "ready" or row.stamp is None:
        raise DatasetNotReady
    return resources.library.open(row.name, row.stamp)


def concept_set_of(session: Session, name: str) -> str | None:
    """Name of the concept set that goes with the data set of this name, if that is known."""
    if name in PROCEDURAL:
        return PROCEDURAL[name].concept_set_name
    row = repository.find(session, name)
    if row is not None and row.info:
        found: str | None = row.info["concept_set"]
        return found
    # A model may have been trained on a data set that this server does not have, under the adapter's name.
    card = cards().get(name)
    return card.concept_set if card else None


def _checked(session: Session, body: DatasetCreate, folder: Path) -> ImportSettingsCreate:
    """The settings, once adapter, concept set and file are known to be there."""
    settings = body.settings
    known = [card.name for card in adapter_cards()]
    if body.adapter not in known:
        raise UnknownAdapter(f"No adapter is called '{body.adapter}'; there are {', '.join(known)}.")
    if settings.concept_set is not None:
        find_concepts(session, settings.concept_set)
    if settings.file is not None:
        settings = settings.model_copy(update={"file": shown(find_file(folder, settings.file))})
    columns = settings.columns()
    try:
        find_adapter(body.adapter, AdapterSettings(**columns) if columns else None)
    except DataError as error:
        raise BadImportSettings(f"{error}.") from error
    return settings


def _free_name(session: Session, library: DatasetLibrary, name: str) -> None:
    """Raises ``NameTaken``. A row whose import came to nothing gives its name away."""
    row = repository.find(session, name)
    if name in PROCEDURAL or (row is not None and row.status in ("importing", "ready")):
        raise NameTaken
    if library.folder(name).exists():
        raise NameTaken(
            f"There is a folder {shown(library.folder(name))} already; choose another name, or remove it first."
        )
    if row is not None:
        session.delete(row)
        session.flush()


def _require(session: Session, dataset_id: str) -> Dataset:
    row = repository.get(session, dataset_id)
    if row is None:
        raise DatasetNotFound
    return row


def _require_changeable(session: Session, dataset_id: str) -> Dataset:
    if dataset_id in PROCEDURAL:
        raise DatasetBuiltIn
    row = repository.lock(session, dataset_id)
    if row is None:
        raise DatasetNotFound
    return row
