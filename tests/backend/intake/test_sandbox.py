"""The server's side: whatever the process that decodes does, a reason comes out, and nothing stays behind."""

from __future__ import annotations

import copy
import json
import logging
import os
import shutil
import signal
import subprocess
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from backend.core.errors import ServerBusy, StorageFull
from backend.core.settings import Settings
from backend.intake import sandbox as sandbox_module
from backend.intake.checking import NotAsPromised, account_of
from backend.intake.confinement.service import Offered
from backend.intake.encoding import decode_frame, encode_frame
from backend.intake.errors import Damaged, IntakeError, TooLarge, Unsupported
from backend.intake.limits import Limits
from backend.intake.order import NO_ROOM, Answer, said_error
from backend.intake.result import IMAGE, THUMBNAIL, Account, SourceFormat, frame_name
from backend.intake.sandbox import Sandbox
from tests.support.images import encoded, gradient, png_header


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def sandbox(settings: Settings) -> Iterator[Sandbox]:
    made = Sandbox(settings)
    made.start()
    yield made
    made.stop()


def file_of(folder: Path, content: bytes) -> Path:
    path = folder / "upload"
    path.write_bytes(content)
    return path


def grey16() -> np.ndarray[Any, Any]:
    return np.linspace(0, 4095, 32 * 24).reshape(24, 32).astype(np.uint16)


def test_a_picture(sandbox: Sandbox, settings: Settings, tmp_path: Path) -> None:
    with sandbox.decode(file_of(tmp_path, encoded(gradient()))) as decoded:
        assert decoded.account.source_format is SourceFormat.PNG
        assert not decoded.account.values_kept
        assert {path.name for path in decoded.folder.iterdir()} == {IMAGE, THUMBNAIL}
        assert np.array_equal(np.asarray(Image.open(decoded.folder / IMAGE)), np.asarray(gradient()))
        assert decoded.folder.stat().st_mode & 0o077 == 0
    assert not decoded.folder.exists()
    assert list(settings.intake_dir.iterdir()) == []


def test_values_come_back_as_they_were(sandbox: Sandbox, tmp_path: Path) -> None:
    with sandbox.decode(file_of(tmp_path, encoded(Image.fromarray(grey16()), "PNG"))) as decoded:
        account = decoded.account
        content = (decoded.folder / frame_name(0)).read_bytes()
        assert np.array_equal(decode_frame(content, account.width, account.height, account.display), grey16())


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"", Damaged), (b"hello", Unsupported), (png_header(100_000, 100_000), TooLarge), (b"\xff\xd8\xff", Damaged)],
)
def test_reasons_come_through(sandbox: Sandbox, tmp_path: Path, content: bytes, expected: type[IntakeError]) -> None:
    with pytest.raises(expected), sandbox.decode(file_of(tmp_path, content)):
        pass


def test_no_process_before_the_first_file_and_one_for_many(sandbox: Sandbox, tmp_path: Path) -> None:
    assert sandbox.pids() == []
    for _ in range(3):
        with sandbox.decode(file_of(tmp_path, encoded(gradient()))):
            pass
    (pid,) = sandbox.pids()
    sandbox.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(ServerBusy), sandbox.decode(file_of(tmp_path, encoded(gradient()))):
        pass


def test_a_process_that_is_gone_is_replaced(sandbox: Sandbox, tmp_path: Path) -> None:
    source = file_of(tmp_path, encoded(gradient()))
    with sandbox.decode(source):
        pass
    (pid,) = sandbox.pids()
    os.kill(pid, signal.SIGKILL)
    with sandbox.decode(source) as decoded:
        assert decoded.account.width == 48
    assert sandbox.pids() != [pid]


def test_time_is_limited(settings: Settings, tmp_path: Path) -> None:
    sandbox = Sandbox(settings.model_copy(update={"decode_seconds": 0.05}))
    noise = np.random.default_rng(0).integers(0, 256, (3000, 3000, 3)).astype(np.uint8)
    try:
        with (
            pytest.raises(TooLarge, match="longer than"),
            sandbox.decode(file_of(tmp_path, encoded(Image.fromarray(noise), "BMP"))),
        ):
            pass
        assert list(settings.intake_dir.iterdir()) == []
    finally:
        sandbox.stop()


def test_memory_is_limited(settings: Settings, tmp_path: Path) -> None:
    sandbox = Sandbox(settings.model_copy(update={"decode_memory_bytes": 512 * 1024 * 1024}))
    content = encoded(Image.new("RGB", (7000, 7000)), "PNG")
    try:
        with pytest.raises(TooLarge, match="memory"), sandbox.decode(file_of(tmp_path, content)):
            pass
        with sandbox.decode(file_of(tmp_path, encoded(gradient()))) as decoded:
            assert decoded.account.width == 48
    finally:
        sandbox.stop()


def test_stopping_ends_what_decodes(settings: Settings, tmp_path: Path) -> None:
    sandbox = Sandbox(settings)
    source = tmp_path / "pipe"
    os.mkfifo(source)  # reading it waits for ever
    caught: list[BaseException] = []

    def decode() -> None:
        try:
            with sandbox.decode(source):
                pass
        except ServerBusy as error:
            caught.append(error)

    thread = threading.Thread(target=decode)
    thread.start()
    while not sandbox.pids():
        time.sleep(0.01)
    sandbox.stop()
    thread.join(timeout=30)
    assert len(caught) == 1


def test_what_a_killed_server_left_is_removed(settings: Settings) -> None:
    old, young, other = (settings.intake_dir / name for name in ("decoding-old", "decoding-young", "other"))
    for folder in (old, young, other):
        folder.mkdir(parents=True)
        (folder / "frame").write_bytes(b"x")
    for folder in (old, other):
        os.utime(folder, (1, 1))
    Sandbox(settings).start()
    assert {path.name for path in settings.intake_dir.iterdir()} == {"decoding-young", "other"}


def test_decoders_get_no_secrets_of_the_server(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VITRINE_DATABASE_URL", "postgresql://u:hidden-password@db/x")
    given: list[dict[str, str]] = []
    start = subprocess.Popen

    def starts(*command: Any, **how: Any) -> subprocess.Popen[bytes]:
        given.append(how["env"])
        return start(*command, **how)

    monkeypatch.setattr(subprocess, "Popen", starts)
    with sandbox.decode(file_of(tmp_path, encoded(gradient()))):
        pass
    assert "PATH" in given[0]
    assert not any("hidden-password" in value for value in given[0].values())
    (pid,) = sandbox.pids()
    assert len(list(Path(f"/proc/{pid}/task").iterdir())) == 1  # it forks: more threads could deadlock its copies


def test_nobody_of_the_same_user_looks_into_decoders(sandbox: Sandbox, tmp_path: Path) -> None:
    """Their memory belongs to root, as a program's that has set its user."""
    with sandbox.decode(file_of(tmp_path, encoded(gradient()))):
        pass
    (pid,) = sandbox.pids()
    assert Path(f"/proc/{pid}/mem").stat().st_uid == 0
    if os.geteuid() != 0:
        with pytest.raises(PermissionError):
            Path(f"/proc/{pid}/environ").read_bytes()


@pytest.mark.parametrize(
    ("found", "level"),
    [(Offered(7, seccomp=True), logging.INFO), (Offered(0, seccomp=True), logging.WARNING)],
    ids=["full", "partial"],
)
def test_the_log_says_what_protects(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    found: Offered,
    level: int,
) -> None:
    monkeypatch.setattr(sandbox_module, "offered", lambda: found)
    with caplog.at_level(logging.INFO, logger="backend"):
        Sandbox(settings).start()
    (said,) = [record for record in caplog.records if "ecode" in record.message]
    assert said.levelno == level
    assert said.message == found.in_words()


# What a decoder says is not believed.
LIMITS = Limits(max_pixels=1_000_000, max_values=3_000_000)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    folder = tmp_path_factory.mktemp("once")
    made = Sandbox(Settings(data_dir=folder / "data"))
    try:
        with made.decode(file_of(folder, encoded(Image.fromarray(grey16()), "PNG"))) as decoded:
            shutil.copytree(decoded.folder, folder / "decoded")
            return decoded.account.model_dump(mode="json"), folder / "decoded"
    finally:
        made.stop()


@pytest.fixture
def good(once: tuple[dict[str, Any], Path], tmp_path: Path) -> tuple[dict[str, Any], Path]:
    """What a decoder made of a good file, to be changed."""
    account, folder = once
    return copy.deepcopy(account), shutil.copytree(folder, tmp_path / "decoded")


def checked(said: Any, folder: Path, **how: Any) -> None:
    text = said if isinstance(said, str) else json.dumps(said)
    account_of(Answer(said=text, **({"late": False, "flooded": False, "signal": 0} | how)), folder, LIMITS, 20)


def test_a_good_account_is_taken(good: tuple[dict[str, Any], Path]) -> None:
    account, folder = good
    checked({"account": account}, folder)


@pytest.mark.parametrize(
    "change",
    [
        {"width": 33}, {"width": 10**6, "height": 10**6}, {"frames": 2}, {"frames": 10**9}, {"display": None},
        {"rendering": None}, {"values_kept": False}, {"source_format": "dicom"}, {"source_format": "exe"},
        {"suspects": ["x"] * 51}, {"suspects": ["x" * 601]}, {"width": "many"},
    ],
    ids=str,
)  # fmt: skip
def test_an_account_that_does_not_fit_is_not(good: tuple[dict[str, Any], Path], change: dict[str, Any]) -> None:
    account, folder = good
    with pytest.raises((NotAsPromised, TooLarge)):
        checked({"account": account | change}, folder)


@pytest.mark.parametrize(
    "said", ["", "{", "[]", "[" * 100_000, "{}", '{"error": "boom"}', '{"error": 3}', '{"account": 1}']
)
def test_nonsense_is_not_taken(tmp_path: Path, said: str) -> None:
    with pytest.raises(NotAsPromised):
        checked(said, tmp_path)


def test_links_and_other_files_are_not_taken(good: tuple[dict[str, Any], Path], tmp_path: Path) -> None:
    account, folder = good
    frame = folder / frame_name(0)
    content = frame.read_bytes()
    secret = tmp_path / "secret"
    secret.write_bytes(b"database")

    def refused() -> None:
        with pytest.raises(NotAsPromised):
            checked({"account": account}, folder)

    (folder / "more").write_bytes(b"x")
    refused()
    (folder / "more").unlink()
    frame.unlink()
    refused()
    frame.symlink_to(secret)
    refused()
    frame.unlink()
    os.link(secret, frame)
    refused()
    frame.unlink()
    frame.write_bytes(b"")
    refused()
    frame.write_bytes(content + b"x" * 100_000)
    refused()
    frame.write_bytes(content)
    checked({"account": account}, folder)
    (folder / IMAGE).write_bytes(b"<svg/>" * 10)
    refused()


@pytest.mark.parametrize(
    "make",
    [
        os.mkfifo, lambda path: path.mkdir(), lambda path: path.symlink_to("/dev/zero"),
        lambda path: path.symlink_to(IMAGE),
    ],
    ids=["pipe", "folder", "device", "link-to-another"],
)  # fmt: skip
@pytest.mark.parametrize("instead", [IMAGE, THUMBNAIL, frame_name(0), "more", "../more", "a\nb"])
def test_only_plain_files(good: tuple[dict[str, Any], Path], make: Callable[[Path], None], instead: str) -> None:
    """Whatever stands in a file's place, or beside: nothing waits for it, reads it or follows it."""
    account, folder = good
    path = folder / Path(instead).name
    path.unlink(missing_ok=True)
    make(path)
    with pytest.raises(NotAsPromised):
        checked({"account": account}, folder)


def test_another_folder_in_its_place(good: tuple[dict[str, Any], Path], tmp_path: Path) -> None:
    account, folder = good
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(NotAsPromised):
        checked({"account": account}, tmp_path / "link")


def chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


@pytest.mark.parametrize(
    "change",
    [
        lambda png: png + b"<script>", lambda png: png[:-12], lambda png: png[:-4],
        lambda png: png[:33] + chunk(b"iCCP", b"x\0\0x") + png[33:],
        lambda png: png[:33] + chunk(b"tEXt", b"a\0b") + png[33:],
        lambda png: png[:33] + b"\xff\xff\xff\xff" + png[37:], lambda png: png[:24] + b"\x10" + png[25:],
        lambda png: png[:25] + b"\x03" + png[26:], lambda png: png[:28] + b"\x01" + png[29:], lambda png: png[:33],
    ],
    ids=[
        "more-behind", "no-end", "cut-off", "profile", "text", "length", "16-bit", "palette", "interlaced", "no-pixels",
    ],
)  # fmt: skip
def test_the_picture_is_pixels_and_nothing_else(
    good: tuple[dict[str, Any], Path], change: Callable[[bytes], bytes]
) -> None:
    account, folder = good
    checked({"account": account}, folder)
    (folder / IMAGE).write_bytes(change((folder / IMAGE).read_bytes()))
    with pytest.raises(NotAsPromised, match="picture"):
        checked({"account": account}, folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda webp: webp + b"x", lambda webp: webp[:-1], lambda webp: webp[:12] + b"VP8L" + webp[16:],
        lambda webp: webp[:12] + b"VP8X" + webp[16:], lambda webp: webp[:16] + b"\0" * 4 + webp[20:],
    ],
    ids=["more-behind", "cut-off", "lossless", "extended", "length"],
)  # fmt: skip
def test_the_thumbnail_is_one_lossy_picture(
    good: tuple[dict[str, Any], Path], change: Callable[[bytes], bytes]
) -> None:
    account, folder = good
    (folder / THUMBNAIL).write_bytes(change((folder / THUMBNAIL).read_bytes()))
    with pytest.raises(NotAsPromised, match="thumbnail"):
        checked({"account": account}, folder)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pseudonym", "x" * 121), ("pseudonym", "a\nb"), ("pseudonym", "a\0"), ("pseudonym", "\ud800"),
        ("display.slope", "1e999"), ("display.slope", "NaN"), ("display.intercept", "-Infinity"),
        ("display.unit", "u" * 601), ("display.frame_ms", "1e300"), ("display.lowest", "1" + "0" * 400),
        ("deidentification.private_removed", "1" + "0" * 30), ("deidentification.profile", "p" * 601),
    ],
    ids=[
        "long", "lines", "nul", "surrogate", "infinite", "no-number", "minus-infinite", "unit", "huge", "400-digits",
        "many", "profile",
    ],
)  # fmt: skip
def test_values_that_nobody_could_keep(good: tuple[dict[str, Any], Path], field: str, value: str) -> None:
    """The database would refuse them, or every page that shows the case would fail."""
    account, folder = good
    *parts, last = field.split(".")
    part = account
    for name in parts:
        part = part[name]
    part[last] = "@"
    quoted = value if value[-1].isdigit() or value in ("NaN", "-Infinity") else json.dumps(value)
    with pytest.raises(NotAsPromised):
        checked(json.dumps({"account": account}).replace('"@"', quoted), folder)


@pytest.mark.parametrize("part", ["{}", "[]", "0", '""'])
def test_an_account_of_a_million_parts_is_not_parsed(tmp_path: Path, part: str) -> None:
    with pytest.raises(NotAsPromised, match="far more"):
        checked('{"account": [' + f"{part}," * 1_000_000 + "0]}", tmp_path)


@pytest.mark.parametrize(
    ("frames", "words"), [(0, "Make it smaller"), (1, "Make it smaller"), (812, "812 frames. Upload fewer")]
)
def test_what_takes_too_long_says_what_to_do(tmp_path: Path, frames: int, words: str) -> None:
    for number in range(frames):
        (tmp_path / frame_name(number)).touch()
    with pytest.raises(TooLarge, match=words):
        checked("", tmp_path, late=True)


@pytest.mark.parametrize(
    ("how", "expected"),
    [({"late": True}, TooLarge), ({"flooded": True}, TooLarge), ({"signal": 11}, Damaged)],
)
def test_how_it_ended(tmp_path: Path, how: dict[str, Any], expected: type[IntakeError]) -> None:
    with pytest.raises(expected):
        checked("", tmp_path, **how)


def test_errors_are_sentences_of_one_line(tmp_path: Path) -> None:
    with pytest.raises(Damaged) as caught:
        checked(said_error("damaged_image", "a\nb\x1b[31m" + "c" * 5000), tmp_path)
    assert len(str(caught.value)) <= 600
    assert str(caught.value).isprintable()
    with pytest.raises(StorageFull):
        checked(said_error(NO_ROOM, ""), tmp_path)


def test_frames_are_unpacked_within_bounds(good: tuple[dict[str, Any], Path]) -> None:
    display = Account.model_validate(good[0]).display
    for content in (encode_frame(np.zeros((5000, 5000), np.uint16)), encode_frame(grey16()[:-1]), b"no gzip", b""):
        with pytest.raises(ValueError, match="frame"):
            decode_frame(content, 32, 24, display)
    assert np.array_equal(decode_frame(encode_frame(grey16()), 32, 24, display), grey16())
