"""What was measured of a version: from the storage, or from the file that came with its checkpoint."""

from __future__ import annotations

import logging
from pathlib import Path

from backend.core.kept import Recent
from backend.core.storage import Storage, StoredFileMissing
from models.experiments.evidence.schema import FILE, Evidence

logger = logging.getLogger(__name__)

GONE = "The file of this model's evidence is gone; restore it from a backup, or have the model measured again."
# Some tens of kilobytes each. They never change, so a key means the same for as long as the process lives.
_RECENT: Recent[Evidence] = Recent(keep=32)


def load(storage: Storage, key: str) -> Evidence:
    """The result in a folder of the storage. Raises ``StoredFileMissing``."""

    def read() -> Evidence:
        try:
            return Evidence.model_validate_json(storage.read(f"{key}/{FILE}"))
        except StoredFileMissing as error:
            raise StoredFileMissing(GONE) from error

    return _RECENT.get(key, read)


def read_made(folder: Path) -> Evidence:
    """What the process of a job has left. Raises ValueError or OSError if that is not all there."""
    return Evidence.model_validate_json((folder / FILE).read_bytes())


def shipped(folder: Path) -> Evidence | None:
    """What lies in a checkpoint's folder; None, and the reason in the log, if it is none that can be read."""
    try:
        return read_made(folder)
    except FileNotFoundError:
        return None
    except (ValueError, OSError):
        logger.warning("%s in %s cannot be read and is left out", FILE, folder, exc_info=True)
        return None
