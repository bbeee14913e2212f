"""A sample of tokens of a model, kept for the next run.

Shapes: N images, T tokens, M codes, D token width.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models.diagnose.nearest import TokenSample
from models.experiments.keeping import kept_or_made
from models.experiments.subjects import Subject
from models.experiments.surroundings import Surroundings
from models.preprocessing import normalise

_BATCH = 32
_FORMAT = 1


@dataclass(frozen=True, eq=False)
class Tokens:
    """Tokens and codes.

    Attributes:
        sample: T tokens, their nearest codes, images and patches.
        clusters: (T,) equal for tokens of images that are drawn together.
        codebook: (M, D) float32.
    """

    sample: TokenSample
    clusters: NDArray[np.int64]
    codebook: NDArray[np.float32]


def sample_tokens(subject: Subject, count: int, seed: int, around: Surroundings) -> Tokens:
    """About so many tokens of the subject's images, evenly drawn.

    Raises:
        ExperimentCancelled: somebody stopped it.
    """
    images, network = subject.images, subject.network
    patches = subject.found.index_map.shape[1]
    places = TokenSample(len(images), patches, count, np.random.default_rng(seed))
    weights = subject.checkpoint.weights_digest()
    name = f"tokens {_FORMAT} {weights} {images.digest()} {count} {seed} {torch.__version__}"
    kept = kept_or_made(around.kept, name, lambda: _made(subject, count, seed, around))
    places.add_all(kept["tokens"], kept["codes"])
    codebook = network.bottleneck.ivq.codebook.detach().cpu().numpy()
    return Tokens(places, images.clusters[places.rows], codebook)


@torch.inference_mode()
def _made(subject: Subject, count: int, seed: int, around: Surroundings) -> dict[str, NDArray[Any]]:
    pictures, patches = subject.images.data.images, subject.found.index_map.shape[1]
    sample = TokenSample(len(pictures), patches, count, np.random.default_rng(seed))
    device = next(subject.network.parameters()).device
    for begin in range(0, len(pictures), _BATCH):
        around.check()
        around.tell("Taking tokens", begin, len(pictures))
        pixels = normalise(np.asarray(pictures[begin : begin + _BATCH]), subject.checkpoint.config.preprocessing)
        output = subject.network(pixels.to(device))
        sample.add(begin, output.patches.cpu().numpy(), output.index_map.cpu().numpy())
    around.tell("Taking tokens", len(pictures), len(pictures))
    return {"tokens": sample.tokens, "codes": sample.codes}
