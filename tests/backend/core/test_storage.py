"""The local storage: nothing half-written, nothing outside its folder."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import StorageFull
from backend.core.storage import LocalStorage, StoredFileMissing


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "storage")


def files(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "storage").rglob("*") if path.is_file())


def test_key_names_the_content(storage: LocalStorage) -> None:
    key = storage.put("cases/abc", b"pixels", ".png")
    assert key == f"cases/abc/{hashlib.sha256(b'pixels').hexdigest()}.png"
    assert storage.read(key) == b"pixels"


def test_same_content_again_is_the_same_file(storage: LocalStorage, tmp_path: Path) -> None:
    assert storage.put("cases/abc", b"pixels", ".png") == storage.put("cases/abc", b"pixels", ".png")
    assert len(files(tmp_path)) == 1


def test_missing_file_is_said(storage: LocalStorage) -> None:
    with pytest.raises(StoredFileMissing):
        storage.read("cases/abc/nothing.png")


def test_delete_twice_is_fine(storage: LocalStorage) -> None:
    key = storage.put("cases/abc", b"pixels", ".png")
    storage.delete(key)
    storage.delete(key)
    with pytest.raises(StoredFileMissing):
        storage.read(key)


def test_delete_all_takes_only_the_owners_files(storage: LocalStorage) -> None:
    mine, other = storage.put("cases/a", b"1", ".png"), storage.put("cases/b", b"1", ".png")
    storage.delete_all("cases/a")
    storage.delete_all("cases/a")
    assert storage.read(other) == b"1"
    with pytest.raises(StoredFileMissing):
        storage.read(mine)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_failed_write_leaves_nothing(
    storage: LocalStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "broken disk")

    monkeypatch.setattr(*((os, "fsync", fail) if step == "fsync" else (Path, "replace", fail)))
    with pytest.raises(OSError, match="broken disk"):
        storage.put("cases/abc", b"pixels", ".png")
    assert files(tmp_path) == []


def test_failed_rewrite_keeps_the_old_file(storage: LocalStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    storage.write("examples/one.png", b"old")

    def fail(_: int) -> None:
        raise OSError(errno.EIO, "broken disk")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="broken disk"):
        storage.write("examples/one.png", b"new")
    assert storage.read("examples/one.png") == b"old"


def test_full_disk_is_its_own_error(storage: LocalStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageFull):
        storage.put("cases/abc", b"pixels", ".png")


BAD_KEYS = [
    "../outside.png",
    "cases/../../outside.png",
    "/etc/passwd",
    "cases//x.png",
    "cases/.hidden",
    "",
    "cases/",
    "cases\\x",
    "cases/a\0b",
    "C:/x",
    "cases/ü.png",
]


@pytest.mark.parametrize("key", BAD_KEYS)
def test_keys_that_could_lead_outside_are_refused(storage: LocalStorage, key: str) -> None:
    for action in (storage.read, storage.delete, storage.delete_all):
        with pytest.raises(ValueError, match="storage key"):
            action(key)
    with pytest.raises(ValueError, match="storage key"):
        storage.write(key, b"x")


@given(st.text(max_size=40))
def test_no_key_leads_outside(tmp_path_factory: pytest.TempPathFactory, key: str) -> None:
    base = tmp_path_factory.mktemp("keys")
    storage = LocalStorage(base / "storage")
    try:
        storage.write(key, b"x")
    except ValueError:
        return
    except OSError:
        pass  # for example a name that is too long for the file system
    outside = [path for path in base.rglob("*") if path.is_file() and not path.is_relative_to(base / "storage")]
    assert outside == []


def test_links_that_lead_outside_are_not_followed(storage: LocalStorage, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "file").write_text("secret")
    (tmp_path / "storage" / "cases").symlink_to(tmp_path / "secret")
    with pytest.raises(ValueError, match="outside"):
        storage.read("cases/file")


def test_owners_by_age(storage: LocalStorage, tmp_path: Path) -> None:
    storage.put("cases/old", b"1", ".png")
    storage.put("cases/new", b"1", ".png")
    os.utime(tmp_path / "storage" / "cases" / "old", (1, 1))
    assert list(storage.list_owners("cases", 60)) == ["old"]
    assert list(storage.list_owners("nothing", 60)) == []
