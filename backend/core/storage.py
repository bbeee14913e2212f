"""Where files are kept. Keys are relative, written once, and name the content's hash.

A key looks like ``cases/<case id>/<sha256>.png``: under the owner's id, so that deleting a case deletes its files and
nobody else's, and with the hash, so that a file can be checked and is never overwritten by other content.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from backend.core.errors import AppError, StorageFull

_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")
_TEMPORARY = ".writing"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class StoredFileMissing(AppError):
    """A row names a file that is not there."""

    status = 404
    code = "file_missing"
    summary = "The stored file is gone; restore it from a backup, or delete the case."


class Storage(Protocol):
    """What the application needs from a place for files."""

    def put(self, prefix: str, content: bytes, suffix: str) -> str:
        """Store bytes for good and return their key. All of them or nothing."""
        ...

    def write(self, key: str, content: bytes) -> None:
        """Store bytes under a name of the caller's choice: for what can be made again."""
        ...

    def write_all(self, files: Iterable[tuple[str, bytes]]) -> None:
        """As ``write``, for many files of one folder, one of them in memory at a time."""
        ...

    def read(self, key: str) -> bytes:
        """The bytes. Raises ``StoredFileMissing``."""
        ...

    def delete(self, key: str) -> None:
        """Remove one file; nothing happens if it is not there."""
        ...

    def delete_all(self, prefix: str) -> None:
        """Remove everything under a prefix."""
        ...

    def list_keys(self, prefix: str) -> set[str]:
        """Keys of all files and folders directly under a prefix."""
        ...

    def list_owners(self, prefix: str, older_than: float) -> Iterator[str]:
        """Names directly under a prefix that were last changed more than this many seconds ago."""
        ...


def content_key(prefix: str, content: bytes, suffix: str) -> str:
    """The key of these bytes under this prefix."""
    return f"{prefix}/{hashlib.sha256(content).hexdigest()}{suffix}"


class LocalStorage:
    """Files in a folder of this machine."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._root.mkdir(parents=True, exist_ok=True)

    def put(self, prefix: str, content: bytes, suffix: str) -> str:
        key = content_key(prefix, content, suffix)
        self.write(key, content)
        return key

    def write(self, key: str, content: bytes) -> None:
        """Atomic: a reader sees the whole file or none, also after a power cut."""
        with saying_full():
            self._sync_folders(self._write(key, content))

    def write_all(self, files: Iterable[tuple[str, bytes]]) -> None:
        with saying_full():
            for folder in {self._write(key, content) for key, content in files}:
                self._sync_folders(folder)

    def read(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as error:
            raise StoredFileMissing from error

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def delete_all(self, prefix: str) -> None:
        try:
            shutil.rmtree(self._path(prefix))
        except FileNotFoundError:
            return

    def list_keys(self, prefix: str) -> set[str]:
        folder = self._path(prefix)
        return {f"{prefix}/{entry.name}" for entry in folder.iterdir()} if folder.is_dir() else set()

    def list_owners(self, prefix: str, older_than: float) -> Iterator[str]:
        folder = self._path(prefix)
        if not folder.is_dir():
            return
        limit = time.time() - older_than
        for entry in sorted(folder.iterdir()):
            if entry.is_dir() and entry.stat().st_mtime < limit:
                yield entry.name

    def _write(self, key: str, content: bytes) -> Path:
        """Gives the folder, whose new name is not durable yet."""
        target = self._path(key)
        temporary = target.with_name(f"{secrets.token_hex(8)}{_TEMPORARY}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(target)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        return target.parent

    def _path(self, key: str) -> Path:
        """Refuses whatever could lead out of the root: only plain names, joined by slashes."""
        parts = key.split("/")
        if not all(_PART.fullmatch(part) for part in parts):
            raise ValueError(f"not a storage key: {key!r}")
        path = self._root.joinpath(*parts)
        if not path.resolve().is_relative_to(self._root):
            raise ValueError(f"storage key leads outside through a link: {key!r}")
        return path

    def _sync_folders(self, folder: Path) -> None:
        """Makes the new name itself durable, up to the root, since folders may be new as well."""
        while folder.is_relative_to(self._root):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
            folder = folder.parent


@contextmanager
def saying_full() -> Iterator[None]:
    """Inside the block, an error that says that there is no room becomes ``StorageFull``."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StorageFull from error
        raise
