"""Nothing that was acknowledged is lost or doubled, whatever a browser, a network or two of them at once do."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from backend.core.errors import AppError
from backend.db.base import now
from backend.db.study_tables import ReaderStudy, StudyAssignment, StudyReader, StudyResponse
from backend.reader_studies.design import StudyDesign
from backend.readings import repository
from backend.readings.errors import AnswerLocked
from backend.readings.schemas import ResponseCreate
from tests.support.designs import add_published
from tests.support.people import READER, become
from tests.support.reading import answers_to, at_once, begin, good, next_of, read_on, rows, save, send
from tests.support.server import UNKNOWN_ID, assert_error, resources_of

PICKS = st.integers(0, 3)


def order_of(client: TestClient, study_id: str) -> list[str]:
    """Assignments of the first reader."""
    with resources_of(client).database.reading() as session:
        reader = session.query(StudyReader).filter_by(study_id=study_id, slot=0).one()
        placed = session.query(StudyAssignment).filter_by(reader_id=reader.id)
        return [row.id for row in placed.order_by(StudyAssignment.session, StudyAssignment.position)]


class Browser(RuleBasedStateMachine):
    """A browser that saves, sends, sends again, loses answers of the server, and is opened anew."""

    client: TestClient
    design: StudyDesign

    def __init__(self) -> None:
        super().__init__()
        self.study = add_published(self.client, self.design)
        begin(become(self.client, READER), self.study)
        self.order = order_of(self.client, self.study)
        self.locked: dict[str, dict[str, Any]] = {}
        self.ids: dict[str, str] = {}
        self.draft: dict[str, Any] | None = None
        self.reload()

    def reload(self) -> None:
        """All that the browser knew is gone; the server says where to go on."""
        self.item = next_of(self.client, self.study)["item"]

    @property
    def current(self) -> str | None:
        return self.order[len(self.locked)] if len(self.locked) < len(self.order) else None

    def locks(self, sent: dict[str, Any]) -> None:
        self.locked[self.item["id"]], self.draft = sent, None

    @rule()
    def opens_anew(self) -> None:
        self.reload()
        assert (self.item and self.item["id"]) == self.current
        if self.item:
            assert (self.item["draft"] and self.item["draft"]["answers"]) == self.draft

    @precondition(lambda self: self.item)
    @rule(pick=PICKS, comment=st.sampled_from(["", "hm"]))
    def saves_a_draft(self, pick: int, comment: str) -> None:
        given = answers_to(self.item, pick)
        answer = save(self.client, self.study, self.item["id"], given, comment=comment)
        if self.item["id"] == self.current:
            assert good(answer)["answers"] == given
            self.draft = given
        else:  # it was locked, and the browser has not heard
            assert (answer.status_code, answer.json()["error"]) == (409, "answer_locked")

    @precondition(lambda self: self.item)
    @rule(pick=PICKS, heard=st.booleans(), times=st.integers(1, 3))
    def sends_an_answer(self, pick: int, heard: bool, times: int) -> None:
        sent = answers_to(self.item, pick)
        for _ in range(times):
            answer = send(self.client, self.study, self.item["id"], sent)
            if self.item["id"] == self.current:
                self.ids[self.item["id"]] = good(answer, 201)["id"]
                self.locks(sent)
            elif self.locked[self.item["id"]] == sent:
                assert good(answer, 201)["id"] == self.ids[self.item["id"]]
            else:
                assert (answer.status_code, answer.json()["error"]) == (409, "answer_locked")
        if heard:
            self.reload()

    @precondition(lambda self: self.locked)
    @rule(place=st.integers(0, 50), pick=PICKS)
    def repeats_an_old_answer(self, place: int, pick: int) -> None:
        old = self.order[place % len(self.locked)]
        same = good(send(self.client, self.study, old, self.locked[old]), 201)
        assert (same["id"], same["answers"]) == (self.ids[old], self.locked[old])
        other = send(self.client, self.study, old, {}, cannot_judge=True)
        assert (other.status_code, other.json()["error"]) == (409, "answer_locked")

    @rule(place=st.integers(1, 50))
    def sends_out_of_turn(self, place: int) -> None:
        later = self.order[len(self.locked) + 1 :]
        wanted = later[place % len(later)] if later else UNKNOWN_ID
        answer = send(self.client, self.study, wanted, {}, cannot_judge=True)
        assert answer.json()["error"] == ("out_of_turn" if later else "reading_item_not_found")

    @invariant()
    def exactly_one_locked_answer_each(self) -> None:
        kept = rows(self.client, self.study)
        assert [row.assignment_id for row in kept] == self.order[: len(self.locked)]
        assert {row.assignment_id: row.answers for row in kept} == self.locked


def test_whatever_a_browser_does_each_item_has_one_locked_answer(client: TestClient, design: StudyDesign) -> None:
    small = design.model_copy(update={"cases": design.cases[:2], "tasks": design.tasks[1:3]})

    class Here(Browser):
        pass

    Here.client, Here.design = client, small
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    wanted = settings(max_examples=8, stateful_step_count=20, deadline=None, suppress_health_check=checks)
    run_state_machine_as_test(Here, settings=wanted)


def test_the_same_answer_twice_at_once_is_kept_once_and_both_get_it(client: TestClient, study: str) -> None:
    for pick in range(5):
        item = next_of(client, study)["item"]
        body = ResponseCreate(assignment_id=item["id"], answers=answers_to(item, pick))
        found = at_once(client, study, [body] * 6)
        assert len({each.id for each in found}) == 1
        assert len(rows(client, study)) == pick + 1


def test_of_two_different_answers_at_once_one_is_kept_and_the_other_refused(client: TestClient, study: str) -> None:
    for place in range(5):
        item = next_of(client, study)["item"]
        bodies = [ResponseCreate(assignment_id=item["id"], answers=answers_to(item, pick)) for pick in range(2)]
        found = at_once(client, study, bodies)
        refused = [each for each in found if isinstance(each, AnswerLocked)]
        (kept,) = [each for each in found if not isinstance(each, AppError)]
        assert len(refused) == 1
        assert rows(client, study)[place].answers == kept.answers


def test_two_browsers_of_one_reader_go_on_where_the_other_is(client: TestClient, study: str) -> None:
    here = next_of(client, study)["item"]
    there = next_of(client, study)["item"]
    good(send(client, study, here["id"], answers_to(here)), 201)
    refused = send(client, study, there["id"], answers_to(there, 1))
    assert (refused.status_code, refused.json()["error"]) == (409, "answer_locked")
    assert next_of(client, study)["item"]["number"] == 2


def test_a_draft_that_comes_after_the_answer_is_not_kept(client: TestClient, study: str) -> None:
    """Both were on their way, and the answer was faster."""
    (given,) = read_on(client, study, 1)
    draft = {"answers": {}, "comment": "late", "cannot_judge": False, "active_ms": 0, "idle_ms": 0}
    with resources_of(client).database.writing() as session:
        assert not repository.keep_draft(session, given["assignment_id"], draft, now(), now())
        assert session.get_one(StudyAssignment, given["assignment_id"]).draft is None


def test_the_database_itself_refuses_to_change_an_answer(client: TestClient, study: str) -> None:
    read_on(client, study, 1)
    with (
        pytest.raises(Exception, match="locked answers are never changed"),
        resources_of(client).database.writing() as session,
    ):
        session.query(StudyResponse).filter_by(study_id=study).update({"comment": "changed"})
    assert rows(client, study)[0].comment == ""


@pytest.mark.parametrize(
    ("table", "status"), [(ReaderStudy, "closed"), (StudyReader, "withdrawn")], ids=["closed", "withdrawn"]
)
def test_what_ends_while_an_answer_is_written_takes_it_no_more(
    client: TestClient, study: str, monkeypatch: pytest.MonkeyPatch, table: type[Any], status: str
) -> None:
    """Else answers would come in after the results were computed."""
    item = next_of(client, study)["item"]
    lock = repository.lock_answer

    def too_late(session: Any, response: StudyResponse) -> bool:
        """Between what was asked before and the writing."""
        with resources_of(client).database.writing() as other:
            key = study if table is ReaderStudy else response.reader_id
            other.get_one(table, key).status = status
        return lock(session, response)

    monkeypatch.setattr(repository, "lock_answer", too_late)
    refused = send(client, study, item["id"], answers_to(item))
    assert_error(refused, 409, "reading_not_open")
    assert rows(client, study) == []
