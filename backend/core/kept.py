"""Results that are written once: a folder of files in the storage, and what was read of them last."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from backend.core.storage import Storage
from backend.db.session import on_commit

T = TypeVar("T")


def store_files(storage: Storage, owner: str, part: str, made: Path) -> str:
    """Puts the files of a folder into the storage, under their own names: all of them or none.

    Outside of any transaction, since every file waits for the disk. Whoever then does not get their row written removes
    them again.

    Args:
        storage: where they go.
        owner: prefix of everything that belongs to the row.
        part: of this attempt, so that undoing one never takes the files of another.
        made: the folder; it has no folders in it.

    Returns:
        The prefix of the files.
    """
    folder = f"{owner}/{part}"
    try:
        for path in sorted(made.iterdir()):
            storage.write(f"{folder}/{path.name}", path.read_bytes())
    except BaseException:
        storage.delete_all(folder)
        raise
    return folder


def keep_stored(session: Session, storage: Storage, owner: str, part: str) -> None:
    """Once the transaction has come through, the files of other attempts are removed."""
    on_commit(session, lambda: _keep_only(storage, owner, part))


def _keep_only(storage: Storage, owner: str, part: str) -> None:
    for name in list(storage.list_owners(owner, older_than=0)):
        if name != part:
            storage.delete_all(f"{owner}/{name}")


class Recent(Generic[T]):
    """What was made last, by key: for results that never change and take a while to read.

    Args:
        keep: how many.
    """

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._found: OrderedDict[str, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str, make: Callable[[], T]) -> T:
        """What ``make`` gave for this key; called only when it is not there any more."""
        with self._lock:
            if key not in self._found:
                self._found[key] = make()
                while len(self._found) > self._keep:
                    self._found.popitem(last=False)
            self._found.move_to_end(key)
            return self._found[key]
