"""The training loop.

Shapes: B images, L patches, D token width, K groups, G localizable groups, C classes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.cbm.losses import LossWeights, training_losses
from models.cbm.network import IVQCBM
from models.concepts import ConceptSet
from models.devices import has_fast_bfloat16
from models.encoders.loading import Preprocessing
from models.preprocessing import normalise
from models.train.augment import random_light, random_symmetries
from models.train.config import TrainConfig
from models.train.data import Split
from models.train.evaluate import localizable_columns, measure, run_split
from models.train.localization import localization_loss
from models.train.optimizer import build_optimizer, build_schedule, speed_up_backward
from models.train.rank import effective_ranks

_RANK_SAMPLE = 32
_PROTOTYPE_SAMPLE = 64

EpochReport = dict[str, Any]
Progress = Callable[[EpochReport], None]


@dataclass(frozen=True, eq=False)
class Batch:
    """One step's worth: images (B, 3, S, S), classes (B,), options (B, K), masks (B, G, rows, columns) or None."""

    images: Tensor
    classes: Tensor
    options: Tensor
    masks: Tensor | None


class Engine:
    """Trains a network and keeps the weights of its best epoch by validation BMAC.

    Args:
        network: with initial weights; trained in place.
        concept_set: of the network.
        preprocessing: of its encoder.
        config: settings.
        device: to train on.
    """

    def __init__(
        self,
        network: IVQCBM,
        concept_set: ConceptSet,
        preprocessing: Preprocessing,
        config: TrainConfig,
        device: torch.device,
    ) -> None:
        self.network = network.to(device)
        self.concept_set = concept_set
        self.preprocessing = preprocessing
        self.config = config
        self.device = device
        self.bfloat16 = has_fast_bfloat16(device)
        starts = [group.start for group in concept_set.group_slices]
        self._located = [(column, starts[column]) for column in localizable_columns(concept_set)]
        self._generator = torch.Generator().manual_seed(config.seed)
        if device.type == "cpu":
            speed_up_backward(self.network.encoder)

    def fit(self, train: Split, validation: Split, progress: Progress | None = None) -> list[EpochReport]:
        """Trains for all epochs, then puts the best epoch's weights back.

        Args:
            train: to learn from.
            validation: measured after every epoch; chooses the best one.
            progress: called with each epoch's report.

        Returns:
            The reports of all epochs; the chosen one has ``best`` true.

        Raises:
            FloatingPointError: if the loss stops being a number.
        """
        steps = self.config.epochs * max(1, len(train) // self.config.batch_size)
        optimizer = build_optimizer(self.network, self.config)
        schedule = build_schedule(optimizer, steps, self.config.warmup)
        weights = class_weights(train.classes, len(self.concept_set.classes), self.config.class_balance)
        if self.config.parent is None:
            self._place_prototypes(train)
        reports: list[EpochReport] = []
        best: tuple[float, dict[str, Tensor]] = (-1.0, {})
        last = min(self.config.epochs, self.config.stop_after or self.config.epochs)
        for epoch in range(1, last + 1):
            start = time.perf_counter()
            losses = self._train_epoch(train, optimizer, schedule, weights.to(self.device))
            seconds = time.perf_counter() - start
            revived = self._revive_codes(train) if epoch <= self.config.epochs // 2 else 0
            figures = measure(self._run(validation), validation, self.concept_set)
            report = {
                "epoch": epoch,
                "epochs": self.config.epochs,
                "learning_rate": schedule.get_last_lr()[0],
                "losses": losses,
                "images_per_second": len(train) / seconds,
                "validation": figures,
                "rank": {"train": self._rank(train), "validation": self._rank(validation)},
                "codes_revived": revived,
                "best": False,
            }
            reports.append(report)
            if figures["class_bmac"] > best[0]:
                best = (figures["class_bmac"], self._snapshot())
            if progress is not None:
                progress(report)
        chosen = max(reports, key=lambda report: report["validation"]["class_bmac"])
        chosen["best"] = True
        self.network.load_state_dict(best[1])
        self.network.eval()
        return reports

    def _train_epoch(
        self,
        train: Split,
        optimizer: torch.optim.Optimizer,
        schedule: torch.optim.lr_scheduler.LRScheduler,
        weights: Tensor,
    ) -> dict[str, float]:
        self.network.train()
        sums: dict[str, float] = {}
        parts = LossWeights(self.config.concept_weight, self.config.ivq_weight)
        count = 0
        for batch in self._batches(train):
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bfloat16):
                tokens = self.network.encoder(batch.images)
            tokens = tokens.float()
            output = self.network.bottleneck(tokens)
            losses = training_losses(
                output, batch.classes, batch.options, self.concept_set.group_slices, weights, parts
            )
            total, named = losses.total, losses._asdict()
            if batch.masks is not None:
                scorer = self.network.bottleneck.scorer
                located = localization_loss(scorer, tokens, batch.options, batch.masks, self._located)
                total = total + self.config.localization_weight * located
                named["localization"] = located
            if not bool(torch.isfinite(total)):
                raise FloatingPointError("the training loss is no longer a number; lower the learning rate")
            optimizer.zero_grad(set_to_none=True)
            total.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            count += 1
            for name, value in named.items():
                sums[name] = sums.get(name, 0.0) + value.item()
        return {name: value / count for name, value in sums.items()}

    def _batches(self, split: Split) -> Iterator[Batch]:
        order = torch.randperm(len(split), generator=self._generator).numpy()
        size = self.config.batch_size
        for begin in range(0, max(size, len(split) - size + 1), size):
            # Sorted rows read a memory-mapped array in order; the order within a batch does not matter.
            yield self._batch(split, np.sort(order[begin : begin + size]))

    def _batch(self, split: Split, rows: np.ndarray) -> Batch:
        images = normalise(np.asarray(split.images[rows]), self.preprocessing)
        masks = None
        if split.masks is not None and self.config.localization_weight > 0:
            masks = torch.from_numpy(split.masks[rows])
        if self.config.augment:
            images, masks = random_symmetries(images, masks, self._generator)
            images = random_light(images, self._generator)
        return Batch(
            images.contiguous(memory_format=torch.channels_last).to(self.device),
            torch.from_numpy(split.classes[rows]).to(self.device),
            torch.from_numpy(split.options[rows]).to(self.device),
            None if masks is None else masks.to(self.device),
        )

    @torch.no_grad()
    def _tokens(self, split: Split, count: int) -> Tensor:
        self.network.eval()
        rows = np.linspace(0, len(split) - 1, min(count, len(split))).astype(np.int64)
        images = normalise(np.asarray(split.images[rows]), self.preprocessing).to(self.device)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bfloat16):
            tokens: Tensor = self.network.encoder(images)
        return tokens.float()

    def _place_prototypes(self, train: Split) -> None:
        tokens = self._tokens(train, _PROTOTYPE_SAMPLE).flatten(0, 1).cpu()
        generator = torch.Generator().manual_seed(self.config.seed)
        self.network.bottleneck.ivq.initialise(tokens, generator)
        self.network.bottleneck.magnet.initialise(tokens, generator)

    def _revive_codes(self, train: Split) -> int:
        tokens = self._tokens(train, _PROTOTYPE_SAMPLE).flatten(0, 1)
        return self.network.bottleneck.ivq.revive(tokens, self._generator)

    def _rank(self, split: Split) -> float:
        return float(effective_ranks(self._tokens(split, _RANK_SAMPLE)).float().mean())

    def _run(self, split: Split) -> Any:
        return run_split(self.network, split, self.concept_set, self.preprocessing, bfloat16=self.bfloat16)

    def _snapshot(self) -> dict[str, Tensor]:
        return {key: value.detach().clone() for key, value in self.network.state_dict().items()}


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
