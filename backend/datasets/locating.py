"""Where the images of a data set are, for processes that read or draw them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backend.datasets import repository
from backend.datasets.library import DatasetLibrary
from backend.datasets.procedural import PROCEDURAL


def still_there(session: Session, dataset_id: str) -> bool:
    """Whether it was not deleted; nobody deletes it until the transaction ends."""
    return dataset_id in PROCEDURAL or repository.lock(session, dataset_id) is not None


def locate(session: Session, library: DatasetLibrary, dataset_id: str) -> str | None:
    """Name of a procedural set, or the folder of an import; None if it is gone."""
    if dataset_id in PROCEDURAL:
        return dataset_id
    found = repository.get(session, dataset_id)
    return str(library.folder(found.name)) if found is not None and found.status == "ready" else None
