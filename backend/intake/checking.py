"""What a decoder hands back is checked like anything from outside: a crafted file may have taken the decoder over."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from backend.core.errors import StorageFull
from backend.intake.display import Values
from backend.intake.errors import BY_CODE, Damaged, IntakeError, TooLarge, check_size
from backend.intake.limits import Limits
from backend.intake.order import NO_ROOM, Answer
from backend.intake.result import HEADER, IMAGE, THUMBNAIL, Account, SourceFormat, frame_name

_SENTENCE = 600  # characters
_MOST_REASONS = 50
_THUMBNAIL_BYTES = 4 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_LATE = "Decoding the image took longer than {:g} seconds, and was ended. Make it smaller, or export it again."


class NotAsPromised(Exception):
    """The account and the files do not fit together."""


def account_of(answer: Answer, folder: Path, limits: Limits, seconds: float) -> Account:
    """The account, once everything in it is as it should be.

    Raises:
        Unsupported, Damaged, TooLarge: what the decoder said, or how it ended.
        StorageFull: it found no room.
        NotAsPromised: it said something that is not so.
    """
    if answer.late:
        raise TooLarge(_LATE.format(seconds))
    if answer.flooded:
        raise TooLarge("Far more comes out of the file than its size promises; it was not kept. Export it again.")
    if answer.signal:
        raise Damaged
    said = _parsed(answer.said)
    if "error" in said:
        raise _error(said)
    try:
        account = Account.model_validate(said.get("account"))
    except ValidationError as error:
        raise NotAsPromised(f"{error.error_count()} fields of the account are wrong") from error
    _check_account(account, limits)
    _check_files(account, folder, limits)
    return account


def fault_of(answer: Answer) -> str | None:
    """Where in our code an error came from that nobody had thought of: for the log."""
    if answer.signal and not answer.late and not answer.flooded:
        return f"ended by signal {answer.signal}"
    try:
        fault = json.loads(answer.said).get("fault")
    except (ValueError, AttributeError, RecursionError):
        return None
    return _printable(fault) if isinstance(fault, str) else None


def _parsed(said: str) -> dict[str, Any]:
    try:
        found = json.loads(said)
    except (ValueError, RecursionError) as error:
        raise NotAsPromised("no JSON") from error
    if not isinstance(found, dict):
        raise NotAsPromised("no JSON object")
    return found


def _error(said: dict[str, Any]) -> IntakeError | StorageFull | NotAsPromised:
    code, detail = said["error"], said.get("detail")
    if code == NO_ROOM:
        return StorageFull()
    if not isinstance(code, str) or code not in BY_CODE:
        return NotAsPromised("an unknown error")
    return BY_CODE[code](_printable(detail) if isinstance(detail, str) and detail else None)


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text[:_SENTENCE])


def _check_account(account: Account, limits: Limits) -> None:
    check_size(account.width, account.height, limits)
    if len(account.suspects) > _MOST_REASONS or any(len(reason) > _SENTENCE for reason in account.suspects):
        raise NotAsPromised("too many reasons to look")
    if not account.values_kept:
        if account.display is not None or account.rendering is not None:
            raise NotAsPromised("a way to show values, and no values")
        return
    if account.display is None or account.rendering is None:
        raise NotAsPromised("values, and no way to show them")
    values = account.width * account.height * account.frames * _samples(account)
    if account.frames > limits.max_frames or values > limits.max_values:
        raise NotAsPromised("more values than are kept")
    if account.rendering.frame >= account.frames:
        raise NotAsPromised("a rendering of a frame that is not there")


def _samples(account: Account) -> int:
    return 3 if account.display is not None and account.display.values is Values.COLOUR else 1


def _check_files(account: Account, folder: Path, limits: Limits) -> None:
    """Each file that is promised, plain and of a size that fits, and no other."""
    pixels = account.width * account.height
    sizes = {IMAGE: _packed(3 * pixels), THUMBNAIL: _THUMBNAIL_BYTES}
    if account.source_format is SourceFormat.DICOM:
        sizes[HEADER] = 2 * limits.max_header_bytes  # JSON takes more than the header, with base64
    if account.values_kept and account.display is not None:
        frame = _packed(pixels * _samples(account) * account.display.bytes_per_value)
        sizes |= {frame_name(number): frame for number in range(account.frames)}
    found = {path.name: path.lstat() for path in folder.iterdir()}
    if found.keys() != sizes.keys():
        raise NotAsPromised("files are missing, or there are others")
    for name, status in found.items():
        # A link could lead to what is not the file's, such as the database.
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1 or not 0 < status.st_size <= sizes[name]:
            raise NotAsPromised(f"{name} is not as it should be")
    with (folder / IMAGE).open("rb") as file:
        head = file.read(24)
    size = account.width.to_bytes(4, "big") + account.height.to_bytes(4, "big")
    if head != _PNG + size:
        raise NotAsPromised("the picture has another size")
    with (folder / THUMBNAIL).open("rb") as file:
        head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WEBP":
        raise NotAsPromised("the thumbnail is of another kind")


def _packed(size: int) -> int:
    """The most that deflate and its container make of so many bytes, if they cannot be packed at all."""
    return size + size // 100 + 65536
