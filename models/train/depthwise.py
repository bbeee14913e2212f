"""Depthwise convolutions with a quick backward on CPUs.

PyTorch 2.13's bf16 gradient of a 5 x 5 depthwise kernel takes 140 to 270 ms a layer of EfficientNet-Lite2 at batch 32
where one of 3 x 3 takes 2 to 10, two thirds of a training step. Here the gradient of a large kernel is put together
from those of 3 x 3 pieces of it, each of a convolution over a shifted part of the input: the same sums. The gradient of
the input of a strided layer, slow as well, is a convolution of the gradient spread over a grid of zeros.

Shapes: B images, C channels, k x k the kernel, P x Q the padded input, H x W the output.
"""

from __future__ import annotations

from typing import Any

from models.torchvision_ops import ensure_torchvision_imports

ensure_torchvision_imports()

import torch  # noqa: E402
from timm.layers.conv2d_same import Conv2dSame  # noqa: E402
from timm.layers.padding import pad_same  # noqa: E402
from torch import Tensor, nn  # noqa: E402
from torch.nn import functional as F  # noqa: N812, E402

_PIECE = 3


class DepthwiseConv2d(nn.Conv2d):
    """A depthwise convolution that computes what the layer it was made of computes, with the same weights.

    Only in bf16 is anything done differently; in float32 PyTorch's own backward is as quick.

    Args:
        layer: see ``is_slow``; its parameters are shared.
    """

    def __init__(self, layer: nn.Conv2d) -> None:
        super().__init__(
            layer.in_channels,
            layer.out_channels,
            (layer.kernel_size[0], layer.kernel_size[1]),
            stride=(layer.stride[0], layer.stride[1]),
            groups=layer.groups,
            bias=layer.bias is not None,
            device="meta",
        )
        self.weight, self.bias = layer.weight, layer.bias
        self._same = isinstance(layer, Conv2dSame)
        self._pad = [] if isinstance(layer.padding, str) else [layer.padding[1]] * 2 + [layer.padding[0]] * 2
        self.train(layer.training)

    def forward(self, images: Tensor) -> Tensor:
        """(B, C, height, width) -> (B, C, H, W)."""
        weight = self.weight
        if torch.is_autocast_enabled("cpu"):
            dtype = torch.get_autocast_dtype("cpu")
            images, weight = images.to(dtype), weight.to(dtype)
        padded = pad_same(images, list(self.kernel_size), list(self.stride)) if self._same else F.pad(images, self._pad)
        if weight.dtype is torch.bfloat16 and torch.is_grad_enabled():
            result: Tensor = _Depthwise.apply(padded, weight, self.stride)  # type: ignore[no-untyped-call]
        else:
            result = F.conv2d(padded, weight, stride=self.stride, groups=self.groups)
        return result if self.bias is None else result + self.bias.to(result.dtype)[:, None, None]


class _Depthwise(torch.autograd.Function):
    """Padded images (B, C, P, Q), kernel (C, 1, k, k), stride -> (B, C, H, W)."""

    @staticmethod
    def forward(ctx: Any, images: Tensor, weight: Tensor, stride: tuple[int, int]) -> Tensor:
        ctx.save_for_backward(images, weight)
        ctx.stride = stride
        return F.conv2d(images, weight, stride=stride, groups=weight.shape[0])

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        images, weight = ctx.saved_tensors
        wanted = ctx.needs_input_grad
        return (
            _input_gradient(gradient, weight, ctx.stride, images) if wanted[0] else None,
            _weight_gradient(gradient, images, ctx.stride, weight) if wanted[1] else None,
            None,
        )


def _input_gradient(gradient: Tensor, weight: Tensor, stride: tuple[int, int], images: Tensor) -> Tensor:
    rows, columns = weight.shape[2:]
    if stride != (1, 1):
        spread = torch.zeros_like(images[:, :, : images.shape[2] - rows + 1, : images.shape[3] - columns + 1])
        height, width = gradient.shape[2:]
        spread[:, :, : stride[0] * height : stride[0], : stride[1] * width : stride[1]] = gradient
        gradient = spread
    return F.conv2d(gradient, weight.flip(2, 3), padding=(rows - 1, columns - 1), groups=weight.shape[0])


def _weight_gradient(gradient: Tensor, images: Tensor, stride: tuple[int, int], weight: Tensor) -> Tensor:
    height, width = gradient.shape[2:]
    piece = weight.new_empty((weight.shape[0], 1, _PIECE, _PIECE))
    result = torch.empty_like(weight)
    for row in _starts(weight.shape[2]):
        for column in _starts(weight.shape[3]):
            seen = images[
                :,
                :,
                row : row + stride[0] * (height - 1) + _PIECE,
                column : column + stride[1] * (width - 1) + _PIECE,
            ].contiguous(memory_format=torch.channels_last)
            _, found, _ = torch.ops.aten.convolution_backward(
                gradient, seen, piece, None, stride, [0, 0], [1, 1], False, [0, 0], len(weight), [False, True, False]
            )
            result[:, :, row : row + _PIECE, column : column + _PIECE] = found
    return result


def _starts(size: int) -> list[int]:
    """First row of each piece, so that the pieces cover the kernel; the last may overlap the one before."""
    return [*range(0, size - _PIECE, _PIECE), size - _PIECE]


def is_slow(layer: nn.Module) -> bool:
    """Whether it is a depthwise convolution that ``DepthwiseConv2d`` can stand for and whose own backward is slow."""
    return (
        type(layer) in (nn.Conv2d, Conv2dSame)
        and isinstance(layer, nn.Conv2d)
        and layer.groups == layer.in_channels == layer.out_channels > 1
        and min(layer.kernel_size) >= _PIECE
        and (max(layer.kernel_size) > _PIECE or max(layer.stride) > 1)
        and tuple(layer.dilation) == (1, 1)
        and layer.padding_mode == "zeros"
        and not isinstance(layer.padding, str)
    )
