"""From a part of a batch to its share of the training loss.

Shapes: N images of a split, B of a batch, L patches, D token width, K groups, O options, C classes.
"""

from __future__ import annotations

import copy
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from models.cbm.losses import BatchTotals, ClassificationSettings, batch_totals, classification_loss, concept_loss
from models.cbm.network import IVQCBM, BottleneckOutput
from models.cbm.regularizers import SpectralNormPenalty, barlow_twins_loss, gram_loss
from models.concepts import ConceptSet
from models.train.config import TrainConfig
from models.train.data import Split
from models.train.evaluate import SplitOutput
from models.train.localization import localization_loss, magnet_localization_loss


class StepOutput(NamedTuple):
    """The parts of the loss, ``total`` among them, the class logits (B, C) and the option scores (B, O)."""

    losses: dict[str, Tensor]
    logits: Tensor
    scores: Tensor


class Objective(nn.Module):
    """Network and loss in one module, so that one forward pass is what DistributedDataParallel wraps.

    Args:
        network: to be trained.
        concept_set: of the network.
        config: settings.
        class_weights: (C,) of the classification loss.
        bfloat16: computes the encoder in bf16.
    """

    def __init__(
        self, network: IVQCBM, concept_set: ConceptSet, config: TrainConfig, class_weights: Tensor, *, bfloat16: bool
    ) -> None:
        super().__init__()
        self.network = network
        self._groups = concept_set.group_slices
        self._config = config
        self._bfloat16 = bfloat16
        self.register_buffer("_weights", class_weights, persistent=False)
        self.spectral = SpectralNormPenalty(network.encoder) if config.regularizer == "spectral" else None
        self._anchor: list[nn.Module] = []  # in a list, so that its weights are no part of this module's state
        if config.regularizer == "gram":
            self._anchor.append(copy.deepcopy(network.encoder).eval().requires_grad_(False))
        if config.regularizer != "ivq":
            network.bottleneck.ivq.codebook.requires_grad_(False)

    def forward(
        self, images: Tensor, classes: Tensor, options: Tensor, masks: Tensor | None, totals: BatchTotals
    ) -> StepOutput:
        """Computes the losses of a part of a batch; over all parts they add up to those of the batch.

        Args:
            images: (B, 3, S, S) normalised.
            classes: (B,).
            options: (B, K), -1 where unknown.
            masks: (B, K, rows, columns) where each group's evidence is to be looked for, or None.
            totals: of the whole batch.
        """
        config = self._config
        tokens = self._encode(self.network.encoder, images)
        output: BottleneckOutput = self.network.bottleneck(tokens)
        share = images.shape[0] / totals.images
        weights = ClassificationSettings(self.get_buffer("_weights"), config.label_smoothing)
        losses = {
            "classification": classification_loss(output.logits, classes, totals, weights),
            "concept": concept_loss(output.scores, options, self._groups, config.concept_loss, totals),
        }
        total = losses["classification"] + config.concept_weight * losses["concept"]
        regularization = self._regularization(output, tokens, images)
        if regularization is not None:
            losses[config.regularizer] = share * regularization
            total = total + config.ivq_weight * losses[config.regularizer]
        if masks is not None and config.localization_weight > 0:
            scorer = self.network.bottleneck.scorer
            losses["localization"] = localization_loss(
                scorer, output.patches, options, masks, self._groups, totals.located
            )
            total = total + config.localization_weight * losses["localization"]
        if masks is not None and config.magnet_localization_weight > 0 and config.aggregation == "magnet":
            losses["magnet_localization"] = magnet_localization_loss(output.assignment, masks, totals.images)
            total = total + config.magnet_localization_weight * losses["magnet_localization"]
        return StepOutput({"total": total, **losses}, output.logits, output.scores)

    def _encode(self, encoder: nn.Module, images: Tensor) -> Tensor:
        with torch.autocast(images.device.type, torch.bfloat16, enabled=self._bfloat16):
            tokens: Tensor = encoder(images)
        return tokens.float()

    def _regularization(self, output: BottleneckOutput, tokens: Tensor, images: Tensor) -> Tensor | None:
        kind = self._config.regularizer
        patches = self.network.bottleneck.patches(tokens)
        if kind == "ivq":
            return output.ivq_loss
        if kind == "barlow_twins":
            return barlow_twins_loss(patches)
        if kind == "spectral" and self.spectral is not None:
            penalty: Tensor = self.spectral(self.network.encoder)
            return penalty.to(patches.device)
        if kind == "gram":
            with torch.no_grad():
                anchor = self.network.bottleneck.patches(self._encode(self._anchor[0].to(images.device), images))
            return gram_loss(patches, anchor)
        return None


def held_out_losses(
    output: SplitOutput, split: Split, concept_set: ConceptSet, config: TrainConfig, class_weights: Tensor
) -> dict[str, float]:
    """The losses of images that are not trained on: with those of training they show when a model learns by heart.

    Args:
        output: what the network says of the split.
        split: with its labels.
        concept_set: of the network.
        config: settings.
        class_weights: (C,) of the classification loss.

    Returns:
        Classification and concept loss, and the IVQ loss where there is a codebook. Losses that need masks or a batch
        of training are left out.
    """
    totals = batch_totals(split.classes, split.options, class_weights.cpu().numpy())
    logits, scores = torch.from_numpy(output.logits), torch.from_numpy(output.scores)
    weights = ClassificationSettings(class_weights.cpu(), config.label_smoothing)
    options = torch.from_numpy(np.asarray(split.options))
    classification = classification_loss(logits, torch.from_numpy(np.asarray(split.classes)), totals, weights)
    concept = concept_loss(scores, options, concept_set.group_slices, config.concept_loss, totals)
    losses = {"classification": float(classification), "concept": float(concept)}
    if config.regularizer == "ivq":
        losses["ivq"] = (1 + config.beta) * float(np.mean(output.distances))
    return losses
