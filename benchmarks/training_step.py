"""One training step of ``vitrine_lite`` on a CPU, with PyTorch's backward of depthwise convolutions and with ours.

    python -m benchmarks.training_step [--repeats 7] [--batch 32] [--threads 2]

The two take turns in one process, so that whatever else the machine does falls on both. Prints medians, the spread and
their ratio, with all stages trained and with three frozen, in bf16.
"""

# ruff: noqa: T201 (its output)

from __future__ import annotations

import argparse
import copy
from collections.abc import Callable

import torch

from benchmarks.speed.timing import Times, in_turns
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
        found = in_turns({"theirs": _step(own, images), "ours": _step(ours, images)}, asked.repeats, warm=1)
        theirs, mine = found["theirs"], found["ours"]
        print(f"| {frozen} | {_spread(theirs)} | {_spread(mine)} | {theirs.median / mine.median:.2f} |")


def _step(trunk: LiteTrunk, images: torch.Tensor) -> Callable[[], None]:
    def step() -> None:
        trunk.zero_grad()
        with torch.autocast("cpu", torch.bfloat16):
            tokens = trunk.forward_features(images)
        tokens.float().square().mean().backward()  # type: ignore[no-untyped-call]

    return step


def _spread(times: Times) -> str:
    """Milliseconds."""
    low, high = min(times.seconds), max(times.seconds)
    return f"{times.median * 1e3:.0f} ({low * 1e3:.0f} to {high * 1e3:.0f})"


if __name__ == "__main__":
    main()
