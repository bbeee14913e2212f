"""IVQ-CBM assembled: tokens -> (IVQ), Magnet -> option scores -> linear head.

Shapes: B images, L patches, D token width, T text width, K groups, O options, C classes, M codes.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from models.cbm.ivq import ImplicitVectorQuantizer
from models.cbm.magnet import MagnetAttention
from models.cbm.scoring import OptionScorer


class BottleneckOutput(NamedTuple):
    """Everything the bottleneck computes from one batch of tokens."""

    logits: Tensor  # (B, C)
    scores: Tensor  # (B, O)
    assignment: Tensor  # (B, L, K)
    concepts: Tensor  # (B, K, D)
    index_map: Tensor  # (B, L)
    distances: Tensor  # (B, L)
    ivq_loss: Tensor  # ()


class ConceptBottleneck(nn.Module):
    """All of the model after the encoder. Always computed in float32, whatever the encoder's precision.

    The class logits are a linear function of the option scores alone, so ``weight * score`` is an option's exact
    contribution and an intervention on a score is exact.

    Args:
        ivq: codebook, auxiliary: nothing of it reaches the logits.
        magnet: aggregation of tokens into one visual concept per group.
        scorer: option scores from visual concepts.
        classes: C.
    """

    def __init__(
        self, ivq: ImplicitVectorQuantizer, magnet: MagnetAttention, scorer: OptionScorer, classes: int
    ) -> None:
        super().__init__()
        self.ivq = ivq
        self.magnet = magnet
        self.scorer = scorer
        self.head = nn.Linear(scorer.text_embeddings.shape[0], classes)

    def forward(self, tokens: Tensor) -> BottleneckOutput:
        """From patch tokens to class logits.

        Args:
            tokens: (B, L, D) in any float precision.

        Returns:
            Logits, scores and everything an explanation needs.
        """
        with torch.autocast(tokens.device.type, enabled=False):
            tokens = tokens.float()
            ivq = self.ivq(tokens)
            magnet = self.magnet(tokens)
            scores = self.scorer(magnet.concepts)
            logits = self.head(scores)
        return BottleneckOutput(
            logits, scores, magnet.assignment, magnet.concepts, ivq.index_map, ivq.distances, ivq.loss
        )

    def contributions(self, scores: Tensor) -> Tensor:
        """Exact contribution of each option to each class logit: ``weight * score``.

        Args:
            scores: (B, O).

        Returns:
            (B, O, C); summed over O and added to the bias it gives the logits.
        """
        return scores.unsqueeze(-1) * self.head.weight.t()


class IVQCBM(nn.Module):
    """Image encoder and concept bottleneck.

    Args:
        encoder: module that turns images (B, 3, H, W) into patch tokens (B, L, D).
        bottleneck: the concept bottleneck on those tokens.
    """

    def __init__(self, encoder: nn.Module, bottleneck: ConceptBottleneck) -> None:
        super().__init__()
        self.encoder = encoder
        self.bottleneck = bottleneck

    @property
    def image_size(self) -> int:
        """Side of the encoder's input in pixels."""
        return int(self.encoder.image_size)  # type: ignore[arg-type]

    def forward(self, images: Tensor) -> BottleneckOutput:
        """From normalised images (B, 3, H, W) to the bottleneck's output."""
        output: BottleneckOutput = self.bottleneck(self.encoder(images))
        return output
