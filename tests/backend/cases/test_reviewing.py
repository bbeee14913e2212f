"""Cases whose pixels may name the patient: nobody else's until a person has looked, and what is covered is gone."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from backend.cases.reviewing import sweep_reviewed
from backend.core.storage import LocalStorage
from backend.db.tables import Case, CaseShare
from tests.support.images import decoded, deep_pages, encoded, gradient
from tests.support.people import ADMINISTRATOR, OTHER_READER, READER, RESEARCHER, TEAM, become
from tests.support.server import API, Predict, StartServer, Upload, assert_error, resources_of, stored_files

CASES = f"{API}/cases"
PAGES = [np.full((16, 24), 500 * step, np.uint16) + 20 * np.arange(24, dtype=np.uint16) for step in (1, 2, 3)]
CORNER = {"x": 2, "y": 1, "width": 5, "height": 4}
COVERED = (slice(1, 5), slice(2, 7))


def wait(client: TestClient, case_id: str, **changes: Any) -> None:
    """As if something in the pixels had looked like text."""
    with resources_of(client).database.writing() as session:
        case = session.get_one(Case, case_id)
        case.review, case.suspects = "waiting", ["The picture seems to hold a line of text."]
        for name, value in changes.items():
            setattr(case, name, value)


@pytest.fixture
def case(client: TestClient, upload: Upload) -> dict[str, Any]:
    """Three pages of 16 bits of the administrator's, that wait."""
    made = upload(deep_pages(PAGES))
    wait(client, made["id"])
    found: dict[str, Any] = client.get(f"{CASES}/{made['id']}").json()
    assert found["review"] == "waiting"
    return found


def confirm(client: TestClient, case: dict[str, Any], *regions: dict[str, Any]) -> Any:
    return client.post(f"{CASES}/{case['id']}/review", json={"regions": list(regions)})


def values(client: TestClient, case: dict[str, Any], frame: int) -> np.ndarray[Any, Any]:
    content = client.get(f"{CASES}/{case['id']}/frames/{frame}").content
    return np.frombuffer(content, "<u2").reshape(16, 24)


def image(client: TestClient, case: dict[str, Any], path: str = "image") -> np.ndarray[Any, Any]:
    return np.asarray(decoded(client.get(f"{CASES}/{case['id']}/{path}").content).convert("RGB"))


def test_nothing_to_cover(client: TestClient, case: dict[str, Any]) -> None:
    before = stored_files(client)
    answer = confirm(client, case)
    assert (answer.status_code, answer.json()) == (200, case | {"review": "done"})
    assert stored_files(client) == before
    read = client.get(f"{CASES}/{case['id']}/deidentification").json()
    assert read["regions"] == []
    assert "113101" not in {code["value"] for code in read["report"]["methods"]}
    assert_error(confirm(client, case), 409, "nothing_to_review")


def test_what_is_covered_is_gone_everywhere(client: TestClient, case: dict[str, Any]) -> None:
    before, tags = (
        stored_files(client),
        [client.get(f"{CASES}/{case['id']}/{path}").headers["etag"] for path in ("image", "thumbnail", "frames/0")],
    )
    shown = image(client, case)
    assert confirm(client, case, CORNER, {**CORNER, "x": 10, "frame": 1}).status_code == 200
    for number, page in enumerate(PAGES):
        expected = page.copy()
        expected[COVERED] = 500  # the lowest value of all, which is shown darkest
        if number == 1:
            expected[1:5, 10:15] = 500
        assert np.array_equal(values(client, case, number), expected)
    seen = image(client, case)
    assert np.array_equal(seen, image(client, case, "image?frame=0"))
    assert (seen[COVERED] == shown.min()).all()
    outside = np.ones(seen.shape, bool)
    outside[COVERED] = False
    assert np.array_equal(seen[outside], shown[outside])
    assert (image(client, case, "thumbnail")[2:4, 3:6] < 30).all()
    after = stored_files(client)
    assert {name for name in before & after if case["id"] in name} == set()
    assert len(after) == len(before)
    for path, tag in zip(("image", "thumbnail", "frames/0"), tags, strict=True):
        answer = client.get(f"{CASES}/{case['id']}/{path}", headers={"if-none-match": tag})
        assert answer.status_code == 200  # what the browser has is not shown any more
    read = client.get(f"{CASES}/{case['id']}/deidentification").json()
    assert read["regions"] == [CORNER | {"frame": None}, {**CORNER, "x": 10, "frame": 1}]
    assert "113101" in {code["value"] for code in read["report"]["methods"]}


def test_browsers_keep_no_picture_that_waits(client: TestClient, case: dict[str, Any]) -> None:
    """What is left in a browser's cache would outlive what was blacked out."""
    for expected in ("private, no-store", "private, no-cache"):
        for path in ("image", "image?frame=1", "thumbnail", "frames/0"):
            answer = client.get(f"{CASES}/{case['id']}/{path}")
            assert (answer.status_code, answer.headers["cache-control"]) == (200, expected)
        confirm(client, case, CORNER)


def test_a_picture_without_values(client: TestClient, upload: Upload) -> None:
    case = upload(encoded(gradient(24, 16)))
    wait(client, case["id"])
    shown = image(client, case)
    assert_error(confirm(client, case, CORNER | {"frame": 1}), 400, "bad_region")
    assert confirm(client, case, CORNER).status_code == 200
    expected = shown.copy()
    expected[COVERED] = 0
    assert np.array_equal(image(client, case), expected)


def test_where_white_is_low_the_highest_value_is_darkest(client: TestClient, case: dict[str, Any]) -> None:
    shown = client.get(f"{CASES}/{case['id']}/display").json()
    turned = {name: part | {"inverted": True} for name, part in shown.items()}
    wait(client, case["id"], **turned)
    assert confirm(client, case, CORNER).status_code == 200
    assert (values(client, case, 0)[COVERED] == PAGES[2].max()).all()


@pytest.mark.parametrize(
    "region",
    [
        {"x": 20, "y": 0, "width": 5, "height": 1},
        {"x": 0, "y": 16, "width": 1, "height": 1},
        {**CORNER, "frame": 3},
    ],
)
def test_regions_outside(client: TestClient, case: dict[str, Any], region: dict[str, Any]) -> None:
    before = stored_files(client)
    assert_error(confirm(client, case, CORNER, region), 400, "bad_region")
    assert stored_files(client) == before
    assert client.get(f"{CASES}/{case['id']}").json() == case


@pytest.mark.parametrize("region", [{**CORNER, "width": 0}, {**CORNER, "x": -1}, {"x": 1}, {**CORNER, "colour": "red"}])
def test_what_is_no_region(client: TestClient, case: dict[str, Any], region: dict[str, Any]) -> None:
    assert_error(confirm(client, case, region), 422, "validation_failed")


def test_nobody_else_sees_it_whatever_the_row_says(client: TestClient, case: dict[str, Any]) -> None:
    """Sharing is refused; a row that is shared all the same is not shown either."""
    for visibility in ("open", "groups"):
        body = {"visibility": visibility, "group_ids": [TEAM]}
        assert_error(client.put(f"{CASES}/{case['id']}/sharing", json=body), 409, "case_waits")
        wait(client, case["id"], visibility=visibility)
        with resources_of(client).database.writing() as session:
            if visibility == "groups":
                session.add(CaseShare(case_id=case["id"], group_id=TEAM))
        for person in (READER, OTHER_READER, RESEARCHER):
            become(client, person)
            assert_error(client.get(f"{CASES}/{case['id']}"), 404, "case_not_found")
            assert_error(confirm(client, case), 404, "case_not_found")
            assert client.get(CASES).json()["total"] == 0
        become(client, ADMINISTRATOR)
    assert client.put(f"{CASES}/{case['id']}/sharing", json={"visibility": "private"}).status_code == 200
    wait(client, case["id"], visibility="open")
    confirm(client, case)
    assert become(client, READER).get(f"{CASES}/{case['id']}").status_code == 200
    wait_again = confirm(client, case)
    assert_error(wait_again, 403, "case_not_yours")


def test_its_owner_and_administrators_see_it(client: TestClient) -> None:
    become(client, READER)
    made = client.post(CASES, files={"file": ("a.tiff", deep_pages(PAGES))}).json()
    wait(client, made["id"])
    assert client.get(CASES).json()["items"][0]["review"] == "waiting"
    become(client, ADMINISTRATOR)
    assert client.get(f"{CASES}/{made['id']}/image").status_code == 200
    become(client, READER)
    assert confirm(client, made, CORNER).status_code == 200


def test_no_model_explains_it_and_no_study_finds_it(client: TestClient, case: dict[str, Any], predict: Predict) -> None:
    assert_error(client.post(f"{CASES}/{case['id']}/predictions"), 409, "case_waits")
    candidates = f"{API}/reader-studies/candidates"
    assert client.post(candidates, json={"source": "cases"}).json()["total"] == 0
    confirm(client, case)
    assert client.post(candidates, json={"source": "cases"}).json()["total"] == 1
    predict(case["id"])


def test_a_review_that_cannot_be_committed_changes_nothing(
    client: TestClient, case: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored_files(client)
    with monkeypatch.context() as patch:
        patch.setattr(Session, "commit", lambda _: (_ for _ in ()).throw(OSError("disk")))
        assert_error(confirm(client, case, CORNER), 500, "internal_error")
    assert stored_files(client) == before
    assert client.get(f"{CASES}/{case['id']}").json() == case
    assert np.array_equal(values(client, case, 0), PAGES[0])
    assert confirm(client, case, CORNER).status_code == 200


@pytest.mark.parametrize("second", [12, CORNER["x"]], ids=["elsewhere", "the same, as by a second click"])
def test_somebody_was_faster(
    client: TestClient, case: dict[str, Any], monkeypatch: pytest.MonkeyPatch, second: int
) -> None:
    """The files of who comes second are taken back; those of the first stay."""
    real = LocalStorage.write_all
    answers = []

    def write_all(self: LocalStorage, files: Any) -> None:
        files = list(files)  # both have read the files before one of them is done
        monkeypatch.setattr(LocalStorage, "write_all", real)
        monkeypatch.setattr(LocalStorage, "read", reading_ahead)
        answers.append(confirm(client, case, CORNER).status_code)
        real(self, files)

    read = LocalStorage.read
    kept = {name: resources_of(client).storage.read(name) for name in stored_files(client)}

    def reading_ahead(self: LocalStorage, key: str) -> bytes:
        return kept[key] if key in kept else read(self, key)

    monkeypatch.setattr(LocalStorage, "write_all", write_all)
    answer = confirm(client, case, {**CORNER, "x": second})
    monkeypatch.setattr(LocalStorage, "read", read)
    assert answers == [200]
    assert_error(answer, 409, "nothing_to_review")
    assert (values(client, case, 0)[COVERED] == 500).all()
    assert values(client, case, 0)[2, 13] == PAGES[0][2, 13]
    assert sum(name.endswith(".gz") for name in stored_files(client)) == 3
    assert sum(name.endswith((".png", ".webp")) for name in stored_files(client)) == 2
    assert image(client, case).shape == (16, 24, 3)
    assert image(client, case, "thumbnail").shape == (16, 24, 3)


def test_old_files_that_a_crash_has_left_are_swept(
    client: TestClient, case: dict[str, Any], predict: Predict, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored_files(client)
    with monkeypatch.context() as patch:
        patch.setattr(LocalStorage, "delete", lambda *_: None)
        patch.setattr(LocalStorage, "delete_all", lambda *_: None)
        confirm(client, case, CORNER)
    predict(case["id"])
    resources = resources_of(client)
    assert before < stored_files(client)
    left = stored_files(client) - before
    assert sweep_reviewed(resources.database, resources.storage) > 0
    assert stored_files(client) == left
    assert sweep_reviewed(resources.database, resources.storage) == 0
    assert (values(client, case, 0)[COVERED] == 500).all()


def test_the_kept_header_says_that_the_pixels_were_cleaned(client: TestClient, case: dict[str, Any]) -> None:
    storage = resources_of(client).storage
    coded = {"00080100": {"vr": "SH", "Value": ["113100"]}}
    header = {"00120064": {"vr": "SQ", "Value": [coded]}, "00280301": {"vr": "CS", "Value": ["YES"]}}
    wait(client, case["id"], header_key=storage.put(f"cases/{case['id']}", json.dumps(header).encode(), ".json"))
    assert confirm(client, case, CORNER).status_code == 200
    (key,) = [name for name in stored_files(client) if name.endswith(".json")]
    kept = json.loads(storage.read(key))
    assert kept["00280301"] == {"vr": "CS", "Value": ["NO"]}
    codes = [item["00080100"]["Value"][0] for item in kept["00120064"]["Value"]]
    assert codes == ["113100", "113101"]


def test_the_original_goes_when_pixels_are_covered(start_server: StartServer) -> None:
    client = start_server(keep_originals=True)
    for regions, kept in (((), True), ((CORNER,), False)):
        case = client.post(CASES, files={"file": ("a.tiff", deep_pages([PAGES[0] + len(regions)]))}).json()
        wait(client, case["id"])
        assert client.get(f"{CASES}/{case['id']}/deidentification").json()["original_kept"] is True
        assert confirm(client, case, *regions).status_code == 200
        assert client.get(f"{CASES}/{case['id']}/deidentification").json()["original_kept"] is kept
        left = [name for name in stored_files(client) if case["id"] in name and name.endswith(".original")]
        assert len(left) == kept


def test_the_trail_tells_of_it(client: TestClient, case: dict[str, Any]) -> None:
    confirm(client, case, CORNER)
    (event,) = client.get(f"{API}/audit-events", params={"action": "case.reviewed"}).json()["items"]
    assert event["subject"] == f"case/{case['id']}"
    assert event["after"] == {"review": "done", "regions": [CORNER | {"frame": None}]}
