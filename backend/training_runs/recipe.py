"""Settings of the training that a run asks for. Imports torch, so the server imports it late."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import models.train
from backend.training_runs.order import LABEL_WORK, Order
from backend.training_runs.schemas import TrainingMode
from models.checkpoint import Checkpoint, CheckpointError, read_checkpoint
from models.concepts import ConceptSet, load_concept_set
from models.data.synthetic.generators import GENERATORS
from models.train.config import TrainConfig
from models.train.relabel import check_drawn
from models.train.retrain import RetrainConfig, RetrainError, plan
from models.train.retrain.settings import training_config

# Vitrine's own small encoder from random weights: the first stage of the shipped dermoscopy model.
FROM_SCRATCH = Path(str(models.train.__file__)).parent / "recipes" / "synthetic-dermoscopy-1.yaml"
# So that a kill costs a minute or two; the state of a large encoder takes seconds to write.
_SECONDS_BETWEEN_STATES = 90.0
_MOST_STEPS = 200
# Of the shipped models on two cores, where a parent does not say (docs/results/training-speed.md).
_IMAGES_PER_SECOND = 28.0


def open_parent(folder: Path) -> Checkpoint:
    """The checkpoint to start from. Raises ``CheckpointError``, also where its weights are missing."""
    checkpoint = read_checkpoint(folder)
    if not (folder / "weights.safetensors").is_file():
        raise CheckpointError(f"{folder} has no weights.safetensors")
    return checkpoint


def settings_of(order: Order, parent: Checkpoint | None) -> TrainConfig:
    """All settings of the training, with what was left open filled in. Raises ``RetrainError``."""
    return _from_scratch(order) if parent is None else training_config(parent, retrain_config(order, parent))


def retrain_config(order: Order, parent: Checkpoint, labels: Path | None = None) -> RetrainConfig:
    """Of a run with a parent.

    Args:
        order: of the run.
        parent: to start from.
        labels: folder of labelled images.
    """
    return RetrainConfig.model_validate(
        {
            "mode": order.mode.value,
            "name": order.name,
            "data": order.data,
            "labels": labels,
            "concept_set": order.concepts,
            "epochs": order.epochs,
            "patience": order.patience,
            "learning_rate": order.learning_rate,
            "images": order.most_images,
            "tokens": order.cache / "tokens",
            "drawn": order.cache,
            "private": order.work / LABEL_WORK,
            "device": order.device,
            "seed": order.seed,
            "state_every": state_every(parent.metrics.get("training", {})) if order.mode is TrainingMode.FULL else None,
        }
    )


def changes(before: ConceptSet, edited: ConceptSet) -> list[str]:
    """What the edit means for the parent's weights, in words. Raises ``RetrainError`` for other classes."""
    return list(plan(before, edited).lines())


def drawn_problems(names: list[str], edited: ConceptSet) -> list[str]:
    """Why procedural sets cannot be labelled with a concept set."""
    problems = []
    for name in names:
        try:
            check_drawn(name, load_concept_set(GENERATORS[name][1]), edited)
        except ValueError as error:
            problems.append(str(error))
    return problems


def state_every(training: dict[str, Any]) -> int:
    """Steps after which the state is saved, from the speed and batch size of a training like this one.

    Args:
        training: record of the parent's training, as far as there is one.
    """
    speed = training.get("images_per_second") or _IMAGES_PER_SECOND
    batch = (training.get("settings") or {}).get("batch_size") or 32
    return max(1, min(_MOST_STEPS, round(_SECONDS_BETWEEN_STATES * speed / batch)))


def _from_scratch(order: Order) -> TrainConfig:
    base = TrainConfig.load(FROM_SCRATCH)
    chosen = {name: getattr(order, name) for name in ("epochs", "patience", "learning_rate")}
    data = order.data | ({"cache": order.cache} if order.data["kind"] == "procedural" else {})
    changes: dict[str, Any] = {
        **{name: value for name, value in chosen.items() if value is not None},
        "name": order.name,
        "data": data,
        "concept_set": str(order.concept_set),
        "stop_after": None,
        "state_every": state_every({}),
        "device": order.device,
        "seed": order.seed,
    }
    return TrainConfig.model_validate(base.model_dump() | changes)


__all__ = [
    "CheckpointError",
    "RetrainError",
    "changes",
    "drawn_problems",
    "open_parent",
    "retrain_config",
    "settings_of",
    "state_every",
]
