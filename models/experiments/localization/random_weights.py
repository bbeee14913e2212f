"""Networks with random weights, as a sanity check of maps (Adebayo et al. 2018).

A map that looks the same, or points as well, when the network has learnt nothing says nothing about what was learnt.

Shapes: N images, K groups, L patches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Any, Literal, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import rankdata
from torch import nn

from models.cbm.network import IVQCBM
from models.checkpoint import Checkpoint, build_network
from models.experiments.images import ExperimentImages
from models.experiments.keeping import kept_or_made
from models.experiments.subjects import Pass, Subject, run
from models.experiments.surroundings import Surroundings
from models.preprocessing import normalise
from models.train.probe import Probe

Array = NDArray[np.float64]
Depth = Literal["head", "network"]
DEPTHS: tuple[Depth, ...] = get_args(Depth)

_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
_FORMAT = 1  # of what is kept
_SETTLING = 64  # images for the statistics of batch normalisation


@dataclass(frozen=True, eq=False)
class RandomPass:
    """What a network with random weights says of some of the images.

    Attributes:
        depth: "head": encoder as trained, everything after it random; "network": all of it random.
        seed: of the weights.
        rows: (n,) of the subject's images, ascending.
        found: of these images.
    """

    depth: Depth
    seed: int
    rows: NDArray[np.int64]
    found: Pass


def random_passes(
    subject: Subject, rows: NDArray[np.int64], seeds: Sequence[int], around: Surroundings
) -> list[RandomPass]:
    """Passes of networks like the subject's but with random weights; kept for the next run.

    Args:
        subject: the trained model.
        rows: of its images that go through.
        seeds: one network each, at each depth.
        around: where passes are kept, and who is told.

    Raises:
        ExperimentCancelled: somebody stopped it.
    """
    checkpoint, images = subject.checkpoint, subject.images.take(rows)
    about = f"{_FORMAT} {checkpoint.weights_digest()} {images.digest()} {torch.__version__}"

    def made(depth: Depth, seed: int) -> dict[str, NDArray[Any]]:
        network = random_network(checkpoint, subject.network, images, depth, seed)
        own = run(network, images.data.images, checkpoint, partial(around.tell, "Random weights"), around.check)
        return {field.name: getattr(own, field.name) for field in fields(Pass)}

    found = []
    for depth in DEPTHS:
        for seed in seeds:
            around.check()
            arrays = kept_or_made(around.kept, f"random {about} {depth} {seed}", partial(made, depth, seed))
            found.append(RandomPass(depth, seed, rows, Pass(**arrays)))
    return found


def random_network(
    checkpoint: Checkpoint, trained: IVQCBM, images: ExperimentImages, depth: Depth, seed: int
) -> IVQCBM:
    """A network as a training would start it: random weights, prototypes on tokens of the images.

    The options' text embeddings stay: they are frozen in training too. Batch normalisation of a random encoder gets
    its statistics from the images, without which its tokens would vanish or explode.

    Args:
        checkpoint: of the trained model.
        trained: its network.
        images: that it will be used on.
        depth: what is random.
        seed: of the weights; the global random state is left as it was.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = build_network(checkpoint.config, checkpoint.concept_set, trained.bottleneck.scorer.text_embeddings)
    network.requires_grad_(False)
    if depth == "head":
        network.encoder.load_state_dict(trained.encoder.state_dict())
    else:
        _settle(network, images, checkpoint)
    network.eval()
    probe = Probe(network, checkpoint.concept_set, checkpoint.config.preprocessing, seed, bfloat16=False)
    probe.place_prototypes(images.data)
    return network


def _settle(network: IVQCBM, images: ExperimentImages, checkpoint: Checkpoint) -> None:
    norms = [part for part in network.encoder.modules() if isinstance(part, _NORMS)]
    if not norms:
        return
    network.eval()
    for norm in norms:
        norm.train()
        norm.momentum = None  # the plain mean over batches
        norm.reset_running_stats()
    with torch.inference_mode():
        network.encoder(normalise(np.asarray(images.data.images[:_SETTLING]), checkpoint.config.preprocessing))


def rank_correlations(first: Array, second: Array) -> Array:
    """(N, K) Spearman's rank correlation over the patches of two sets of maps (N, K, L); NaN for an even map."""
    one, other = (_centred(_ranks(maps)) for maps in (first, second))
    size = np.sqrt((one**2).sum(-1) * (other**2).sum(-1))
    even = np.isnan(first).any(-1) | np.isnan(second).any(-1) | (size == 0)
    alike: Array = np.divide((one * other).sum(-1), size, out=np.full(size.shape, np.nan), where=~even)
    return alike


def _ranks(maps: Array) -> Array:
    ranks: Array = rankdata(maps, axis=-1)
    return ranks


def _centred(values: Array) -> Array:
    centred: Array = values - values.mean(-1, keepdims=True)
    return centred
