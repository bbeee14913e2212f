"""Training steps: ours against the published loop's way of doing them, on the same encoder, images and batch.

The published loop (as its repository's readme and the paper's appendix describe it) computes in float32 with PyTorch's
defaults and takes a singular value decomposition of every image's tokens to follow the rank. Ours is a step of
``vitrine train``: bf16 where the machine multiplies it, a fused optimizer, quick backwards, the rank of 32 images an
epoch from Gram matrices.

Shapes: B images, L patches, D token width.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from benchmarks.speed.timing import in_turns, ratio
from models.cbm.network import IVQCBM, BottleneckOutput
from models.concepts import ConceptSet, load_concept_set
from models.encoders.loading import Preprocessing
from models.preprocessing import normalise
from models.train.building import prepare_network
from models.train.config import TrainConfig
from models.train.data import Split
from models.train.engine import Engine
from models.train.rank import effective_ranks

ENCODERS = {"vitrine_small": None, "vitrine_lite": "imagenet", "ViT-B-16": None}
BATCH = 32


def training(repeats: int, encoders: tuple[str, ...] = tuple(ENCODERS)) -> list[dict[str, Any]]:
    """Images a second of both, and what following the rank costs."""
    return [_of(name, repeats) for name in encoders]


def _of(encoder: str, repeats: int) -> dict[str, Any]:
    concept_set = load_concept_set("isic2018")
    config = TrainConfig(name="bench", encoder=encoder, pretrained=ENCODERS[encoder], batch_size=BATCH, epochs=1000)
    split = _noise(concept_set)
    ours, model = prepare_network(config, concept_set)
    steps = Engine(ours, concept_set, model.preprocessing, config, torch.device("cpu")).trial(split)
    theirs, _ = prepare_network(config, concept_set)
    published = _published(theirs, concept_set, model.preprocessing, split)
    tokens = torch.randn(BATCH, *_tokens(theirs))
    found = in_turns(
        {
            "ours": partial(next, steps),
            "published": published,
            "rank by Gram matrices": partial(effective_ranks, tokens),
            "rank by decompositions": partial(_ranks, tokens),
        },
        repeats,
        warm=1,
    )
    steps.close()
    return {
        "encoder": encoder,
        "batch": BATCH,
        "times": {name: times.to_json() for name, times in found.items()},
        "images_per_second": {name: round(BATCH / found[name].median, 2) for name in ("ours", "published")},
        "ratios": {
            "ours to published, images a second": ratio(found["published"], found["ours"]),
            "rank of a batch to a step": found["rank by Gram matrices"].median / found["ours"].median,
            "decompositions to Gram matrices": ratio(found["rank by decompositions"], found["rank by Gram matrices"]),
        },
    }


def _noise(concept_set: ConceptSet) -> Split:
    stream = np.random.default_rng(0)
    count = 4 * BATCH
    options = np.stack([stream.integers(0, max(2, len(group.options)), count) for group in concept_set.groups], 1)
    images = stream.integers(0, 256, (count, 224, 224, 3), dtype=np.uint8)
    return Split(images, np.arange(count) % len(concept_set.classes), options, None)


def _tokens(network: IVQCBM) -> tuple[int, int]:
    with torch.no_grad():
        shape = network.encoder(torch.zeros(1, 3, 224, 224)).shape
    return int(shape[1]), int(shape[2])


def _ranks(tokens: Tensor) -> list[int]:
    """(B,) of each image by a decomposition of its own."""
    found = []
    for one in tokens:
        energy = torch.linalg.svdvals(one).square().cumsum(0)
        found.append(int((energy / energy[-1] <= 0.99).sum()))
    return found


def _published(
    network: IVQCBM, concept_set: ConceptSet, preprocessing: Preprocessing, split: Split
) -> Callable[[], None]:
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4)
    places = iter(range(10**9))
    groups = concept_set.group_slices

    def step() -> None:
        network.train()
        rows = np.arange(BATCH) + (next(places) * BATCH) % len(split)
        images = normalise(np.asarray(split.images[rows]), preprocessing).contiguous()
        options = torch.from_numpy(split.options[rows])
        optimizer.zero_grad()
        output: BottleneckOutput = network(images)
        loss = F.cross_entropy(output.logits, torch.from_numpy(split.classes[rows])) + output.ivq_loss
        for place, group in enumerate(groups):
            loss = loss + F.cross_entropy(output.scores[:, group], options[:, place])
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        _ranks(output.patches.detach())

    return step
