"""Inviting readers, following, reminding and withdrawing them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.access.permissions import Permission
from backend.db.base import now
from backend.db.study_tables import ReaderStudy, StudyAssignment, StudyMember, StudyReader, StudyResponse
from backend.db.tables import AuditEvent, Membership, User
from backend.reader_studies.design import Order, Separation, StudyDesign
from tests.support.accounts import add_token
from tests.support.designs import STUDIES, add_published, make_design
from tests.support.people import (
    ADMINISTRATOR,
    COORDINATOR,
    OTHER_READER,
    OTHER_TEAM,
    PASSWORD,
    READER,
    RESEARCHER,
    become,
)
from tests.support.reading import READINGS, begin, good, next_of, read_on
from tests.support.server import API, UNKNOWN_ID, assert_error, resources_of

NEW = {"email": "new@hospital.example", "name": "Dr New"}
ACCEPT = f"{API}/auth/links/accept"
REASON = {"reason": "Has left the hospital."}


@pytest.fixture
def design(client: TestClient) -> StudyDesign:
    return make_design(client, cases=2)


@pytest.fixture
def study(client: TestClient, design: StudyDesign) -> str:
    """Open, with one reader, and the client is its coordinator's."""
    study_id = add_published(client, design, readers=(READER,))
    become(client, COORDINATOR)
    return study_id


def readers_of(client: TestClient, study_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = good(client.get(f"{STUDIES}/{study_id}/readers"))["items"]
    return found


def write(client: TestClient, act: Callable[[Any], None]) -> None:
    with resources_of(client).database.writing() as session:
        act(session)


def events(client: TestClient) -> list[AuditEvent]:
    with resources_of(client).database.reading() as session:
        return session.query(AuditEvent).order_by(AuditEvent.sequence).all()


def invite(client: TestClient, study_id: str, **body: str) -> Any:
    return client.post(f"{STUDIES}/{study_id}/readers", json=body)


def test_somebody_with_an_account_reads_at_once(client: TestClient, study: str) -> None:
    names = {each["email"]: each["id"] for each in good(client.get(f"{STUDIES}/reader-candidates"))["items"]}
    assert names[OTHER_READER.email] == OTHER_READER.id
    invited = good(invite(client, study, user_id=OTHER_READER.id), 201)
    assert (invited["link"], invited["path"]) == (None, f"/readings/{study}")
    assert (invited["reader"]["code"], invited["reader"]["status"]) == ("R2", "invited")
    assert invited["reader"]["total"] == readers_of(client, study)[0]["total"] > 0
    assert events(client)[-1].action == "study_reader.invited"
    begin(become(client, OTHER_READER), study)
    assert next_of(client, study)["item"]["number"] == 1


def test_somebody_new_gets_a_readers_account_and_a_link(client: TestClient, study: str) -> None:
    invited = good(invite(client, study, **NEW), 201)
    assert invited["link"]["purpose"] == "invitation"
    assert invited["reader"]["pending_account"]
    become(client, None)
    token = invited["link"]["path"].partition("token=")[2]
    signed_in = good(client.post(ACCEPT, json={"token": token, "password": PASSWORD}))
    assert signed_in["account"]["role"] == "reader"
    client.headers["x-vitrine"] = "1"
    assert [each["study_id"] for each in good(client.get(READINGS))["items"]] == [study]
    assert not readers_of(become(client, COORDINATOR), study)[1]["pending_account"]


def test_an_address_that_has_an_account_is_added_whatever_it_is_called(client: TestClient, study: str) -> None:
    invited = good(invite(client, study, email="OTHER@hospital.example", name="Somebody"), 201)
    assert (invited["reader"]["email"], invited["link"]) == (OTHER_READER.email, None)


def test_who_cannot_be_invited(client: TestClient, study: str) -> None:
    assert "already" in assert_error(invite(client, study, user_id=READER.id), 409, "cannot_invite")
    assert_error(invite(client, study, user_id=UNKNOWN_ID), 400, "unknown_person")
    for body in ({}, {"user_id": READER.id, **NEW}, {"email": NEW["email"]}):
        assert invite(client, study, **body).status_code == 422
    write(client, lambda session: setattr(session.get_one(User, OTHER_READER.id), "active", False))
    assert "not active" in assert_error(invite(client, study, user_id=OTHER_READER.id), 409, "cannot_invite")
    write(client, lambda session: setattr(session.get_one(ReaderStudy, study), "status", "closed"))
    assert "Reopen" in assert_error(invite(client, study, user_id=RESEARCHER.id), 409, "cannot_invite")
    assert_error(invite(client, study, **NEW), 409, "cannot_invite")
    with resources_of(client).database.reading() as session:
        assert session.query(User).filter_by(email=NEW["email"]).one_or_none() is None


def test_readers_of_a_draft_get_their_order_with_publication(client: TestClient, study: str) -> None:
    write(client, lambda session: setattr(session.get_one(ReaderStudy, study), "status", "draft"))
    invited = good(invite(client, study, user_id=OTHER_READER.id), 201)
    assert (invited["reader"]["sessions"], invited["reader"]["total"]) == ([], 0)
    assert good(become(client, OTHER_READER).get(READINGS))["items"] == []


def test_every_reader_has_an_order_of_their_own(client: TestClient, study: str) -> None:
    good(invite(client, study, user_id=OTHER_READER.id), 201)
    good(invite(client, study, user_id=RESEARCHER.id), 201)
    with resources_of(client).database.reading() as session:
        found = session.query(StudyReader).filter_by(study_id=study).all()
        placed = session.query(StudyAssignment).order_by(StudyAssignment.session, StudyAssignment.position)
        orders = [tuple(row.item_id for row in placed.filter_by(reader_id=reader.id)) for reader in found]
    assert sorted(reader.slot for reader in found) == [0, 1, 2]
    assert len(set(orders)) == 3


def test_only_links_that_open_a_readers_account_are_given(client: TestClient, study: str) -> None:
    """Else a coordinator could sign in as an administrator who has not chosen a password yet, or as another team's."""
    become(client, ADMINISTRATOR)
    people = {
        role: good(client.post(f"{API}/people", json={"email": f"{role}@x.example", "name": role, "role": role}), 201)[
            "person"
        ]["id"]
        for role in ("administrator", "reader")
    }
    grouped = {"email": "grouped@x.example", "name": "Grouped", "role": "reader", "group_ids": [OTHER_TEAM]}
    people["grouped"] = good(client.post(f"{API}/people", json=grouped), 201)["person"]["id"]
    become(client, COORDINATOR)
    given = {name: good(invite(client, study, user_id=user_id), 201) for name, user_id in people.items()}
    assert {name: each["link"] is not None for name, each in given.items()} == {
        "administrator": False, "reader": True, "grouped": False,
    }  # fmt: skip
    for name in ("administrator", "grouped"):
        address = f"{STUDIES}/{study}/readers/{given[name]['reader']['id']}/link"
        assert "administrator" in assert_error(client.post(address), 409, "cannot_invite")
    address = f"{STUDIES}/{study}/readers/{given['grouped']['reader']['id']}/link"
    assert good(become(client, ADMINISTRATOR).post(address), 201)["link"] is not None
    become(client, COORDINATOR)
    write(client, lambda session: session.query(Membership).filter_by(user_id=people["grouped"]).delete())
    assert good(client.post(address), 201)["link"] is not None


def test_nobody_gets_a_link_to_a_reader_of_a_study_that_they_do_not_run(client: TestClient, study: str) -> None:
    """Else they would see its items, and could answer in the reader's name."""
    invited = good(invite(client, study, **NEW), 201)
    other = good(become(client, RESEARCHER).post(STUDIES, json={"design": {"title": "Mine"}}), 201)["id"]
    again = good(invite(client, other, **NEW), 201)
    assert (again["link"], again["reader"]["pending_account"]) == (None, True)
    address = f"{STUDIES}/{other}/readers/{again['reader']['id']}/link"
    assert "administrator" in assert_error(client.post(address), 409, "cannot_invite")
    become(client, None)
    token = invited["link"]["path"].partition("token=")[2]
    assert client.post(ACCEPT, json={"token": token, "password": PASSWORD}).status_code == 200, "it still works"


def test_who_runs_both_studies_gets_a_link(client: TestClient, study: str) -> None:
    good(invite(client, study, **NEW), 201)
    other = good(become(client, RESEARCHER).post(STUDIES, json={"design": {"title": "Ours"}}), 201)["id"]
    members = f"{STUDIES}/{other}/members"
    good(client.post(members, json={"user_id": COORDINATOR.id, "role": "coordinator"}))
    become(client, COORDINATOR)
    assert good(invite(client, other, **NEW), 201)["link"] is not None


def test_a_script_makes_no_accounts_and_no_links(client: TestClient, study: str) -> None:
    """A stolen token must not make something that outlives it."""
    pending = good(invite(client, study, **NEW), 201)["reader"]["id"]
    script = add_token(client, COORDINATOR, [Permission.STUDIES_WRITE, Permission.STUDIES_READ])
    become(client, None)
    address = f"{STUDIES}/{study}/readers"
    third = {"email": "third@hospital.example", "name": "Dr Third"}
    for refused in (
        client.post(address, json=third, headers=script),
        client.post(f"{address}/{pending}/link", headers=script),
    ):
        assert "token" in assert_error(refused, 409, "cannot_invite")
    with resources_of(client).database.reading() as session:
        assert session.query(User).filter_by(email=third["email"]).one_or_none() is None
    assert good(client.post(address, json={"user_id": OTHER_READER.id}, headers=script), 201)["link"] is None


def test_a_new_link_replaces_the_earlier_one(client: TestClient, study: str) -> None:
    invited = good(invite(client, study, **NEW), 201)
    renewed = good(client.post(f"{STUDIES}/{study}/readers/{invited['reader']['id']}/link"), 201)
    become(client, None)
    for link, status in ((invited["link"], 404), (renewed["link"], 200)):
        token = link["path"].partition("token=")[2]
        assert client.post(ACCEPT, json={"token": token, "password": PASSWORD}).status_code == status
    become(client, COORDINATOR)
    (first, _) = readers_of(client, study)
    has_one = client.post(f"{STUDIES}/{study}/readers/{first['id']}/link")
    assert "password already" in assert_error(has_one, 409, "cannot_invite")


def test_progress_and_pace(client: TestClient, study: str) -> None:
    begin(become(client, READER), study)
    read_on(client, study, 5)
    with resources_of(client).database.reading() as session:
        given = session.query(StudyResponse).filter_by(study_id=study).all()
    assert len(given) == 5
    (reader,) = readers_of(become(client, COORDINATOR), study)
    assert (reader["status"], reader["done"], reader["answers_last_7_days"]) == ("reading", 5, 5)
    assert reader["sessions"] == [{"number": 1, "done": 5, "total": reader["total"], "opens_at": None}]
    assert reader["median_seconds"] == 0.0
    left = reader["total"] - 5
    expected = now() + timedelta(days=left / 5)
    assert abs(moment(reader["expected_end"]) - expected) < timedelta(minutes=5)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(("times", "median"), [([4000], 4.0), ([1000, 9000], 5.0), ([1000, 2000, 60000], 2.0)])
def test_the_median_of_the_time_for_an_answer(client: TestClient, study: str, times: list[int], median: float) -> None:
    begin(become(client, READER), study)
    for active in times:
        item = next_of(client, study)["item"]
        body = {"assignment_id": item["id"], "answers": {}, "cannot_judge": True, "active_ms": active}
        good(client.post(f"{STUDIES}/{study}/responses", json=body), 201)
    assert readers_of(become(client, COORDINATOR), study)[0]["median_seconds"] == median


def test_the_expected_end_counts_the_washouts_still_to_come(client: TestClient, design: StudyDesign) -> None:
    order = Order(separation=Separation.SESSIONS, repeats=0, gap=0, washout_days=28)
    study = add_published(client, design.model_copy(update={"order": order}), readers=(READER,))
    begin(become(client, READER), study)
    first, second = good(client.get(f"{READINGS}/{study}"))["sessions"]
    read_on(client, study, 1)
    (early,) = readers_of(become(client, COORDINATOR), study)
    left = first["total"] + second["total"] - 1
    assert abs(moment(early["expected_end"]) - now() - timedelta(days=left + 28)) < timedelta(minutes=5)
    read_on(become(client, READER), study)
    (waiting,) = readers_of(become(client, COORDINATOR), study)
    opens_at = moment(waiting["sessions"][1]["opens_at"])
    assert abs(opens_at - now() - timedelta(days=28)) < timedelta(minutes=5)
    days = second["total"] / first["total"]
    assert abs(moment(waiting["expected_end"]) - opens_at - timedelta(days=days)) < timedelta(minutes=5)


def test_without_a_pace_nobody_expects_an_end(client: TestClient, study: str) -> None:
    (reader,) = readers_of(client, study)
    assert (reader["expected_end"], reader["median_seconds"], reader["last_answer_at"]) == (None, None, None)


def test_a_reminder_is_shown_until_it_is_seen(client: TestClient, study: str) -> None:
    begin(become(client, READER), study)
    read_on(client, study, 2)
    (reader,) = readers_of(become(client, COORDINATOR), study)
    reminded = good(client.post(f"{STUDIES}/{study}/readers/{reader['id']}/reminder"), 201)
    assert reminded["email"] == READER.email
    assert "Do maps show what they say?" in reminded["subject"]
    for words in (f"2 of {reader['total']}", f"/readings/{study}", "research use only"):
        assert words in reminded["text"]
    assert events(client)[-1].action == "study_reader.reminded"
    become(client, READER)
    assert good(client.get(READINGS))["items"][0]["reminded_at"] is not None
    assert client.post(f"{READINGS}/{study}/reminder/seen").status_code == 204
    assert good(client.get(READINGS))["items"][0]["reminded_at"] is None
    good(become(client, COORDINATOR).post(f"{STUDIES}/{study}/readers/{reader['id']}/reminder"), 201)
    assert good(become(client, READER).get(READINGS))["items"][0]["reminded_at"] is not None


@pytest.mark.parametrize("status", ["finished", "withdrawn"])
def test_who_has_nothing_left_to_read_is_not_reminded(client: TestClient, study: str, status: str) -> None:
    (reader,) = readers_of(client, study)
    write(client, lambda session: setattr(session.get_one(StudyReader, reader["id"]), "status", status))
    assert_error(client.post(f"{STUDIES}/{study}/readers/{reader['id']}/reminder"), 409, "study_not_open")


def test_nobody_is_reminded_of_a_closed_study(client: TestClient, study: str) -> None:
    (reader,) = readers_of(client, study)
    write(client, lambda session: setattr(session.get_one(ReaderStudy, study), "status", "closed"))
    assert_error(client.post(f"{STUDIES}/{study}/readers/{reader['id']}/reminder"), 409, "study_not_open")


def test_a_withdrawn_reader_is_out_for_good(client: TestClient, study: str) -> None:
    begin(become(client, READER), study)
    read_on(client, study, 2)
    (reader,) = readers_of(become(client, COORDINATOR), study)
    address = f"{STUDIES}/{study}/readers/{reader['id']}/withdraw"
    for _ in range(2):  # the second time nothing happens
        (out,) = good(client.post(address, json=REASON))["items"]
        assert (out["status"], out["done"]) == ("withdrawn", 2)
    told = [event for event in events(client) if event.action == "study_reader.withdrawn"]
    assert len(told) == 1
    assert "left the hospital" in (told[0].after or "")
    assert "cannot be undone" in assert_error(invite(client, study, user_id=READER.id), 409, "cannot_invite")
    assert next_of(become(client, READER), study)["status"] == "closed"


def test_observers_follow_but_neither_see_addresses_nor_change_anything(client: TestClient, study: str) -> None:
    row = StudyMember(study_id=study, user_id=RESEARCHER.id, role="observer")
    write(client, lambda session: session.add(row))
    (reader,) = readers_of(become(client, RESEARCHER), study)
    assert (reader["name"], reader["email"]) == ("Reader", None)
    base = f"{STUDIES}/{study}/readers"
    for path, body in (
        ("", {"user_id": OTHER_READER.id}),
        (f"/{reader['id']}/link", None),
        (f"/{reader['id']}/reminder", None),
        (f"/{reader['id']}/withdraw", REASON),
    ):
        assert_error(client.post(f"{base}{path}", json=body), 403, "study_not_yours")


def test_a_study_that_is_not_ones_own_has_no_readers(client: TestClient, study: str) -> None:
    become(client, RESEARCHER)
    base = f"{STUDIES}/{study}/readers"
    assert_error(client.get(base), 404, "study_not_found")
    assert_error(client.post(base, json={"user_id": OTHER_READER.id}), 404, "study_not_found")
    become(client, COORDINATOR)
    for path in ("reminder", "link"):
        assert_error(client.post(f"{base}/{UNKNOWN_ID}/{path}"), 404, "study_reader_not_found")
    assert_error(client.post(f"{base}/{UNKNOWN_ID}/withdraw", json=REASON), 404, "study_reader_not_found")


def test_simulated_readers_say_so(client: TestClient, design: StudyDesign) -> None:
    study = add_published(client, design, readers=(None, READER))
    first, second = readers_of(become(client, COORDINATOR), study)
    assert (first["simulated"], first["name"], first["email"]) == (True, "Simulated reader 1", None)
    assert (second["simulated"], second["code"]) == (False, "R2")
    link = client.post(f"{STUDIES}/{study}/readers/{first['id']}/link")
    assert "simulated" in assert_error(link, 409, "cannot_invite")
