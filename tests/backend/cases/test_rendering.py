"""Values of a case: as they are, and as they are seen."""

from __future__ import annotations

import gzip
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from backend.intake.display import Display, Rendering, Window
from backend.intake.render import render
from tests.support.images import decoded, deep_pages
from tests.support.server import API, Upload, assert_error, resources_of, stored_files

CASES = f"{API}/cases"
PAGES = [np.arange(24 * 16, dtype=np.uint16).reshape(16, 24) * step for step in (10, 40, 90)]


@pytest.fixture
def case(upload: Upload) -> dict[str, Any]:
    """Three pages of 16 bits."""
    return upload(deep_pages(PAGES), name="pages.tiff")


def pixels(client: TestClient, case: dict[str, Any], **query: Any) -> np.ndarray[Any, Any]:
    answer = client.get(f"{CASES}/{case['id']}/image", params=query)
    assert answer.status_code == 200, answer.text
    return np.asarray(decoded(answer.content).convert("RGB"))[:, :, 0]


def shown(client: TestClient, case: dict[str, Any]) -> tuple[Display, Rendering]:
    body = client.get(f"{CASES}/{case['id']}/display").json()
    return Display.model_validate(body["display"]), Rendering.model_validate(body["rendering"])


def test_a_case_with_values_says_so(client: TestClient, case: dict[str, Any]) -> None:
    assert (case["frames"], case["values_kept"], case["source_format"]) == (3, True, "tiff")
    display, rendering = shown(client, case)
    assert (display.lowest, display.highest, display.bytes_per_value) == (0.0, float(PAGES[2].max()), 2)
    assert rendering.frame == 0


@pytest.mark.parametrize("frame", [0, 1, 2])
def test_values_of_a_frame_are_those_of_the_file(client: TestClient, case: dict[str, Any], frame: int) -> None:
    address = f"{CASES}/{case['id']}/frames/{frame}"
    answer = client.get(address, headers={"accept-encoding": "br, gzip;q=0.5"})
    assert answer.headers["content-encoding"] == "gzip"  # the client has unpacked it
    assert (answer.headers["content-type"], answer.headers["vary"]) == ("application/octet-stream", "Accept-Encoding")
    assert np.array_equal(np.frombuffer(answer.content, "<u2").reshape(16, 24), PAGES[frame])
    for encoding in ("identity", "gzip;q=0", "br", "gzip; q=0.0"):
        plain = client.get(address, headers={"accept-encoding": encoding})
        assert "content-encoding" not in plain.headers
        assert plain.content == answer.content
        assert plain.headers["etag"] != answer.headers["etag"]
    known = {"if-none-match": answer.headers["etag"], "accept-encoding": "gzip"}
    assert client.get(address, headers=known).status_code == 304


@pytest.mark.parametrize("frame", [3, 100_000])
def test_frames_that_are_not_there(client: TestClient, case: dict[str, Any], frame: int) -> None:
    assert_error(client.get(f"{CASES}/{case['id']}/frames/{frame}"), 404, "frame_not_found")
    assert_error(client.get(f"{CASES}/{case['id']}/image?frame={frame}"), 404, "frame_not_found")


@pytest.mark.parametrize("frame", ["-1", "x", "100001", "1.5"])
def test_what_is_no_number_of_a_frame(client: TestClient, case: dict[str, Any], frame: str) -> None:
    assert_error(client.get(f"{CASES}/{case['id']}/frames/{frame}"), 422, "validation_failed")
    assert_error(client.get(f"{CASES}/{case['id']}/image?frame={frame}"), 422, "validation_failed")


def test_the_image_is_the_first_frame_as_its_file_asks(client: TestClient, case: dict[str, Any]) -> None:
    display, rendering = shown(client, case)
    assert np.array_equal(pixels(client, case), render(PAGES[0], display, rendering))


@pytest.mark.parametrize(
    ("query", "change"),
    [
        ({"frame": 2}, {"frame": 2}),
        ({"inverted": True}, {"inverted": True}),
        ({"center": 900.5, "width": 301}, {"window": Window(center=900.5, width=301)}),
        (
            {"frame": 1, "center": 4000, "width": 8000, "inverted": True},
            {"frame": 1, "window": Window(center=4000, width=8000), "inverted": True},
        ),
    ],
)
def test_other_windows_and_frames(
    client: TestClient, case: dict[str, Any], query: dict[str, Any], change: dict[str, Any]
) -> None:
    display, default = shown(client, case)
    rendering = default.model_copy(update=change)
    expected = render(PAGES[rendering.frame], display, rendering)
    assert np.array_equal(pixels(client, case, **query), expected)
    assert not np.array_equal(expected, pixels(client, case))


def test_each_rendering_has_its_own_tag(client: TestClient, case: dict[str, Any]) -> None:
    address = f"{CASES}/{case['id']}/image"
    queries: list[dict[str, Any]] = [{}, {"frame": 1}, {"inverted": True}, {"center": 1, "width": 2}]
    tags = {client.get(address, params=query).headers["etag"] for query in queries}
    assert len(tags) == len(queries)
    assert client.get(address, params={"frame": 0}).headers["etag"] in tags  # the default, spelt out


@pytest.mark.parametrize("query", ["center=5", "width=5"])
def test_half_a_window(client: TestClient, case: dict[str, Any], query: str) -> None:
    assert "both" in assert_error(client.get(f"{CASES}/{case['id']}/image?{query}"), 400, "bad_rendering")


@pytest.mark.parametrize("query", ["center=nan&width=1", "center=0&width=inf", "center=0&width=0", "center=0&width=-1"])
def test_windows_that_are_none(client: TestClient, case: dict[str, Any], query: str) -> None:
    assert_error(client.get(f"{CASES}/{case['id']}/image?{query}"), 422, "validation_failed")


def test_a_case_without_values(client: TestClient, upload: Upload) -> None:
    address = f"{CASES}/{upload()['id']}"
    assert client.get(f"{address}/display").json() == {"display": None, "rendering": None}
    assert_error(client.get(f"{address}/frames/0"), 404, "frame_not_found")
    assert_error(client.get(f"{address}/image?frame=1"), 404, "frame_not_found")
    assert_error(client.get(f"{address}/image?center=1&width=2"), 400, "bad_rendering")
    assert_error(client.get(f"{address}/image?inverted=true"), 400, "bad_rendering")
    assert client.get(f"{address}/image?frame=0&inverted=false").status_code == 200


@pytest.mark.parametrize(
    "damage",
    [b"no gzip", gzip.compress(b"\0" * 10), gzip.compress(b"\0" * 10_000_000)],
    ids=["no gzip", "too short", "too long"],
)
def test_damaged_values_are_said_and_never_unpacked_whole(
    client: TestClient, case: dict[str, Any], damage: bytes
) -> None:
    key = next(name for name in stored_files(client) if name.endswith("frame-00001.gz"))
    resources_of(client).storage.write(key, damage)
    plain = {"accept-encoding": "identity"}
    assert_error(client.get(f"{CASES}/{case['id']}/frames/1", headers=plain), 404, "file_missing")
    assert_error(client.get(f"{CASES}/{case['id']}/image?frame=1"), 404, "file_missing")
    assert client.get(f"{CASES}/{case['id']}/image").status_code == 200


def test_all_files_of_a_case_go_with_it(client: TestClient, case: dict[str, Any]) -> None:
    assert sum(name.endswith(".gz") for name in stored_files(client)) == 3
    client.delete(f"{CASES}/{case['id']}")
    assert stored_files(client) == set()
