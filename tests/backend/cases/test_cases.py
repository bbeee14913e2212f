"""Cases over HTTP."""

from __future__ import annotations

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import event

from backend.cases.schemas import CaseRead
from backend.db.base import now
from backend.db.tables import Case
from backend.intake.result import Account
from tests.support.images import decoded, encoded, gradient, png
from tests.support.in_process import InProcessSandbox
from tests.support.people import ADMINISTRATOR, READER, become
from tests.support.server import API, UNKNOWN_ID, Predict, Upload, assert_error, resources_of, stored_files

CASES = f"{API}/cases"


def test_upload(client: TestClient) -> None:
    content = encoded(gradient(), "JPEG", quality=95)
    form = {"pseudonym": "  Patient 7 ", "notes": "left arm\nsecond visit"}
    answer = client.post(CASES, files={"file": ("photo.png", content)}, data=form)
    assert answer.status_code == 201
    case = answer.json()
    assert set(case) == set(CaseRead.model_fields)
    assert len(case.pop("id")) == 32
    assert case.pop("created_at").endswith("Z")
    assert re.fullmatch("[0-9a-f]{12}", case.pop("image_version"))
    assert case == {
        "pseudonym": "Patient 7",
        "notes": "left arm\nsecond visit",
        "sha256": hashlib.sha256(content).hexdigest(),
        "width": 48,
        "height": 32,
        "frames": 1,
        "source_format": "jpeg",  # by content, not by name
        "values_kept": False,
        "deidentified": True,
        "review": "not_needed",
        "suspects": [],
        "dataset": None,
        "synthetic": False,
        "filename": "photo.png",
        "modality": None,
        "body_part": None,
        "owner": {"id": ADMINISTRATOR.id, "name": "Admin"},
        "visibility": "private",
        "groups": [],
        "may_change": True,
        "latest_prediction": None,
    }


def test_a_pseudonym_is_made_up_and_never_taken_from_the_file_name(upload: Upload) -> None:
    case = upload(name="Jane_Doe_1970.png")
    assert case["pseudonym"] == f"Case {case['id'][:6].upper()}"


def test_same_bytes_again_are_the_same_case(client: TestClient, upload: Upload) -> None:
    content = png()
    first = upload(content, notes="as it was")
    before = stored_files(client)
    again = client.post(CASES, files={"file": ("other.png", content)}, data={"pseudonym": "Other", "notes": "new"})
    assert (again.status_code, again.json()) == (200, first)
    assert stored_files(client) == before
    assert client.get(CASES).json()["total"] == 1
    client.delete(f"{CASES}/{first['id']}")
    assert upload(content)["id"] != first["id"]


def test_the_same_bytes_of_somebody_else_are_another_case(client: TestClient, upload: Upload) -> None:
    """Else one could find out what others have uploaded."""
    content = png()
    first = upload(content)
    become(client, READER)
    answer = client.post(CASES, files={"file": ("a.png", content)})
    assert answer.status_code == 201
    assert answer.json()["id"] != first["id"]


def test_an_upload_of_an_examples_picture_is_not_the_example(client: TestClient, upload: Upload) -> None:
    """A case that the server made says what it is of; an upload does not."""
    example = client.get(f"{API}/examples").json()["items"][0]["key"]
    made = client.post(f"{API}/examples/{example}/cases").json()
    again = client.post(f"{API}/examples/{example}/cases")
    assert again.json()["id"] != made["id"]
    content = client.get(f"{API}/examples/{example}/image").content
    assert hashlib.sha256(content).hexdigest() == made["sha256"]
    case = upload(content)
    assert (case["synthetic"], case["dataset"]) == (False, None)


def test_two_who_upload_the_same_at_once_make_one_case(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both find nothing, and both decode."""
    content, both = png(), Barrier(2, timeout=30)
    real = InProcessSandbox._decode

    def decode(self: InProcessSandbox, source: Path, folder: Path) -> Account:
        both.wait()
        return real(self, source, folder)

    monkeypatch.setattr(InProcessSandbox, "_decode", decode)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: client.post(CASES, files={"file": ("a.png", content)}), range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    folders = {name.split("/")[1] for name in stored_files(client) if name.startswith("cases/")}
    assert folders == {answers[0].json()["id"]}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\scans\\lesion.png", "lesion.png"),
        ("../../etc/passwd", "passwd"),
        ("a\x7fb\u202e.png", "ab.png"),
        ("x" * 400 + ".png", "x" * 251 + ".png"),
        ("läsion 皮膚.png", "läsion 皮膚.png"),
    ],
)
def test_file_names_are_cleaned(upload: Upload, name: str, shown: str) -> None:
    assert upload(name=name)["filename"] == shown


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"hello", 415, "unsupported_image"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', 415, "unsupported_image"),
        (b"", 400, "damaged_image"),
        (png()[:40], 400, "damaged_image"),
    ],
)
def test_what_is_no_image_is_refused(client: TestClient, content: bytes, status: int, code: str) -> None:
    detail = assert_error(client.post(CASES, files={"file": ("a.png", content)}), status, code)
    assert detail.endswith(".")
    assert client.get(CASES).json()["total"] == 0
    assert stored_files(client) == set()


@pytest.mark.parametrize(
    "form",
    [
        {"pseudonym": "x" * 121},
        {"pseudonym": "   "},
        {"pseudonym": "a\0b"},
        {"pseudonym": "two\nlines"},
        {"notes": "x" * 10_001},
        {"notes": "a\0b"},
    ],
)
def test_bad_texts_are_refused(client: TestClient, form: dict[str, str]) -> None:
    answer = client.post(CASES, files={"file": ("a.png", png())}, data=form)
    assert next(iter(form)) in assert_error(answer, 422, "validation_failed")
    assert stored_files(client) == set()


def test_upload_without_a_file(client: TestClient) -> None:
    assert "file" in assert_error(client.post(CASES, data={"notes": "x"}), 422, "validation_failed")
    assert_error(client.post(CASES, data={"file": "text"}), 422, "validation_failed")
    assert_error(client.post(CASES, json={"file": "text"}), 422, "validation_failed")


def test_broken_multipart(client: TestClient) -> None:
    for content_type in ("multipart/form-data", "multipart/form-data; boundary=x"):
        answer = client.post(CASES, content=b"--y\r\nrubbish", headers={"content-type": content_type})
        assert 400 <= answer.status_code < 500
        assert set(answer.json()) == {"error", "detail"}


def test_list_is_newest_first_and_pages_join_without_gaps(client: TestClient, upload: Upload) -> None:
    ids = [upload()["id"] for _ in range(7)]
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(4):
        query: dict[str, Any] = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = client.get(CASES, params=query).json()
        assert page["total"] == 7
        seen += [case["id"] for case in page["items"]]
        cursor = page["next_cursor"]
    assert cursor is None
    assert seen == ids[::-1]


def test_cases_of_the_same_moment_are_not_skipped(client: TestClient, upload: Upload) -> None:

    ids = {upload()["id"] for _ in range(5)}
    moment = now()
    with resources_of(client).database.writing() as session:
        for case_id in ids:
            session.get_one(Case, case_id).created_at = moment
    first = client.get(CASES, params={"limit": 3}).json()
    second = client.get(CASES, params={"limit": 3, "cursor": first["next_cursor"]}).json()
    assert {case["id"] for case in first["items"] + second["items"]} == ids
    assert len(first["items"] + second["items"]) == 5


def test_a_case_that_arrives_between_pages_does_not_shift_them(client: TestClient, upload: Upload) -> None:
    ids = [upload()["id"] for _ in range(4)]
    first = client.get(CASES, params={"limit": 2}).json()
    upload()
    second = client.get(CASES, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [case["id"] for case in first["items"] + second["items"]] == ids[::-1]


def test_empty_list(client: TestClient) -> None:
    assert client.get(CASES).json() == {"items": [], "next_cursor": None, "total": 0, "waiting": 0}


@pytest.mark.parametrize(
    ("search", "found"),
    [("ALPHA", 1), ("arm", 2), ("scan.png", 1), ("100%", 1), ("%", 1), ("_", 0), ("nothing", 0), ("", 3), ("'; --", 0)],
)
def test_search(client: TestClient, upload: Upload, search: str, found: int) -> None:
    upload(pseudonym="Alpha", notes="left arm")
    upload(pseudonym="Beta", notes="right arm, 100% sure")
    upload(pseudonym="Gamma", name="scan.png")
    page = client.get(CASES, params={"search": search}).json()
    assert (len(page["items"]), page["total"]) == (found, found)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=-1", "limit=201", "limit=x", "limit=99999999999999999999", "search=%00"]
)
def test_bad_queries(client: TestClient, query: str) -> None:
    assert_error(client.get(f"{CASES}?{query}"), 422, "validation_failed")


@pytest.mark.parametrize("cursor", ["x", "%00", "MS5hYQ", "999999999999999999", "é"])
def test_bad_cursors(client: TestClient, cursor: str) -> None:
    assert_error(client.get(f"{CASES}?cursor={cursor}"), 400, "bad_cursor")
    assert_error(client.get(CASES, params={"cursor": "x" * 201}), 422, "validation_failed")


def test_one_case(client: TestClient, upload: Upload) -> None:
    case = upload()
    assert client.get(f"{CASES}/{case['id']}").json() == case


@pytest.mark.parametrize(("method", "path"), [
    ("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/image"), ("GET", "/thumbnail"),
    ("GET", "/predictions"), ("POST", "/predictions"),
])  # fmt: skip
def test_unknown_cases(client: TestClient, method: str, path: str) -> None:
    body: dict[str, Any] = {"json": {}} if method == "PATCH" else {}
    assert_error(client.request(method, f"{CASES}/{UNKNOWN_ID}{path}", **body), 404, "case_not_found")
    for odd in ("x", "A" * 32, "0" * 33, "%00", "..%2f.."):
        assert client.request(method, f"{CASES}/{odd}{path}", **body).status_code in (404, 405, 422)


def test_update(client: TestClient, upload: Upload) -> None:
    case = upload(notes="before")
    changed = client.patch(f"{CASES}/{case['id']}", json={"pseudonym": "Beta"}).json()
    assert changed == case | {"pseudonym": "Beta"}
    changed = client.patch(f"{CASES}/{case['id']}", json={"notes": "", "pseudonym": None}).json()
    assert changed == case | {"pseudonym": "Beta", "notes": ""}
    assert client.get(f"{CASES}/{case['id']}").json() == changed


@pytest.mark.parametrize(
    "body", [{"pseudonym": ""}, {"pseudonym": "a\0"}, {"notes": 1}, {"sha256": "x"}, {"notes": "x" * 10_001}]
)
def test_bad_updates_change_nothing(client: TestClient, upload: Upload, body: dict[str, Any]) -> None:
    case = upload()
    assert_error(client.patch(f"{CASES}/{case['id']}", json=body), 422, "validation_failed")
    assert client.get(f"{CASES}/{case['id']}").json() == case


def test_delete_takes_everything(client: TestClient, upload: Upload, predict: Predict) -> None:
    kept = upload()
    kept_files = stored_files(client)
    case = upload()
    prediction = predict(case["id"])
    answer = client.delete(f"{CASES}/{case['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert_error(client.get(f"{CASES}/{case['id']}"), 404, "case_not_found")
    assert_error(client.get(f"{API}/predictions/{prediction['id']}"), 404, "prediction_not_found")
    assert_error(client.delete(f"{CASES}/{case['id']}"), 404, "case_not_found")
    assert stored_files(client) == kept_files
    assert client.get(f"{CASES}/{kept['id']}/image").status_code == 200


def test_image_is_a_bare_png(client: TestClient, upload: Upload) -> None:

    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "Jane Doe"
    case = upload(encoded(gradient(), "TIFF", exif=exif))
    answer = client.get(f"{CASES}/{case['id']}/image")
    assert answer.headers["content-type"] == "image/png"
    assert b"Jane" not in answer.content
    image = decoded(answer.content)
    assert image.size == (case["width"], case["height"]) == (32, 48)
    assert np.array_equal(np.asarray(image), np.rot90(np.asarray(gradient()), -1))


def test_images_are_kept_by_the_browser(client: TestClient, upload: Upload) -> None:
    case = upload()
    for path in ("image", "thumbnail", "thumbnail?size=64"):
        answer = client.get(f"{CASES}/{case['id']}/{path}")
        assert answer.headers["cache-control"] == "private, no-cache"  # for whoever is signed in
        tag = answer.headers["etag"]
        assert tag.startswith('"')
        for known in (tag, f'"other", {tag}', f"W/{tag}"):
            again = client.get(f"{CASES}/{case['id']}/{path}", headers={"if-none-match": known})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
        assert client.get(f"{CASES}/{case['id']}/{path}", headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(("size", "expected"), [(16, 16), (256, 256), (512, 512)])
def test_thumbnail(client: TestClient, upload: Upload, size: int, expected: int) -> None:
    case = upload(encoded(gradient(900, 600), "PNG"))
    answer = client.get(f"{CASES}/{case['id']}/thumbnail", params={"size": size})
    assert answer.headers["content-type"] == "image/webp"
    assert max(decoded(answer.content).size) == expected


def test_thumbnail_of_a_small_image_is_not_blown_up(client: TestClient, upload: Upload) -> None:
    case = upload()
    assert decoded(client.get(f"{CASES}/{case['id']}/thumbnail").content).size == (24, 16)


@pytest.mark.parametrize("size", ["0", "15", "513", "-1", "x", "1e3"])
def test_thumbnail_sizes(client: TestClient, upload: Upload, size: str) -> None:
    assert_error(client.get(f"{CASES}/{upload()['id']}/thumbnail?size={size}"), 422, "validation_failed")


def test_a_lost_file_is_said(client: TestClient, upload: Upload) -> None:
    case = upload()
    resources_of(client).storage.delete_all(f"cases/{case['id']}")
    assert_error(client.get(f"{CASES}/{case['id']}/image"), 404, "file_missing")
    assert_error(client.get(f"{CASES}/{case['id']}/thumbnail"), 404, "file_missing")
    assert_error(client.post(f"{CASES}/{case['id']}/predictions"), 404, "file_missing")


def test_latest_prediction_and_number_of_queries(client: TestClient, upload: Upload, predict: Predict) -> None:
    cases = [upload() for _ in range(6)]
    for case in cases[:4]:
        predict(case["id"])
    newest = {case["id"]: predict(case["id"]) for case in cases[:4]}
    statements: list[str] = []
    engine = resources_of(client).database.engine
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    items = client.get(CASES).json()["items"]
    selects = [text for text in statements if text.lstrip().startswith("SELECT")]
    # who asks, has it been noted, the page, the total, what waits, the latest predictions, the groups, the owners
    assert len(selects) == 8
    assert not any("document" in text for text in selects)
    for item in items:
        expected = newest.get(item["id"])
        if expected is None:
            assert item["latest_prediction"] is None
            continue
        best = next(c for c in expected["classes"] if c["key"] == expected["predicted_class"])
        assert item["latest_prediction"] == {
            "id": expected["id"],
            "predicted_class": best["key"],
            "predicted_class_name": best["name"],
            "probability": best["probability"],
            "model_version_id": expected["model_version_id"],
        }
