"""Grad-CAM of every option at once, in closed form, from one pass of the encoder.

Between the tokens of the last block and an option's score lie only Magnet attention, one linear projection and a
normalisation, so the gradient that Grad-CAM averages can be written down instead of back-propagated:

    p = W m_k + b,  n = p / |p|,  v_o = s <n, t_o>,  m_k = sum_j A_jk z_j,  A = softmax_k(-|z_j - q_k|^2 / tau)

    g_o         = dv_o / dm_k = (s / |p|) W^T (t_o - <n, t_o> n)
    dA_jk/dz_j  = (2 / tau) A_jk (q_k - sum_k' A_jk' q_k')
    dv_o / dz_j = A_jk g_o + (g_o . z_j) dA_jk/dz_j

Grad-CAM (Selvaraju et al. 2019) at the tokens: channel weights alpha_o = mean_j dv_o / dz_j, map = ReLU(Z alpha_o).

Shapes: B images, L patches, D token width, T text width, K groups, O options.
"""

from __future__ import annotations

import torch
from torch import Tensor

from models.cbm.global_vector import GlobalAggregation
from models.cbm.network import ConceptBottleneck


@torch.no_grad()
def channel_weights(bottleneck: ConceptBottleneck, tokens: Tensor, assignment: Tensor, concepts: Tensor) -> Tensor:
    """Grad-CAM's channel weights: the mean over patches of each option score's gradient at the tokens.

    Args:
        bottleneck: the model after the encoder.
        tokens: (B, L, D) that were aggregated (``BottleneckOutput.patches``), in the bottleneck's precision.
        assignment: (B, L, K) of the Magnet for these tokens.
        concepts: (B, K, D) of the Magnet for these tokens.

    Returns:
        (B, O, D).
    """
    gradient = _concept_gradient(bottleneck, concepts)  # (B, O, D)
    group = bottleneck.scorer.group_of_option  # (O,)
    patches = tokens.shape[1]
    if isinstance(bottleneck.magnet, GlobalAggregation):
        return bottleneck.magnet.pull_back(gradient, group, patches)
    direct = assignment.mean(1)[:, group].unsqueeze(-1) * gradient
    # The assignment itself depends on the tokens: pulled[j, o] = A_jk (g_o . z_j), the weight of that second path.
    pulled = assignment[:, :, group] * (tokens @ gradient.transpose(1, 2))  # (B, L, O)
    queries = bottleneck.magnet.queries
    own = pulled.sum(1).unsqueeze(-1) * queries[group]  # (B, O, D)
    mixed = (pulled.transpose(1, 2) @ assignment) @ queries  # (B, O, D)
    return direct + (2.0 / (bottleneck.magnet.tau * patches)) * (own - mixed)


@torch.no_grad()
def gradcam_maps(bottleneck: ConceptBottleneck, tokens: Tensor, assignment: Tensor, concepts: Tensor) -> Tensor:
    """Grad-CAM of every option score. Arguments as ``channel_weights``.

    Returns:
        (B, O, L), not negative, not scaled.
    """
    weights = channel_weights(bottleneck, tokens, assignment, concepts)
    return torch.relu(weights @ tokens.transpose(1, 2))


def _concept_gradient(bottleneck: ConceptBottleneck, concepts: Tensor) -> Tensor:
    """dv_o / dm_k of each option's own visual concept, (B, O, D)."""
    scorer = bottleneck.scorer
    projected = scorer.projection(concepts)  # (B, K, T)
    norm = projected.norm(dim=-1, keepdim=True).clamp_min(1e-12)
    unit = (projected / norm)[:, scorer.group_of_option]  # (B, O, T)
    text = scorer.text_embeddings
    cosine = (unit * text).sum(-1, keepdim=True)
    tangent = (text - cosine * unit) * (scorer.scale / norm[:, scorer.group_of_option])
    gradient: Tensor = tangent @ scorer.projection.weight
    return gradient
