"""Pictures of data sets: thumbnails and contact sheets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image
from sqlalchemy.orm import Session

from backend.core.slots import Slots
from backend.core.storage import Storage, StoredFileMissing
from backend.datasets import service
from backend.datasets.errors import DatasetDamaged, DatasetImageNotFound
from backend.datasets.procedural import PROCEDURAL, ProceduralSet, edition
from backend.intake.encoding import encode_png, encode_thumbnail
from backend.resources import Resources
from models.data.errors import DataError
from models.data.prepared import CONTACT_SHEET, PreparedDataset


@dataclass(frozen=True)
class Sheet:
    """A contact sheet that is made when it is asked for.

    Attributes:
        identity: names the content.
        make: PNG.
    """

    identity: str
    make: Callable[[], bytes]


def thumbnail(prepared: PreparedDataset, row: int, size: int, slots: Slots) -> bytes:
    """WebP. Raises ``DatasetImageNotFound`` and ``DatasetDamaged``."""
    with slots:  # what was not looked at before is decoded from the original, which may be large
        try:
            rows = prepared.rows
        except DataError as error:
            raise DatasetDamaged(f"{error}. Delete the data set and import it again.") from error
        if not 0 <= row < len(rows):
            raise DatasetImageNotFound(f"There is no row {row}; the data set has rows 0 to {len(rows) - 1}.")
        try:
            pixels = prepared.thumbnail(rows[row].key, size)
        except DataError as error:
            raise DatasetImageNotFound(f"The image cannot be shown: {error}.") from error
        return encode_thumbnail(Image.fromarray(pixels), size)


def contact_sheet(session: Session, resources: Resources, dataset_id: str) -> Sheet:
    """The contact sheet of a data set. Raises as ``service.require_ready``."""
    drawn = PROCEDURAL.get(dataset_id)
    if drawn is not None:
        identity = f"sheet-{dataset_id}-{edition()}"
        return Sheet(identity, lambda: procedural_sheet(resources.storage, drawn, resources.picture_slots))
    prepared = service.require_ready(session, resources, dataset_id)
    return Sheet(f"sheet-{dataset_id}", lambda: _read(prepared))


def procedural_sheet(storage: Storage, drawn: ProceduralSet, slots: Slots) -> bytes:
    """Drawn once, seconds of work, then kept in the storage."""
    key = sheet_key(drawn)
    with slots:
        try:
            return storage.read(key)
        except StoredFileMissing:
            content = encode_png(Image.fromarray(drawn.contact_sheet()))
            storage.write(key, content)
            return content


def sheet_key(drawn: ProceduralSet) -> str:
    """Where the storage keeps it."""
    return f"examples/{edition()}/sheet-{drawn.key}.png"


def _read(prepared: PreparedDataset) -> bytes:
    try:
        return (prepared.folder / CONTACT_SHEET).read_bytes()
    except OSError as error:
        raise DatasetDamaged(f"The contact sheet cannot be read: {error.strerror}.") from error
