"""Looks at a network between epochs: figures, effective rank, and where its prototypes should stand.

Shapes: B images, L patches, D token width.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from models.cbm.magnet import MagnetAttention
from models.cbm.network import IVQCBM
from models.concepts import ConceptSet
from models.encoders.loading import Preprocessing
from models.train.averaging import WeightAverage
from models.train.data import Split
from models.train.evaluate import SplitOutput, run_split
from models.train.inputs import encoder_input
from models.train.rank import effective_ranks

_RANK_SAMPLE = 32
_PROTOTYPE_SAMPLE = 64
_PROTOTYPES, _REVIVAL, _FITTING = range(3)


class Probe:
    """Looks at one network.

    Args:
        network: on its device.
        concept_set: of the network.
        preprocessing: of its encoder.
        seed: of the training.
        bfloat16: computes the encoder in bf16.
    """

    def __init__(
        self, network: IVQCBM, concept_set: ConceptSet, preprocessing: Preprocessing, seed: int, *, bfloat16: bool
    ) -> None:
        self._network = network
        self._concept_set = concept_set
        self._preprocessing = preprocessing
        self._seed = seed
        self._bfloat16 = bfloat16

    def run(self, split: Split) -> SplitOutput:
        """What the network says of a split."""
        return run_split(self._network, split, self._concept_set, self._preprocessing, bfloat16=self._bfloat16)

    def rank(self, split: Split) -> float:
        """Mean effective rank of the tokens of some images."""
        return float(effective_ranks(self._tokens(split, _RANK_SAMPLE)).float().mean())

    def place_prototypes(self, train: Split) -> None:
        """Puts codes and Magnet queries onto tokens, so that none starts far from all of them."""
        tokens = self._sample(train).cpu()
        generator = self._generator(_PROTOTYPES, 0)
        bottleneck = self._network.bottleneck
        bottleneck.ivq.refit(tokens, generator, rounds=0)
        if isinstance(bottleneck.magnet, MagnetAttention):
            bottleneck.magnet.initialise(tokens, generator)

    def revive_codes(self, train: Split, epoch: int, average: WeightAverage | None) -> int:
        """Moves unused codes onto tokens, and says how many."""
        codebook = self._network.bottleneck.ivq.codebook
        before = codebook.detach().clone()
        moved = self._network.bottleneck.ivq.revive(self._sample(train), self._generator(_REVIVAL, epoch))
        if moved and average is not None:
            # The average of a dead code and a live one would be neither.
            rows = (codebook.detach() != before).any(1)
            average.weights["bottleneck.ivq.codebook"][rows] = codebook.detach()[rows]
        return moved

    def fit_codes(self, train: Split, epoch: int) -> None:
        """Fits the codebook of a network that is trained without one to its tokens, as a dictionary to look at."""
        self._network.bottleneck.ivq.refit(self._sample(train), self._generator(_FITTING, epoch))

    @torch.no_grad()
    def _tokens(self, split: Split, count: int) -> Tensor:
        self._network.eval()
        device = next(self._network.parameters()).device
        rows = np.linspace(0, len(split) - 1, min(count, len(split))).astype(np.int64)
        images = encoder_input(np.asarray(split.images[rows]), self._preprocessing).to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=self._bfloat16):
            tokens: Tensor = self._network.encoder(images)
        return self._network.bottleneck.patches(tokens.float())

    def _sample(self, split: Split) -> Tensor:
        """(N, D) patch tokens of some images."""
        return self._tokens(split, _PROTOTYPE_SAMPLE).flatten(0, 1)

    def _generator(self, purpose: int, epoch: int) -> torch.Generator:
        return torch.Generator().manual_seed(self._seed * 1_000_003 + epoch * 7 + purpose)
