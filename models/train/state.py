"""Where a training stands, as one file, so that a killed one goes on as if nothing had happened.

Every random number is drawn from seed, epoch, step and position, and the learning rate follows from the step, so
neither generators nor schedules have a state of their own. Safetensors with JSON in its header: nothing is unpickled.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from models.tensors import write_tensors

FORMAT = "1"
FOLDER = ".training"
_FILE = "state.safetensors"
# Settings that change where or how fast, not what is computed.
_FREE = frozenset({"device", "workers", "state_every", "bf16"})


class ResumeError(ValueError):
    """A saved state does not belong to this training; the message says why and what to do."""


@dataclass
class TrainingState:
    """Everything that an interrupted training goes on from.

    Attributes:
        epoch: the one under way, from 1.
        step: steps of it that are done.
        sums: of the figures of those steps.
        reports: of the epochs before.
        best_score: validation BMAC of the best epoch so far.
        updates: of the moving average.
        tensors: network, optimizer, average and best weights, with a prefix each.
    """

    epoch: int = 1
    step: int = 0
    sums: dict[str, float] = field(default_factory=dict)
    reports: list[dict[str, Any]] = field(default_factory=list)
    best_score: float = -1.0
    updates: int = 0
    tensors: dict[str, Tensor] = field(default_factory=dict)

    def part(self, prefix: str) -> dict[str, Tensor]:
        """The tensors of one prefix, without it."""
        return {
            name.removeprefix(f"{prefix}/"): value
            for name, value in self.tensors.items()
            if name.startswith(f"{prefix}/")
        }


@dataclass(frozen=True)
class Identity:
    """What must be the same for a training to go on.

    Attributes:
        settings: as JSON.
        data: digest of each part of the training data.
    """

    settings: dict[str, Any]
    data: dict[str, str]


def state_path(out: Path) -> Path:
    """Where the state of a training with this checkpoint folder is kept."""
    return out / FOLDER / _FILE


def save_state(out: Path, state: TrainingState, identity: Identity) -> None:
    """Writes the state under another name, then moves it into place: a reader finds the old one or the new one.

    Raises:
        OSError: if it cannot be written, as on a full disk; the old one stays, and nothing else is left behind.
    """
    path = state_path(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    record = {
        "epoch": state.epoch,
        "step": state.step,
        "sums": state.sums,
        "reports": state.reports,
        "best_score": state.best_score,
        "updates": state.updates,
        "settings": identity.settings,
        "data": identity.data,
    }
    tensors = {name: value.detach().cpu().contiguous() for name, value in state.tensors.items()}
    fresh = path.with_suffix(".new")
    try:
        write_tensors(fresh, _unshared(tensors), {"format": FORMAT, "record": json.dumps(record)})
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def load_state(out: Path, identity: Identity) -> TrainingState | None:
    """Reads the state of an interrupted training.

    Returns:
        The state, or None where there is none.

    Raises:
        ResumeError: if it is damaged, or was made with other settings or data.
    """
    path = state_path(out)
    if not path.is_file():
        return None
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            if metadata.get("format") != FORMAT:
                raise ResumeError(f"{path} has another format; start afresh with --fresh")
            record = json.loads(metadata["record"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dictionary)
    except (OSError, SafetensorError, KeyError, json.JSONDecodeError) as error:
        raise ResumeError(f"{path} cannot be read: {error}; start afresh with --fresh") from error
    _check(record, identity, out)
    names = ("epoch", "step", "sums", "reports", "best_score", "updates")
    return TrainingState(**{name: record[name] for name in names}, tensors=tensors)


def drop_state(out: Path) -> None:
    """Forgets an interrupted training."""
    path = state_path(out)
    path.unlink(missing_ok=True)
    path.with_suffix(".new").unlink(missing_ok=True)


def _check(record: Mapping[str, Any], identity: Identity, out: Path) -> None:
    advice = "go on with the old ones, or start afresh with --fresh"
    old, new = record["settings"], identity.settings
    changed = sorted(name for name in {*old, *new} - _FREE if old.get(name, "absent") != new.get(name, "absent"))
    if changed:
        told = ", ".join(f"{name} (was {old.get(name)!r}, now {new.get(name)!r})" for name in changed)
        raise ResumeError(f"the training in {out} was begun with other settings: {told}; {advice}")
    if record["data"] != identity.data:
        raise ResumeError(f"the training in {out} was begun with other images or labels; {advice}")


def _unshared(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Copies tensors that share memory, which the format does not allow."""
    seen: set[int] = set()
    result = {}
    for name, value in tensors.items():
        pointer = value.untyped_storage().data_ptr()
        result[name] = value.clone() if pointer in seen else value
        seen.add(pointer)
    return result


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The optimizer's state as named tensors: parameter by its number, then the name of the quantity."""
    return {
        f"{index}/{name}": value
        for index, state in optimizer.state_dict()["state"].items()
        for name, value in state.items()
    }


def restore_optimizer(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Gives a freshly built optimizer the state that ``optimizer_tensors`` named."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        index, name = key.split("/")
        state.setdefault(int(index), {})[name] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
