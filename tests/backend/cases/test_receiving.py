"""An upload on its way: private, bounded, and gone afterwards."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from backend.cases.receiving import received, sweep_received
from backend.core.errors import PayloadTooLarge, StorageFull
from backend.core.settings import MIB, Settings


class Endless(io.RawIOBase):
    """Never ends, and says how much was taken."""

    taken = 0

    def read(self, size: int = -1) -> bytes:
        self.taken += size
        return b"\0" * size


def test_bytes_and_hash(settings: Settings) -> None:
    content = os.urandom(3 * MIB + 5)
    with received(io.BytesIO(content), settings) as upload:
        assert upload.path.read_bytes() == content
        assert upload.sha256 == hashlib.sha256(content).hexdigest()
        assert stat.S_IMODE(upload.path.parent.stat().st_mode) == 0o700
    assert list(settings.intake_dir.iterdir()) == []


def test_more_than_the_limit_is_neither_read_nor_kept(settings: Settings) -> None:
    source: Any = Endless()
    bounded = settings.model_copy(update={"max_upload_bytes": 2 * MIB})
    with pytest.raises(PayloadTooLarge, match="2 MiB"), received(source, bounded):
        pass
    assert source.taken <= 3 * MIB
    assert list(settings.intake_dir.iterdir()) == []


def test_exactly_the_limit(settings: Settings) -> None:
    bounded = settings.model_copy(update={"max_upload_bytes": 2 * MIB})
    with received(io.BytesIO(b"\1" * (2 * MIB)), bounded) as upload:
        assert upload.path.stat().st_size == 2 * MIB


def test_a_full_disk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("backend.cases.receiving._written", full)
    with pytest.raises(StorageFull), received(io.BytesIO(b"x"), settings):
        pass
    assert list(settings.intake_dir.iterdir()) == []


def test_an_error_while_it_is_used_leaves_nothing(settings: Settings) -> None:
    with pytest.raises(RuntimeError), received(io.BytesIO(b"x"), settings):
        raise RuntimeError
    assert list(settings.intake_dir.iterdir()) == []


def test_what_a_crash_has_left_is_swept_and_nothing_else(settings: Settings) -> None:
    old, new, other = (settings.intake_dir / name for name in ("upload-old", "upload-new", "decoding-old"))
    for folder in (old, new, other):
        folder.mkdir(parents=True)
        (folder / "upload").write_bytes(b"x")
    for folder in (old, other):
        os.utime(folder, (1, 1))
    assert sweep_received(settings) == 1
    assert {path.name for path in settings.intake_dir.iterdir()} == {new.name, other.name}


def test_nothing_was_ever_uploaded(tmp_path: Path) -> None:
    assert sweep_received(Settings(data_dir=tmp_path / "none")) == 0
