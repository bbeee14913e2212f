"""The site's secret: who holds it can tell which pseudonym belongs to which patient, so nobody else may read it."""

from __future__ import annotations

import logging
import os
import secrets
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

logger = logging.getLogger(__name__)

LENGTH = 32


class SecretUnusable(Exception):
    """The file cannot serve; the sentence says what to do."""


def check_not_lost(path: Path, made_with_it: Iterable[Path]) -> None:
    """For the start of a server, before anything makes a new secret in silence.

    Args:
        path: of the secret.
        made_with_it: headers that were kept; looked at only if there is no secret.

    Raises:
        SecretUnusable: there is no secret, but there are pseudonyms that follow from one.
    """
    if not path.exists() and any(True for _ in made_with_it):
        raise SecretUnusable(
            f"The secret for pseudonyms, {path}, is gone, but there are cases whose pseudonyms follow from it. "
            "Restore it from a backup. If there is none, make another one, such as with "
            f"(umask 077; head -c {LENGTH} /dev/urandom > {path}): from then on, patients get new pseudonyms."
        )


def site_secret(path: Path) -> bytes:
    """The site's 32 bytes, made at the first call.

    Two processes that call it at once get the same bytes: the file appears under its name only when it is complete.

    Raises:
        SecretUnusable: others can read the file, it has the wrong length, or it cannot be read or made.
    """
    try:
        if not path.exists():
            _make(path)
        return _read(path)
    except OSError as error:
        raise SecretUnusable(
            f"The secret for pseudonyms, {path}, cannot be read or made: {error.strerror}. "
            "Let the server's user own its folder."
        ) from error


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(LENGTH))
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, a link never takes the place of a secret that another process made meanwhile.
        with suppress(FileExistsError):
            os.link(name, path)
            logger.warning("Made the secret for pseudonyms, %s: keep a copy of it with the backups", path)
    finally:
        Path(name).unlink()
    _sync(path.parent)  # a secret that a power cut takes leaves pseudonyms behind that nobody can make again


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or stat.S_IMODE(status.st_mode) & 0o077:
            raise SecretUnusable(
                f"Others can read the secret for pseudonyms, {path}. Run chmod 600 on it; if somebody may have read "
                "it, they can tell patients by their pseudonyms."
            )
        secret = file.read(LENGTH + 1)
    if len(secret) != LENGTH:
        raise SecretUnusable(
            f"The secret for pseudonyms, {path}, must have {LENGTH} bytes. Restore it from a backup: with a new one, "
            "patients get new pseudonyms."
        )
    return secret
