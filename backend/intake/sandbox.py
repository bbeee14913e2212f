"""Decoding in a process that is used once: whatever a file does to its decoder, only that process suffers.

For each of ``decode_slots`` there is a process that has imported everything and forks for each file (``child``). The
first file starts it.
"""

from __future__ import annotations

import errno
import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from backend.core.errors import ServerBusy, StorageFull
from backend.core.settings import Settings
from backend.core.slots import Slots
from backend.intake.checking import NotAsPromised, account_of, fault_of
from backend.intake.confinement.service import Confinement, offered
from backend.intake.decoders import DecoderGone, Decoders
from backend.intake.deidentification.secret import site_secret
from backend.intake.errors import Damaged
from backend.intake.limits import Limits
from backend.intake.order import Answer, Order
from backend.intake.result import Account

logger = logging.getLogger(__name__)

_PREFIX = "decoding-"
# What a server left that was killed while it decoded.
_LEFT_BEHIND_SECONDS = 3600.0
_TRIES = 2
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True)
class Decoded:
    """What a file became.

    Attributes:
        account: checked; every file that it promises is in the folder.
        folder: of IMAGE, THUMBNAIL, HEADER (DICOM alone) and the frames, until the context ends.
    """

    account: Account
    folder: Path


class Sandbox:
    """Decodes files, a few at once; the others wait for their turn."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._slots = Slots(settings.decode_slots)
        self._decoders = Decoders()
        self._secret: bytes | None = None
        self._secret_lock = threading.Lock()
        self.limits = Limits(max_pixels=settings.max_pixels, max_values=settings.max_values)

    def start(self) -> None:
        """Removes what a server left that was killed. Processes are started by the first files.

        Raises:
            SecretUnusable: the file with the site's secret cannot serve; better known now than at the first file.
        """
        self._site_secret()
        level = logging.INFO if self.confinement is Confinement.FULL else logging.WARNING
        logger.log(level, "%s", offered().in_words())
        with suppress(FileNotFoundError):
            for folder in self._settings.intake_dir.iterdir():
                with suppress(FileNotFoundError):
                    if folder.name.startswith(_PREFIX) and time.time() - folder.stat().st_mtime > _LEFT_BEHIND_SECONDS:
                        shutil.rmtree(folder, ignore_errors=True)

    @property
    def confinement(self) -> Confinement:
        """What decoders give up beyond their limits, on this kernel."""
        return offered().confinement

    def stop(self) -> None:
        """Ends all processes, also those that decode: their requests get ``ServerBusy``."""
        self._decoders.stop()

    def pids(self) -> list[int]:
        """Of the processes that fork."""
        return self._decoders.pids()

    @contextmanager
    def decode(self, source: Path) -> Iterator[Decoded]:
        """Decodes one file.

        Args:
            source: the file, wherever it lies. What the person calls it decides nothing, and is not told.

        Raises:
            Unsupported, Damaged, TooLarge: with a sentence that says what to do.
            ServerBusy: many others wait already, or the server stops.
            StorageFull: there is no room for what comes out.
        """
        folder = self._make_folder()
        try:
            with self._slots:
                account = self._decode(source, folder)
            yield Decoded(account, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _decode(self, source: Path, folder: Path) -> Account:
        order = self._order(source, folder)
        answer = self._ask(order)
        fault = fault_of(answer)
        if fault is not None:
            logger.warning("A decoder failed on a file: %s", fault)
        try:
            return account_of(answer, folder, self.limits, order.seconds)
        except NotAsPromised as error:
            logger.warning("A decoder's result was not taken: %s", error)
            raise Damaged from error

    def _ask(self, order: Order) -> Answer:
        """Once more if the process is gone: the system may have killed it for want of memory."""
        for _ in range(_TRIES):
            try:
                decoder = self._decoders.take()
            except DecoderGone as error:
                raise ServerBusy from error
            fit = False
            try:
                answer = decoder.ask(order)
                fit = True
                return answer
            except DecoderGone:
                _empty(order.folder)
            finally:
                self._decoders.give_back(decoder, fit=fit)
        logger.warning("The process that decodes ended twice without an answer")
        raise ServerBusy

    def _order(self, source: Path, folder: Path) -> Order:
        settings = self._settings
        largest = 8 * settings.max_pixels + self.limits.max_header_bytes
        return Order(
            source=source.absolute(),
            folder=folder,
            secret=self._site_secret().hex(),
            limits=self.limits,
            seconds=settings.decode_seconds,
            memory_bytes=settings.decode_memory_bytes,
            output_bytes=largest,
            total_bytes=largest + 3 * settings.max_values,
        )

    def _site_secret(self) -> bytes:
        with self._secret_lock:
            if self._secret is None:
                self._secret = site_secret(self._settings.deidentification_key)
            return self._secret

    def _make_folder(self) -> Path:
        parent = self._settings.intake_dir
        try:
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise StorageFull from error
            raise


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
