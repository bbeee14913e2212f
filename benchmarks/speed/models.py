"""One image and one batch: what explaining costs beside the bare encoder and beside how it is usually done.

Shapes: B images, L patches, D token width, O options.
"""

from __future__ import annotations

import warnings
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.speed.timing import Times, in_turns, ratio
from models.checkpoint import load_network, read_checkpoint
from models.predictor import Predictor
from models.preprocessing import normalise

BATCHES = (1, 2, 4, 8, 16, 32)


def pictures(count: int, side: int) -> list[Image.Image]:
    """Smooth noise of different colours."""
    random = np.random.default_rng(0)
    return [
        Image.fromarray(random.integers(0, 256, (9, 12, 3), dtype=np.uint8)).resize((side * 4 // 3, side))
        for _ in range(count)
    ]


def one_image(folder: Path, repeats: int) -> dict[str, Any]:
    """All that is shown of one image, from its square on, against the encoder alone and against the usual ways."""
    predictor = Predictor.from_folder(folder)
    square = predictor.prepare(pictures(1, 480)[0])
    checkpoint = read_checkpoint(folder)
    network = load_network(checkpoint).eval().requires_grad_(True)  # the package fails on frozen ones
    inputs = normalise(square.pixels[None], checkpoint.config.preprocessing)
    options = checkpoint.concept_set.option_count
    quick = in_turns(
        {
            "encoder": lambda: predictor.encode([square]),
            "explained": lambda: predictor.explain_all([square]),
            "official": lambda: _official(network, inputs),
        },
        repeats,
        warm=5,
    )
    by_package = in_turns(
        {"encoder": lambda: predictor.encode([square]), "grad-cam": lambda: _by_package(network, inputs, options)},
        repeats=2,
        warm=0,
    )
    flops = _flops(network, inputs)
    return {
        "model": checkpoint.name,
        "precision": predictor.precision,
        "device": predictor.device,
        "options": options,
        "times": {name: times.to_json() for name, times in quick.items()}
        | {"grad-cam, a call per option": by_package["grad-cam"].to_json()},
        "encoder_gflop": round(flops / 1e9, 2),
        "share_of_matrix_peak": round(flops / quick["encoder"].median / peak(predictor.precision), 3),
        "ratios": {
            "explained to encoder": ratio(quick["explained"], quick["encoder"]),
            "official to explained": ratio(quick["official"], quick["explained"]),
            "grad-cam a call per option to explained": by_package["grad-cam"].median / quick["explained"].median,
        },
    }


def batches(folder: Path, repeats: int) -> dict[str, Any]:
    """Images a second, of the bare encoder and explained, by how many go together."""
    predictor = Predictor.from_folder(folder)
    squares = [predictor.prepare(picture) for picture in pictures(max(BATCHES), 480)]
    rows = []
    for size in BATCHES:
        some = squares[:size]
        found = in_turns(
            {"encoder": partial(predictor.encode, some), "explained": partial(predictor.explain_all, some)}, repeats
        )
        rows.append(
            {
                "batch": size,
                "encoder_images_per_second": round(size / found["encoder"].median, 1),
                "explained_images_per_second": round(size / found["explained"].median, 1),
                "ratio": ratio(found["explained"], found["encoder"]),
            }
        )
    return {"model": folder.name, "precision": predictor.precision, "batches": rows}


def peak(precision: str, size: int = 2048) -> float:
    """Operations a second of the machine's own matrix product in that precision."""
    kind = torch.bfloat16 if precision == "bfloat16" else torch.float32
    left, right = torch.randn(size, size).to(kind), torch.randn(size, size).to(kind)
    times: Times = in_turns({"product": lambda: left @ right}, 7)["product"]
    return float(2 * size**3 / min(times.seconds))


@torch.no_grad()
def _official(network: nn.Module, inputs: Tensor) -> float:
    """The published repository's way: float32, one image at a time, a singular value decomposition of its tokens."""
    output = network(inputs)
    values = torch.linalg.svdvals(output.patches[0])
    energy = values.square().cumsum(0) / values.square().sum()
    return float((energy < 0.99).sum() + 1 + output.logits[0].argmax())


class _Scores(nn.Module):
    """What the package explains: images to option scores."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network
        self.tokens = nn.Identity()

    def forward(self, images: Tensor) -> Tensor:
        tokens = self.tokens(self.network.encoder(images))  # type: ignore[operator]
        scores: Tensor = self.network.bottleneck(tokens).scores  # type: ignore[operator]
        return scores


def _by_package(network: nn.Module, inputs: Tensor, options: int) -> None:
    """``grad-cam`` as its users call it: once for each option, each with the network forward and back."""
    module = _Scores(network)
    side = int(network.bottleneck(network.encoder(inputs)).patches.shape[1] ** 0.5)  # type: ignore[operator]

    def on_grid(tokens: Tensor) -> Tensor:
        return tokens[:, -side * side :].transpose(1, 2).reshape(len(tokens), -1, side, side)

    from pytorch_grad_cam import GradCAM  # noqa: PLC0415 (after what makes torchvision importable)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for option in range(options):
            with GradCAM(model=module, target_layers=[module.tokens], reshape_transform=on_grid) as cam:
                cam(inputs, targets=[lambda scores, o=option: scores[o]])


def _flops(network: nn.Module, inputs: Tensor) -> int:
    """Multiplications and additions of the encoder; attention counted by its two products."""
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network.encoder(inputs)  # type: ignore[operator]
    return int(counter.get_total_flops())
