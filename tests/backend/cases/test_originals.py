"""Uploads as they came: kept only if a setting says so, encrypted, and read by the operator alone."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from backend.cases.originals import OriginalUnreadable, decrypt, encrypt, key_of_site, read_key
from backend.cli.main import app
from tests.support.accounts import events
from tests.support.images import png
from tests.support.server import API, UNKNOWN_ID, StartServer, Upload, resources_of, stored_files

KEY = bytes(range(32))


def test_there_and_back() -> None:
    content = png()
    stored = encrypt(content, "a", KEY)
    assert content[:16] not in stored
    assert encrypt(content, "a", KEY) != stored  # another nonce
    assert decrypt(stored, "a", KEY) == content


@pytest.mark.parametrize("change", [0, 10, -1])
def test_what_was_changed_is_noticed(change: int) -> None:
    stored = bytearray(encrypt(b"content", "a", KEY))
    stored[change] ^= 1
    with pytest.raises(OriginalUnreadable):
        decrypt(bytes(stored), "a", KEY)


@pytest.mark.parametrize(("case_id", "key"), [("b", KEY), ("a", bytes(32))])
def test_another_case_and_another_key(case_id: str, key: bytes) -> None:
    with pytest.raises(OriginalUnreadable, match="backup"):
        decrypt(encrypt(b"content", "a", KEY), case_id, key)


@pytest.mark.parametrize("stored", [b"", b"VTRORIG1", b"VTRORIG1short", b"\x89PNG"])
def test_what_is_no_original(stored: bytes) -> None:
    with pytest.raises(OriginalUnreadable):
        decrypt(stored, "a", KEY)


def test_the_key_is_made_once_and_for_the_operator_alone(tmp_path: Path) -> None:
    path = tmp_path / "originals.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: key_of_site(path), range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == [path.name]
    path.write_bytes(b"short")
    with pytest.raises(OriginalUnreadable, match="32 bytes"):
        read_key(path)
    path.unlink()
    with pytest.raises(OriginalUnreadable, match="no key"):
        read_key(path)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "originals.key"
    key_of_site(path)
    path.chmod(mode)
    with pytest.raises(OriginalUnreadable, match="chmod 600"):
        read_key(path)


def test_a_lost_key_is_not_made_anew_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "originals.key"
    with pytest.raises(OriginalUnreadable, match="backup"):
        key_of_site(path, iter([tmp_path / "a.original"]))
    assert not path.exists()
    key_of_site(path, iter([]))
    key_of_site(path, iter([tmp_path / "a.original"]))


def test_a_server_whose_keys_are_lost_does_not_start(
    kept: tuple[TestClient, dict[str, Any], bytes], start_server: StartServer
) -> None:
    client, _, _ = kept
    resources_of(client).settings.originals_key.unlink()
    with pytest.raises(OriginalUnreadable, match="backup"):
        start_server(keep_originals=True)
    start_server(keep_originals=False)


def test_by_default_nothing_is_kept(client: TestClient, upload: Upload) -> None:
    case = upload()
    assert client.get(f"{API}/cases/{case['id']}/deidentification").json()["original_kept"] is False
    assert not any(name.endswith(".original") for name in stored_files(client))
    assert not resources_of(client).settings.originals_key.exists()


@pytest.fixture
def kept(start_server: StartServer, monkeypatch: pytest.MonkeyPatch) -> tuple[TestClient, dict[str, Any], bytes]:
    client = start_server(keep_originals=True)
    monkeypatch.setenv("VITRINE_DATA_DIR", str(resources_of(client).settings.data_dir))
    content = png()
    return client, client.post(f"{API}/cases", files={"file": ("a.png", content)}).json(), content


def run(case_id: str, out: Path) -> Result:
    return CliRunner().invoke(app, ["case", "original", case_id, "--out", str(out)])


def test_an_original_is_encrypted_and_can_be_had_back(
    kept: tuple[TestClient, dict[str, Any], bytes], tmp_path: Path
) -> None:
    client, case, content = kept
    (key,) = [name for name in stored_files(client) if name.endswith(".original")]
    assert b"PNG" not in resources_of(client).storage.read(key)
    out = tmp_path / "original.png"
    told = run(case["id"], out)
    assert told.exit_code == 0, told.output
    assert out.read_bytes() == content
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    (event,) = events(client, "case.original_read")
    assert (event.actor, event.subject) == ("system", f"case/{case['id']}")


def test_what_cannot_be_had(kept: tuple[TestClient, dict[str, Any], bytes], tmp_path: Path) -> None:
    client, case, _ = kept
    out = tmp_path / "original.png"
    unknown = run(UNKNOWN_ID, out)
    assert (unknown.exit_code, "no case" in unknown.output) == (2, True)
    out.write_bytes(b"mine")
    there = run(case["id"], out)
    assert (there.exit_code, "there already" in there.output) == (2, True)
    assert out.read_bytes() == b"mine"
    nowhere = run(case["id"], tmp_path / "none" / "x.png")
    assert (nowhere.exit_code, "cannot write" in nowhere.output) == (1, True)
    settings, (key,) = resources_of(client).settings, [n for n in stored_files(client) if n.endswith(".original")]
    stored, mine = (settings.storage_dir / key).read_bytes(), settings.originals_key.read_bytes()
    (settings.storage_dir / key).write_bytes(stored[:-100])
    cut = run(case["id"], tmp_path / "other.png")
    assert (cut.exit_code, "backup" in cut.output) == (1, True)
    (settings.storage_dir / key).unlink()
    gone = run(case["id"], tmp_path / "other.png")
    assert (gone.exit_code, "backup" in gone.output) == (1, True)
    (settings.storage_dir / key).write_bytes(stored)
    settings.originals_key.unlink()
    lost = run(case["id"], tmp_path / "other.png")
    assert (lost.exit_code, "no key" in lost.output) == (1, True)
    settings.originals_key.write_bytes(mine)
    open_to_all = run(case["id"], tmp_path / "other.png")
    assert (open_to_all.exit_code, "chmod 600" in open_to_all.output) == (1, True)
    settings.originals_key.chmod(0o600)
    settings.originals_key.write_bytes(bytes(32))
    wrong = run(case["id"], tmp_path / "other.png")
    assert (wrong.exit_code, "backup" in wrong.output) == (1, True)
    assert not (tmp_path / "other.png").exists()
    assert events(client, "case.original_read") == []


def test_no_original_is_kept(
    client: TestClient, upload: Upload, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VITRINE_DATA_DIR", str(resources_of(client).settings.data_dir))
    told = run(upload()["id"], tmp_path / "x.png")
    assert (told.exit_code, "KEEP_ORIGINALS" in told.output) == (2, True)
