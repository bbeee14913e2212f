"""Promotion and the way back: warm first, then switched in one transaction, with a reason."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.core.errors import AppError
from backend.db.tables import ModelVersion
from backend.model_registry import activation, repository, service
from backend.model_registry.errors import ActiveChanged, AlreadyActive, NotActive
from tests.support.accounts import events
from tests.support.datasets import wait_for
from tests.support.explainer import ColourZoo, checkpoint_info
from tests.support.images import png
from tests.support.people import ADMINISTRATOR, READER, RESEARCHER, become
from tests.support.postgres_server import server_on_postgres
from tests.support.server import API, UNKNOWN_ID, StartServer, assert_error, resources_of

MODELS = f"{API}/models"
ONE, TWO, THREE = "ab" * 16, "cd" * 16, "ef" * 16
DATASET = "synthetic-dermoscopy"


@pytest.fixture
def zoo(tmp_path: Path) -> ColourZoo:
    names = (("one", "ab"), ("two", "cd"), ("three", "ef"))
    return ColourZoo([checkpoint_info(tmp_path / name, name, digest=digest * 32) for name, digest in names])


@pytest.fixture
def client(start_server: StartServer, zoo: ColourZoo) -> TestClient:
    client = start_server(zoo=zoo)
    resources_of(client).inference.wait_until_registered()
    return client


def activate(client: TestClient, model: str, reason: str = "Better on the test split.") -> Any:
    return client.post(f"{MODELS}/{model}/activate", json={"reason": reason})


def roll_back(client: TestClient, model: str, **body: str) -> Any:
    return client.post(f"{MODELS}/{model}/rollback", json=body)


def active(client: TestClient) -> list[tuple[str, bool]]:
    """Name of each active version, and whether one can go back from it."""
    items = client.get(MODELS).json()["items"]
    return [(item["name"], item["can_roll_back"]) for item in items if item["active"]]


def case_of(client: TestClient) -> str:
    return str(client.post(f"{API}/cases", files={"file": ("a.png", png())}).json()["id"])


def test_the_first_version_is_activated_by_the_start(client: TestClient) -> None:
    (entry,) = client.get(f"{MODELS}/activations").json()["items"]
    assert (entry["kind"], entry["model"], entry["previous"]) == ("first", {"id": ONE, "name": "one"}, None)
    assert (entry["author"], entry["dataset"]) == (None, DATASET)
    assert active(client) == [("one", False)]


def test_a_promotion_is_recorded_with_its_reason_and_existing_predictions_keep_their_version(
    client: TestClient, zoo: ColourZoo
) -> None:
    case = case_of(client)
    before = client.post(f"{API}/cases/{case}/predictions").json()
    become(client, RESEARCHER)
    answer = activate(client, TWO, "  Fewer missed melanomas.  ")
    assert answer.status_code == 200, answer.text
    entry = answer.json()
    assert (entry["kind"], entry["reason"]) == ("promotion", "Fewer missed melanomas.")
    assert (entry["model"], entry["previous"]) == ({"id": TWO, "name": "two"}, {"id": ONE, "name": "one"})
    assert entry["author"] == {"id": RESEARCHER.id, "name": "Researcher"}
    assert active(client) == [("two", True)]
    assert client.get(f"{MODELS}/activations", params={"dataset": DATASET}).json()["items"][0] == entry
    assert client.get(f"{MODELS}/activations", params={"dataset": "other"}).json() == {"items": []}
    become(client, ADMINISTRATOR)
    assert client.get(f"{API}/predictions/{before['id']}").json() == before
    after = client.post(f"{API}/cases/{case}/predictions").json()
    assert (before["model_version_id"], after["model_version_id"]) == (ONE, TWO)
    event = events(client, "model_version.activated")[-1]
    assert event.subject == f"model_version/{TWO}"
    assert json.loads(event.after or "") == {
        "dataset": DATASET, "kind": "promotion", "previous": ONE, "reason": "Fewer missed melanomas."
    }  # fmt: skip


def test_it_is_in_memory_before_it_is_active(
    client: TestClient, zoo: ColourZoo, monkeypatch: pytest.MonkeyPatch
) -> None:
    inference, seen = resources_of(client).inference, []
    flip = activation._flip

    def look(*arguments: Any) -> Any:
        seen.append(inference.loaded(TWO) is not None)
        return flip(*arguments)

    monkeypatch.setattr(activation, "_flip", look)
    assert inference.loaded(TWO) is None
    assert activate(client, TWO).status_code == 200
    assert seen == [True]
    assert zoo.loaded.count(zoo.checkpoints[1].folder) == 1
    case = case_of(client)
    assert client.post(f"{API}/cases/{case}/predictions").status_code == 201
    assert zoo.loaded.count(zoo.checkpoints[1].folder) == 1


class Gate(threading.Event):
    """Says when somebody waits at it."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.begun.set()
        return super().wait(timeout)


def test_predictions_go_on_with_the_old_one_while_the_new_one_loads(client: TestClient, zoo: ColourZoo) -> None:
    cases = [case_of(client) for _ in range(4)]
    client.post(f"{API}/cases/{cases[0]}/predictions")  # the old one is in memory
    zoo.loading_gate = gate = Gate()
    with ThreadPoolExecutor(6) as pool:
        promotion = pool.submit(activate, client, TWO)
        try:
            assert gate.begun.wait(10)
            predictions = [pool.submit(client.post, f"{API}/cases/{case}/predictions") for case in cases]
            wait_for(lambda: resources_of(client).inference.waiting == len(cases))  # they have chosen their model
            assert active(client) == [("one", False)]
            assert not promotion.done()
        finally:
            gate.set()
        answers = [future.result(20) for future in predictions]
        assert promotion.result(20).status_code == 200
    assert [answer.status_code for answer in answers] == [201] * 4
    assert {answer.json()["model_version_id"] for answer in answers} == {ONE}
    last = client.post(f"{API}/cases/{cases[0]}/predictions").json()
    assert last["model_version_id"] == TWO


def test_requests_without_pause_all_succeed_across_promotions(client: TestClient) -> None:
    case, over, wrong = case_of(client), threading.Event(), []

    def ask() -> int:
        count = 0
        while not over.is_set() or count < 3:
            answer = client.post(f"{API}/cases/{case}/predictions")
            if answer.status_code != 201:
                wrong.append(answer.text)
            count += 1
        return count

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask) for _ in range(3)]
        try:
            for model in (TWO, THREE, ONE, TWO):
                assert activate(client, model).status_code == 200
        finally:
            over.set()
        assert all(future.result(30) >= 3 for future in asking)
    assert wrong == []


def test_a_folder_that_does_not_load_changes_nothing(client: TestClient, zoo: ColourZoo) -> None:
    zoo.loading_error = ValueError("weights are cut off")
    assert_error(activate(client, TWO), 503, "model_unavailable")
    zoo.loading_error = None
    (zoo.checkpoints[2].folder / "config.json").unlink()
    assert_error(activate(client, THREE), 503, "model_unavailable")
    assert active(client) == [("one", False)]
    assert len(client.get(f"{MODELS}/activations").json()["items"]) == 1
    assert len(events(client, "model_version.activated")) == 1


def test_a_load_that_takes_too_long_changes_nothing(start_server: StartServer, zoo: ColourZoo) -> None:
    client = start_server(zoo=zoo, prediction_timeout_seconds=0.05)
    inference = resources_of(client).inference
    with inference.warm(ONE, zoo.checkpoints[0].folder, 10):
        zoo.loading_gate = threading.Event()
        answer = activate(client, TWO)
    zoo.loading_gate.set()
    assert "stays active" in assert_error(answer, 503, "warm_up_too_slow")
    assert answer.headers["Retry-After"]
    assert active(client) == [("one", False)]


def test_refusals(client: TestClient) -> None:
    assert_error(activate(client, UNKNOWN_ID), 404, "model_not_found")
    assert_error(activate(client, ONE), 409, "already_active")
    assert_error(activate(client, TWO, " "), 422, "validation_failed")
    assert_error(activate(client, TWO, "two\nlines"), 422, "validation_failed")
    assert_error(roll_back(client, UNKNOWN_ID), 404, "model_not_found")
    assert_error(roll_back(client, TWO), 409, "not_active")
    assert_error(roll_back(client, ONE), 409, "nothing_to_roll_back_to")
    become(client, READER)
    assert_error(activate(client, TWO), 403, "not_allowed")


def test_rolling_back_puts_the_one_before_back(client: TestClient) -> None:
    assert activate(client, TWO).status_code == 200
    assert activate(client, THREE).status_code == 200
    answer = roll_back(client, THREE, reason="Misses lesions.")
    assert answer.status_code == 200, answer.text
    entry = answer.json()
    assert (entry["kind"], entry["model"]["name"], entry["previous"]["name"]) == ("rollback", "two", "three")
    assert entry["reason"] == "Misses lesions."
    assert active(client) == [("two", True)]
    # A step further back, not to what was taken back: that needs a promotion, with a reason.
    assert roll_back(client, TWO).json()["reason"] == "Rolled back."
    assert active(client) == [("one", False)]
    assert_error(roll_back(client, ONE), 409, "nothing_to_roll_back_to")
    kinds = [each["kind"] for each in client.get(f"{MODELS}/activations").json()["items"]]
    assert kinds == ["rollback", "rollback", "promotion", "promotion", "first"]


def test_there_is_no_way_back_to_a_version_whose_files_are_gone(client: TestClient, zoo: ColourZoo) -> None:
    assert activate(client, TWO).status_code == 200
    (zoo.checkpoints[0].folder / "config.json").unlink()
    assert active(client) == [("two", False)]
    assert_error(roll_back(client, TWO), 409, "nothing_to_roll_back_to")
    assert active(client) == [("two", False)]


def test_a_version_that_was_active_before_there_were_records(client: TestClient) -> None:
    """An older server left an active version without a row: no way back from it, but to it."""
    with resources_of(client).database.writing() as session:
        for row in repository.list_activations(session, None):
            session.delete(row)
    assert active(client) == [("one", False)]
    assert_error(roll_back(client, ONE), 409, "nothing_to_roll_back_to")
    assert activate(client, TWO).json()["previous"]["id"] == ONE
    assert active(client) == [("two", True)]
    assert roll_back(client, TWO).json()["model"]["id"] == ONE


def test_a_data_set_without_an_active_version_gets_its_first(client: TestClient) -> None:
    with resources_of(client).database.writing() as session:
        row = session.get(ModelVersion, ONE)
        assert row is not None
        row.active = False
    entry = activate(client, TWO).json()
    assert (entry["kind"], entry["previous"]) == ("first", None)


def test_active_versions_of_other_data_sets_stay(start_server: StartServer, tmp_path: Path, zoo: ColourZoo) -> None:
    other = checkpoint_info(tmp_path / "other", "other", "breast", "12" * 32, "busi")
    zoo.checkpoints = [*zoo.checkpoints, other]
    client = start_server(zoo=zoo)
    resources_of(client).inference.wait_until_registered()
    assert activate(client, TWO).status_code == 200
    assert dict(active(client)).keys() == {"two", "other"}


def at_once(calls: list[Callable[[], Any]], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Each call decides on what it read, and only then may any of them switch. Results or errors."""
    together, switch = threading.Barrier(len(calls)), activation._switch

    def wait_and_switch(*arguments: Any) -> Any:
        together.wait(10)
        return switch(*arguments)

    def caught(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except AppError as error:
            return error

    with monkeypatch.context() as patch, ThreadPoolExecutor(len(calls)) as pool:
        patch.setattr(activation, "_switch", wait_and_switch)
        return list(pool.map(caught, calls))


def check_races(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two that decided on the same state, one wins and the other is told; never are two active."""
    resources = resources_of(client)
    _one_wins(at_once([partial(activation.activate, resources, each, "r") for each in (TWO, THREE)], monkeypatch),
              ActiveChanged)  # fmt: skip
    with resources.database.reading() as session:
        (winner,) = repository.active_ids(session)
    assert winner in (TWO, THREE)
    _one_wins(at_once([partial(activation.activate, resources, ONE, "r")] * 2, monkeypatch), AlreadyActive)
    _one_wins(at_once([partial(activation.roll_back, resources, ONE, "r")] * 2, monkeypatch), NotActive)
    with resources.database.reading() as session:
        assert repository.active_ids(session) == {winner}
        assert len(repository.list_activations(session, DATASET)) == 4


def _one_wins(results: list[Any], error: type[Exception]) -> None:
    assert [type(each) for each in results if isinstance(each, Exception)] == [error], results


def test_of_two_at_once_one_wins(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    check_races(client, monkeypatch)


def test_on_postgres_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with server_on_postgres(tmp_path) as client:
        resources_of(client).inference.wait_until_registered()
        with resources_of(client).database.writing() as session:
            for name, digest in (("two", "cd"), ("three", "ef")):
                service.add(session, checkpoint_info(tmp_path / name, name, digest=digest * 32))
        check_races(client, monkeypatch)
        become(client, ADMINISTRATOR)
        assert len(active(client)) == 1
        assert client.get(f"{MODELS}/activations").json()["items"][0]["kind"] == "rollback"


def test_predictions_are_written_while_a_switch_holds_its_locks(tmp_path: Path) -> None:
    """On PostgreSQL a row that refers to a version needs a lock on it: the switch must leave room for that."""
    with server_on_postgres(tmp_path) as client:
        become(client, ADMINISTRATOR)
        case = case_of(client)
        database = resources_of(client).database
        with ExitStack() as stack, ThreadPoolExecutor(1) as pool:
            session = stack.enter_context(database.writing())
            assert len(repository.lock_dataset(session, DATASET)) == 1
            answer = pool.submit(client.post, f"{API}/cases/{case}/predictions").result(20)
        assert answer.status_code == 201, answer.text
