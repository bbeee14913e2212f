"""What a training tells while it runs: stages, steps, epochs and lines of its log. Imports torch."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from backend.core.child import Reporter
from backend.training_runs import recipe
from backend.training_runs.figures import epoch_read
from backend.training_runs.order import Order
from models.checkpoint import Checkpoint
from models.concepts import ConceptSet
from models.train import TrainConfig
from models.train.monitor import METRICS_FILE
from models.train.sampling import steps_per_epoch
from models.train.state import FOLDER, state_path


class Teller:
    """Puts events of a training into those of a job. Each epoch is told once, whatever was interrupted
    when; those of a training that begins again are told again.

    Args:
        order: of the run; names the epochs that the server has already.
        reporter: to tell.
    """

    def __init__(self, order: Order, reporter: Reporter) -> None:
        self._order = order
        self._reporter = reporter
        self._told = set(order.told)
        self._stage = ""
        self._steps = self._steps_done = 0
        self._epochs = 0
        self._finished = 0
        self._looked = False
        self._stepping = False

    def forget(self) -> None:
        """The training begins with its first epoch: what was told of an earlier one does not count any more."""
        self._told.clear()
        self._finished = self._steps_done = 0
        self._stage = ""

    def say(self, text: str) -> None:
        """A line of the log."""
        self._reporter.log(text)

    def begin(self, concept_set: ConceptSet, parent: Checkpoint | None) -> None:
        """What is trained, and what the edit means."""
        counts, dataset = self._order.counts, self._order.lineage.get("dataset") or {}
        self.say(
            f"Data: {dataset.get('name', self._order.data.get('name', 'import'))}, {counts.train} training, "
            f"{counts.validation} validation and {counts.test} test images."
        )
        groups, options = concept_set.group_count, concept_set.option_count
        self.say(f"Concepts: {self._order.concepts} ({groups} groups, {options} options).")
        if parent is None:
            self.say("No parent: everything is trained from the encoder's own weights.")
        else:
            self.say(f"Parent: {parent.name}. Mode: {self._order.mode.value}.")
            for line in recipe.changes(parent.concept_set, concept_set):
                self.say(f"{line[:1].upper()}{line[1:]}.")
        if state_path(self._order.out).is_file():
            self.say("An earlier attempt was interrupted; this one goes on from what it saved last.")

    def expect(self, settings: TrainConfig) -> None:
        """How much there is to do."""
        self._epochs = settings.epochs
        self._steps = steps_per_epoch(settings, max(2, self._order.counts.train))
        self.say(
            f"Settings: {settings.epochs} epochs at most, batches of {settings.batch_size}, learning rate "
            f"{settings.learning_rate:g}, seed {settings.seed}, on {settings.device}."
        )

    def stage(self, stage: str, done: int, total: int) -> None:
        """Part of the work besides epochs."""
        self._enter(stage)
        self._reporter(stage, done, total)

    def stepped(self) -> bool:
        """One step is about to be done. Never asks to stop: the worker ends the process."""
        self._stepping = True
        self._catch_up_with_file()
        if not self._finished < self._epochs:
            return False
        name = f"Epoch {self._finished + 1} of {self._epochs}"
        self._enter(name)
        self._reporter(name, min(self._steps_done, self._steps), self._steps)
        self._steps_done += 1
        return False

    def epoch(self, report: Mapping[str, Any]) -> None:
        """An epoch has ended."""
        self._catch_up_with_file()
        self.catch_up([report])
        self._steps_done = 0
        if not self._stepping and self._finished < self._epochs:
            self._enter("Training")
            self._reporter("Training", self._finished, self._epochs)

    def catch_up(self, reports: Iterable[Mapping[str, Any]]) -> None:
        """Tells of those epochs that the server does not have yet."""
        for report in reports:
            self._finished = max(self._finished, report["epoch"])
            if report["epoch"] in self._told:
                continue
            self._told.add(report["epoch"])
            self._reporter.epoch(epoch_read({**report, "best": False}).model_dump(mode="json"))
            self.say(_epoch_line(report))

    def end(self, made: Checkpoint, parent: Checkpoint | None) -> None:
        """What came of it."""
        self.catch_up(made.metrics["epochs"])
        self.say(f"The weights of epoch {made.metrics['training']['best_epoch']} were kept.")
        found = (made.metrics.get("lineage") or {}).get("labels")
        if found:
            self.say(
                f"Labels of people: {found['corrected']} training images corrected, {found['added']} added, "
                f"{found['left_out']} left out because they are validated or tested on."
            )
        test, before = made.metrics["test"], {} if parent is None else parent.metrics.get("test") or {}
        for what, key in (("Class BMAC", "class_bmac"), ("Concept BMAC", "concept_bmac")):
            compared = f"; the parent's record says {before[key]:.3f}" if before.get(key) is not None else ""
            self.say(f"{what} on {test['images']} test images: {_figure(test.get(key))}{compared}.")
        if before and before.get("images") != test["images"]:
            self.say("The parent was tested on another number of images: the two do not compare.")

    def _enter(self, stage: str) -> None:
        if stage != self._stage:
            self._stage = stage
            self._reporter.send({"event": "stage", "stage": stage})

    def _catch_up_with_file(self) -> None:
        """After an interruption: epochs that were saved and of which the server had not yet heard.

        The training writes its reports down before it says so, so this needs no more than one look at the beginning.
        """
        if not self._looked:
            self._looked = True
            self.catch_up(self._recorded())

    def _recorded(self) -> Iterator[Mapping[str, Any]]:
        path = self._order.out / FOLDER / METRICS_FILE
        if path.is_file():
            yield from (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.endswith("}"))


def _epoch_line(report: Mapping[str, Any]) -> str:
    validation = report.get("validation") or {}
    return (
        f"Epoch {report['epoch']} of {report['epochs']}: loss {_figure(report['losses'].get('total'), 4)}, "
        f"class BMAC {_figure(validation.get('class_bmac'))}, concept BMAC {_figure(validation.get('concept_bmac'))}, "
        f"{report['seconds']:.0f} s."
    )


def _figure(value: float | None, digits: int = 3) -> str:
    return "not defined" if value is None or value != value else f"{value:.{digits}f}"
