"""An exponential moving average of a network's weights: less noise from the last batches than in the weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class WeightAverage:
    """Averages everything in a state dictionary that has a fraction; whole numbers are copied.

    The decay rises to its setting, ``min(decay, (1 + t) / (10 + t))``, so that the initial weights are soon forgotten.

    Args:
        network: to follow.
        decay: in (0, 1).
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self._decay = decay
        self.updates = 0
        self.weights = {name: value.detach().clone() for name, value in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Takes in the weights of the present step."""
        self.updates += 1
        decay = min(self._decay, (1 + self.updates) / (10 + self.updates))
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                self.weights[name].lerp_(value, 1.0 - decay)
            else:
                self.weights[name].copy_(value)

    def restore(self, weights: Mapping[str, Tensor], updates: int) -> None:
        """Goes on from saved averages after that many updates."""
        self.updates = updates
        for name, value in weights.items():
            self.weights[name].copy_(value)

    @contextmanager
    def applied(self, network: nn.Module) -> Iterator[None]:
        """The network has the averaged weights while the context lasts."""
        own = {name: value.detach().clone() for name, value in network.state_dict().items()}
        network.load_state_dict(self.weights)
        try:
            yield
        finally:
            network.load_state_dict(own)
