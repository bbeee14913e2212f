"""The training itself, in a process of its own. Imports torch, so neither server nor worker imports it."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from backend.core.child import Reporter
from backend.core.storage import LocalStorage
from backend.jobs.handling import JobRefused
from backend.label_exports import fitting
from backend.model_registry.checking import read_registered
from backend.training_runs import recipe
from backend.training_runs.order import LABEL_FOLDER, PLACE, Made, Order, is_made, place_of
from backend.training_runs.schemas import TrainingMode
from backend.training_runs.telling import Teller
from models.checkpoint import Checkpoint, read_checkpoint
from models.concepts import ConceptSet, load_concept_set
from models.train import ResumeError, TrainConfig, train
from models.train.retrain import Watching, retrain
from models.train.retrain.lineage import code_version
from models.train.state import drop_state, state_path

COMMAND = "Vitrine, training run {id}"
NOT_A_NUMBER = (
    "The training loss is no longer a number. Start a run with a lower learning rate; resuming this one would end the "
    "same way."
)
UNUSABLE = "This cannot be trained: {error}. Put it right and start a new run."
MODEL_GONE = "The model that an earlier attempt made is gone from the server, so it is made again."
STARTS_OVER = "What was saved does not fit any more, so the training begins again: {error}."


def run_training(content: Mapping[str, Any], reporter: Reporter) -> None:
    """Makes the model in the job's folder, or goes on with one that was interrupted.

    Args:
        content: an ``Order``, as JSON values.
        reporter: is told of stages, epochs and log lines.

    Raises:
        JobRefused: it cannot be trained; the message says why and what to do.
        MemoryError, OSError: the machine is full; what was saved stays.
    """
    order = Order.model_validate(dict(content))
    teller = Teller(order, reporter)
    if is_made(order.work):  # a worker was lost between the end of the training and its being written down
        teller.say("The model was made in an earlier attempt; it only has to be registered.")
        if place_of(order.work) is None:  # else it was told, and is being moved or has been
            teller.catch_up(read_checkpoint(order.out).metrics["epochs"])
        return
    if order.result.is_file():
        teller.say(MODEL_GONE)
        order.result.unlink()
        (order.work / PLACE).unlink(missing_ok=True)
    with _in_words():
        concept_set = load_concept_set(order.concept_set)
        parent = None if order.parent is None else read_registered(order.parent, order.lineage["parent"]["id"])
        teller.begin(concept_set, parent)
        made = _resumed_or_afresh(order, concept_set, parent, teller)
        _write_down(order, made, concept_set)
    teller.end(made, parent)


def _resumed_or_afresh(order: Order, concept_set: ConceptSet, parent: Checkpoint | None, teller: Teller) -> Checkpoint:
    if not state_path(order.out).is_file():
        teller.forget()
    try:
        return _train(order, concept_set, parent, teller)
    except ResumeError as error:
        teller.say(STARTS_OVER.format(error=str(error).rpartition(";")[0] or error))
        drop_state(order.out)
        teller.forget()
        return _train(order, concept_set, parent, teller)


def _train(order: Order, concept_set: ConceptSet, parent: Checkpoint | None, teller: Teller) -> Checkpoint:
    settings = recipe.settings_of(order, parent)
    teller.expect(settings)
    command = COMMAND.format(id=order.work.name)
    if parent is None:
        return _from_scratch(settings, order, teller, command)
    config = recipe.retrain_config(order, parent, _labels(order, concept_set, teller))
    # In full mode every question whether to stop is a step; quick epochs take seconds.
    asked = teller.stepped if order.mode is TrainingMode.FULL else None
    watching = Watching(progress=teller.epoch, staged=teller.stage, cancelled=asked, command=command)
    return retrain(parent, concept_set, order.out, config, watching)


def _from_scratch(settings: TrainConfig, order: Order, teller: Teller, command: str) -> Checkpoint:
    from models.train import Running  # noqa: PLC0415

    return train(settings, order.out, teller.epoch, teller.stepped, Running(command), staged=teller.stage)


def _labels(order: Order, concept_set: ConceptSet, teller: Teller) -> Path | None:
    """The folder of labelled images; made once, so that every attempt has the same."""
    if order.labels is None:
        return None
    folder = order.work / LABEL_FOLDER
    gone = fitting.write_folder(order.labels, concept_set, LocalStorage(order.storage), folder)
    if gone:
        teller.say(f"{gone} labelled cases were deleted since the run was started; they are left out.")
    return folder


def _write_down(order: Order, made: Checkpoint, concept_set: ConceptSet) -> None:
    """What the server adds to the lineage, and that the model is whole."""
    path = made.folder / "metrics.json"
    metrics = json.loads(path.read_text("utf-8"))
    metrics["lineage"] = with_origin(metrics.get("lineage") or _own_lineage(order, made, concept_set), order)
    _replace(path, json.dumps(metrics, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    told = Made(weights_digest=made.weights_digest(), name=made.name, dataset=made.dataset, synthetic=made.synthetic)
    _replace(order.result, told.model_dump_json())


def with_origin(lineage: Mapping[str, Any], order: Order) -> dict[str, Any]:
    """A lineage with the ids that server and database know data, concepts and parent by."""
    found = dict(lineage)
    for part, known in order.lineage.items():
        own = found.get(part)
        found[part] = {**own, **known} if isinstance(own, dict) and isinstance(known, dict) else known
    return found


def _own_lineage(order: Order, made: Checkpoint, concept_set: ConceptSet) -> dict[str, Any]:
    """Of a training without a parent, in the form that a retraining has."""
    return {
        "kind": "train",
        "mode": order.mode.value,
        "parent": None,
        "concept_set": {"name": concept_set.name, "version": concept_set.version, "digest": concept_set.digest()},
        "changes": [],
        "dataset": {"name": made.dataset, "synthetic": made.synthetic},
        "labels": None,
        "settings": made.metrics["training"]["settings"],
        "seed": order.seed,
        "code": code_version(),
    }


def _replace(path: Path, text: str) -> None:
    """A reader finds the old content or the new one."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, "utf-8")
    fresh.replace(path)


def _is_disk_full(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def _in_words() -> Iterator[None]:
    """Faults of data and settings as what the page shows. Memory and disk are the worker's to put into words."""
    try:
        yield
    except FloatingPointError as error:
        raise JobRefused(NOT_A_NUMBER) from error
    except ValueError as error:  # of which RetrainError, DataError, CheckpointError and ConceptSetError are kinds
        if _is_disk_full(error):
            raise
        text = str(error).rstrip(".")
        raise JobRefused(UNUSABLE.format(error=text)) from error
