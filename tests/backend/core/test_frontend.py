"""The built interface as files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from backend.core.frontend import PLACEHOLDER
from backend.core.settings import Settings
from tests.support.server import API, assert_error


@pytest.fixture
def built(settings: Settings) -> Path:
    folder = settings.frontend_dir
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(f"<!doctype html><title>Vitrine</title><style nonce={PLACEHOLDER}></style>")
    (folder / "assets" / "index-abc123.js").write_text("export {}")
    (folder / "favicon.svg").write_text("<svg/>")
    (folder.parent / "secret.txt").write_text("secret")
    return folder


def test_pages_are_the_index(client: TestClient, built: Path) -> None:
    for path in ("/", "/cases", "/cases/0123/predictions/4567", "/index.html"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "Vitrine" in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"].startswith("text/html")


def test_each_answer_has_a_nonce_of_its_own(client: TestClient, built: Path) -> None:
    seen = set()
    for path in ("/", "/cases", "/index.html"):
        answer = client.get(path)
        (nonce,) = re.findall(r"<style nonce=([\w-]{20,})>", answer.text)
        seen.add(nonce)
        policy = answer.headers["content-security-policy"]
        assert f"style-src 'self' 'nonce-{nonce}';" in policy
        assert "unsafe" not in policy
        assert "etag" not in answer.headers  # an old page with a new policy would have no styles
    assert len(seen) == 3


def test_hashed_files_are_kept_for_good(client: TestClient, built: Path) -> None:
    answer = client.get("/assets/index-abc123.js")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    again = client.get("/assets/index-abc123.js", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_other_files_are_checked_each_time(client: TestClient, built: Path) -> None:
    assert client.get("/favicon.svg").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/assets/gone.js", "/logo.png", "/cases/x.map"])
def test_missing_files_are_missing(client: TestClient, built: Path, path: str) -> None:
    assert_error(client.get(path), 404, "not_found")


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//etc/passwd"]
)
def test_nothing_outside_the_folder(client: TestClient, built: Path, path: str) -> None:
    assert "secret" not in client.get(path).text
    assert "root:" not in client.get(path).text


def test_nul_in_the_path(client: TestClient, built: Path) -> None:
    assert client.get("/%00").status_code < 500
    assert client.get("/" + "a" * 5000).status_code < 500


def test_unknown_api_addresses_are_errors_not_pages(client: TestClient, built: Path) -> None:
    assert_error(client.get(f"{API}/nothing"), 404, "not_found")
    assert_error(client.post("/api/v2/cases"), 404, "not_found")


def test_wrong_methods(client: TestClient, built: Path) -> None:
    assert_error(client.put(f"{API}/cases"), 405, "method_not_allowed")
    assert_error(client.post("/cases"), 405, "method_not_allowed")


def test_before_it_is_built(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 404
    assert "make setup" in answer.text


def test_a_build_made_while_the_server_runs_is_found(client: TestClient, settings: Settings) -> None:
    assert client.get("/").status_code == 404
    settings.frontend_dir.mkdir()
    (settings.frontend_dir / "index.html").write_text("Vitrine")
    assert client.get("/").status_code == 200
