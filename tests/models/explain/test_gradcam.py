"""Grad-CAM in closed form against automatic differentiation and against the grad-cam package."""

from __future__ import annotations

import numpy as np
import torch
from pytorch_grad_cam import GradCAM
from torch import Tensor, nn

from models.cbm.network import ConceptBottleneck
from models.explain.gradcam import channel_weights, gradcam_maps


def _by_autograd(bottleneck: ConceptBottleneck, tokens: Tensor) -> tuple[Tensor, Tensor]:
    tokens = tokens.clone().requires_grad_()
    scores = bottleneck.scorer(bottleneck.magnet(tokens).concepts)
    gradients = [
        torch.autograd.grad(scores[:, option].sum(), tokens, retain_graph=True)[0].mean(1)
        for option in range(scores.shape[1])
    ]
    weights = torch.stack(gradients, 1)
    return weights, torch.relu(torch.einsum("bod,bld->bol", weights, tokens.detach()))


def test_closed_form_equals_autograd_to_rounding(bottleneck: ConceptBottleneck, tokens: Tensor) -> None:
    magnet = bottleneck.magnet(tokens)
    weights, maps = _by_autograd(bottleneck, tokens)
    closed_weights = channel_weights(bottleneck, tokens, *magnet)
    torch.testing.assert_close(closed_weights, weights, rtol=1e-10, atol=1e-14)
    torch.testing.assert_close(gradcam_maps(bottleneck, tokens, *magnet), maps, rtol=1e-10, atol=1e-14)
    assert maps.max() > 0


def test_batch_and_single_agree(bottleneck: ConceptBottleneck, tokens: Tensor) -> None:
    both = gradcam_maps(bottleneck, tokens, *bottleneck.magnet(tokens))
    first = gradcam_maps(bottleneck, tokens[:1], *bottleneck.magnet(tokens[:1]))
    torch.testing.assert_close(both[:1], first)


class _Scores(nn.Module):
    """Tokens (B, D, 3, 3) as a feature map, through a layer the package can hook, to the option scores."""

    def __init__(self, bottleneck: ConceptBottleneck) -> None:
        super().__init__()
        self.layer = nn.Identity()
        self.bottleneck = bottleneck

    def forward(self, features: Tensor) -> Tensor:
        tokens = self.layer(features).flatten(2).transpose(1, 2)
        scores: Tensor = self.bottleneck.scorer(self.bottleneck.magnet(tokens).concepts)
        return scores


class _Option:
    def __init__(self, index: int) -> None:
        self.index = index

    def __call__(self, output: Tensor) -> Tensor:
        return output[self.index]


def test_agrees_with_the_grad_cam_package(bottleneck: ConceptBottleneck, tokens: Tensor) -> None:
    features = tokens.transpose(1, 2).reshape(2, -1, 3, 3).float()
    model = _Scores(bottleneck.float())
    flat = features.flatten(2).transpose(1, 2)
    ours = gradcam_maps(bottleneck, flat, *bottleneck.magnet(flat)).reshape(2, -1, 3, 3).detach().numpy()
    compared = 0
    with GradCAM(model=model, target_layers=[model.layer]) as package:
        for option in range(ours.shape[1]):
            theirs = package(features.clone().requires_grad_(), targets=[_Option(option)] * 2)
            for image in range(2):
                own = ours[image, option]
                if own.max() - own.min() < 1e-3:
                    continue  # the package stretches every map to [0, 1], a flat one to rounding noise
                stretched = (own - own.min()) / (own.max() - own.min())
                np.testing.assert_allclose(stretched, theirs[image], atol=1e-3)
                compared += 1
    assert compared >= 6
