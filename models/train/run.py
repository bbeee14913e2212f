"""A training from settings to a checkpoint folder."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from models.cbm.network import IVQCBM
from models.checkpoint import (
    Checkpoint,
    ModelConfig,
    read_checkpoint,
    save_checkpoint,
)
from models.concepts import ConceptSet, load_concept_set
from models.data.records import SplitName
from models.devices import choose_device
from models.train.building import prepare_network
from models.train.card import model_card
from models.train.config import TrainConfig
from models.train.data import (
    InputShape,
    Split,
    check_splits,
    dataset_concepts,
    dataset_origin,
    has_masks,
    labels_follow_class,
    load_auxiliary,
    split_digest,
)
from models.train.distributed import join_team
from models.train.edited import load_for_training
from models.train.engine import Engine, EpochReport, Progress, Surroundings
from models.train.evaluate import SplitOutput, measure, run_split, validation_statistics
from models.train.monitor import Monitor, finite
from models.train.stages import Staged, Stages, silent
from models.train.state import Identity, drop_state, load_state


@dataclass(frozen=True)
class Running:
    """How a training is run, as apart from what is trained.

    Attributes:
        command: how it was started, for the model card.
        fresh: forgets an interrupted training instead of going on with it.
        console: shows a progress bar where standard error is a terminal.
    """

    command: str = "vitrine train"
    fresh: bool = False
    console: bool = False


def train(
    config: TrainConfig,
    out: Path,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    running: Running | None = None,
    staged: Staged = silent,
) -> Checkpoint:
    """Trains a model and writes its checkpoint folder. The test split is looked at once, at the end.

    An interrupted training with the same folder, settings and data goes on where it was saved last. Under torchrun the
    processes train one model together.

    Args:
        config: settings.
        out: checkpoint folder, made if missing.
        progress: called with each epoch's report.
        cancelled: asked before each step whether to stop.
        running: command, console, whether to start afresh.
        staged: called with the stage ("Images", "Measuring") and how many of how many images, or splits, are done.

    Returns:
        The checkpoint as read back from the folder.

    Raises:
        ValueError: if encoder, concept set and data do not fit each other.
        ResumeError: if an interrupted training in the folder had other settings or data.
        TrainingCancelled: if ``cancelled`` said so.
        FloatingPointError: if the loss stops being a number.
    """
    start = time.perf_counter()
    running = running or Running()
    with join_team(choose_device(config.device)) as (team, device), without_denormals():
        torch.manual_seed(config.seed)
        check_splits(config.data)
        concept_set = load_concept_set(concept_set_name(config))
        network, model_config = prepare_network(config, concept_set)
        shape = input_shape(network, model_config)
        if not team.leads:
            team.wait()  # until the first process has drawn or read the images, so that the others find them cached
        stages = Stages(staged if team.leads else silent, console=running.console and team.leads)
        splits = _splits(config, concept_set, shape, stages)
        if team.leads:
            team.wait()
        engine = Engine(network, concept_set, model_config.preprocessing, config, device, team)
        with stages.timed("training"):
            reports = _fit(engine, splits, out, (progress, cancelled), running)
        if team.leads:
            with stages.images("test") as shown:
                test = load_for_training(config.data, "test", concept_set, shape, shown)
            record = training_record(config, reports, len(splits["train"]), device, running.command)
            record["own_masks"] = has_masks(splits["train"])
            record["concepts_by_class"] = labels_follow_class(splits["train"], concept_set)
            record["minutes"] = (time.perf_counter() - start) / 60
            _measure_and_write(out, engine, model_config, (splits["validation"], test), record, reports, stages)
            drop_state(out)
        team.wait()
    return read_checkpoint(out)


def _splits(config: TrainConfig, concept_set: ConceptSet, shape: InputShape, stages: Stages) -> dict[str, Split]:
    """What is trained and validated on. The test split is not loaded before the end."""
    splits: dict[str, Split] = {}
    names: tuple[SplitName, ...] = ("train", "validation")
    for name in names:
        with stages.images(name) as shown:
            splits[name] = load_for_training(config.data, name, concept_set, shape, shown)
    if config.auxiliary is not None:
        with stages.images("auxiliary") as shown:
            splits["auxiliary"] = load_auxiliary(config.auxiliary, concept_set, shape, shown)
    return splits


def _fit(
    engine: Engine,
    splits: dict[str, Split],
    out: Path,
    callbacks: tuple[Progress | None, Callable[[], bool] | None],
    running: Running,
) -> list[EpochReport]:
    team = engine.team
    digests = {name: split_digest(split) for name, split in splits.items()}
    identity = Identity(engine.config.to_json(), digests | {"concepts": engine.concept_set.digest()})
    if running.fresh and team.leads:
        drop_state(out)
    team.wait()
    state = load_state(out, identity)
    monitor = Monitor(out, [] if state is None else state.reports, console=running.console) if team.leads else None
    around = Surroundings(callbacks[0], callbacks[1], monitor, out, identity, state)
    try:
        return engine.fit(splits["train"], splits["validation"], auxiliary=splits.get("auxiliary"), around=around)
    finally:
        if monitor is not None:
            monitor.close()


def _measure_and_write(
    out: Path,
    engine: Engine,
    model_config: ModelConfig,
    splits: tuple[Split, Split],
    record: dict[str, Any],
    reports: list[EpochReport],
    stages: Stages,
) -> None:
    """Measures the kept weights on validation and test split, in float32, and writes the checkpoint."""
    network, concept_set = engine.network, engine.concept_set
    outputs = []
    with stages.timed("measuring"):
        stages.staged("Measuring", 0, len(splits))
        for split in splits:
            outputs.append(run_split(network, split, concept_set, model_config.preprocessing, bfloat16=False))
            stages.staged("Measuring", len(outputs), len(splits))
    held = outputs[0]
    metrics = {
        "training": record | {"stages": stages.seconds},
        "validation": measure(held, splits[0], concept_set),
        "test": measure(outputs[1], splits[1], concept_set),
        "epochs": reports,
    }
    write_result(out, network, model_config, concept_set, held, splits[0], metrics)


def training_record(
    config: TrainConfig, reports: list[EpochReport], images: int, device: torch.device, command: str
) -> dict[str, Any]:
    """How a model was made, for ``metrics.json``; the minutes are filled in at the end."""
    seconds = sum(report["seconds"] for report in reports)
    return {
        "command": command,
        "seed": config.seed,
        "images": images,
        "epochs": config.epochs,
        "best_epoch": next((report["epoch"] for report in reports if report["best"]), 0),
        "minutes": 0.0,
        "machine": machine_name(device),
        "images_per_second": sum(r["images_per_second"] * r["seconds"] for r in reports) / max(seconds, 1e-9),
        "settings": config.to_json(),
        "origin": dataset_origin(config.data),
        "ancestors": _ancestors(config.parent),
    }


def _ancestors(parent: Path | None) -> list[dict[str, Any]]:
    """The trainings that this one goes on from, the latest first."""
    if parent is None:
        return []
    checkpoint = read_checkpoint(parent)
    training = checkpoint.metrics["training"]
    own = {
        "name": checkpoint.config.name,
        "dataset": checkpoint.config.dataset,
        "images": training["images"],
        "epochs": training["epochs"],
        "pretrained": training["settings"].get("pretrained"),
    }
    return [own, *training.get("ancestors", [])]


@contextmanager
def without_denormals() -> Iterator[None]:
    """Rounds denormals to zero: from a nearly saturated softmax they make a backward pass ten times slower on a CPU.

    The mode belongs to the whole process, so it ends with the training.
    """
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


def concept_set_name(config: TrainConfig) -> str:
    """The concept set of the settings, or that of the data where they name none."""
    return config.concept_set or dataset_concepts(config.data)


def input_shape(network: IVQCBM, model_config: ModelConfig) -> InputShape:
    """What the network takes."""
    return InputShape(network.image_size, model_config.preprocessing.resize_mode, model_config.grid[0])


def initial_checkpoint(config: TrainConfig, out: Path, images: int = 64) -> Checkpoint:
    """Writes an *untrained* checkpoint: random weights, statistics and figures of a few images.

    For tests and for developing against the file format; its card says that it knows nothing.

    Args:
        config: settings on procedural data; only the split sizes are ignored.
        out: checkpoint folder.
        images: how many to draw of each, validation and test.
    """
    torch.manual_seed(config.seed)
    concept_set = load_concept_set(concept_set_name(config))
    network, model_config = prepare_network(config, concept_set)
    data = config.data.model_copy(update={"validation": images, "test": images})
    shape = input_shape(network, model_config)
    validation, test = (load_for_training(data, name, concept_set, shape) for name in ("validation", "test"))
    device = torch.device("cpu")
    engine = Engine(network, concept_set, model_config.preprocessing, config, device)
    record = training_record(config, [], 0, device, "none: untrained weights") | {"epochs": 0}
    _measure_and_write(out, engine, model_config, (validation, test), record, [], Stages())
    return read_checkpoint(out)


def machine_name(device: torch.device) -> str:
    """The device for a model card: the GPU's name, or processor and number of threads."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{torch.get_num_threads()} threads of an {platform.machine()} CPU"


def write_result(
    out: Path,
    network: IVQCBM,
    model_config: ModelConfig,
    concept_set: ConceptSet,
    held: SplitOutput,
    validation: Split,
    metrics: dict[str, Any],
) -> None:
    """Writes the checkpoint with its statistics, which are measured on validation (``held``), and its card."""
    statistics = validation_statistics(held, validation, concept_set, model_config.codes)
    metrics = finite(metrics)
    card = model_card(model_config, concept_set, metrics)
    save_checkpoint(out, network, model_config, concept_set, statistics, metrics, card)
