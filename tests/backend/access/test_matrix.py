"""Every route × every role × every way an object stands to the one who asks.

``MATRIX`` says who may do what, in words of its own, not in those of the code. A route of the OpenAPI file that is not
in it fails the test: whoever adds one has to say who may call it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy.orm import Session

from backend.access.permissions import Role
from backend.app import create_app
from backend.auth.secrets import digest
from backend.core.settings import Settings
from backend.db.base import new_id, now
from backend.db.study_tables import ReaderStudy, StudyProtocol, StudyReader
from backend.db.tables import ApiToken, Group, User, UserSession
from backend.openapi import render_openapi
from backend.reader_studies.design import StudyDesign
from tests.support.explainer import ColourZoo, checkpoint_info, load_concept_set
from tests.support.images import png
from tests.support.people import ADMINISTRATOR, COORDINATOR, OTHER_READER, READER, RESEARCHER, Person, become
from tests.support.server import UNKNOWN_ID, resources_of
from tests.support.world import Relation, World

ROLES = (ADMINISTRATOR, RESEARCHER, COORDINATOR, READER)
EVERYBODY = frozenset(ROLES)
ADMINISTRATORS = frozenset({ADMINISTRATOR})
SEE_DATASETS = frozenset({ADMINISTRATOR, RESEARCHER, COORDINATOR})
CHANGE_DATASETS = frozenset({ADMINISTRATOR, RESEARCHER})
STRANGERS_TOO = None
OK = frozenset({200, 201, 202, 204, 302})


@dataclass(frozen=True)
class Entry:
    """What a route should do.

    Args:
        allowed: whose role suffices; ``STRANGERS_TOO``: no account is needed.
        kind: of the object in the path: ``case`` and ``prediction`` stand to people in different ways; ``session`` and
            ``token`` are one's own or somebody else's; others are the same for everybody.
        change: only whoever may change the object may do it, not whoever sees it.
        passes: statuses that mean that the one who asked was let through.
        send: parts of the request beside the path.
        values: for the path.
    """

    allowed: frozenset[Person] | None
    kind: str | None = None
    change: bool = False
    passes: frozenset[int] = OK
    send: Callable[[], dict[str, Any]] = dict
    values: dict[str, str] = field(default_factory=dict)


def body(**content: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"json": content}


def query(**content: str) -> Callable[[], dict[str, Any]]:
    return lambda: {"params": content}


def upload() -> dict[str, Any]:
    return {"files": {"file": ("a.png", png())}}


def named(**content: Any) -> Callable[[], dict[str, Any]]:
    """With a name that nothing else has."""
    return lambda: {"json": {"name": new_id(), **content}}


def concepts(name: str) -> dict[str, Any]:
    return load_concept_set("busi").model_dump(mode="json") | {"name": name}


WITHOUT_PASSWORD = frozenset({400, 429})
PROCEDURAL = {"dataset_id": "synthetic-dermoscopy"}
NO_BATCH = {"batch_id": UNKNOWN_ID}
NO_DIAGNOSIS = {"diagnosis_id": UNKNOWN_ID}
NO_COMPARISON = {"comparison_id": UNKNOWN_ID}
NO_RUN = {"training_run_id": UNKNOWN_ID}
NO_READER = {"reader_id": UNKNOWN_ID}
NO_ITEM = {"assignment_id": UNKNOWN_ID}
DESIGN = {"title": "T"}
PROFILE = {"profession": "Radiologist", "years": 1}
BECAUSE = body(reason="because")
A_RUN = {"dataset_id": "none", "concept_set_id": UNKNOWN_ID}

MATRIX: dict[str, Entry] = {
    "get_health": Entry(STRANGERS_TOO),
    "get_session": Entry(STRANGERS_TOO),
    "log_in": Entry(STRANGERS_TOO, send=body(email="nobody@hospital.example", password="x"), passes=frozenset({401})),
    "inspect_link": Entry(STRANGERS_TOO, send=body(token="x"), passes=frozenset({404})),
    "accept_link": Entry(STRANGERS_TOO, send=body(token="x", password="x"), passes=frozenset({404})),
    "start_single_sign_on": Entry(STRANGERS_TOO, passes=frozenset({404})),
    "finish_single_sign_on": Entry(STRANGERS_TOO, passes=frozenset({404})),
    "log_out": Entry(EVERYBODY, kind="signed_in"),
    "update_account": Entry(EVERYBODY, send=body(name="Somebody")),
    "set_password": Entry(EVERYBODY, send=body(current_password="no", new_password="x"), passes=WITHOUT_PASSWORD),
    "list_sessions": Entry(EVERYBODY),
    "end_other_sessions": Entry(EVERYBODY),
    "end_session": Entry(EVERYBODY, kind="session"),
    "list_tokens": Entry(EVERYBODY),
    "create_token": Entry(EVERYBODY, send=named(scopes=["cases:read"], days=1)),
    "revoke_token": Entry(EVERYBODY, kind="token"),
    "list_people": Entry(ADMINISTRATORS),
    "invite_person": Entry(
        ADMINISTRATORS, send=lambda: {"json": {"email": f"{new_id()}@x.example", "name": "N", "role": "reader"}}
    ),
    "update_person": Entry(ADMINISTRATORS, kind="person", send=body(name="Renamed")),
    "create_person_link": Entry(ADMINISTRATORS, kind="person"),
    "list_groups": Entry(EVERYBODY),
    "create_group": Entry(ADMINISTRATORS, send=named()),
    "update_group": Entry(ADMINISTRATORS, kind="group", send=named()),
    "delete_group": Entry(ADMINISTRATORS, kind="group"),
    "list_cases": Entry(EVERYBODY),
    "create_case": Entry(EVERYBODY, send=upload),
    "get_case": Entry(EVERYBODY, kind="case"),
    "update_case": Entry(EVERYBODY, kind="case", change=True, send=body(notes="seen")),
    "delete_case": Entry(EVERYBODY, kind="case", change=True),
    "share_case": Entry(EVERYBODY, kind="case", change=True, send=body(visibility="open")),
    "get_case_image": Entry(EVERYBODY, kind="case"),
    "get_case_thumbnail": Entry(EVERYBODY, kind="case"),
    "get_case_display": Entry(EVERYBODY, kind="case"),
    "get_case_frame": Entry(EVERYBODY, kind="case", values={"frame": "0"}),
    "get_case_deidentification": Entry(EVERYBODY, kind="case"),
    "review_case": Entry(EVERYBODY, kind="case", change=True, send=body(), passes=frozenset({409})),
    "list_predictions": Entry(EVERYBODY, kind="case"),
    "create_prediction": Entry(EVERYBODY, kind="case"),
    "get_prediction": Entry(EVERYBODY, kind="prediction"),
    "get_prediction_map": Entry(EVERYBODY, kind="prediction", values={"kind": "index"}),
    "get_model_head": Entry(EVERYBODY, kind="model"),
    "preview_intervention": Entry(EVERYBODY, kind="prediction", send=body(edits=[])),
    "create_intervention": Entry(EVERYBODY, kind="prediction", send=body(edits=[])),
    "find_counterfactuals": Entry(EVERYBODY, kind="prediction", send=body(wanted_class="nv")),
    "list_checks": Entry(EVERYBODY, kind="prediction"),
    "list_interventions": Entry(EVERYBODY, kind="case"),
    "get_intervention": Entry(EVERYBODY, kind="intervention"),
    "export_intervention": Entry(EVERYBODY, kind="intervention"),
    "put_label": Entry(EVERYBODY, kind="prediction", send=body(class_key="nv")),
    "list_labels": Entry(EVERYBODY, kind="case"),
    "get_agreement": Entry(EVERYBODY),
    "get_option_agreement": Entry(EVERYBODY, send=query(model_version_id=UNKNOWN_ID), passes=frozenset({404})),
    "export_labels": Entry(EVERYBODY),
    "list_examples": Entry(EVERYBODY),
    "get_example_image": Entry(EVERYBODY, values={"key": "dermoscopy-nv-1"}),
    "create_case_from_example": Entry(EVERYBODY, values={"key": "dermoscopy-nv-1"}),
    "list_models": Entry(EVERYBODY),
    "get_model": Entry(EVERYBODY, kind="model"),
    "get_model_history": Entry(EVERYBODY, kind="model"),
    "list_activations": Entry(EVERYBODY),
    "activate_model": Entry(CHANGE_DATASETS, kind="model", send=body(reason="r"), passes=frozenset({409})),
    "roll_back_model": Entry(CHANGE_DATASETS, kind="model", send=body(), passes=frozenset({409})),
    "get_evidence": Entry(EVERYBODY, kind="model", passes=frozenset({404})),
    "create_evidence": Entry(CHANGE_DATASETS, kind="model", send=body(dataset_id="nothing"), passes=frozenset({404})),
    "list_evidence_measurements": Entry(SEE_DATASETS, kind="model"),
    "cancel_evidence_measurement": Entry(
        CHANGE_DATASETS, kind="model", values={"measurement_id": UNKNOWN_ID}, passes=frozenset({404})
    ),
    "list_diagnoses": Entry(SEE_DATASETS),
    "create_diagnosis": Entry(
        CHANGE_DATASETS,
        send=body(dataset_id="synthetic-dermoscopy", model_version_id=UNKNOWN_ID),
        passes=frozenset({404}),
    ),
    "get_diagnosis": Entry(SEE_DATASETS, values=NO_DIAGNOSIS, passes=frozenset({404})),
    "get_diagnosis_embedding": Entry(SEE_DATASETS, values=NO_DIAGNOSIS, passes=frozenset({404})),
    "get_diagnosis_sheet": Entry(SEE_DATASETS, values=NO_DIAGNOSIS | {"name": "option-0"}, passes=frozenset({404})),
    "cancel_diagnosis": Entry(CHANGE_DATASETS, values=NO_DIAGNOSIS, passes=frozenset({404})),
    "compare_models": Entry(SEE_DATASETS, send=query(a=UNKNOWN_ID, b=UNKNOWN_ID), passes=frozenset({404})),
    "create_comparison": Entry(
        CHANGE_DATASETS,
        send=body(dataset_id="synthetic-dermoscopy", a=UNKNOWN_ID, b="1" * 32),
        passes=frozenset({404}),
    ),
    "list_comparisons": Entry(SEE_DATASETS),
    "get_comparison": Entry(SEE_DATASETS, values=NO_COMPARISON, passes=frozenset({404})),
    "get_changed_picture": Entry(SEE_DATASETS, values=NO_COMPARISON | {"number": "0"}, passes=frozenset({404})),
    "cancel_comparison": Entry(CHANGE_DATASETS, values=NO_COMPARISON, passes=frozenset({404})),
    "list_training_runs": Entry(SEE_DATASETS),
    "create_training_run": Entry(CHANGE_DATASETS, send=body(**A_RUN), passes=frozenset({404})),
    "estimate_training_run": Entry(CHANGE_DATASETS, send=body(**A_RUN), passes=frozenset({404})),
    "get_training_run": Entry(SEE_DATASETS, values=NO_RUN, passes=frozenset({404})),
    "stream_training_run_events": Entry(SEE_DATASETS, values=NO_RUN, passes=frozenset({404})),
    "cancel_training_run": Entry(CHANGE_DATASETS, values=NO_RUN, passes=frozenset({404})),
    "resume_training_run": Entry(CHANGE_DATASETS, values=NO_RUN, passes=frozenset({404})),
    "list_concept_sets": Entry(EVERYBODY),
    "create_concept_set": Entry(CHANGE_DATASETS, send=lambda: {"json": {"content": concepts(f"s{new_id()}")}}),
    "check_concept_set": Entry(CHANGE_DATASETS, send=body(yaml="name: x")),
    "get_concept_set": Entry(EVERYBODY, kind="concept_set"),
    "list_concept_set_revisions": Entry(EVERYBODY, kind="concept_set"),
    "create_concept_set_revision": Entry(
        CHANGE_DATASETS,
        kind="concept_set",
        send=lambda: {"json": {"content": concepts("busi"), "reason": "r", "parent_revision_id": UNKNOWN_ID}},
        passes=frozenset({404}),
    ),
    "get_concept_set_revision": Entry(EVERYBODY, kind="concept_set"),
    "export_concept_set_revision": Entry(EVERYBODY, kind="concept_set"),
    "diff_concept_set_revisions": Entry(EVERYBODY, kind="concept_set"),
    "list_dataset_adapters": Entry(CHANGE_DATASETS),
    "list_import_folders": Entry(CHANGE_DATASETS),
    "list_datasets": Entry(SEE_DATASETS),
    "create_dataset": Entry(
        CHANGE_DATASETS, send=body(name="d", adapter="folder", path="/nowhere"), passes=frozenset({403, 404})
    ),
    "get_dataset": Entry(SEE_DATASETS, values=PROCEDURAL),
    "delete_dataset": Entry(CHANGE_DATASETS, values=PROCEDURAL, passes=frozenset({409})),
    "list_dataset_clusters": Entry(SEE_DATASETS, values=PROCEDURAL),
    "get_dataset_thumbnail": Entry(SEE_DATASETS, values=PROCEDURAL | {"row": "0"}, passes=frozenset({409})),
    "get_dataset_contact_sheet": Entry(SEE_DATASETS, values=PROCEDURAL),
    "cancel_dataset_import": Entry(CHANGE_DATASETS, values=PROCEDURAL, passes=frozenset({409})),
    "create_intervention_batch": Entry(
        CHANGE_DATASETS,
        send=body(dataset_id="none", model_version_id=UNKNOWN_ID, edits=[{"operation": "mean"}]),
        passes=frozenset({404}),
    ),
    "list_intervention_batches": Entry(CHANGE_DATASETS),
    "get_intervention_batch": Entry(CHANGE_DATASETS, values=NO_BATCH, passes=frozenset({404})),
    "cancel_intervention_batch": Entry(CHANGE_DATASETS, values=NO_BATCH, passes=frozenset({404})),
    "export_intervention_batch": Entry(CHANGE_DATASETS, values=NO_BATCH, passes=frozenset({404})),
    "list_studies": Entry(SEE_DATASETS),
    "create_study": Entry(SEE_DATASETS, send=body(design=DESIGN)),
    "create_demonstration": Entry(SEE_DATASETS),
    "list_candidates": Entry(SEE_DATASETS, send=body()),
    "draw_sample": Entry(SEE_DATASETS, send=body(count=1, seed=0)),
    "list_reader_candidates": Entry(SEE_DATASETS),
    "get_study": Entry(SEE_DATASETS, kind="study"),
    "update_study": Entry(SEE_DATASETS, kind="study", send=body(design=DESIGN, revision=1)),
    "delete_study": Entry(SEE_DATASETS, kind="study"),
    "list_study_cases": Entry(SEE_DATASETS, kind="study"),
    "preview_item": Entry(
        SEE_DATASETS,
        kind="study",
        send=body(task_key="t", arm_key="a", case_index=0),
        passes=frozenset({400}),
    ),
    "get_study_image": Entry(SEE_DATASETS, kind="study", values={"index": "0"}, passes=frozenset({400})),
    "publish_study": Entry(SEE_DATASETS, kind="study", passes=frozenset({400})),
    "cancel_publication": Entry(SEE_DATASETS, kind="study", passes=frozenset({409})),
    "close_study": Entry(SEE_DATASETS, kind="study", send=BECAUSE, passes=frozenset({409})),
    "reopen_study": Entry(SEE_DATASETS, kind="study", send=BECAUSE, passes=frozenset({409})),
    "list_protocols": Entry(SEE_DATASETS, kind="study"),
    "amend_study": Entry(SEE_DATASETS, kind="study", send=body(reason="because", title="U"), passes=frozenset({409})),
    "list_study_items": Entry(SEE_DATASETS, kind="study"),
    "list_study_readers": Entry(SEE_DATASETS, kind="study"),
    "invite_reader": Entry(SEE_DATASETS, kind="study", send=body(user_id=OTHER_READER.id)),
    "create_reader_link": Entry(SEE_DATASETS, kind="study", values=NO_READER, passes=frozenset({404})),
    "remind_reader": Entry(SEE_DATASETS, kind="study", values=NO_READER, passes=frozenset({404, 409})),
    "withdraw_reader": Entry(SEE_DATASETS, kind="study", values=NO_READER, send=BECAUSE, passes=frozenset({404})),
    "list_study_queries": Entry(SEE_DATASETS, kind="study"),
    "reply_to_query": Entry(
        SEE_DATASETS, kind="study", values={"query_id": UNKNOWN_ID}, send=body(reply="yes"), passes=frozenset({404})
    ),
    "list_study_members": Entry(SEE_DATASETS, kind="study"),
    "update_study_member": Entry(
        SEE_DATASETS, kind="study", send=body(user_id=UNKNOWN_ID, role="observer"), passes=frozenset({404, 400})
    ),
    "remove_study_member": Entry(SEE_DATASETS, kind="study", values={"user_id": UNKNOWN_ID}),
    "get_study_results": Entry(SEE_DATASETS, kind="study", passes=frozenset({409})),
    "export_study": Entry(SEE_DATASETS, kind="study", passes=frozenset({409})),
    "list_readings": Entry(EVERYBODY),
    "get_reading": Entry(EVERYBODY, kind="reading"),
    "start_reading": Entry(EVERYBODY, kind="reading", send=body(agreed=True, profile=PROFILE)),
    "see_reminder": Entry(EVERYBODY, kind="reading"),
    "get_next_item": Entry(EVERYBODY, kind="reading"),
    "get_reading_image": Entry(EVERYBODY, kind="reading", values=NO_ITEM, passes=frozenset({404})),
    "save_draft": Entry(EVERYBODY, kind="reading", values=NO_ITEM, send=body(answers={}), passes=frozenset({404, 409})),
    "create_response": Entry(
        EVERYBODY, kind="reading", send=body(assignment_id=UNKNOWN_ID, answers={}), passes=frozenset({404, 409})
    ),
    "list_responses": Entry(EVERYBODY, kind="reading"),
    "get_answered_item": Entry(
        EVERYBODY, kind="reading", values={"response_id": UNKNOWN_ID}, passes=frozenset({404, 409})
    ),
    "amend_response": Entry(
        EVERYBODY,
        kind="reading",
        values={"response_id": UNKNOWN_ID},
        send=body(answers={}, reason="because"),
        passes=frozenset({404, 409}),
    ),
    "list_own_queries": Entry(EVERYBODY, kind="reading"),
    "create_query": Entry(EVERYBODY, kind="reading", send=body(text="?")),
    "list_audit_events": Entry(ADMINISTRATORS),
    "export_audit_events": Entry(ADMINISTRATORS),
    "verify_audit_events": Entry(ADMINISTRATORS),
}

CONTRACT = json.loads(render_openapi())
ROUTES = {
    operation["operationId"]: (method, path)
    for path, methods in CONTRACT["paths"].items()
    for method, operation in methods.items()
}
OF_CASES = ("case", "prediction", "intervention")
RELATIONS = dict.fromkeys(OF_CASES, tuple(Relation)) | {"session": (Relation.OWN, Relation.FOREIGN)}
RELATIONS["token"] = RELATIONS["study"] = RELATIONS["reading"] = RELATIONS["session"]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, migrated_database: Any) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("matrix")
    (folder / "data").mkdir()
    (folder / "data" / migrated_database.name).write_bytes(migrated_database.read_bytes())
    settings = Settings(
        data_dir=folder / "data", frontend_dir=folder / "none", prepare_examples=False, embedded_worker=False
    )
    app = create_app(settings, ColourZoo([checkpoint_info(folder / "model")]))
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def world(client: TestClient) -> World:
    return World(client)


def test_every_route_is_in_the_matrix() -> None:
    assert set(MATRIX) == set(ROUTES), "say in MATRIX who may call a new route"


def test_routes_that_need_an_account_say_so_in_the_contract() -> None:
    for name, (method, path) in ROUTES.items():
        operation = CONTRACT["paths"][path][method]
        assert bool(operation.get("security")) == (MATRIX[name].allowed is not STRANGERS_TOO), name


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_strangers(client: TestClient, name: str) -> None:
    entry = MATRIX[name]
    become(client, None)
    answer = _call(client, name, dict.fromkeys(("case_id", "prediction_id", "intervention_id"), UNKNOWN_ID))
    if entry.allowed is STRANGERS_TOO:
        assert answer.status_code in entry.passes, answer.text
    else:
        assert (answer.status_code, answer.json()["error"]) == (401, "not_signed_in")


@pytest.mark.parametrize("person", ROLES, ids=lambda person: person.role.value)
@pytest.mark.parametrize("name", sorted(MATRIX))
def test_roles(client: TestClient, world: World, name: str, person: Person) -> None:
    entry = MATRIX[name]
    for relation in RELATIONS.get(entry.kind or "", (Relation.OWN,)):
        values = _object(client, world, entry.kind, relation, person)
        become(client, person)
        if entry.kind == "signed_in":  # signing out must not end the session of all the other tests
            client.cookies.set("vitrine_session", values.pop("secret"))
        answer = _call(client, name, values)
        told = (name, person.role.value, relation.value, answer.status_code, answer.text[:200])
        if entry.allowed is not None and person not in entry.allowed:
            assert answer.status_code == 403, told
            assert answer.json()["error"] == "not_allowed", told
        elif _is_hidden(entry, relation, person):
            unknown = _call(client, name, _unknown(values))
            assert answer.status_code == 404, told
            assert answer.content == unknown.content, told  # nothing tells that it exists
            assert _plain(answer) == _plain(unknown), told
        elif entry.change and not relation.may_be_changed_by(person):
            assert answer.status_code == 403, told
            assert answer.json()["error"] == "case_not_yours", told
        else:
            assert answer.status_code in entry.passes, told


@pytest.mark.parametrize("person", [*ROLES, OTHER_READER], ids=lambda person: person.email)
def test_lists_counts_and_searches(client: TestClient, world: World, person: Person) -> None:
    """What is hidden is neither listed nor counted, whatever one searches for."""
    mark = new_id()
    made = {relation: world.case(relation, person, f"{mark} {relation}")[0] for relation in Relation}
    seen = {made[relation] for relation in Relation if not relation.is_hidden_from(person)}
    if person is OTHER_READER:  # in the other group, and not in the first
        seen = {made[Relation.OWN], made[Relation.OPEN], made[Relation.FOREIGN_GROUP]}
    become(client, person)
    found = client.get("/api/v1/cases", params={"search": mark, "limit": 200}).json()
    assert {item["id"] for item in found["items"]} == seen
    assert found["total"] == len(seen)
    for relation, case_id in made.items():
        total = client.get("/api/v1/cases", params={"search": f"{mark} {relation}"}).json()["total"]
        # "foreign" is also the beginning of "foreign_group"
        wanted = [made[each] for each in Relation if each.startswith(relation)]
        assert total == len(seen & set(wanted)), (relation, case_id)


def test_a_page_ends_where_it_would_without_what_is_hidden(client: TestClient, world: World) -> None:
    mark = new_id()
    for _ in range(4):
        world.case(Relation.OWN, READER, mark)
        world.case(Relation.FOREIGN, READER, mark)
    become(client, READER)
    first = client.get("/api/v1/cases", params={"search": mark, "limit": 2}).json()
    assert (len(first["items"]), first["total"]) == (2, 4)
    second = client.get("/api/v1/cases", params={"search": mark, "limit": 2, "cursor": first["next_cursor"]}).json()
    assert (len(second["items"]), second["next_cursor"]) == (2, None)


def _call(client: TestClient, name: str, values: dict[str, str]) -> Response:
    method, path = ROUTES[name]
    entry = MATRIX[name]
    fill = {"session_id": UNKNOWN_ID, "token_id": UNKNOWN_ID, "person_id": UNKNOWN_ID, "group_id": UNKNOWN_ID}
    fill |= dict.fromkeys(("model_version_id", "concept_set_id", "revision_id", "other_id", "study_id"), UNKNOWN_ID)
    fill |= {**entry.values, **values}
    return client.request(method, path.format(**fill), **entry.send())


def _is_hidden(entry: Entry, relation: Relation, person: Person) -> bool:
    if entry.kind == "study" and person.role is Role.ADMINISTRATOR:
        return False
    if entry.kind in ("session", "token", "study", "reading"):  # administrators do not read in others' place either
        return relation is Relation.FOREIGN
    return entry.kind in OF_CASES and relation.is_hidden_from(person)


def _unknown(values: dict[str, str]) -> dict[str, str]:
    return dict.fromkeys(values, UNKNOWN_ID)


def _plain(answer: Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "date")}


def _object(client: TestClient, world: World, kind: str | None, relation: Relation, person: Person) -> dict[str, str]:
    """A fresh object of the kind, as the path names it."""
    if kind in OF_CASES:
        case, prediction = world.case(relation, person)
        ids = {"case": case, "prediction": prediction}
        return {f"{kind}_id": ids.get(kind) or world.intervention(case, prediction)}
    owner = person if relation is Relation.OWN else OTHER_READER
    secret, later, made = new_id(), now() + timedelta(days=1), new_id()
    row: Any
    if kind in ("session", "signed_in"):
        row = UserSession(
            id=made, user_id=owner.id, token_hash=digest(secret), method="password", address="", browser=""
        )
        row.expires_at = later
    elif kind == "token":
        row = ApiToken(id=made, user_id=owner.id, name="t", token_hash=digest(secret), scopes=[], expires_at=later)
    elif kind == "person":
        row = User(id=made, email=f"{made}@x.example", name="N", role="reader", active=True)
    elif kind == "group":
        row = Group(id=made, name=made)
    elif kind in ("study", "reading"):
        with resources_of(client).database.writing() as session:
            return {"study_id": _study(session, kind, owner)}
    elif kind == "model":
        become(client, ADMINISTRATOR)
        return {"model_version_id": client.get("/api/v1/models").json()["items"][0]["id"]}
    elif kind == "concept_set":
        become(client, ADMINISTRATOR)
        latest = client.get("/api/v1/concept-sets").json()["items"][0]["latest"]
        return {"concept_set_id": latest["concept_set_id"], "revision_id": latest["id"], "other_id": latest["id"]}
    else:
        return {}
    with resources_of(client).database.writing() as session:
        session.add(row)
    names = {"session": "session_id", "token": "token_id", "person": "person_id", "group": "group_id"}
    return {"secret": secret} if kind == "signed_in" else {names[kind or ""]: made}


def _study(session: Session, kind: str, person: Person) -> str:
    """A draft of theirs, or an open study of the administrator's in which they read."""
    design = StudyDesign(title="T").model_dump(mode="json")
    study = ReaderStudy(id=new_id(), title="T", design=design, owner_id=person.id)
    session.add(study)
    if kind == "study":
        return study.id
    study.status, study.published_at = "open", now()
    study.owner_id = None
    session.flush()
    session.add(StudyProtocol(study_id=study.id, version=1, document={"design": design}, hash="0" * 64, reason=""))
    session.add(StudyReader(study_id=study.id, user_id=person.id, slot=0, order_digest="0" * 64))
    return study.id


def test_the_matrix_is_about_cases_that_are_there(client: TestClient, world: World) -> None:
    """A mistake in ``World`` would make every foreign object an unknown one, and the matrix green."""
    for relation in Relation:
        case_id, prediction_id = world.case(relation, READER)
        become(client, ADMINISTRATOR)
        assert client.get(f"/api/v1/cases/{case_id}").status_code == 200
        assert client.get(f"/api/v1/predictions/{prediction_id}").status_code == 200
