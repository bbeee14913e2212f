"""Security headers, origins, host names, size limits, unknown errors."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from backend.core.logging import RequestIdFilter, request_id
from backend.core.settings import Settings
from backend.health import router as health
from tests.support.images import png
from tests.support.server import API, StartServer, assert_error


def test_security_headers_everywhere(client: TestClient) -> None:
    for answer in (client.get(f"{API}/health"), client.get("/"), client.get(f"{API}/nothing")):
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-request-id"]


def test_answers_are_not_stored_unless_they_say_so(client: TestClient) -> None:
    assert client.get(f"{API}/cases").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 201),
        ({"sec-fetch-site": "none"}, 201),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://localhost"}, 201),
        ({}, 201),
    ],
)
def test_changes_from_other_pages_are_refused(client: TestClient, headers: dict[str, str], status: int) -> None:
    answer = client.post(f"{API}/cases", files={"file": ("a.png", png())}, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert_error(answer, 403, "cross_site_request")
        assert client.get(f"{API}/cases").json()["total"] == 0


def test_reading_from_elsewhere_is_the_browsers_business(client: TestClient) -> None:
    assert client.get(f"{API}/health", headers={"sec-fetch-site": "cross-site"}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "localhost.evil.example", "", "[", "127.0.0.1@x"]
)
def test_other_host_names_are_refused_on_loopback(client: TestClient, host: str) -> None:
    assert_error(client.get(f"{API}/health", headers={"host": host}), 421, "untrusted_host")


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000", "LOCALHOST"])
def test_loopback_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get(f"{API}/health", headers={"host": host}).status_code == 200


def test_any_host_name_when_open_to_the_network(start_server: StartServer) -> None:
    client = start_server(host="0.0.0.0")
    assert client.get(f"{API}/health", headers={"host": "vitrine.example"}).status_code == 200


def chunks(total: int, size: int = 64 * 1024) -> Iterator[bytes]:
    """A body without a declared length."""
    yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    for _ in range(0, total, size):
        yield b"\0" * size


MULTIPART = {"content-type": "multipart/form-data; boundary=b"}


def test_declared_length_over_the_limit(start_server: StartServer) -> None:
    client = start_server(max_upload_bytes=100_000)
    answer = client.post(f"{API}/cases", files={"file": ("a.png", b"\0" * 300_000)})
    assert "KiB" in assert_error(answer, 413, "payload_too_large") or "bytes" in answer.json()["detail"]
    assert client.get(f"{API}/cases").json()["total"] == 0


def test_undeclared_length_is_counted_while_it_streams(start_server: StartServer) -> None:
    client = start_server(max_upload_bytes=100_000)
    answer = client.post(f"{API}/cases", content=chunks(1_000_000), headers=MULTIPART)
    assert_error(answer, 413, "payload_too_large")


def test_file_over_the_limit_though_the_request_is_not(start_server: StartServer) -> None:
    client = start_server(max_upload_bytes=100_000)
    answer = client.post(f"{API}/cases", files={"file": ("a.png", b"\0" * 110_000)})
    assert_error(answer, 413, "payload_too_large")


def test_other_routes_take_little(client: TestClient) -> None:
    answer = client.patch(f"{API}/cases/{'0' * 32}", json={"notes": "x" * 2_000_000})
    assert_error(answer, 413, "payload_too_large")
    answer = client.patch(f"{API}/cases/{'0' * 32}", content=chunks(3_000_000))
    assert_error(answer, 413, "payload_too_large")


def test_upload_limit_counts_for_uploads_only(start_server: StartServer, settings: Settings) -> None:
    client = start_server(max_upload_bytes=8 * 1024 * 1024)
    noise = png(size=(64, 64)) + b"\0" * (3 * 1024 * 1024)  # bytes after the image's end do no harm
    assert client.post(f"{API}/cases", files={"file": ("a.png", noise)}).status_code == 201


def test_unknown_errors_are_clean_and_logged(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(_: object) -> None:
        raise RuntimeError("patient name in here")

    monkeypatch.setattr(health, "check_health", explode)
    with caplog.at_level(logging.ERROR, logger="backend"):
        answer = client.get(f"{API}/health")
    detail = assert_error(answer, 500, "internal_error")
    assert "patient" not in detail
    assert answer.headers["x-request-id"] in detail
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "patient name in here" in caplog.text


def test_log_lines_carry_the_request_id(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="backend"):
        answer = client.get(f"{API}/cases")
    assert "GET '/api/v1/cases' 200" in caplog.text

    record = caplog.records[-1]
    token = request_id.set(answer.headers["x-request-id"])
    RequestIdFilter().filter(record)
    request_id.reset(token)
    assert record.__dict__["request_id"] == answer.headers["x-request-id"]


def test_log_cannot_be_forged_through_the_path(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="backend"):
        client.get(f"{API}/x%0aERROR forged")
    assert "\nERROR forged" not in caplog.text
