"""The loop, one step after the other, over the HTTP API of a server.

A set with a concept that cannot be seen, and without one that can; a model; what its diagnosis finds; the set with the
one in the place of the other; another model; the two held against each other; promotion.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks.refinement.api import Api, ApiError
from benchmarks.refinement.concepts import Content, everything, without
from benchmarks.refinement.drawing import TABLE, UNSEEN, Drawn

Say = Callable[[str], None]
Record = dict[str, Any]
_START, _POLL = 60.0, 0.5  # seconds


@dataclass(frozen=True)
class Plan:
    """What is done.

    Attributes:
        parent: name of the model to start from.
        visible: group that the first model lacks and the second has in the place of the unseen one.
        mode: of both retrainings.
        seed: of retrainings, diagnoses and comparison.
        name: of concept set, data set and models; must be free on the server.
    """

    parent: str
    visible: str
    mode: str = "quick"
    seed: int = 0
    name: str = "refinement"


@dataclass
class Outcome:
    """What came of it, as the server answered.

    Attributes:
        plan: that was followed.
        drawn: the images.
        content: of the concept set that the images were imported with.
        dataset: the import.
        runs: training runs, "before" and "after".
        models: model versions that they made.
        diagnoses: of the two on the validation images.
        changes: what each edit changed, in sentences.
        comparison: of "after" against "before" on the test images.
        activations: promotions and rollback, in order; empty where the second model was worse.
        seconds: wall time of each step.
    """

    plan: Plan
    drawn: Drawn
    content: Content = field(default_factory=dict)
    dataset: Record = field(default_factory=dict)
    runs: dict[str, Record] = field(default_factory=dict)
    models: dict[str, Record] = field(default_factory=dict)
    diagnoses: dict[str, Record] = field(default_factory=dict)
    changes: list[list[str]] = field(default_factory=list)
    comparison: Record = field(default_factory=dict)
    activations: list[Record] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def dormant(self, which: str) -> dict[str, list[Record]]:
        """Flags by group of the diagnosis of a model: options that are dormant."""
        found: dict[str, list[Record]] = {}
        for flag in self.diagnoses[which]["result"]["flags"]:
            if flag["kind"] == "dormant":
                found.setdefault(flag["option"].partition(".")[0], []).append(flag)
        return found

    def figure(self, key: str) -> Record:
        """A figure of the comparison. Raises ``KeyError``."""
        return next(one for one in self.comparison["result"]["comparison"]["figures"] if one["key"] == key)

    @property
    def found_it(self) -> bool:
        """Whether the diagnosis of the first model called the unseen concept dormant, and none that is drawn."""
        return set(self.dormant("before")) == {UNSEEN}

    @property
    def not_worse(self) -> bool:
        """Whether the second model may take the place of the first: its balanced accuracy is not shown to be worse."""
        verdict: str = self.figure("bmac")["verdict"]
        return verdict != "worse"


class Loop:
    """One run of the loop.

    Args:
        api: of the server.
        plan: what to do.
        drawn: images below a folder that the server imports from.
        say: is told of every step.
    """

    def __init__(self, api: Api, plan: Plan, drawn: Drawn, say: Say = lambda _: None) -> None:
        self._api, self._plan, self._say = api, plan, say
        self.outcome = Outcome(plan, drawn)

    def run(self) -> Outcome:
        """Everything. Raises ``ApiError``, with what the server said."""
        plan, out = self._plan, self.outcome
        parent = self._model(plan.parent)
        with self._timed("concept set"):
            shipped = self._shipped(parent)
            out.content = everything(shipped, plan.name)
            whole = self._api.post("/concept-sets", content=out.content, reason="What the table of the images says.")
            first = self._revise(whole, without(out.content, plan.visible), f"Tried without {plan.visible}.")
        with self._timed("import"):
            self._import(whole["id"])
        self._retrain("before", parent["id"], first)
        self._diagnose("before")
        with self._timed("edit"):
            reason = f"{UNSEEN} is dormant; {plan.visible} takes its place."
            second = self._revise(first, without(out.content, UNSEEN), reason)
        self._retrain("after", out.models["before"]["id"], second)
        self._diagnose("after")
        self._compare()
        if out.not_worse:
            with self._timed("promotion"):
                self._promote()
        return out

    def _model(self, name: str) -> Record:
        """A server that has just started registers its models in the background."""
        end = time.monotonic() + _START
        while True:
            models: list[Record] = self._api.get("/models")["items"]
            found = next((model for model in models if model["name"] == name), None)
            if found is not None:
                return found
            if time.monotonic() > end:
                raise ApiError(f"no model is called {name}; there are {', '.join(model['name'] for model in models)}")
            time.sleep(_POLL)

    def _shipped(self, parent: Record) -> Content:
        """The concepts of the parent, as the server knows them."""
        name = parent["concept_set"]["name"]
        sets = self._api.get("/concept-sets")["items"]
        row = next(one for one in sets if one["name"] == name)
        revisions = self._api.get(f"/concept-sets/{row['id']}/revisions")["items"]
        revision = next(one for one in revisions if one["digest"] == parent["concept_set"]["digest"])
        content: Content = self._api.get(f"/concept-set-revisions/{revision['id']}")["content"]
        return content

    def _revise(self, before: Record, content: Content, reason: str) -> Record:
        path = f"/concept-sets/{before['concept_set_id']}/revisions"
        made: Record = self._api.post(path, content=content, reason=reason, parent_revision_id=before["id"])
        self.outcome.changes.append([change["sentence"] for change in made["changes"]])
        return made

    def _import(self, revision_id: str) -> None:
        """With the set that has all groups: a model's own set may have fewer, and its labels are found by key."""
        body = {"name": self._plan.name, "adapter": "csv", "path": str(self.outcome.drawn.folder)}
        settings = {"file": TABLE, "concept_set": revision_id}
        started = self._api.post("/datasets", **body, settings=settings)
        self.outcome.dataset = self._api.wait(f"/datasets/{started['id']}")

    def _retrain(self, which: str, parent_id: str, revision: Record) -> None:
        plan = self._plan
        with self._timed(f"retraining, {which}"):
            run = self._api.post(
                "/training-runs",
                dataset_id=self.outcome.dataset["id"],
                concept_set_id=revision["concept_set_id"],
                concept_set_revision_id=revision["id"],
                parent_model_version_id=parent_id,
                name=f"{plan.name}-{which}",
                settings={"mode": plan.mode, "seed": plan.seed},
            )
            run = self._api.wait(f"/training-runs/{run['id']}", self._watch)
        self.outcome.runs[which] = run
        self.outcome.models[which] = self._api.get(f"/models/{run['model']['id']}")

    def _diagnose(self, which: str) -> None:
        with self._timed(f"diagnosis, {which}"):
            model, dataset = self.outcome.models[which]["id"], self.outcome.dataset["id"]
            job = self._api.post("/diagnoses", model_version_id=model, dataset_id=dataset, seed=self._plan.seed)
            self.outcome.diagnoses[which] = self._api.wait(f"/diagnoses/{job['id']}", self._watch)

    def _compare(self) -> None:
        with self._timed("comparison"):
            before, after = (self.outcome.models[which]["id"] for which in ("before", "after"))
            dataset = self.outcome.dataset["id"]
            job = self._api.post("/models/compare", a=before, b=after, dataset_id=dataset, seed=self._plan.seed)
            self.outcome.comparison = self._api.wait(f"/comparisons/{job['id']}", self._watch)

    def _promote(self) -> None:
        """The first model, the second, back, and the second again."""
        before, after = (self.outcome.models[which]["id"] for which in ("before", "after"))
        summary = self.outcome.comparison["summary"]
        for path, reason in (
            (f"/models/{before}/activate", "The model before the edit, to have something to go back to."),
            (f"/models/{after}/activate", f"Not worse, and its concepts can be seen. {summary}"[:500]),
            (f"/models/{after}/rollback", "To show that one can go back."),
            (f"/models/{after}/activate", "Rolled back only to show it."),
        ):
            self.outcome.activations.append(self._api.post(path, reason=reason))
        active = [model["id"] for model in self._api.get("/models")["items"] if model["active"]]
        if after not in active or before in active:
            raise ApiError("after the promotion the second model is not the active one")

    def _watch(self, found: Record) -> None:
        progress = found.get("progress")
        if progress:
            self._say(f"  {progress['stage']} {progress['done']}/{progress['total']}")

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        self._say(step)
        start = time.perf_counter()
        yield
        self.outcome.seconds[step] = time.perf_counter() - start
