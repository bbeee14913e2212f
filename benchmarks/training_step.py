"""One training step of ``vitrine_lite`` on a CPU, with PyTorch's backward of depthwise convolutions and with ours.

    python -m benchmarks.training_step [--repeats 7] [--batch 32] [--threads 2]

The two take turns in one process, so that whatever else the machine does falls on both. Prints medians, the spread and
their ratio, with all stages trained and with three frozen, in bf16.
"""

# ruff: noqa: T201 (its output)

from __future__ import annotations

import argparse
import copy
import statistics
import time
from collections.abc import Callable

import torch

from models.encoders.lite import LiteTrunk
from models.train.optimizer import speed_up_backward

_SIDE = 224


def main() -> None:
    """Runs it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(0)
    images = torch.rand(asked.batch, 3, _SIDE, _SIDE) * 2 - 1
    print(f"batch {asked.batch}, {asked.threads} threads, {asked.repeats} repeats, torch {torch.__version__}")
    print("| frozen stages | PyTorch's, ms | ours, ms | ratio |\n| --- | --- | --- | --- |")
    for frozen in (0, 3):
        own = LiteTrunk().train()
        if frozen:
            for part in (own.conv_stem, own.bn1, own.blocks[:frozen]):
                part.requires_grad_(False)
        ours = copy.deepcopy(own)
        speed_up_backward(ours)
        theirs, mine = _alternating([_step(own, images), _step(ours, images)], asked.repeats)
        ratio = statistics.median(theirs) / statistics.median(mine)
        print(f"| {frozen} | {_spread(theirs)} | {_spread(mine)} | {ratio:.2f} |")


def _step(trunk: LiteTrunk, images: torch.Tensor) -> Callable[[], None]:
    def step() -> None:
        trunk.zero_grad()
        with torch.autocast("cpu", torch.bfloat16):
            tokens = trunk.forward_features(images)
        tokens.float().square().mean().backward()  # type: ignore[no-untyped-call]

    return step


def _alternating(steps: list[Callable[[], None]], repeats: int) -> list[list[float]]:
    """Milliseconds of each step, after one of each that is not counted."""
    found: list[list[float]] = [[] for _ in steps]
    for repeat in range(repeats + 1):
        for place, step in enumerate(steps):
            start = time.perf_counter()
            step()
            if repeat:
                found[place].append((time.perf_counter() - start) * 1e3)
    return found


def _spread(times: list[float]) -> str:
    return f"{statistics.median(times):.0f} ({min(times):.0f} to {max(times):.0f})"


if __name__ == "__main__":
    main()
