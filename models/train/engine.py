"""The training loop.

Shapes: B images, L patches, D token width, K groups, G localizable groups, C classes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models.cbm.network import IVQCBM
from models.concepts import ConceptSet
from models.devices import has_fast_bfloat16
from models.encoders.loading import Preprocessing
from models.train.averaging import WeightAverage
from models.train.batches import BatchSource, HostBatch, to_device
from models.train.bookkeeping import Clock, Tally
from models.train.config import TrainConfig
from models.train.data import Split
from models.train.distributed import Team
from models.train.evaluate import measure
from models.train.freezing import FrozenParts
from models.train.monitor import Monitor
from models.train.objective import Objective, held_out_losses
from models.train.optimizer import build_optimizer, rate_factor, set_rates, speed_up_backward
from models.train.probe import Probe
from models.train.sampling import steps_per_epoch
from models.train.state import Identity, TrainingState, optimizer_tensors, restore_optimizer, save_state

EpochReport = dict[str, Any]
Progress = Callable[[EpochReport], None]


class TrainingCancelled(Exception):
    """The training was asked to stop; its state up to the last save is kept."""


@dataclass(frozen=True)
class Surroundings:
    """What a training has to do with the world. All of it is optional.

    Attributes:
        progress: called with each epoch's report.
        cancelled: asked before each step whether to stop.
        monitor: shows and records figures.
        out: checkpoint folder, to save the state in.
        identity: settings and data that the state belongs to.
        state: to go on from.
    """

    progress: Progress | None = None
    cancelled: Callable[[], bool] | None = None
    monitor: Monitor | None = None
    out: Path | None = None
    identity: Identity = field(default_factory=lambda: Identity({}, {}))
    state: TrainingState | None = None


class Engine:
    """Trains a network and keeps the weights of its best epoch by validation BMAC.

    Args:
        network: with initial weights; trained in place.
        concept_set: of the network.
        preprocessing: of its encoder.
        config: settings.
        device: to train on.
        team: the processes that train together.
    """

    def __init__(
        self,
        network: IVQCBM,
        concept_set: ConceptSet,
        preprocessing: Preprocessing,
        config: TrainConfig,
        device: torch.device,
        team: Team | None = None,
    ) -> None:
        self.network = network.to(device)
        self.concept_set = concept_set
        self.preprocessing = preprocessing
        self.config = config
        self.device = device
        self.team = team or Team()
        self.bfloat16 = has_fast_bfloat16(device) if config.bf16 == "auto" else config.bf16 == "on"
        self._frozen = FrozenParts(self.network.encoder, config.freeze)
        self._best: dict[str, Tensor] = {}
        self._tally = Tally(concept_set)
        self._probe = Probe(self.network, concept_set, preprocessing, config.seed, bfloat16=self.bfloat16)
        if device.type == "cpu":
            speed_up_backward(self.network.encoder)

    def fit(
        self,
        train: Split,
        validation: Split,
        progress: Progress | None = None,
        auxiliary: Split | None = None,
        around: Surroundings | None = None,
    ) -> list[EpochReport]:
        """Trains for all epochs, then puts the best epoch's weights back.

        Args:
            train: to learn from.
            validation: measured after every epoch; chooses the best one.
            progress: called with each epoch's report.
            auxiliary: images mixed into the training batches.
            around: files, displays and a state to go on from.

        Returns:
            The reports of all epochs; the chosen one has ``best`` true.

        Raises:
            FloatingPointError: if the loss stops being a number.
            TrainingCancelled: if ``around`` says so.
        """
        around = around or Surroundings(progress=progress)
        self._prepare(train, auxiliary, around.state)
        state = around.state or TrainingState()
        last = min(self.config.epochs, self.config.stop_after or self.config.epochs)
        while state.epoch <= last and not self._exhausted(state.reports):
            if around.monitor is not None:
                around.monitor.begin_epoch(state.epoch, self.config.epochs, self._steps, state.step)
            clock = self._train_epoch(state, around)
            report = self._end_epoch(state, clock, train, validation)
            state.reports.append(report)
            state.epoch, state.step, state.sums = state.epoch + 1, 0, {}
            if self.team.leads:
                self._save(state, around)
                if around.monitor is not None:
                    around.monitor.end_epoch(report)
            if around.progress is not None and self.team.leads:
                around.progress(report)
        return self._finish(state)

    def trial(self, train: Split) -> Generator[int, None, None]:
        """Trains on, step by step, to see how fast; the network is worth nothing afterwards.

        Args:
            train: to take the batches from.

        Yields:
            The images of each step.
        """
        self._prepare(train, None, None)
        self.network.train()
        self._frozen.hold()
        for epoch in itertools.count(1):
            for parts, _waited in self._source.epoch(epoch):
                self._step(parts)
                yield parts[0].totals.images

    def _prepare(self, train: Split, auxiliary: Split | None, state: TrainingState | None) -> None:
        exponent = 0.0 if self.config.sampling == "balanced" else self.config.class_balance
        weights = class_weights(train.classes, len(self.concept_set.classes), exponent)
        self._class_weights = weights
        if state is None and self.config.parent is None:
            self._probe.place_prototypes(train)
        self._steps = steps_per_epoch(self.config, len(train))
        part = (self.team.rank, self.team.size)
        self._source = BatchSource(train, auxiliary, self.concept_set, self.config, weights, part)
        self._objective = Objective(self.network, self.concept_set, self.config, weights, bfloat16=self.bfloat16)
        self._objective.to(self.device)
        self._parallel = self.team.wrap(self._objective, self.device)
        self._optimizer = build_optimizer(self.network, self.config)
        averaged = self.config.ema is not None and self.team.leads
        self._average = WeightAverage(self.network, self.config.ema or 0.5) if averaged else None
        if state is not None:
            self._restore(state)

    def _restore(self, state: TrainingState) -> None:
        self._objective.load_state_dict(state.part("objective"))
        restore_optimizer(self._optimizer, state.part("optimizer"))
        if self._average is not None:
            moved = {name: value.to(self.device) for name, value in state.part("average").items()}
            self._average.restore(moved, state.updates)
        self._best = {name: value.to(self.device) for name, value in state.part("best").items()}

    def _save(self, state: TrainingState, around: Surroundings) -> None:
        if around.out is None:
            return
        parts = {
            "objective": self._objective.state_dict(),
            "optimizer": optimizer_tensors(self._optimizer),
            "average": {} if self._average is None else self._average.weights,
            "best": self._best,
        }
        state.tensors = {f"{part}/{name}": value for part, values in parts.items() for name, value in values.items()}
        state.updates = 0 if self._average is None else self._average.updates
        save_state(around.out, state, around.identity)
        state.tensors = {}

    def _train_epoch(self, state: TrainingState, around: Surroundings) -> Clock:
        self.network.train()
        self._frozen.hold()
        every = self.config.state_every
        clock = Clock()
        for parts, waited in self._source.epoch(state.epoch, state.step):
            asked = around.cancelled is not None and self.team.leads and around.cancelled()
            if around.cancelled is not None and self.team.decide(asked, self.device):
                raise TrainingCancelled("the training was cancelled")
            done = (state.epoch - 1) * self._steps + state.step
            # Dropout draws from torch's own generator: seeded per step and process, it needs no saving either.
            torch.manual_seed(hash((self.config.seed, done, self.team.rank)) % (1 << 63))
            set_rates(self._optimizer, self.config, done, self._steps * self.config.epochs)
            figures = self._step(parts)
            state.step += 1
            for name, value in figures.items():
                state.sums[name] = state.sums.get(name, 0.0) + value
            clock.images += parts[0].totals.images
            clock.waited += waited
            clock.prepared += sum(part.seconds for part in parts)
            if around.monitor is not None:
                around.monitor.step(figures["loss/total"])
            if every and state.step % every == 0 and state.step < self._steps and self.team.leads:
                self._save(state, around)
        return clock

    def _step(self, parts: list[HostBatch]) -> dict[str, float]:
        """One optimizer step over this process's parts of a batch; returns figures of the whole batch."""
        self._optimizer.zero_grad(set_to_none=True)
        names: list[str] = []
        summed: Tensor | None = None
        for index, part in enumerate(parts):
            batch = to_device(part, self.preprocessing, self.device)
            with ExitStack() as stack:
                if index + 1 < len(parts) and isinstance(self._parallel, nn.parallel.DistributedDataParallel):
                    stack.enter_context(self._parallel.no_sync())
                output = self._parallel(batch.images, batch.classes, batch.options, batch.masks, batch.totals)
                # The processes' gradients are averaged, but a part's loss is a share of the whole batch's.
                (output.losses["total"] * self.team.size).backward()
            names = list(output.losses)
            values = torch.stack([value.detach().double() for value in output.losses.values()])
            counts = self._tally.count(output.logits, output.scores, batch.classes, batch.options)
            vector = torch.cat([values, counts])
            summed = vector if summed is None else summed + vector
        if summed is None:
            raise ValueError("a step needs at least one part of a batch")
        numbers = self.team.add(summed).tolist()
        if not np.isfinite(numbers[names.index("total")]):
            raise FloatingPointError("the training loss is no longer a number; lower the learning rate")
        nn.utils.clip_grad_norm_(self.network.parameters(), self.config.clip)
        self._optimizer.step()
        if self._average is not None:
            self._average.update(self.network)
        keys = [*(f"loss/{name}" for name in names), *self._tally.keys]
        return dict(zip(keys, numbers, strict=True))

    def _end_epoch(self, state: TrainingState, clock: Clock, train: Split, validation: Split) -> EpochReport:
        epoch, config = state.epoch, self.config
        report: EpochReport = {"epoch": epoch, "epochs": config.epochs, "best": False}
        done = (epoch - 1) * self._steps + state.step
        report["learning_rate"] = config.learning_rate * rate_factor(config, done - 1, self._steps * config.epochs)
        steps = max(1, state.step)
        report["losses"] = {
            name.removeprefix("loss/"): value / steps for name, value in state.sums.items() if name.startswith("loss/")
        }
        report |= clock.figures()
        report["train"] = self._tally.figures(state.sums)
        revive = config.regularizer == "ivq" and epoch <= config.epochs // 2
        report["codes_revived"] = (
            self._probe.revive_codes(train, epoch, self._average) if revive and self.team.leads else 0
        )
        self.team.share(self.network.bottleneck.ivq.codebook.data)
        if not self.team.leads:
            return report
        with self._average.applied(self.network) if self._average is not None else nullcontext():
            if config.regularizer != "ivq":
                self._probe.fit_codes(train, epoch)
            output = self._probe.run(validation)
            report["validation"] = measure(output, validation, self.concept_set)
            report["validation"]["losses"] = held_out_losses(
                output, validation, self.concept_set, config, self._class_weights
            )
            report["rank"] = {"train": self._probe.rank(train), "validation": self._probe.rank(validation)}
            score = report["validation"]["class_bmac"]
            if score > state.best_score or config.keep == "last":
                self._best = {key: value.detach().clone() for key, value in self.network.state_dict().items()}
            state.best_score = max(score, state.best_score)
        return report

    def _exhausted(self, reports: list[EpochReport]) -> bool:
        """Whether the patience for a better validation BMAC is over."""
        over = False
        if self.config.patience is not None and self.team.leads and reports:
            scores = [report["validation"]["class_bmac"] for report in reports]
            over = len(scores) - 1 - int(np.argmax(scores)) >= self.config.patience
        return self.team.decide(over, self.device) if self.config.patience is not None else False

    def _finish(self, state: TrainingState) -> list[EpochReport]:
        if not self.team.leads:
            return state.reports
        if self.config.keep == "last":
            state.reports[-1]["best"] = True
        else:
            max(state.reports, key=lambda report: report["validation"]["class_bmac"])["best"] = True
        self.network.load_state_dict(self._best)
        self.network.eval()
        return state.reports


def class_weights(classes: np.ndarray, count: int, exponent: float) -> Tensor:
    """Weights of the classification loss: inverse class frequency to a power, with mean one over the images.

    Args:
        classes: (N,) class index of the training images.
        count: C.
        exponent: 0 for equal weights, 1 for full balance.

    Returns:
        (C,) float32; a class without images weighs 0.
    """
    frequency = np.bincount(classes, minlength=count) / len(classes)
    raw = np.where(frequency > 0, np.power(np.maximum(frequency, 1e-12), -exponent), 0.0)
    return torch.from_numpy(raw / np.sum(raw * frequency)).float()
