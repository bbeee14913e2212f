"""``vitrine doctor``: what it notices, and how it ends."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.cli import checks
from backend.cli.checks import Finding, State, run_checks
from backend.cli.main import app
from backend.core.settings import Settings


def _find(settings: Settings, what: str) -> Finding:
    return next(finding for finding in run_checks(settings) if finding.what == what)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", frontend_dir=tmp_path / "dist")


def test_this_environment_has_what_it_takes(settings: Settings) -> None:
    findings = {finding.what: finding for finding in run_checks(settings)}

    assert findings["Python"].state is State.OK
    assert findings["Packages"].state is State.OK
    assert findings["Device"].state is State.OK
    assert findings["Data folder"].state is State.OK
    assert not settings.data_dir.exists(), "looking changes nothing"


def test_a_page_that_is_not_built_is_needed(settings: Settings) -> None:
    assert _find(settings, "Page").state is State.FAILED
    settings.frontend_dir.mkdir()
    (settings.frontend_dir / "index.html").touch()
    assert _find(settings, "Page").state is State.OK


def test_a_data_folder_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    finding = _find(Settings(data_dir=tmp_path / "file" / "data"), "Data folder")
    assert finding.state is State.FAILED
    assert "VITRINE_DATA_DIR" in finding.advice


def test_an_unknown_device_is_named(tmp_path: Path) -> None:
    finding = _find(Settings(data_dir=tmp_path, device="abacus"), "Device")
    assert finding.state is State.FAILED
    assert "abacus" in finding.detail


def test_little_space_is_a_warning_and_almost_none_a_failure(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for free, state in ((10 * 2**30, State.OK), (2 * 2**30, State.WARNING), (2**28, State.FAILED)):
        monkeypatch.setattr("shutil.disk_usage", lambda _, free=free: type("Usage", (), {"free": free}))
        assert _find(settings, "Disk space").state is state


@pytest.mark.parametrize(("found", "state"), [("v20.19.0", State.OK), ("v18.20.4", State.WARNING)])
def test_node_is_only_a_warning(
    found: str, state: State, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho {found}\n")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert _find(settings, "Node.js").state is state


def test_a_check_that_breaks_down_does_not_stop_the_others(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Settings) -> None:
        raise RuntimeError("no luck")

    monkeypatch.setattr(checks, "_device", broken)
    findings = list(run_checks(settings))
    assert any("no luck" in finding.detail and finding.state is State.FAILED for finding in findings)
    assert any(finding.what == "Page" for finding in findings)


def test_the_exit_code_tells_whether_something_needed_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VITRINE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("VITRINE_FRONTEND_DIR", str(tmp_path / "dist"))
    missing = CliRunner().invoke(app, ["doctor"])
    assert missing.exit_code == 1
    assert "→ run: make setup" in missing.output

    monkeypatch.setattr(checks, "_page", lambda _: iter(()))
    monkeypatch.setattr(checks, "_models", lambda _: iter(()))
    monkeypatch.setattr(checks, "_data_folder", lambda _: iter(()))
    complete = CliRunner().invoke(app, ["doctor"])
    assert complete.exit_code == 0
    assert "Everything Vitrine needs is here." in complete.output
