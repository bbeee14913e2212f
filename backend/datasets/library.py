"""The folder of imported data sets: which are there, opened ones, and room for those in the making."""

from __future__ import annotations

import logging
import os
import re
import shutil
import threading
from collections import OrderedDict
from pathlib import Path

from backend.datasets.errors import DatasetDamaged
from backend.datasets.schemas import NAME_PATTERN
from models.data.errors import DataError
from models.data.prepared import INFO, PreparedDataset

logger = logging.getLogger(__name__)

# On the same file system as the data sets, so that a finished one moves there in one step.
_WORK = ".work"
_TRASH = ".trash"
_KEPT_OPEN = 4
_NAME = re.compile(NAME_PATTERN)


class DatasetLibrary:
    """Knows the folders, not the table."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._opened: OrderedDict[tuple[str, str], PreparedDataset] = OrderedDict()
        self._lock = threading.Lock()
        self._reported: set[tuple[str, str]] = set()

    def prepare(self) -> None:
        """Makes the folder, and clears away what an earlier server left behind when it was killed."""
        self.root.mkdir(parents=True, exist_ok=True)
        for name in (_WORK, _TRASH):
            shutil.rmtree(self.root / name, ignore_errors=True)

    def folder(self, name: str) -> Path:
        """Where a data set of this name is, or would be."""
        return self.root / name

    def stamps(self) -> dict[str, str]:
        """A stamp per data set that is there as a whole; it changes when another one takes the name."""
        try:
            names = sorted(entry.name for entry in self.root.iterdir() if _NAME.fullmatch(entry.name))
        except FileNotFoundError:
            return {}
        stamps = {name: self.stamp(name) for name in names}
        return {name: stamp for name, stamp in stamps.items() if stamp is not None}

    def stamp(self, name: str) -> str | None:
        """Of one data set; None if it is not there."""
        try:
            found = (self.folder(name) / INFO).stat()
        except OSError:
            return None
        return f"{found.st_ino}-{found.st_mtime_ns}"

    def open(self, name: str, stamp: str) -> PreparedDataset:
        """The data set, read once. Raises ``DatasetDamaged``."""
        key = (name, stamp)
        with self._lock:
            prepared = self._opened.get(key)
            if prepared is None:
                prepared = self._opened[key] = self._open(name)
                while len(self._opened) > _KEPT_OPEN:
                    self._opened.popitem(last=False)
            self._opened.move_to_end(key)
        return prepared

    def try_open(self, name: str, stamp: str) -> PreparedDataset | None:
        """None, and one line in the log, if it cannot be read."""
        try:
            return self.open(name, stamp)
        except DatasetDamaged as error:
            if (name, stamp) not in self._reported:
                self._reported.add((name, stamp))
                logger.warning("the data set in %s is left out: %s", self.folder(name), error.detail)
            return None

    def workplace(self, import_id: str) -> Path:
        """A new, empty folder for an import; ``vanish`` removes it."""
        folder = self._workplace(import_id)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def vanish(self, import_id: str) -> None:
        """Removes the workplace of an import."""
        shutil.rmtree(self._workplace(import_id), ignore_errors=True)

    def _workplace(self, import_id: str) -> Path:
        return self.root / _WORK / import_id

    def publish(self, made: Path, name: str) -> None:
        """Moves a finished data set to its place. Raises ``FileExistsError`` if the place is taken."""
        target = self.folder(name)
        if target.exists():  # an empty folder would be overwritten by the move
            raise FileExistsError(target)
        made.rename(target)

    def throw_away(self, name: str, import_id: str) -> None:
        """Takes a data set out of its place; ``empty`` then deletes it, ``take_back`` undoes it."""
        trash = self.root / _TRASH
        trash.mkdir(exist_ok=True)
        try:
            self.folder(name).rename(trash / import_id)
        except FileNotFoundError:
            return

    def take_back(self, name: str, import_id: str) -> None:
        """Undoes ``throw_away``."""
        thrown = self.root / _TRASH / import_id
        if thrown.exists() and not os.path.lexists(self.folder(name)):
            thrown.rename(self.folder(name))

    def empty(self, import_id: str) -> None:
        """Deletes for good what was thrown away."""
        shutil.rmtree(self.root / _TRASH / import_id, ignore_errors=True)

    def _open(self, name: str) -> PreparedDataset:
        try:
            return PreparedDataset.open(self.folder(name))
        except (DataError, OSError) as error:
            raise DatasetDamaged(f"{error}. Delete the data set and import it again.") from error
