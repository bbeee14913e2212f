"""Random secrets. The database only ever holds their hashes."""

from __future__ import annotations

import hashlib
import secrets

# Names what it is, so that scanners for leaked secrets can know it.
TOKEN_PREFIX = "vitrine_"  # noqa: S105
# Without letters that look like digits or like each other.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """256 random bits, safe in URLs and cookies."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256. A slow hash would add nothing: the secret is random and cannot be guessed."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def one_time_password() -> str:
    """99 random bits in groups that can be typed over."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
