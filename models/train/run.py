"""A training from settings to a checkpoint folder."""

from __future__ import annotations

import platform
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.cbm.network import IVQCBM
from models.checkpoint import (
    Checkpoint,
    ModelConfig,
    build_network,
    load_network,
    read_checkpoint,
    save_checkpoint,
)
from models.concepts import ConceptSet, load_concept_set
from models.devices import choose_device
from models.encoders.loading import load_encoder
from models.train.card import model_card
from models.train.config import TrainConfig
from models.train.data import Split, load_split
from models.train.engine import Engine, Progress
from models.train.evaluate import SplitOutput, measure, run_split, validation_statistics


def train(
    config: TrainConfig,
    out: Path,
    progress: Progress | None = None,
    command: str = "vitrine train",
) -> Checkpoint:
    """Trains a model and writes its checkpoint folder. The test split is looked at once, at the end.

    Args:
        config: settings.
        out: checkpoint folder, made if missing.
        progress: called with each epoch's report.
        command: how this training was started, for the model card.

    Returns:
        The checkpoint as read back from the folder.

    Raises:
        ValueError: if encoder, concept set and data do not fit each other.
    """
    start = time.perf_counter()
    device = choose_device(config.device)
    torch.manual_seed(config.seed)
    concept_set = load_concept_set(config.concept_set)
    network, model_config = prepare_network(config, concept_set)
    size = network.image_size
    training, validation = (load_split(config.data, name, concept_set, size) for name in ("train", "validation"))
    engine = Engine(network, concept_set, model_config.preprocessing, config, device)
    # Denormals from a nearly saturated softmax make the backward pass ten times slower on a CPU. The mode belongs to
    # the whole process, so it ends with the training.
    torch.set_flush_denormal(True)
    try:
        reports = engine.fit(training, validation, progress)
    finally:
        torch.set_flush_denormal(False)
    held = run_split(network, validation, concept_set, model_config.preprocessing, bfloat16=False)
    test = load_split(config.data, "test", concept_set, size)
    seen = run_split(network, test, concept_set, model_config.preprocessing, bfloat16=False)
    metrics = {
        "training": {
            "command": command,
            "seed": config.seed,
            "images": len(training),
            "epochs": config.epochs,
            "best_epoch": next(report["epoch"] for report in reports if report["best"]),
            "minutes": (time.perf_counter() - start) / 60,
            "machine": machine_name(device),
            "settings": config.model_dump(mode="json", exclude={"data": {"cache"}}),
        },
        "validation": measure(held, validation, concept_set),
        "test": measure(seen, test, concept_set),
        "epochs": reports,
    }
    return _write(out, network, model_config, concept_set, held, validation, metrics)


def prepare_network(config: TrainConfig, concept_set: ConceptSet) -> tuple[IVQCBM, ModelConfig]:
    """Builds the network to be trained: the encoder with its initial weights and an untrained bottleneck.

    Args:
        config: settings.
        concept_set: its prompts are embedded with the encoder's text tower and frozen.

    Returns:
        The network and the architecture to be stored with it.
    """
    encoder = load_encoder(config.encoder, config.pretrained)
    embeddings = encoder.text.embed(concept_set.prompts())
    patches, width = encoder.image.token_shape()
    side = round(patches**0.5)
    if side * side != patches:
        raise ValueError(f"encoder {config.encoder!r} yields {patches} patches, which is not a square grid")
    model_config = ModelConfig(
        name=config.name,
        dataset=config.data.name,
        synthetic=True,
        encoder=config.encoder,
        encoder_config=encoder.model_config,
        mean=encoder.preprocessing.mean,
        std=encoder.preprocessing.std,
        resize_mode=encoder.preprocessing.resize_mode,
        token_width=width,
        text_width=embeddings.shape[1],
        grid=(side, side),
        codes=config.codes or concept_set.group_count,
        beta=config.beta,
        temperature=config.temperature,
    )
    network = build_network(model_config, concept_set, embeddings)
    network.encoder.load_state_dict(encoder.image.state_dict())
    if config.parent is not None:
        _inherit(network, model_config, concept_set, config.parent)
    return network, model_config


def _inherit(network: IVQCBM, model_config: ModelConfig, concept_set: ConceptSet, parent: Path) -> None:
    """Takes over the weights of a parent checkpoint whose encoder, codebook and options are the same."""
    checkpoint = read_checkpoint(parent)
    if checkpoint.concept_set.option_ids != concept_set.option_ids:
        raise ValueError(f"parent {parent} has other options than concept set {concept_set.name!r}; train without it")
    for name in ("encoder_config", "token_width", "text_width", "grid", "codes"):
        if getattr(checkpoint.config, name) != getattr(model_config, name):
            raise ValueError(f"parent {parent} has another {name} than these settings; train without it")
    network.load_state_dict(load_network(checkpoint).state_dict())


def initial_checkpoint(config: TrainConfig, out: Path, images: int = 64) -> Checkpoint:
    """Writes an *untrained* checkpoint: random weights, statistics and figures of a few images.

    For tests and for developing against the file format; its card says that it knows nothing.

    Args:
        config: settings; only the split sizes are ignored.
        out: checkpoint folder.
        images: how many to draw of each, validation and test.
    """
    torch.manual_seed(config.seed)
    concept_set = load_concept_set(config.concept_set)
    network, model_config = prepare_network(config, concept_set)
    data = config.data.model_copy(update={"validation": images, "test": images})
    size = network.image_size
    validation, test = (load_split(data, name, concept_set, size) for name in ("validation", "test"))
    held, seen = (
        run_split(network, split, concept_set, model_config.preprocessing, bfloat16=False)
        for split in (validation, test)
    )
    metrics = {
        "training": {
            "command": "none: untrained weights",
            "seed": config.seed,
            "images": 0,
            "epochs": 0,
            "best_epoch": 0,
            "minutes": 0.0,
            "machine": machine_name(torch.device("cpu")),
            "settings": config.model_dump(mode="json", exclude={"data": {"cache"}}),
        },
        "validation": measure(held, validation, concept_set),
        "test": measure(seen, test, concept_set),
        "epochs": [],
    }
    return _write(out, network, model_config, concept_set, held, validation, metrics)


def machine_name(device: torch.device) -> str:
    """The device for a model card: the GPU's name, or processor and number of threads."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{torch.get_num_threads()} threads of an {platform.machine()} CPU"


def _write(
    out: Path,
    network: IVQCBM,
    model_config: ModelConfig,
    concept_set: ConceptSet,
    held: SplitOutput,
    validation: Split,
    metrics: dict[str, Any],
) -> Checkpoint:
    statistics = validation_statistics(held, validation, concept_set, model_config.codes)
    metrics = _finite(metrics)
    card = model_card(model_config, concept_set, metrics)
    save_checkpoint(out, network, model_config, concept_set, statistics, metrics, card)
    return read_checkpoint(out)


def _finite(value: Any) -> Any:
    """JSON knows no NaN: an undefined figure becomes null."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
