"""Routes of data sets and imports."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.audit.service import Subject
from backend.core.caching import REVALIDATE, binary_response, immutable
from backend.core.errors import ServerBusy, StorageFull, error_responses
from backend.core.schemas import Limit
from backend.datasets import pictures, service
from backend.datasets.errors import (
    BadImportSettings,
    DatasetBuiltIn,
    DatasetDamaged,
    DatasetImageNotFound,
    DatasetImporting,
    DatasetNotFound,
    DatasetNotReady,
    ImportFolderNotFound,
    NameTaken,
    NotImporting,
    OutsideImportFolders,
    UnknownAdapter,
)
from backend.datasets.folders import browse
from backend.datasets.schemas import (
    ClusterPage,
    DatasetAdapterList,
    DatasetCreate,
    DatasetDetail,
    DatasetId,
    DatasetList,
    DatasetRead,
    ImportFoldersRead,
    ServerPath,
)
from backend.dependencies import ReadSessionDep, ResourcesDep, WriteSessionDep

router = APIRouter(tags=["datasets"])

READ, WRITE = needs(Permission.DATASETS_READ), needs(Permission.DATASETS_WRITE)

CREATE_ERRORS = (UnknownAdapter, BadImportSettings, OutsideImportFolders, ImportFolderNotFound, NameTaken)
# A row is an index of the manifest; a wider number would not even fit the parser of some clients.
MAX_ROW = 2**31 - 1


@router.get("/dataset-adapters", dependencies=[WRITE])
def list_dataset_adapters() -> DatasetAdapterList:
    """The layouts that can be imported."""
    return service.list_adapters()


@router.get(
    "/import-folders", dependencies=[WRITE], responses=error_responses(OutsideImportFolders, ImportFolderNotFound)
)
def list_import_folders(
    resources: ResourcesDep,
    path: Annotated[
        ServerPath | None, Query(description="A folder as listed; without, where the folders begin.")
    ] = None,
) -> ImportFoldersRead:
    """A folder on the server, to choose what to import. Nothing outside the import folders is shown."""
    return browse(resources.settings.import_roots, path)


@router.get("/datasets", dependencies=[READ])
def list_datasets(resources: ResourcesDep) -> DatasetList:
    """All data sets. Those made by `vitrine data import` are found here as well."""
    return service.list_datasets(resources)


@router.post("/datasets", status_code=202, dependencies=[WRITE], responses=error_responses(*CREATE_ERRORS))
def create_dataset(session: WriteSessionDep, resources: ResourcesDep, body: DatasetCreate) -> DatasetRead:
    """Import a folder. It is done beside the server, one import at a time; `progress` says how far it is.

    A data set of the same name whose import failed or was cancelled is replaced.
    """
    return service.create_dataset(session, resources, body)


@router.get("/datasets/{dataset_id}", dependencies=[READ], responses=error_responses(DatasetNotFound, DatasetDamaged))
def get_dataset(session: ReadSessionDep, resources: ResourcesDep, dataset_id: DatasetId) -> DatasetDetail:
    """One data set with counts and the leakage report."""
    resources.views.note("dataset.viewed", Subject("dataset", dataset_id))
    return service.read_dataset(session, resources, dataset_id)


@router.get(
    "/datasets/{dataset_id}/clusters",
    dependencies=[READ],
    responses=error_responses(DatasetNotFound, DatasetNotReady, DatasetDamaged),
)
def list_dataset_clusters(
    session: ReadSessionDep,
    resources: ResourcesDep,
    dataset_id: DatasetId,
    disagreeing: Annotated[bool, Query(description="Only those whose labels differ.")] = False,
    offset: Annotated[int, Query(ge=0, le=MAX_ROW)] = 0,
    limit: Limit = 20,
) -> ClusterPage:
    """Near-duplicates in the data set."""
    resources.views.note("dataset.viewed", Subject("dataset", dataset_id))
    return service.list_clusters(session, resources, dataset_id, disagreeing, slice(offset, offset + limit))


@router.get(
    "/datasets/{dataset_id}/images/{row}/thumbnail",
    dependencies=[READ],
    response_class=Response,
    responses=binary_response("image/webp")
    | error_responses(DatasetNotFound, DatasetImageNotFound, DatasetNotReady, DatasetDamaged, ServerBusy),
)
def get_dataset_thumbnail(
    request: Request,
    session: ReadSessionDep,
    resources: ResourcesDep,
    dataset_id: DatasetId,
    row: int,
    size: Annotated[int, Query(ge=16, le=512, description="Longest side in pixels.")] = 256,
) -> Response:
    """One image of the data set, small."""
    resources.views.note("dataset.viewed", Subject("dataset", dataset_id))
    prepared = service.require_ready(session, resources, dataset_id)
    tag = f"dataset-{dataset_id}-{row}-{size}"
    return immutable(
        request, tag, "image/webp", lambda: pictures.thumbnail(prepared, row, size, resources.picture_slots), REVALIDATE
    )


@router.get(
    "/datasets/{dataset_id}/contact-sheet",
    dependencies=[READ],
    response_class=Response,
    responses=binary_response("image/png")
    | error_responses(DatasetNotFound, DatasetNotReady, DatasetDamaged, ServerBusy, StorageFull),
)
def get_dataset_contact_sheet(
    request: Request, session: ReadSessionDep, resources: ResourcesDep, dataset_id: DatasetId
) -> Response:
    """Some images of each class on one picture."""
    resources.views.note("dataset.viewed", Subject("dataset", dataset_id))
    sheet = pictures.contact_sheet(session, resources, dataset_id)
    return immutable(request, sheet.identity, "image/png", sheet.make, REVALIDATE)


@router.post(
    "/datasets/{dataset_id}/cancel",
    dependencies=[WRITE],
    status_code=202,
    responses=error_responses(DatasetNotFound, NotImporting, DatasetBuiltIn),
)
def cancel_dataset_import(session: WriteSessionDep, resources: ResourcesDep, dataset_id: DatasetId) -> DatasetRead:
    """Stop an import at once. Nothing of it is kept."""
    return service.cancel_import(session, resources, dataset_id)


@router.delete(
    "/datasets/{dataset_id}",
    dependencies=[WRITE],
    status_code=204,
    response_class=Response,
    responses=error_responses(DatasetNotFound, DatasetImporting, DatasetBuiltIn),
)
def delete_dataset(session: WriteSessionDep, resources: ResourcesDep, dataset_id: DatasetId) -> None:
    """Delete what was imported, for good. The folder it was imported from is not touched."""
    service.delete_dataset(session, resources, dataset_id)
