"""Training runs: asking for them, and doing them in this process as a worker would."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from backend.access.principal import SYSTEM, acting_as
from backend.core.child import Reporter
from backend.jobs import leasing, repository
from backend.jobs.handling import Surroundings
from backend.jobs.kinds import Queue
from backend.jobs.leasing import Claim
from backend.training_runs.handling import TrainingHandler
from backend.training_runs.running import run_training
from tests.support.datasets import wait_for
from tests.support.server import API, resources_of

RUNS = f"{API}/training-runs"
TINY_IMAGES = {"train": 64, "validation": 64, "test": 64}


def parent_id(client: TestClient) -> str:
    """Of the only model, once the server has found it."""
    return str(wait_for(lambda: client.get(f"{API}/models").json()["items"])[0]["id"])


def concept_set_id(client: TestClient, name: str = "isic2018") -> str:
    items = client.get(f"{API}/concept-sets").json()["items"]
    return next(str(item["id"]) for item in items if item["name"] == name)


def run_body(client: TestClient, settings: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A quick retraining of the only model on 64 drawn images."""
    return {
        "dataset_id": "synthetic-dermoscopy",
        "concept_set_id": concept_set_id(client),
        "parent_model_version_id": parent_id(client),
        "settings": {"images": TINY_IMAGES, "epochs": 2} | (settings or {}),
    } | changes


def start_run(client: TestClient, settings: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The run as it was answered."""
    answer = client.post(RUNS, json=run_body(client, settings, **changes))
    assert answer.status_code == 202, answer.text
    started: dict[str, Any] = answer.json()
    return started


class Killed(BaseException):
    """The process is gone: nothing catches it."""


class Recorder(Reporter):
    """Takes events of a training in this process. ``kill`` is asked after each whether it was the last."""

    def __init__(self, kill: Callable[[dict[str, Any]], bool] | None = None) -> None:
        super().__init__(io.StringIO())
        self.events: list[dict[str, Any]] = []
        self._kill = kill

    def send(self, event: dict[str, Any]) -> None:
        self.events.append(event)
        if self._kill is not None and self._kill(event):
            raise Killed

    def lines(self) -> list[str]:
        return [event["text"] for event in self.events if event["event"] == "log"]


@dataclass
class Bench:
    """A worker whose child is this process.

    Args:
        client: of the server whose jobs it does.
    """

    client: TestClient
    handler: TrainingHandler = field(default_factory=TrainingHandler)

    def around(self, job_id: str) -> Surroundings:
        known = resources_of(self.client)
        work: Path = known.settings.jobs_dir / job_id
        work.mkdir(parents=True, exist_ok=True)
        return Surroundings(known.settings, known.storage, known.library, work, "cpu")

    def claim(self) -> Claim:
        with acting_as(SYSTEM), resources_of(self.client).database.writing() as session:
            found = leasing.claim(session, Queue.TRAINING, "bench", "bench:cpu")
        assert found is not None
        return found

    def prepare(self, claim: Claim) -> dict[str, Any]:
        with acting_as(SYSTEM), resources_of(self.client).database.writing() as session:
            return self.handler.prepare(session, leasing.held_row(session, claim), self.around(claim.job_id))

    def train(
        self, claim: Claim, content: dict[str, Any], kill: Callable[[dict[str, Any]], bool] | None = None
    ) -> Recorder:
        """The child's part; its events are written down as the worker does, also when it is killed."""
        recorder = Recorder(kill)
        try:
            run_training(content, recorder)
        finally:
            self.write(claim, recorder.events)
        return recorder

    def write(self, claim: Claim, events: list[dict[str, Any]]) -> None:
        with acting_as(SYSTEM), resources_of(self.client).database.writing() as session:
            row = leasing.held_row(session, claim)
            for event in events:
                if event["event"] == "log":
                    repository.append(session, row.id, "log", {"text": event["text"]})
                elif event["event"] != "progress":
                    self.handler.event(session, row, event)

    def finish(self, claim: Claim, content: dict[str, Any]) -> None:
        with acting_as(SYSTEM), resources_of(self.client).database.writing() as session:
            row = leasing.held_row(session, claim)
            self.handler.finish(session, row, content, self.around(claim.job_id))
            leasing.end(session, row, "succeeded")

    def lose(self, claim: Claim) -> None:
        """The worker is not heard of any more."""
        with acting_as(SYSTEM), resources_of(self.client).database.writing() as session:
            leasing.requeue(session, leasing.held_row(session, claim), "lost", counts=True)

    def fail(self, claim: Claim, reason: str) -> None:
        with acting_as(SYSTEM), resources_of(self.client).database.writing() as session:
            row = leasing.held_row(session, claim)
            leasing.end(session, row, "failed", reason)
            self.handler.ended(session, row, self.around(claim.job_id))

    def do(self) -> Recorder:
        """The next run, to its end."""
        claim = self.claim()
        content = self.prepare(claim)
        recorder = self.train(claim, content)
        self.finish(claim, content)
        return recorder


def read_run(client: TestClient, run_id: str) -> dict[str, Any]:
    """As it is now."""
    answer = client.get(f"{RUNS}/{run_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
