"""IVQ-CBM assembled: tokens -> (IVQ), Magnet -> option scores -> linear head.

Shapes: B images, L patches, D token width, T text width, K groups, O options, C classes, M codes.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from models.cbm.global_vector import GlobalAggregation
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
    patches: Tensor  # (B, L, D): the tokens that were aggregated


class ConceptBottleneck(nn.Module):
    """All of the model after the encoder. Always computed in float32, whatever the encoder's precision.

    The class logits are a linear function of the option scores alone, so ``weight * score`` is an option's exact
    contribution and an intervention on a score is exact.

    Args:
        ivq: codebook, auxiliary: nothing of it reaches the logits, unless the quantization is explicit.
        magnet: aggregation of tokens into one visual concept per group; a global vector where Magnet is left out.
        scorer: option scores from visual concepts.
        classes: C.
        explicit: replaces each token by its code (straight-through), the variant that the paper argues against.
    """

    def __init__(
        self,
        ivq: ImplicitVectorQuantizer,
        magnet: MagnetAttention | GlobalAggregation,
        scorer: OptionScorer,
        classes: int,
        *,
        explicit: bool = False,
    ) -> None:
        super().__init__()
        self.explicit = explicit
        self.ivq = ivq
        self.magnet = magnet
        self.scorer = scorer
        self.head = nn.Linear(scorer.text_embeddings.shape[0], classes)

    def forward(self, tokens: Tensor) -> BottleneckOutput:
        """From patch tokens to class logits.

        Args:
            tokens: (B, L, D) in any float precision; (B, 1 + L, D), the class token first, where it is aggregated.

        Returns:
            Logits, scores and everything an explanation needs.
        """
        with torch.autocast(tokens.device.type, enabled=False):
            tokens = tokens.float()
            patches = self.patches(tokens)
            ivq = self.ivq(patches)
            if self.explicit:
                codes = F.embedding(ivq.index_map, self.ivq.codebook)
                patches = patches + (codes - patches).detach()
            if isinstance(self.magnet, GlobalAggregation):
                magnet = self.magnet(patches, tokens)
            else:
                magnet = self.magnet(patches)
            scores = self.scorer(magnet.concepts)
            logits = self.head(scores)
        return BottleneckOutput(
            logits, scores, magnet.assignment, magnet.concepts, ivq.index_map, ivq.distances, ivq.loss, patches
        )

    def patches(self, tokens: Tensor) -> Tensor:
        """The patch tokens (B, L, D) among what the encoder yields."""
        prefix = self.magnet.prefix if isinstance(self.magnet, GlobalAggregation) else 0
        return tokens[:, prefix:]

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
        encoder: module that turns images (B, 3, H, W) into the tokens that the bottleneck takes.
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
