"""A reader who wants to know what they must not: every answer of the server, every route, every header.

The study has a real map, its sham, a second model and the image alone, repeats that nobody announces, and two readers.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from PIL import Image

from backend.app import create_app
from backend.core.settings import Settings
from backend.db.tables import Case
from backend.reader_studies.building import BuiltItem, CaseFacts, build_items
from backend.reader_studies.design import Arm, Order, ShamKind, StudyDesign, Task, TaskKind
from models.explanation import Explanation
from tests.support.adversary import OTHERS_WORDS, Known, keys_in, look_through
from tests.support.designs import STUDIES, add_published, make_design
from tests.support.explainer import explain_by_colour, load_concept_set
from tests.support.labels import model_id
from tests.support.people import COORDINATOR, OTHER_READER, READER, become
from tests.support.reading import READINGS, answers_to, begin, good, next_of, read_on, save, send, statements
from tests.support.server import API, UNKNOWN_ID, resources_of

CONCEPTS = load_concept_set("isic2018")
OTHER_MODEL = "5ec0de" + "0" * 26
COLOURS = [(200, 30, 40), (20, 200, 60), (60, 50, 220), (180, 180, 20)]


@pytest.fixture
def design(client: TestClient) -> StudyDesign:
    model = model_id(client)
    arms = [
        Arm(key="qx-first", name="Zebra one", model_version_id=model, map="gradcam"),
        Arm(key="qx-feint", name="Zebra two", model_version_id=model, map="gradcam", sham=ShamKind.OTHER_IMAGE),
        Arm(key="qx-second", name="Zebra three", model_version_id=OTHER_MODEL, map="magnet"),
        Arm(key="qx-bare", name="Zebra four"),
    ]
    maps, alone = ["qx-first", "qx-feint", "qx-second"], ["qx-bare", "qx-first", "qx-second"]
    tasks = [
        Task(key="qx-place", kind=TaskKind.LOCALIZATION, title="Where is it?", arm_keys=maps),
        Task(key="qx-name", kind=TaskKind.ALIGNMENT, title="Which concept?", arm_keys=maps),
        Task(key="qx-class", kind=TaskKind.DIAGNOSIS, title="What is it?", arm_keys=alone, positive_classes=["mel"]),
    ]
    return make_design(client, cases=3, arms=arms, tasks=tasks, order=Order(seed=11, repeats=0.3, gap=1))


def built(design: StudyDesign) -> list[BuiltItem]:
    """The items that publication makes, by the small numpy model and another one with maps of its own."""
    models = {str(arm.model_version_id) for arm in design.arms if arm.model_version_id}
    facts = [
        CaseFacts(width=24, height=16, practice=case.practice, class_key=case.truth_class) for case in design.cases
    ]

    def explain(index: int, model_version_id: str) -> Explanation:
        found = explain_by_colour(Image.new("RGB", (24, 16), COLOURS[index]), CONCEPTS)
        draw = np.random.default_rng(index + 100 * (model_version_id == OTHER_MODEL))
        return replace(found, gradcam=draw.random(found.gradcam.shape).astype(np.float32))

    return build_items(design, dict.fromkeys(models, CONCEPTS), facts, explain)


@pytest.fixture
def study(client: TestClient, design: StudyDesign) -> str:
    """Open; its images are cases that everybody sees, readers apart. The other reader has answered and asked."""
    with resources_of(client).database.writing() as session:
        for case in session.query(Case):
            case.visibility = "open"
    study_id = add_published(client, design, built=built(design))
    begin(become(client, OTHER_READER), study_id)
    item = next_of(client, study_id)["item"]
    good(send(client, study_id, item["id"], answers_to(item), comment=OTHERS_WORDS), 201)
    good(client.post(f"{READINGS}/{study_id}/queries", json={"text": OTHERS_WORDS}), 201)
    become(client, READER)
    return study_id


def test_a_whole_reading_tells_nothing(client: TestClient, study: str) -> None:
    known = Known(client, study)
    words = known.models - {""}
    begin(client, study)
    for place, assignment in enumerate(known.order):
        found = client.get(f"{STUDIES}/{study}/next")
        item = found.json()["item"]
        assert item["id"] == assignment
        answers = answers_to(item, place)
        seen = [
            found,
            client.get(f"{API}{item['image']}"),
            save(client, study, assignment, answers),
            save(client, study, assignment, {"nonsense": 1}),
            send(client, study, assignment, {"nonsense": 1}),
            send(client, study, assignment, answers),
            send(client, study, assignment, answers),
            send(client, study, assignment, {}, cannot_judge=True),
            client.post(f"{READINGS}/{study}/queries", json={"text": "What is this?", "assignment_id": assignment}),
            client.get(READINGS),
            client.get(f"{READINGS}/{study}"),
        ]
        assert [each.status_code for each in seen] == [200, 200, 200, 400, 400, 201, 201, 409, 201, 200, 200]
        for each in seen:
            look_through(each, known)
            assert not [word for word in words if word in each.text]
    for path in ("responses", "queries"):
        look_through(client.get(f"{READINGS}/{study}/{path}"), known)


def test_no_other_route_tells_anything_either(client: TestClient, study: str) -> None:
    """All GET routes of the interface, with every id that a curious reader could have come by."""
    known = Known(client, study)
    read_on_after_beginning(client, study, 3)
    runs = re.compile(r"^/api/v1/reader-studies")
    for path, methods in create_app(Settings()).openapi()["paths"].items():
        if "get" not in methods or path.endswith(("/openapi.json", "/events")):
            continue
        filled = re.sub(r"\{(\w+)\}", lambda found: known.paths.get(found[1], UNKNOWN_ID), path)
        answer = client.get(filled)
        given = frozenset(value for value in known.paths.values() if value in filled)
        look_through_foreign(answer, known, given)
        if runs.match(path) and not path.endswith("/next"):
            assert answer.status_code == 403, path
        if "{case_id}" in path and not path.startswith("/api/v1/reader-studies"):
            assert answer.status_code in (403, 404), path


def look_through_foreign(answer: Response, known: Known, given: frozenset[str]) -> None:
    """Routes that know nothing of studies: words alone count, their own fields have names of their own."""
    everything = answer.text + "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    # Readers may see which models there are; which one a study shows, nothing says.
    assert [word for word in {*known.words, OTHER_MODEL} - given if word in everything] == [], answer.url


def read_on_after_beginning(client: TestClient, study: str, count: int) -> None:
    begin(client, study)
    read_on(client, study, count)


def test_readers_may_do_nothing_of_those_who_run_the_study(client: TestClient, study: str) -> None:
    known = Known(client, study)
    own = {f"/api/v1/reader-studies/{{study_id}}/{last}" for last in ("next", "responses")}
    asked = 0
    for path, methods in create_app(Settings()).openapi()["paths"].items():
        if not path.startswith("/api/v1/reader-studies") or path in own:
            continue
        for method in set(methods) - {"get"}:
            filled = re.sub(r"\{(\w+)\}", lambda found: known.paths.get(found[1], UNKNOWN_ID), path)
            answer = client.request(method.upper(), filled, json={})
            assert (answer.status_code, answer.json()["error"]) == (403, "not_allowed"), path
            asked += 1
    assert asked > 15


def test_what_models_there_are_does_not_depend_on_studies(client: TestClient, design: StudyDesign) -> None:
    become(client, READER)
    before = client.get(f"{API}/models").text
    add_published(client, design)
    assert become(client, READER).get(f"{API}/models").text == before


def test_real_sham_and_other_model_look_alike(client: TestClient, study: str) -> None:
    known = Known(client, study)
    begin(client, study)
    shapes, sizes, counts = defaultdict(set), defaultdict(set), defaultdict(set)
    for assignment in known.order[:-2]:  # with the last but one there is nothing to come any more
        item = known.items[assignment]
        with statements(client) as asked:
            found = next_of(client, study)
            client.get(f"{API}{found['item']['image']}")
            save(client, study, assignment, answers_to(found["item"]))
            good(send(client, study, assignment, answers_to(found["item"])), 201)
        content = found["item"]["content"]
        counts[len(asked)].add((item.task_key, item.arm_key, assignment in known.repeats))
        if content["map"] is not None:
            shapes[item.task_key].add(tuple(sorted(set(keys_in(found["item"])))))
            sizes[item.task_key].add((len(content["map"]["values"]), len(json.dumps(content))))
    assert len(counts) == 1  # the database is asked equally often under every arm, and for a repeat
    arms = {arm for _, arm, _ in next(iter(counts.values()))}
    assert arms == {"qx-first", "qx-feint", "qx-second", "qx-bare"}
    assert {again for _, _, again in next(iter(counts.values()))} == {False, True}
    assert {task: len(found) for task, found in shapes.items()} == {"qx-place": 1, "qx-name": 1, "qx-class": 1}
    assert {len({length for length, _ in found}) for found in sizes.values()} == {1}


def test_a_repeat_is_told_from_no_other_item(client: TestClient, study: str) -> None:
    known = Known(client, study)
    begin(client, study)
    shown: dict[str, dict[str, Any]] = {}
    headers: dict[str, dict[str, str]] = {}
    for assignment in known.order:
        item = next_of(client, study)["item"]
        picture = client.get(f"{API}{item['image']}")
        shown[assignment] = {name: value for name, value in item.items() if name not in ("id", "number", "image")}
        headers[assignment] = {
            name: value for name, value in picture.headers.items() if name not in ("x-request-id", "etag")
        }
        assert picture.headers["etag"] not in {each.get("tag") for each in headers.values()}
        headers[assignment]["tag"] = picture.headers["etag"]
        good(send(client, study, assignment, answers_to(item)), 201)
    assert len(known.repeats) >= 5
    for again in known.repeats:
        first = next(each for each in known.order if known.items[each].id == known.items[again].id)
        assert shown[first] == shown[again]
        assert {**headers[first], "tag": ""} == {**headers[again], "tag": ""}
        assert headers[first]["tag"] != headers[again]["tag"]


def test_ids_say_nothing_of_order_item_or_time(client: TestClient, study: str) -> None:
    known = Known(client, study)
    by_id = sorted(known.order)
    ranks = [by_id.index(each) for each in known.order]
    numbers = [known.items[each].number for each in known.order]
    assert abs(correlation(ranks, list(range(len(ranks))))) < 0.75
    assert abs(correlation(ranks, numbers)) < 0.75
    assert len({each[:4] for each in known.order}) > 0.9 * len(known.order)  # no common beginning, such as a time
    assert len({each[-4:] for each in known.order}) > 0.9 * len(known.order)


def correlation(left: list[int], right: list[int]) -> float:
    middle_left, middle_right = sum(left) / len(left), sum(right) / len(right)
    product = sum((a - middle_left) * (b - middle_right) for a, b in zip(left, right, strict=True))
    scale = sum((a - middle_left) ** 2 for a in left) * sum((b - middle_right) ** 2 for b in right)
    return float(product / scale**0.5)


def test_foreign_and_future_items_are_as_if_there_were_none(client: TestClient, study: str) -> None:
    known = Known(client, study)
    read_on_after_beginning(client, study, 2)
    unknown = answered_by(client, study, UNKNOWN_ID)
    assert [status for status, _ in unknown] == [404, 404, 404, 404]
    for foreign in (known.others[0], known.others[1], known.others[-1]):
        assert answered_by(client, study, foreign) == unknown
    for future in known.order[4:]:
        image, _, _, query = answered_by(client, study, future)
        assert (image, query) == (unknown[0], unknown[3])
    assert client.get(f"{READINGS}/{study}/items/{known.order[3]}/image").status_code == 200  # comes next


def answered_by(client: TestClient, study: str, assignment: str) -> list[tuple[int, str]]:
    """What the server says to image, draft, answer and question of an item."""
    answers = [
        client.get(f"{READINGS}/{study}/items/{assignment}/image"),
        save(client, study, assignment, {}),
        send(client, study, assignment, {}),
        client.post(f"{READINGS}/{study}/queries", json={"text": "And this?", "assignment_id": assignment}),
    ]
    return [(each.status_code, each.text) for each in answers]


def test_cases_of_the_study_are_hidden_until_one_has_read(client: TestClient, study: str) -> None:
    known = Known(client, study)
    one = min(known.case_ids)

    def seen() -> tuple[set[str], int]:
        listed = {case["id"] for case in good(client.get(f"{API}/cases"))["items"]}
        return listed & known.case_ids, client.get(f"{API}/cases/{one}").status_code

    assert seen() == (set(), 404)
    assert client.get(f"{API}/cases/{one}").text == client.get(f"{API}/cases/{UNKNOWN_ID}").text.replace(
        UNKNOWN_ID, one
    )
    for path in ("image", "predictions", "labels"):
        assert client.get(f"{API}/cases/{one}/{path}").status_code == 404
    read_on_after_beginning(client, study, 1000)
    assert seen() == (known.case_ids, 200)


def test_who_runs_the_study_and_reads_in_it_stays_blind(client: TestClient, design: StudyDesign) -> None:
    study = add_published(client, design, readers=(COORDINATOR, READER))
    known = Known(client, study)
    begin(become(client, COORDINATOR), study)
    read_on(client, study, 2)
    found = client.get(f"{STUDIES}/{study}/next")
    assert found.json()["item"]["id"] == known.order[2]  # their own order, though they could see every one
    look_through(found, known)
    assert [each["assignment_id"] for each in good(client.get(f"{READINGS}/{study}/responses"))["items"]] == [
        known.order[1], known.order[0],
    ]  # fmt: skip
    unknown = answered_by(client, study, UNKNOWN_ID)
    assert answered_by(client, study, known.others[0]) == unknown
    assert good(client.get(f"{READINGS}/{study}/queries"))["items"] == []
    for path in ("queries", "items", "cases", "results"):
        answer = client.get(f"{STUDIES}/{study}/{path}")
        assert (answer.status_code, answer.json()["error"]) == (403, "still_reading"), path
