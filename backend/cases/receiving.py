"""An upload as a private file: bounded, and with its hash, before anything looks into it."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from backend.core.errors import PayloadTooLarge
from backend.core.settings import MIB, Settings
from backend.core.storage import saying_full

_PREFIX = "upload-"
_PART_BYTES = 1024 * 1024
_LEFT_SECONDS = 3600.0


@dataclass(frozen=True)
class Received:
    """An upload on the disk.

    Attributes:
        path: of the file, until the context ends.
        sha256: of its bytes (hex).
    """

    path: Path
    sha256: str


@contextmanager
def received(source: BinaryIO, settings: Settings) -> Iterator[Received]:
    """Writes an upload into a folder that nobody else can read, and removes it at the end.

    Raises:
        PayloadTooLarge: more bytes than the server takes; no more than that are written.
        StorageFull: there is no room.
    """
    with saying_full():
        settings.intake_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=settings.intake_dir))  # mkdtemp: for the owner alone
    try:
        path = folder / "upload"
        with saying_full():
            sha256 = _written(source, path, settings.max_upload_bytes)
        yield Received(path, sha256)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep_received(settings: Settings, older_than: float = _LEFT_SECONDS) -> int:
    """Removes uploads that a crash has left. Gives their number."""
    limit = time.time() - older_than
    left = [path for path in settings.intake_dir.glob(f"{_PREFIX}*") if path.stat().st_mtime < limit]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)


def _written(source: BinaryIO, path: Path, most: int) -> str:
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as target:
        while part := source.read(_PART_BYTES):
            size += len(part)
            if size > most:
                raise PayloadTooLarge(f"The file is larger than {most / MIB:g} MiB, the most the server takes.")
            digest.update(part)
            target.write(part)
    return digest.hexdigest()
