"""Several processes that train one model, started by torchrun. With one process all of this does nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
from torch import Tensor, nn
from torch import distributed as dist

# Rank 0 alone measures and writes; the others wait for it that long at most.
_PATIENCE = timedelta(hours=3)


@dataclass(frozen=True)
class Team:
    """This process among those that train together.

    Attributes:
        rank: of this process.
        size: how many there are.
    """

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this is the process that measures, reports and writes."""
        return self.rank == 0

    def share(self, value: Tensor) -> Tensor:
        """Gives every process rank 0's value of a tensor, in place."""
        if self.size > 1:
            dist.broadcast(value, 0)
        return value

    def decide(self, yes: bool, device: torch.device) -> bool:
        """Rank 0's decision, known to all."""
        if self.size == 1:
            return yes
        return bool(self.share(torch.tensor(int(yes), device=device)).item())

    def add(self, value: Tensor) -> Tensor:
        """Sums a tensor over the processes, in place."""
        if self.size > 1:
            dist.all_reduce(value)
        return value

    def wait(self) -> None:
        """Until every process has come this far."""
        if self.size > 1:
            dist.barrier()

    def wrap(self, module: nn.Module, device: torch.device) -> nn.Module:
        """Lets the processes share the gradients of a module, whose weights they take from rank 0.

        Batch normalisation counts over all processes on GPUs. There is no such thing for CPUs: there each process
        normalises its own part of the batch, and rank 0's running statistics are the ones that are kept.
        """
        if self.size == 1:
            return module
        if device.type == "cuda":
            module = nn.SyncBatchNorm.convert_sync_batchnorm(module)  # type: ignore[no-untyped-call]
        ids = [device.index] if device.type == "cuda" else None
        return nn.parallel.DistributedDataParallel(module, device_ids=ids)


@contextmanager
def join_team(device: torch.device) -> Iterator[tuple[Team, torch.device]]:
    """Joins the processes that torchrun started, if any, and leaves them at the end.

    Args:
        device: wanted; under torchrun each process takes the GPU of its local rank.

    Yields:
        The team and the device of this process.
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield Team(), device
        return
    if device.type == "cuda":
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=_PATIENCE)
    try:
        yield Team(dist.get_rank(), dist.get_world_size()), device
    finally:
        dist.destroy_process_group()
