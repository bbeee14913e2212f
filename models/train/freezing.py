"""Leading parts of an encoder that are not trained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from torch import nn

# Where the towers keep their blocks or stages.
_SEQUENCES = ("blocks", "stages", "resblocks", "layers")


class FrozenParts:
    """Modules and parameters that keep their weights, and batch normalisation that keeps its statistics.

    Args:
        encoder: an ``ImageEncoder``.
        leading: how many blocks or stages, with all that comes before the first one; "all" for the whole encoder.

    Raises:
        ValueError: if the encoder has fewer blocks, or none that can be told apart.
    """

    def __init__(self, encoder: nn.Module, leading: int | Literal["all"]) -> None:
        modules: list[nn.Module] = []
        if leading == "all":
            modules = [encoder]
        elif leading > 0:
            modules = _leading(encoder, leading)
        for module in modules:
            module.requires_grad_(False)
        self._encoder = encoder
        # By name: for several GPUs batch normalisation is replaced by one that counts over all of them.
        self._names = [name for name, module in encoder.named_modules() if any(module is one for one in modules)]

    def hold(self) -> None:
        """Puts the frozen modules into evaluation mode; to be called after ``network.train()``."""
        for name in self._names:
            self._encoder.get_submodule(name).eval()


def _leading(encoder: nn.Module, count: int) -> list[nn.Module]:
    parent, name, parts = _find_blocks(encoder)
    if count > len(parts):
        raise ValueError(f"freeze: the encoder has {len(parts)} blocks, not {count}; use 'all' to freeze all of it")
    before = []
    for key, child in parent.named_children():
        if key == name or child is parts[0]:
            break
        before.append(child)
    for parameter in parent.parameters(recurse=False):  # class token, position embedding
        parameter.requires_grad_(False)
    outer = getattr(encoder, "tower", None)
    if isinstance(outer, nn.Module) and outer is not parent:
        # open_clip keeps its stem beside the transformer that holds the blocks.
        before += [child for key, child in outer.named_children() if key in ("conv1", "ln_pre", "patch_dropout")]
        for parameter in outer.parameters(recurse=False):
            parameter.requires_grad_(False)
    return [*before, *parts[:count]]


def _find_blocks(encoder: nn.Module) -> tuple[nn.Module, str, Sequence[nn.Module]]:
    """The module that holds the blocks, the name it has for the first of them, and the blocks."""
    for module in encoder.modules():
        for name in _SEQUENCES:
            found = getattr(module, name, None)
            if isinstance(found, (nn.ModuleList, nn.Sequential)) and len(found) > 1 and not _is_stem(module):
                return module, name, list(found)
        layers = list(_numbered_layers(module))
        if len(layers) > 1:
            return module, "layer1", layers
    raise ValueError("freeze: this encoder's blocks cannot be told apart; use 'all' or 0")


def _numbered_layers(module: nn.Module) -> Iterator[nn.Module]:
    """``layer1``, ``layer2``, …: the stages of a ResNet."""
    number = 1
    while isinstance(layer := getattr(module, f"layer{number}", None), nn.Module):
        yield layer
        number += 1


def _is_stem(module: nn.Module) -> bool:
    """Whether a module with ``layers`` is what comes before the blocks, such as the small encoder's convolutions."""
    return type(module).__name__ == "ConvolutionalStem"
