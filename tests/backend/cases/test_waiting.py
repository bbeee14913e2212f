"""Cases that wait for a look at their pixels: found, counted, with the lines of text that were detected."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image, ImageDraw, ImageFont

from tests.support.accounts import events
from tests.support.images import deep_pages, encoded, png
from tests.support.people import ADMINISTRATOR, OTHER_READER, READER, become
from tests.support.server import API

CASES = f"{API}/cases"
SIZE = (480, 360)


def labelled(at: tuple[int, int] = (30, 200), text: str = "DOE, JANE 1961-04-12") -> Image.Image:
    """A dark picture with a line of text."""
    image = Image.new("L", SIZE)
    ImageDraw.Draw(image).text(at, text, fill=255, font=ImageFont.load_default(24))
    return image


def post(client: TestClient, content: bytes) -> dict[str, Any]:
    answer = client.post(CASES, files={"file": ("a.png", content)})
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    return case


def found_in(client: TestClient, case: dict[str, Any]) -> list[dict[str, int]]:
    found: list[dict[str, int]] = client.get(f"{CASES}/{case['id']}/deidentification").json()["found"]
    return found


def test_those_that_wait_are_found_and_counted(client: TestClient) -> None:
    become(client, READER)
    plain, waiting = post(client, png()), post(client, encoded(labelled()))
    assert (plain["review"], waiting["review"]) == ("not_needed", "waiting")
    page = client.get(CASES, params={"review": "waiting"}).json()
    assert ([each["id"] for each in page["items"]], page["total"], page["waiting"]) == ([waiting["id"]], 1, 1)
    everything = client.get(CASES).json()
    assert (everything["total"], everything["waiting"]) == (2, 1)
    assert client.get(CASES, params={"review": "done"}).json()["items"] == []
    assert client.get(CASES, params={"review": "perhaps"}).status_code == 422
    assert events(client, "cases.listed")[0].after == '{"review":"waiting"}'
    client.post(f"{CASES}/{waiting['id']}/review", json={})
    page = client.get(CASES, params={"review": "waiting"}).json()
    assert (page["items"], page["total"], page["waiting"]) == ([], 0, 0)


def test_only_ones_own_are_counted(client: TestClient) -> None:
    become(client, READER)
    post(client, encoded(labelled()))
    assert become(client, OTHER_READER).get(CASES).json()["waiting"] == 0
    page = become(client, ADMINISTRATOR).get(CASES, params={"review": "waiting"}).json()
    assert (page["total"], page["waiting"]) == (1, 0)  # they see it; it waits for its owner


def test_lines_of_text_are_said_with_their_place(client: TestClient) -> None:
    case = post(client, encoded(labelled()))
    found = found_in(client, case)
    assert found
    ink = np.asarray(labelled()) > 128
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    left, top = min(box["x"] for box in found), min(box["y"] for box in found)
    right, bottom = (max(box[p] + box[s] for box in found) for p, s in (("x", "width"), ("y", "height")))
    # What is drawn over it covers every letter.
    assert left <= columns[0]
    assert columns[-1] < right
    assert top <= rows[0]
    assert rows[-1] < bottom
    assert {box["frame"] for box in found} == {0}
    assert found_in(client, post(client, png())) == []


def test_a_line_at_the_edge_is_said_within_the_picture(client: TestClient) -> None:
    found = found_in(client, post(client, encoded(labelled(at=(0, SIZE[1] - 26)))))
    assert found
    for box in found:
        assert box["x"] >= 0
        assert box["y"] + box["height"] <= SIZE[1]
        assert box["x"] + box["width"] <= SIZE[0]


def test_of_several_frames_the_frame_is_said(client: TestClient) -> None:
    blank = np.zeros((SIZE[1], SIZE[0]), np.uint16)
    last = np.asarray(labelled()).astype(np.uint16) * 200
    first = np.broadcast_to(np.arange(SIZE[0]), blank.shape).astype(np.uint16)
    case = post(client, deep_pages([first, blank, last]))
    found = found_in(client, case)
    assert found
    assert {box["frame"] for box in found} == {2}
    cover = {"regions": [{name: box[name] for name in ("x", "y", "width", "height", "frame")} for box in found]}
    assert client.post(f"{CASES}/{case['id']}/review", json=cover).status_code == 200
    assert found_in(client, case) == found  # as detected at upload


@pytest.mark.parametrize("covered", [True, False], ids=["covered", "confirmed"])
def test_another_image_has_another_version(client: TestClient, covered: bool) -> None:
    case = post(client, encoded(labelled()))
    assert client.get(f"{CASES}/{case['id']}").json()["image_version"] == case["image_version"]
    regions = [{"x": 0, "y": 190, "width": 400, "height": 60}] if covered else []
    reviewed = client.post(f"{CASES}/{case['id']}/review", json={"regions": regions}).json()
    assert (reviewed["image_version"] != case["image_version"]) == covered
