"""The server's side: whatever the process that decodes does, a reason comes out, and nothing stays behind."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from backend.core.errors import ServerBusy, StorageFull
from backend.core.settings import Settings
from backend.intake.checking import NotAsPromised, account_of
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
    with sandbox.decode(file_of(tmp_path, encoded(gradient()))):
        pass
    (pid,) = sandbox.pids()
    assert b"hidden-password" not in Path(f"/proc/{pid}/environ").read_bytes()
    assert len(list(Path(f"/proc/{pid}/task").iterdir())) == 1  # it forks: more threads could deadlock its copies


# What a decoder says is not believed.
LIMITS = Limits(max_pixels=1_000_000, max_values=3_000_000)


@pytest.fixture
def good(sandbox: Sandbox, tmp_path: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    with sandbox.decode(file_of(tmp_path, encoded(Image.fromarray(grey16()), "PNG"))) as decoded:
        yield decoded.account.model_dump(mode="json"), decoded.folder


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
