"""Items as readers will see them, before anybody does: the same that publication makes."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from backend.db.tables import AuditEvent, Case, ModelVersion
from backend.reader_studies.building import CaseFacts, build_items
from backend.reader_studies.design import Arm, ShamKind, StudyCaseRef, StudyDesign
from backend.reader_studies.previewing import ExplanationCache
from models.explanation import Explanation
from tests.support.designs import STUDIES, add_published, create_study, make_design
from tests.support.explainer import ColourExplainer, ColourZoo, explain_by_colour, load_concept_set
from tests.support.images import decoded, encoded, gradient
from tests.support.people import COORDINATOR, RESEARCHER, become
from tests.support.server import API, StartServer, assert_error, resources_of

ISIC = load_concept_set("isic2018")


def preview(client: TestClient, study: str, task: str, arm: str, place: int = 1) -> Any:
    return client.post(f"{STUDIES}/{study}/preview", json={"task_key": task, "arm_key": arm, "case_index": place})


def shown(client: TestClient, study: str, task: str, arm: str, place: int = 1) -> dict[str, Any]:
    answer = preview(client, study, task, arm, place)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def with_every_sham(design: StudyDesign) -> StudyDesign:
    model = design.arms[0].model_version_id
    shams = [
        Arm(key=kind.value, name=kind.value, model_version_id=model, map="gradcam", sham=kind) for kind in ShamKind
    ]
    tasks = [
        task.model_copy(update={"arm_keys": [*task.arm_keys, *(arm.key for arm in shams)]}) if place < 2 else task
        for place, task in enumerate(design.tasks)
    ]
    return design.model_copy(update={"arms": [*design.arms, *shams], "tasks": tasks})


def test_it_is_what_publication_makes(client: TestClient) -> None:
    design = with_every_sham(make_design(client, cases=3, practice=1))
    study = create_study(client, design)["id"]
    pictures = [decoded(client.get(f"{STUDIES}/{study}/cases/{place}/image").content) for place in range(4)]

    def explain(place: int, _model: str) -> Explanation:
        return explain_by_colour(pictures[place], ISIC)

    facts = [
        CaseFacts(picture.width, picture.height, ref.practice, ref.truth_class)
        for picture, ref in zip(pictures, design.cases, strict=True)
    ]
    model = str(design.arms[0].model_version_id)
    items = build_items(design, {model: ISIC}, facts, explain)
    assert len(items) > 30
    for item in items:
        found = shown(client, study, item.task_key, item.arm_key, item.case_index)
        assert found["content"] == item.content.model_dump(mode="json")
        assert found["truth"] == item.truth.model_dump(mode="json")
        assert (found["width"], found["height"]) == pictures[item.case_index].size
        assert found["image"] == f"/reader-studies/{study}/cases/{item.case_index}/image"


def test_a_map_covers_the_picture(client: TestClient) -> None:
    study = create_study(client, make_design(client, cases=2))["id"]
    found = shown(client, study, "where", "real")
    pixels = found["content"]["map"]
    assert len(base64.b64decode(pixels["values"])) == pixels["width"] * pixels["height"]
    assert max(pixels["width"], pixels["height"]) == 96
    assert pixels["width"] / pixels["height"] == pytest.approx(found["width"] / found["height"], rel=0.02)


def test_an_image_is_explained_once_for_all_arms(start_server: StartServer, zoo: ColourZoo) -> None:
    explainer = zoo.explainer = ColourExplainer()
    client = start_server()
    study = create_study(client, make_design(client, cases=2))["id"]
    for task, arm in (("where", "real"), ("where", "sham"), ("which", "real"), ("what", "told")):
        shown(client, study, task, arm, 1)
    assert explainer.calls == 1
    shown(client, study, "where", "real", 2)
    assert explainer.calls == 2
    other = create_study(client, make_design(client, cases=2))["id"]  # the same pictures, in other files
    shown(client, other, "where", "real", 1)
    assert explainer.calls == 3


def test_the_image_alone_asks_no_model(start_server: StartServer, zoo: ColourZoo) -> None:
    explainer = zoo.explainer = ColourExplainer()
    client = start_server()
    study = create_study(client, make_design(client, cases=2))["id"]
    found = shown(client, study, "what", "alone")
    assert found["content"]["map"] is None
    assert found["content"]["suggestion"] is None
    assert explainer.calls == 0


def test_a_cache_keeps_what_was_asked_for_last() -> None:
    cache, made = ExplanationCache(most=2), []

    def ask(key: str) -> None:
        def make() -> Explanation:
            made.append(key)
            return explain_by_colour(Image.new("RGB", (4, 4)), ISIC)

        assert cache.get(key, make).tokens is None

    for key in ("a", "b", "a", "c", "a", "b"):
        ask(key)
    assert made == ["a", "b", "c", "b"]


def test_nothing_is_kept_of_a_preview(client: TestClient) -> None:
    study = create_study(client, make_design(client, cases=2))["id"]
    before = client.get(f"{STUDIES}/{study}").json()
    shown(client, study, "where", "real")
    assert client.get(f"{STUDIES}/{study}").json() == before
    case = before["design"]["cases"][1]["case_id"]
    assert client.get(f"{API}/cases/{case}/predictions").json()["items"] == []


@pytest.mark.parametrize(
    ("task", "arm", "place"), [("gone", "real", 1), ("where", "gone", 1), ("where", "alone", 1), ("where", "real", 99)]
)
def test_there_is_no_such_item(client: TestClient, task: str, arm: str, place: int) -> None:
    study = create_study(client, make_design(client, cases=2))["id"]
    assert_error(preview(client, study, task, arm, place), 400, "preview_impossible")


def test_a_draft_that_is_half_done_says_why_it_cannot_be_shown(client: TestClient) -> None:
    design = make_design(client, cases=2)
    bare = design.model_copy(update={"arms": [arm.model_copy(update={"map": None}) for arm in design.arms]})
    study = create_study(client, bare)["id"]
    assert "choose model and map" in assert_error(preview(client, study, "where", "real"), 400, "preview_impossible")


def test_a_model_that_is_gone(client: TestClient) -> None:
    study = create_study(client, make_design(client, cases=2))["id"]
    with resources_of(client).database.writing() as session:
        session.query(ModelVersion).update({"folder": "/nowhere"})
    detail = assert_error(preview(client, study, "where", "real"), 400, "preview_impossible")
    assert "Grad-CAM" in detail


def test_a_model_that_fails_on_the_image(start_server: StartServer, zoo: ColourZoo) -> None:
    zoo.explainer = ColourExplainer(error=RuntimeError("no"))
    client = start_server()
    study = create_study(client, make_design(client, cases=2))["id"]
    assert_error(preview(client, study, "where", "real"), 400, "preview_impossible")


def test_an_image_that_is_gone(client: TestClient) -> None:
    design = make_design(client, cases=2)
    study = create_study(client, design)["id"]
    client.delete(f"{API}/cases/{design.cases[1].case_id}")
    assert "Image 2" in assert_error(preview(client, study, "where", "real"), 400, "preview_impossible")
    assert_error(client.get(f"{STUDIES}/{study}/cases/1/image"), 400, "preview_impossible")
    assert_error(client.get(f"{STUDIES}/{study}/cases/99/image"), 400, "preview_impossible")
    shown(client, study, "where", "real", 2)


def test_a_file_that_is_gone(client: TestClient) -> None:
    design = make_design(client, cases=2)
    study = create_study(client, design)["id"]
    with resources_of(client).database.reading() as session:
        key = session.get_one(Case, design.cases[1].case_id).image_key
    resources_of(client).storage.delete(key)
    assert_error(preview(client, study, "where", "real"), 404, "file_missing")
    assert_error(client.get(f"{STUDIES}/{study}/cases/1/image"), 404, "file_missing")


def test_the_picture_is_pixels_and_nothing_else(client: TestClient) -> None:
    become(client, COORDINATOR)
    picture = gradient()
    picture.info["dpi"] = (72, 72)
    file = encoded(picture, "PNG", pnginfo=_text("Patient", "Doe"), dpi=(72, 72))
    case = client.post(f"{API}/cases", files={"file": ("a.png", file)}).json()["id"]
    design = StudyDesign(title="T", cases=[StudyCaseRef(case_id=case)])
    study = create_study(client, design)["id"]
    answer = client.get(f"{STUDIES}/{study}/cases/0/image")
    assert answer.headers["content-type"] == "image/png"
    assert "content-disposition" not in answer.headers
    assert b"Doe" not in answer.content
    found = Image.open(BytesIO(answer.content))
    assert found.info == {}
    assert found.tobytes() == picture.tobytes()


def test_the_picture_is_sent_once(client: TestClient) -> None:
    study = create_study(client, make_design(client, cases=2))["id"]
    address = f"{STUDIES}/{study}/cases/1/image"
    first = client.get(address)
    assert "no-cache" in first.headers["cache-control"]  # tomorrow another image may stand at this place
    again = client.get(address, headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    other = client.get(f"{STUDIES}/{study}/cases/2/image", headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200


def test_a_look_at_somebodys_picture_is_noted(client: TestClient) -> None:
    design = make_design(client, cases=2)
    study = create_study(client, design)["id"]
    client.get(f"{STUDIES}/{study}/cases/1/image")
    with resources_of(client).database.reading() as session:
        viewed = session.query(AuditEvent).filter_by(action="case.viewed").all()
    assert [event.subject for event in viewed] == [f"case/{design.cases[1].case_id}"]


def test_a_published_study_shows_its_own_copies(client: TestClient) -> None:
    design = make_design(client, cases=2)
    study = add_published(client, design)
    with resources_of(client).database.reading() as session:
        originals = {case.id: case.image_key for case in session.query(Case)}
    for key in originals.values():
        resources_of(client).storage.delete(key)
    become(client, COORDINATOR)
    answer = client.get(f"{STUDIES}/{study}/cases/1/image")
    assert decoded(answer.content).convert("RGB").getpixel((0, 0)) == (22, 70, 200)  # of number 2
    assert (shown(client, study, "where", "real")["width"]) == 24


def test_observers_look_and_do_not_preview(client: TestClient) -> None:
    study = create_study(client, make_design(client, cases=2))["id"]
    client.post(f"{STUDIES}/{study}/members", json={"user_id": RESEARCHER.id, "role": "observer"})
    become(client, RESEARCHER)
    assert_error(preview(client, study, "where", "real"), 403, "study_not_yours")


def test_an_example_can_be_shown(client: TestClient) -> None:
    design = make_design(client, cases=2)
    example = StudyCaseRef(dataset_id="synthetic-dermoscopy", split="test", image="dermoscopy-mel-1", truth_class="mel")
    study = create_study(client, design.model_copy(update={"cases": [example]}))["id"]
    found = shown(client, study, "what", "told", 0)
    assert (found["width"], found["height"]) == (640, 640)
    assert found["truth"]["positive"] is True


def _text(key: str, value: str) -> PngInfo:
    info = PngInfo()
    info.add_text(key, value)
    return info
