"""Passwords: how they are kept, and which are too weak."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn import zxcvbn

from backend.auth.errors import WeakPassword

MIN_LENGTH = 12
# zxcvbn's scale from 0 to 4: 3 is "safely unguessable" when the hash is slow.
MIN_SCORE = 3
# zxcvbn tries all readings of digits and signs as letters: 72 well-chosen ones keep a core busy for three seconds.
_READ_AT_MOST = 40
# What manuals and examples put where a secret should be.
_PLACEHOLDERS = ("vitrine", "administrator", "changethis", "changeme", "replaceme", "default", "example", "hospital")
# Argon2id with pwdlib's parameters (64 MiB, 3 passes, 4 lanes).
_HASHER = PasswordHash((Argon2Hasher(),))
# Verified where there is no account, so that the time of an answer does not tell.
_NOBODY = _HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Argon2id with a salt of its own. Takes about 0.2 s and 64 MiB, on purpose."""
    return _HASHER.hash(password)


def verify_password(password: str, known: str | None) -> tuple[bool, str | None]:
    """Whether it is the one, and a new hash where the kept one has outdated parameters."""
    try:
        right, better = _HASHER.verify_and_update(password, known or _NOBODY)
    except UnknownHashError:
        return False, None
    return (right, better) if known else (False, None)


def check_strength(password: str, about: Sequence[str]) -> None:
    """Raises ``WeakPassword`` with what to do.

    Args:
        password: what somebody wants to have.
        about: what belongs to them and is therefore easily guessed, such as their name.
    """
    if len(password) < MIN_LENGTH:
        raise WeakPassword(f"The password needs at least {MIN_LENGTH} characters; it has {len(password)}.")
    own = {word for text in (*about, *_PLACEHOLDERS) for word in re.split(r"[\W_]+", text.casefold()) if len(word) > 2}
    rest = re.sub("|".join(re.escape(word) for word in sorted(own, key=len, reverse=True)), " ", password, flags=re.I)
    # Judged with and without: zxcvbn alone finds two names in a row hard enough to guess.
    judged = [zxcvbn(text[:_READ_AT_MOST], [*about, *own]) for text in dict.fromkeys((password, rest))]
    found = min(judged, key=lambda result: int(result["score"]))
    if found["score"] < MIN_SCORE:
        reason = str(found["feedback"]["warning"]).rstrip(".")
        start = f"{reason}. " if reason else "This password is easy to guess. "
        if judged[0]["score"] >= MIN_SCORE:
            start = "Your own name and address make a password no harder to guess. "
        raise WeakPassword(f"{start}Choose another, such as four words that do not belong together.")
