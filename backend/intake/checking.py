"""What a decoder hands back is checked like anything from outside: a crafted file may have taken the decoder over."""

from __future__ import annotations

import json
import math
import stat
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from backend.core.errors import StorageFull
from backend.intake.display import Values
from backend.intake.errors import BY_CODE, Damaged, IntakeError, TooLarge, check_size
from backend.intake.limits import Limits
from backend.intake.order import NO_ROOM, Answer
from backend.intake.result import HEADER, IMAGE, THUMBNAIL, Account, SourceFormat, frame_name

_SENTENCE = 600  # characters
_MOST_REASONS = 50
_PSEUDONYM = 120  # characters, as the database has room for
_MOST_PARTS: Final = (
    500_000  # of the JSON: the longest table has 65,536 entries, the longest header some thousand lines
)
_LARGEST_NUMBER: Final = 2**53  # a browser knows no larger one exactly
_THUMBNAIL_BYTES = 4 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_PNG_HEAD: Final = len(_PNG) + 8
# Eight bits, grey or RGB, deflate, its filters, not interlaced: all that ``encode_png`` writes.
_PNG_KINDS: Final = {b"\x08\x00\0\0\0", b"\x08\x02\0\0\0"}
_PNG_CHUNKS: Final = {b"IDAT", b"IEND"}
_LATE = "Decoding the image took longer than {:g} seconds, and was ended. Make it smaller, or export it again."
_LATE_FILM = (
    "Decoding took longer than {:g} seconds, and was ended after {} frames. Upload fewer frames of it in one file, or "
    "ask who runs the server for more time (VITRINE_DECODE_SECONDS)."
)


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
        done = _frames_in(folder)
        raise TooLarge(_LATE_FILM.format(seconds, done) if done > 1 else _LATE.format(seconds))
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
    if said.count(",") + said.count("[") + said.count("{") > _MOST_PARTS:
        raise NotAsPromised("far more than an account")  # parsed, it would fill the server's memory
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


def _frames_in(folder: Path) -> int:
    """How many were written before it was ended."""
    first, _, last = frame_name(0).partition("00000")
    return sum(path.name.startswith(first) and path.name.endswith(last) for path in folder.iterdir())


def _check_values(part: Any) -> None:
    """Nothing that a database, a page or a person could choke on, wherever it stands."""
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            _check_values(each)
    elif isinstance(part, str):
        if len(part) > _SENTENCE or "\0" in part:
            raise NotAsPromised("a text that is too long, or none")
    elif isinstance(part, int | float) and not (math.isfinite(part) and abs(part) <= _LARGEST_NUMBER):
        raise NotAsPromised("a number that is none, or too large")


def _check_account(account: Account, limits: Limits) -> None:
    check_size(account.width, account.height, limits)
    _check_values(account.model_dump(mode="python"))
    if account.pseudonym is not None and not (account.pseudonym.isprintable() and len(account.pseudonym) <= _PSEUDONYM):
        raise NotAsPromised("a pseudonym that is none")
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
    if folder.is_symlink():
        raise NotAsPromised("its folder is another one")
    found = {path.name: path.lstat() for path in folder.iterdir()}
    if found.keys() != sizes.keys():
        raise NotAsPromised("files are missing, or there are others")
    for name, status in found.items():
        # A link could lead to what is not the file's, such as the database.
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1 or not 0 < status.st_size <= sizes[name]:
            raise NotAsPromised(f"{name} is not as it should be")
    _check_png(folder / IMAGE, found[IMAGE].st_size, account)
    _check_webp(folder / THUMBNAIL, found[THUMBNAIL].st_size)


def _check_png(path: Path, size: int, account: Account) -> None:
    """Pixels and nothing else: the server's own libraries and browsers open it later, and every chunk has its code."""
    with path.open("rb") as file:
        head = file.read(_PNG_HEAD)
        if head != _PNG + account.width.to_bytes(4, "big") + account.height.to_bytes(4, "big"):
            raise NotAsPromised("the picture has another size")
        if file.read(5) not in _PNG_KINDS:
            raise NotAsPromised("the picture is of another kind")
        at, kind = _PNG_HEAD + 5 + 4, b""
        while at < size and kind != b"IEND":
            file.seek(at)
            length, kind = int.from_bytes(file.read(4), "big"), file.read(4)
            if kind not in _PNG_CHUNKS:
                raise NotAsPromised("the picture holds more than pixels")
            at += 12 + length
    if at != size or kind != b"IEND":
        raise NotAsPromised("the picture ends elsewhere")


def _check_webp(path: Path, size: int) -> None:
    """One lossy picture without anything around it, as ``encode_thumbnail`` writes."""
    with path.open("rb") as file:
        head = file.read(20)
    inner = int.from_bytes(head[16:20], "little")
    if head[:4] != b"RIFF" or head[8:16] != b"WEBPVP8 " or int.from_bytes(head[4:8], "little") + 8 != size:
        raise NotAsPromised("the thumbnail is of another kind")
    if inner + inner % 2 + 20 != size:
        raise NotAsPromised("the thumbnail holds more than a picture")


def _packed(size: int) -> int:
    """The most that deflate and its container make of so many bytes, if they cannot be packed at all."""
    return size + size // 100 + 65536
