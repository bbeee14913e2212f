"""The site's secret is made once, and refused where others could have read it."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from backend.intake.deidentification.secret import LENGTH, SecretUnusable, check_not_lost, site_secret


def test_it_is_made_once_for_its_owner_alone(tmp_path):
    path = tmp_path / "data" / "deidentification.key"
    secret = site_secret(path)
    assert len(secret) == LENGTH
    assert site_secret(path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert site_secret(tmp_path / "another.key") != secret


def test_processes_that_start_at_once_agree(tmp_path):
    path = tmp_path / "deidentification.key"
    program = (
        "import sys; from pathlib import Path; from backend.intake.deidentification.secret import site_secret;"
        "sys.stdin.readline(); print(site_secret(Path(sys.argv[1])).hex())"
    )
    root = Path(__file__).parents[4]
    children = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path)], cwd=root, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(4)
    ]  # fmt: skip
    for child in children:
        child.stdin.write("\n")
        child.stdin.flush()
    answers = {child.communicate(timeout=60)[0].strip() for child in children}
    assert answers == {path.read_bytes().hex()}


def test_a_secret_made_meanwhile_is_not_replaced(tmp_path, monkeypatch):
    path = tmp_path / "deidentification.key"
    secret = site_secret(path)
    monkeypatch.setattr(Path, "exists", lambda _: False)
    assert site_secret(path) == secret


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_file_that_others_can_read_is_refused(tmp_path, mode):
    path = tmp_path / "deidentification.key"
    site_secret(path)
    path.chmod(mode)
    with pytest.raises(SecretUnusable, match="chmod 600"):
        site_secret(path)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_file_of_another_length_is_refused(tmp_path, length):
    path = tmp_path / "deidentification.key"
    path.write_bytes(bytes(length))
    path.chmod(0o600)
    with pytest.raises(SecretUnusable, match="32 bytes"):
        site_secret(path)


def test_a_folder_in_its_place_is_refused(tmp_path):
    with pytest.raises(SecretUnusable, match="cannot be read"):
        site_secret(tmp_path)


def test_a_lost_secret_is_noticed_before_a_new_one_is_made(tmp_path):
    path, header = tmp_path / "deidentification.key", tmp_path / "header.json"
    check_not_lost(path, iter([]))
    with pytest.raises(SecretUnusable, match="backup"):
        check_not_lost(path, iter([header]))
    assert not path.exists()
    site_secret(path)
    check_not_lost(path, iter([header]))


def test_the_command_for_a_new_one_makes_one(tmp_path):
    path = tmp_path / "deidentification.key"
    with pytest.raises(SecretUnusable) as caught:
        check_not_lost(path, iter([tmp_path]))
    command = str(caught.value).partition("such as with ")[2].rpartition(": from then on")[0]
    subprocess.run(["sh", "-c", command], check=True)
    assert len(site_secret(path)) == LENGTH


def test_that_it_was_made_is_in_the_log_and_nothing_of_it(tmp_path, caplog):
    path = tmp_path / "deidentification.key"
    secret = site_secret(path)
    site_secret(path)
    (told,) = caplog.records
    assert "backups" in told.getMessage()
    assert secret.hex() not in told.getMessage()
