"""A retraining from parent and edited concept set to a checkpoint folder.

Shapes: N images or tokens, L patches, D token width.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models.cbm.network import IVQCBM
from models.checkpoint import Checkpoint, load_network, read_checkpoint
from models.concepts import ConceptSet
from models.data.records import SplitName
from models.devices import choose_device
from models.train.config import TrainConfig
from models.train.data import (
    Split,
    check_splits,
    dataset_identity,
    has_masks,
    labels_follow_class,
    load_auxiliary,
    split_digest,
)
from models.train.edited import load_edited
from models.train.engine import Engine, EpochReport, Progress, Surroundings
from models.train.evaluate import SplitOutput, measure, run_split
from models.train.inputs import TokenInput, encoder_input
from models.train.monitor import Monitor
from models.train.retrain.changes import plan
from models.train.retrain.errors import RetrainError
from models.train.retrain.labelled import Joined, join, merge, read_labels, thinned
from models.train.retrain.lineage import labels_record, lineage
from models.train.retrain.settings import RetrainConfig, training_config
from models.train.retrain.tokens import TokenCache
from models.train.retrain.warm import child_config, warm_start
from models.train.run import input_shape, training_record, without_denormals, write_result
from models.train.stages import Staged, silent
from models.train.state import Identity, drop_state, load_state

_SAMPLE = 64  # images whose tokens new queries and codes are chosen from, as at the start of a training


@dataclass(frozen=True)
class Watching:
    """Who is told of a retraining, and how it was started.

    Attributes:
        progress: called with each epoch's report.
        staged: called with the stage ("Images", "Tokens", "Measuring"), and how many of how many images are done.
        cancelled: asked before each step and each batch of tokens whether to stop.
        command: for the model card.
        console: shows a bar of the steps where standard error is a terminal.
    """

    progress: Progress | None = None
    staged: Staged = silent
    cancelled: Callable[[], bool] | None = None
    command: str = "vitrine retrain"
    console: bool = False


def retrain(
    parent: Checkpoint, concept_set: ConceptSet, out: Path, config: RetrainConfig, watching: Watching | None = None
) -> Checkpoint:
    """Trains a model on from its parent with an edited concept set, and writes its checkpoint folder.

    The loop, the objective and the figures are those of ``models.train``; in quick mode its encoder is one that has
    run already. An interrupted retraining in the same folder goes on where it was saved last.

    Args:
        parent: to start from; stays as it is.
        concept_set: the edited one, with the parent's classes.
        out: checkpoint folder, made if missing; not the parent's.
        config: mode, data, labels, settings.
        watching: who is told.

    Returns:
        The checkpoint as read back from the folder.

    Raises:
        RetrainError: if parent, concept set, data or labels do not fit each other.
        ValueError: if the data cannot be used, or an interrupted retraining had other settings.
        TrainingCancelled: if somebody stopped it.
        FloatingPointError: if the loss stops being a number.
        OSError: if something cannot be written.
    """
    if out.resolve() == parent.folder.resolve():
        raise RetrainError(f"{out} is the parent's own folder; choose another")
    plan(parent.concept_set, concept_set)  # other classes are refused before anything is computed
    settings = training_config(parent, config)
    check_splits(settings.data)
    with without_denormals():
        torch.manual_seed(config.seed)
        _Job(parent, concept_set, out, config, settings, watching or Watching()).run()
    return read_checkpoint(out)


@dataclass
class _Job:
    """One retraining, with all that its steps share."""

    parent: Checkpoint
    concept_set: ConceptSet
    out: Path
    config: RetrainConfig
    settings: TrainConfig
    watching: Watching
    seconds: dict[str, float] = field(default_factory=dict)
    reused: list[str] = field(default_factory=list)  # splits whose tokens lay there already

    def run(self) -> None:
        start = time.perf_counter()
        quick = self.config.mode == "quick"
        device = choose_device(self.settings.device)
        old = load_network(self.parent).to(device)
        dataset, synthetic = dataset_identity(self.settings.data)
        model_config = child_config(
            self.parent, self.concept_set, name=self.settings.name, dataset=dataset, synthetic=synthetic
        )
        self._shape = input_shape(old, model_config)
        pictures, labels = self._timed("images", self._load)
        cache = TokenCache(
            self.config.tokens or self.out.parent / ".tokens", old.encoder, self.parent.config.preprocessing
        )
        taken = self._timed("tokens", lambda: self._tokens(cache, pictures)) if quick else self._joined(pictures)
        network = warm_start(self.parent, self.concept_set, self._sample(old, taken["train"]), self.config.seed)
        # The same bottleneck behind tokens: what is trained there is trained in the network.
        trained = IVQCBM(TokenInput(), network.bottleneck) if quick else network
        engine = Engine(trained, self.concept_set, model_config.preprocessing, self.settings, device)
        reports = self._timed("training", lambda: self._fit(engine, taken))
        seen = (
            self._timed("test_tokens", lambda: self._with_tokens("test", pictures["test"], cache))
            if quick
            else pictures["test"]
        )
        outputs = self._timed("measuring", lambda: self._measure(trained, taken["validation"], seen))
        joined = self._joined(pictures)
        record = training_record(self.settings, reports, len(joined["train"]), device, self.watching.command)
        record |= {
            "own_masks": has_masks(joined["train"]),
            "concepts_by_class": labels_follow_class(joined["train"], self.concept_set),
            "minutes": (time.perf_counter() - start) / 60,
            "stages": self.seconds,
            **({"tokens_reused": self.reused} if quick else {}),
        }
        changes = plan(self.parent.concept_set, self.concept_set)
        origin = lineage(self.parent, self.concept_set, changes, self.config, self.settings.data, joined)
        metrics = {
            "training": record,
            "lineage": origin | {"labels": labels},
            "validation": measure(outputs[0], taken["validation"], self.concept_set),
            "test": measure(outputs[1], seen, self.concept_set),
            "epochs": reports,
        }
        network.eval()
        write_result(self.out, network, model_config, self.concept_set, outputs[0], taken["validation"], metrics)
        drop_state(self.out)

    def _load(self) -> tuple[dict[str, Split], dict[str, Any] | None]:
        """Images by split; "added" are those that people labelled. Test images are neither trained on nor chosen by."""
        pictures: dict[str, Split] = {}
        names: tuple[SplitName, ...] = ("train", "validation", "test")
        edited, before = self.concept_set, self.parent.concept_set
        for name in names:
            pictures[name] = load_edited(self.settings.data, name, before, edited, self._shape, self._counted("Images"))
        if self.config.mode == "quick":
            pictures["train"] = thinned(pictures["train"], self.config.images)
        auxiliary = self.settings.auxiliary
        if auxiliary is not None:
            if self.config.mode == "quick":  # as many as there are images: every one costs a pass of the encoder
                auxiliary = auxiliary.model_copy(update={"train": min(auxiliary.train, len(pictures["train"]))})
                self.settings = self.settings.model_copy(update={"auxiliary": auxiliary})
            pictures["auxiliary"] = load_auxiliary(auxiliary, edited, self._shape, self._counted("Images"))
        if self.config.labels is None:
            return pictures, None
        found = read_labels(self.config.labels, before, edited, self._shape, self.config.private)
        held = (pictures["validation"], pictures["test"])
        pictures["train"], added, merged = merge(pictures["train"], held, found.split)
        if added is not None:
            pictures["added"] = added
        return pictures, labels_record(self.config.labels, found.digest, merged)

    def _tokens(self, cache: TokenCache, pictures: dict[str, Split]) -> dict[str, Split]:
        """The same splits with tokens in the place of their images, without the test split, which comes last."""
        taken: dict[str, Split] = {}
        for name in ("train", "added", "auxiliary"):
            if name in pictures:
                taken[name] = self._with_tokens(name, pictures[name], cache, halves=True)
        taken["validation"] = self._with_tokens("validation", pictures["validation"], cache)
        return self._joined(taken)

    def _with_tokens(self, name: str, split: Split, cache: TokenCache, *, halves: bool = False) -> Split:
        private = self.config.private if name == "added" else None
        found = cache.get(
            split.images,
            halves=halves,
            progress=self._counted("Tokens"),
            cancelled=self.watching.cancelled,
            folder=None if private is None else private / "tokens",
        )
        self.seconds[f"tokens_of_{name}"] = found.seconds
        if found.reused:
            self.reused.append(name)
        return replace(split, images=found.values)

    def _joined(self, splits: dict[str, Split]) -> dict[str, Split]:
        """The splits with what people labelled among the training images."""
        if "added" not in splits:
            return splits
        train, added = splits["train"], splits["added"]
        rest = {name: split for name, split in splits.items() if name != "added"}
        return {**rest, "train": join(train, added, Joined(train.images, added.images))}

    @torch.inference_mode()
    def _sample(self, old: IVQCBM, train: Split) -> Tensor | None:
        """(N, D) patch tokens of some training images, where a new group is to be placed among them."""
        if not plan(self.parent.concept_set, self.concept_set).groups_added:
            return None
        rows = np.linspace(0, len(train) - 1, min(_SAMPLE, len(train))).astype(np.int64)
        values = encoder_input(np.asarray(train.images[rows]), self.parent.config.preprocessing)
        encoder: nn.Module = TokenInput() if values.ndim == 3 else old.encoder
        tokens = encoder(values.to(next(old.parameters()).device)).float()
        return old.bottleneck.patches(tokens).flatten(0, 1).cpu()

    def _fit(self, engine: Engine, splits: dict[str, Split]) -> list[EpochReport]:
        digests = {name: split_digest(split) for name, split in splits.items() if name != "test"}
        parent = {"concepts": self.concept_set.digest(), "parent": self.parent.weights_digest()}
        identity = Identity(self.settings.to_json(), digests | parent)
        state = load_state(self.out, identity)
        watching = self.watching
        monitor = Monitor(self.out, [] if state is None else state.reports, console=watching.console)
        around = Surroundings(watching.progress, watching.cancelled, monitor, self.out, identity, state)
        try:
            return engine.fit(splits["train"], splits["validation"], auxiliary=splits.get("auxiliary"), around=around)
        finally:
            monitor.close()

    def _measure(self, network: IVQCBM, validation: Split, test: Split) -> tuple[SplitOutput, SplitOutput]:
        """In float32, as every training does."""
        preprocessing = self.parent.config.preprocessing
        self.watching.staged("Measuring", 0, 2)
        held = run_split(network, validation, self.concept_set, preprocessing, bfloat16=False)
        self.watching.staged("Measuring", 1, 2)
        seen = run_split(network, test, self.concept_set, preprocessing, bfloat16=False)
        self.watching.staged("Measuring", 2, 2)
        return held, seen

    def _counted(self, stage: str) -> Callable[[int, int], None]:
        return lambda done, total: self.watching.staged(stage, done, total)

    def _timed(self, name: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = work()
        self.seconds[name] = time.perf_counter() - start
        return result
