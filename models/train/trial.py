"""A trial of seconds that tells how fast a model is trained on this machine.

Shapes: N images, S pixels a side, L tokens, D token width, G localizable groups.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Generator
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from models.cbm.network import IVQCBM
from models.checkpoint import Checkpoint, load_network
from models.data.synthetic.generators import GENERATORS
from models.train.config import TrainConfig
from models.train.data import Split
from models.train.engine import Engine
from models.train.evaluate import run_split
from models.train.inputs import TokenInput
from models.train.rank import effective_ranks
from models.train.retrain.settings import Mode, RetrainConfig, training_config
from models.train.run import without_denormals
from models.train.speeds import Speeds

_BATCH = {"cpu": 8, "cuda": 32}
_RANKED = 16
_PICTURE = (1024, 768)


def measure_speeds(checkpoint: Checkpoint, device: torch.device, seconds: float = 5.0) -> Speeds:
    """A short trial of each kind of work on noise; nothing is written and the checkpoint stays as it is.

    Images are drawn for a model of procedural images, else decoded: JPEGs of 1024 x 768, so smaller or larger files
    are faster or slower than what is told.

    Args:
        checkpoint: whose architecture and settings count.
        device: to train on.
        seconds: for all of it, about: one step of each kind is done, however long it takes.

    Raises:
        CheckpointError: if the weights cannot be read.
        RetrainError: if the checkpoint does not say how it was trained.
    """
    with without_denormals():
        batch = _BATCH.get(device.type, _BATCH["cpu"])
        network = load_network(checkpoint).to(device)
        split = _noise(checkpoint, network.image_size, 4 * batch)
        pixels = torch.rand(batch, 3, network.image_size, network.image_size, device=device)
        with torch.inference_mode():
            encoder = _measured(0.2 * seconds, _repeated(lambda: network.encoder(pixels).sum().item(), batch))
            tokens = network.encoder(pixels).float()
        patches = network.bottleneck.patches(tokens)
        ranked = torch.randn(_RANKED, *patches.shape[1:], device=device)
        ranking = _measured(0.05 * seconds, _repeated(lambda: effective_ranks(ranked).sum().item(), _RANKED))
        held = replace(split, images=torch.randn(len(split), *tokens.shape[1:]).numpy())
        behind = IVQCBM(TokenInput(), network.bottleneck)
        preprocessing = checkpoint.config.preprocessing
        measuring = _measured(
            0.1 * seconds,
            _repeated(
                lambda: run_split(behind, held, checkpoint.concept_set, preprocessing, bfloat16=False), len(split)
            ),
        )
        quick = _measured(0.25 * seconds, _training(checkpoint, "quick", held, device))
        full = _measured(0.4 * seconds, _training(checkpoint, "full", split, device))
    return Speeds(
        encoder=encoder,
        training=full,
        tokens=quick,
        measuring=measuring,
        ranking=ranking,
        preparing=_preparing(checkpoint, network.image_size),
        options=checkpoint.concept_set.option_count,
    )


def _training(checkpoint: Checkpoint, mode: Mode, split: Split, device: torch.device) -> Generator[int, None, None]:
    """Steps of a training as a retraining makes them."""
    config = training_config(checkpoint, RetrainConfig(mode=mode, device=str(device)))
    # Small batches, so that a step of a large encoder fits into the trial.
    changes = {"batch_size": len(split) // 4, "accumulate": 1, "auxiliary": None, "workers": 1}
    config = TrainConfig.model_validate(config.model_dump() | changes)
    network = load_network(checkpoint).requires_grad_(True)
    trained = IVQCBM(TokenInput(), network.bottleneck) if mode == "quick" else network
    yield from Engine(trained, checkpoint.concept_set, checkpoint.config.preprocessing, config, device).trial(split)


def _noise(checkpoint: Checkpoint, side: int, count: int) -> Split:
    """Images (N, S, S, 3) with labels, and with masks where the groups have places."""
    concept_set, stream = checkpoint.concept_set, np.random.default_rng(0)
    options = np.stack([stream.integers(0, max(2, len(group.options)), count) for group in concept_set.groups], 1)
    local = sum(group.localizable for group in concept_set.groups)
    return Split(
        stream.integers(0, 256, (count, side, side, 3), dtype=np.uint8),
        np.arange(count) % len(concept_set.classes),
        options,
        np.ones((count, local, *checkpoint.config.grid), np.float32) if local else None,
    )


def _repeated(work: Callable[[], object], images: int) -> Generator[int, None, None]:
    while True:
        work()
        yield images


def _measured(seconds: float, steps: Generator[int, None, None]) -> float:
    """Images a second; the first step, which is slower, counts only if there is no time for a second one."""
    start = time.perf_counter()
    try:
        done = next(steps)
        spent = time.perf_counter() - start
        if spent >= seconds:
            return done / spent
        left, begun, done = seconds - spent, time.perf_counter(), 0
        while True:
            done += next(steps)
            spent = time.perf_counter() - begun
            if spent >= left:
                return done / spent
    finally:
        steps.close()


def _preparing(checkpoint: Checkpoint, side: int) -> float:
    """Images a second on all processors."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if checkpoint.dataset in GENERATORS:
        synthesize = GENERATORS[checkpoint.dataset][0]
        synthesize("train", 1, side, workers=1)  # the first one loads what the others need
        return processors * _measured(0.4, _repeated(lambda: synthesize("train", 8, side, workers=1), 8))
    waves = np.random.default_rng(0).integers(0, 256, (24, 32, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(waves).resize(_PICTURE, Image.Resampling.BICUBIC).save(file, "JPEG", quality=90)
    return processors * _measured(0.3, _repeated(lambda: _decoded(file, side), 1))


def _decoded(file: io.BytesIO, side: int) -> NDArray[np.uint8]:
    """(S, S, 3)."""
    file.seek(0)
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB").resize((side, side), Image.Resampling.BICUBIC))
