"""The quick backward of depthwise convolutions: the same numbers as PyTorch's own."""

from __future__ import annotations

import copy

import pytest
import torch
from timm.layers.conv2d_same import Conv2dSame
from torch import Tensor, nn

from models.encoders.lite import LiteTrunk
from models.train.depthwise import DepthwiseConv2d, _Depthwise, is_slow
from models.train.optimizer import speed_up_backward

LAYERS = {
    "5 x 5": lambda: nn.Conv2d(6, 6, 5, padding=2, groups=6, bias=False),
    "5 x 5, strided": lambda: Conv2dSame(6, 6, 5, stride=2, groups=6, bias=False),
    "3 x 3, strided": lambda: nn.Conv2d(6, 6, 3, stride=2, padding=1, groups=6),
    "7 x 7 with bias": lambda: nn.Conv2d(6, 6, 7, padding=3, groups=6),
    "5 x 3": lambda: nn.Conv2d(6, 6, (5, 3), stride=(1, 2), padding=(2, 1), groups=6, bias=False),
}


def _gradients(layer: nn.Module, images: Tensor) -> tuple[Tensor, ...]:
    seen = images.clone().requires_grad_()
    with torch.autocast("cpu", torch.bfloat16):
        result = layer(seen)
    (result.float() * torch.linspace(-1, 2, result.shape[-1])).sum().backward()
    found = [parameter.grad for parameter in layer.parameters()]
    assert seen.grad is not None
    return (result.float(), seen.grad, *(gradient for gradient in found if gradient is not None))


@pytest.mark.parametrize("size", [13, 14])
@pytest.mark.parametrize("kind", LAYERS)
def test_in_bf16_it_computes_what_the_layer_computes(kind: str, size: int) -> None:
    torch.manual_seed(0)
    layer = LAYERS[kind]()
    assert is_slow(layer)
    images = torch.randn(4, 6, size, size)
    own = _gradients(copy.deepcopy(layer), images)
    quick = _gradients(DepthwiseConv2d(copy.deepcopy(layer)), images)

    assert len(own) == len(quick) == 2 + len(list(layer.parameters()))
    for mine, theirs in zip(quick, own, strict=True):
        assert mine.shape == theirs.shape
        assert float((mine - theirs).detach().norm() / theirs.detach().norm()) < 0.01  # bf16 has 8 bits


@pytest.mark.parametrize("stride", [(1, 1), (2, 2), (1, 3)], ids=str)
@pytest.mark.parametrize("kernel", [(3, 3), (5, 5), (7, 4)], ids=str)
def test_gradients_are_those_of_finite_differences(kernel: tuple[int, int], stride: tuple[int, int]) -> None:
    torch.manual_seed(1)
    images = torch.randn(2, 3, 9, 10, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(3, 1, *kernel, dtype=torch.float64, requires_grad=True)

    assert torch.autograd.gradcheck(lambda *both: _Depthwise.apply(*both, stride), (images, weight))


def test_only_the_gradients_that_are_wanted_are_computed() -> None:
    images, weight = torch.randn(1, 3, 8, 8), torch.randn(3, 1, 5, 5, requires_grad=True)
    _Depthwise.apply(images, weight, (1, 1)).sum().backward()

    assert images.grad is None
    assert weight.grad is not None


def test_an_encoder_keeps_its_weights_their_names_and_its_answers() -> None:
    torch.manual_seed(2)
    trunk = LiteTrunk().eval()
    quick = copy.deepcopy(trunk)
    quick.blocks[:2].requires_grad_(False)
    speed_up_backward(quick)

    layers = [layer for layer in quick.modules() if isinstance(layer, DepthwiseConv2d)]
    assert len(layers) == 14  # eleven of 5 x 5, and those of 3 x 3 with a stride
    assert list(quick.state_dict()) == list(trunk.state_dict())
    assert sum(not layer.weight.requires_grad for layer in layers) == 1
    images = torch.rand(2, 3, 224, 224)
    with torch.no_grad():
        assert torch.allclose(quick(images), trunk(images), atol=1e-5)


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(6, 6, 3, padding=1, groups=6),
        nn.Conv2d(6, 6, 5, padding=2),
        nn.Conv2d(6, 12, 5, padding=2, groups=6),
        nn.Conv2d(6, 6, 5, padding=4, dilation=2, groups=6),
        nn.Conv2d(6, 6, 5, padding="same", groups=6),
        nn.Conv2d(6, 6, 5, padding=2, groups=6, padding_mode="reflect"),
        nn.ConvTranspose2d(6, 6, 5, groups=6),
        nn.Linear(6, 6),
    ],
    ids=["3 x 3", "dense", "two of each", "dilated", "same", "reflecting", "transposed", "linear"],
)
def test_other_layers_stay_as_they_are(layer: nn.Module) -> None:
    assert not is_slow(layer)
