"""Uploads as they came, encrypted: kept only where a setting says so, and read on the command line alone.

A file is ``MAGIC``, a nonce of 12 bytes, and AES-256-GCM of the upload with its tag at the end. The case's id is
authenticated with it, so that the file of one case cannot be put in the place of another's.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC: Final = b"VTRORIG1"
SUFFIX: Final = ".original"
_KEY_BYTES, _NONCE_BYTES = 32, 12


class OriginalUnreadable(ValueError):
    """The key or the file is not what it should be; the message says what to do."""


def encrypt(content: bytes, case_id: str, key: bytes) -> bytes:
    """The file for the storage."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return MAGIC + nonce + AESGCM(key).encrypt(nonce, content, case_id.encode())


def decrypt(stored: bytes, case_id: str, key: bytes) -> bytes:
    """The upload, byte for byte. Raises ``OriginalUnreadable``."""
    if not stored.startswith(MAGIC):
        raise OriginalUnreadable("the stored file is not an encrypted original; restore it from a backup")
    start = len(MAGIC) + _NONCE_BYTES
    try:
        return AESGCM(key).decrypt(stored[len(MAGIC) : start], stored[start:], case_id.encode())
    except (InvalidTag, ValueError) as error:
        raise OriginalUnreadable(
            "the key does not fit the original, or the file was changed; restore originals.key and the file from the "
            "same backup"
        ) from error


def read_key(path: Path) -> bytes:
    """The key. Raises ``OriginalUnreadable`` if there is none, it is cut off, or others can read it."""
    try:
        with path.open("rb") as stream:
            mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
            key = stream.read(_KEY_BYTES + 1)
    except FileNotFoundError:
        raise OriginalUnreadable(f"there is no key {path}; restore it from a backup") from None
    except OSError as error:
        raise OriginalUnreadable(
            f"the key {path} cannot be read ({error.strerror}); run this as the server's user"
        ) from error
    if mode & 0o077:
        raise OriginalUnreadable(f"others can read the key {path}; run chmod 600 on it")
    if len(key) != _KEY_BYTES:
        raise OriginalUnreadable(f"{path} must hold {_KEY_BYTES} bytes; restore it from a backup")
    return key


def key_of_site(path: Path, kept: Iterable[Path] = ()) -> bytes:
    """The key, which is made once. Of two who make it at once, both get the same.

    Args:
        path: of the key.
        kept: originals; looked at only if there is no key.

    Raises:
        OriginalUnreadable: the file is there and cut off, or others can read it; or it is gone, and originals are not.
        OSError: it cannot be written.
    """
    if not path.exists():
        if any(True for _ in kept):
            raise OriginalUnreadable(
                f"there is no key {path}, but originals are kept that need it; restore it from a backup, or delete "
                "the files *.original in the storage: without their key nobody can read them"
            )
        making = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(secrets.token_bytes(_KEY_BYTES))
                stream.flush()
                os.fsync(stream.fileno())
            os.link(making, path)  # whole from the first moment, and never over another one
        except FileExistsError:
            pass
        finally:
            making.unlink(missing_ok=True)
        _sync(path.parent)  # what is encrypted with a key that a power cut takes is lost
    return read_key(path)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
