"""What can go wrong with data sets and imports."""

from __future__ import annotations

from backend.core.errors import AppError


class DatasetNotFound(AppError):
    """No such data set."""

    status = 404
    code = "dataset_not_found"
    summary = "There is no data set with this id; it may have been deleted. GET /api/v1/datasets lists them."


class DatasetImageNotFound(AppError):
    """No such row, or its file is gone."""

    status = 404
    code = "dataset_image_not_found"
    summary = "The data set has no image with this row."


class ImportFolderNotFound(AppError):
    """No such folder, or not one that can be read."""

    status = 404
    code = "import_folder_not_found"
    summary = "There is no such folder on the server; GET /api/v1/import-folders shows those there are."


class OutsideImportFolders(AppError):
    """A path that leads elsewhere."""

    status = 403
    code = "outside_import_folders"
    summary = (
        "The path leads out of the import folders. Put the data set below one of them, or have the setting "
        "VITRINE_IMPORT_DIRS name its folder and start the server again."
    )


class UnknownAdapter(AppError):
    """No such adapter."""

    status = 400
    code = "unknown_adapter"
    summary = "There is no such adapter; GET /api/v1/dataset-adapters lists them."


class BadImportSettings(AppError):
    """Settings that do not fit the adapter."""

    status = 400
    code = "bad_import_settings"
    summary = "The settings do not fit the adapter."


class NameTaken(AppError):
    """Two data sets cannot share a name."""

    status = 409
    code = "dataset_name_taken"
    summary = "There is a data set with this name already; choose another name, or delete that one first."


class NotImporting(AppError):
    """Nothing to cancel."""

    status = 409
    code = "dataset_not_importing"
    summary = "The data set is not being imported, so there is nothing to cancel."


class DatasetImporting(AppError):
    """Its import still runs."""

    status = 409
    code = "dataset_importing"
    summary = "The data set is being imported; cancel the import first, or wait for its end."


class DatasetNotReady(AppError):
    """Its import has not ended well."""

    status = 409
    code = "dataset_not_ready"
    summary = "The data set has not been imported, so there is nothing to show yet."


class DatasetBuiltIn(AppError):
    """A procedural set."""

    status = 409
    code = "dataset_built_in"
    summary = "This data set comes with the application and cannot be changed."


class DatasetDamaged(AppError):
    """Its folder cannot be read any more."""

    status = 409
    code = "dataset_damaged"
    summary = "The files of this data set are damaged; delete it and import it again."
