"""Areas under the curves of one model, with intervals over images.

Shapes: N images, T shares, V random orders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models.experiments.deletion.curves import Pixels, areas, image_curves, patch_order
from models.experiments.deletion.settings import DeletionConfig
from models.experiments.keeping import kept_or_made
from models.experiments.localization.targets import priors
from models.experiments.saliency import class_gradcam, decision_maps
from models.experiments.spread import Estimate, estimates, mean_estimate
from models.experiments.subjects import Subject
from models.experiments.surroundings import Surroundings
from models.preprocessing import normalise

Array = NDArray[np.float64]
MAPS = ("class", "options", "magnet")
ORDERS = (*MAPS, "centre", "random")
KINDS = ("deletion", "insertion")

_BATCH = 32
_FORMAT = 2  # of what is kept; other curves have another number


@dataclass(frozen=True)
class OrderCurve:
    """One curve of one order.

    Attributes:
        area: under the mean curve; small is good for deletion, large for insertion.
        over_random: that less the random order's, paired by image; None for the random order.
        over_centre: that less the centre order's; None for the two baselines.
        curve: T probabilities, for rising shares of the patches.
    """

    area: Estimate
    over_random: Estimate | None
    over_centre: Estimate | None
    curve: tuple[Estimate, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "area": self.area.to_json(),
            "less_random": None if self.over_random is None else self.over_random.to_json(),
            "less_centre": None if self.over_centre is None else self.over_centre.to_json(),
            "curve": [point.to_json() for point in self.curve],
        }


@dataclass(frozen=True)
class DeletionResult:
    """Of one model.

    Attributes:
        images: N.
        sharp: probability of the predicted class for the image as it is.
        soft: for the blurred image; what blurring can take away is the difference.
        orders: deletion and insertion by order of the patches, of ``ORDERS``.
    """

    images: int
    sharp: Estimate
    soft: Estimate
    orders: dict[str, dict[str, OrderCurve]]

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        orders = {name: {kind: one.to_json() for kind, one in each.items()} for name, each in self.orders.items()}
        return {
            "images": self.images,
            "probability_sharp": self.sharp.to_json(),
            "probability_blurred": self.soft.to_json(),
            "orders": orders,
        }


def measure_deletion(
    curves: Mapping[str, Array], clusters: NDArray[np.int64], settings: DeletionConfig
) -> DeletionResult:
    """Figures of one model's curves.

    Args:
        curves: (N, T) by "order deletion" and "order insertion", see ``curves_of``.
        clusters: (N,) images that are drawn together.
        settings: resamples and seed of the intervals.
    """

    def mean(values: Array) -> Estimate:
        return mean_estimate(values, clusters, settings.resamples, settings.seed)

    orders: dict[str, dict[str, OrderCurve]] = {}
    for name in ORDERS:
        orders[name] = {}
        for kind in KINDS:
            own = areas(curves[f"{name} {kind}"])
            orders[name][kind] = OrderCurve(
                mean(own),
                None if name == "random" else mean(own - areas(curves[f"random {kind}"])),
                mean(own - areas(curves[f"centre {kind}"])) if name in MAPS else None,
                tuple(_points(curves[f"{name} {kind}"], clusters, settings)),
            )
    ends = curves["random deletion"]
    return DeletionResult(len(clusters), mean(ends[:, 0]), mean(ends[:, -1]), orders)


def curves_of(
    subject: Subject, rows: NDArray[np.int64], settings: DeletionConfig, around: Surroundings
) -> dict[str, Array]:
    """The curves of some images, each kept as soon as it is there.

    Args:
        subject: the model.
        rows: (n,) of its images.
        settings: steps, blur, random orders and seed.
        around: where curves are kept, who is told, and who may stop it.

    Returns:
        (n, T) by "order deletion" and "order insertion"; "random" is the mean over the random orders.

    Raises:
        ExperimentCancelled: somebody stopped it.
    """
    weight = subject.network.bottleneck.head.weight.detach().cpu().numpy()
    maps = decision_maps(subject.found, weight, subject.checkpoint.concept_set)
    maps["centre"] = np.broadcast_to(priors(subject.found.side)["centre"], maps["magnet"].shape)
    folder = None if around.kept is None else around.kept / "curves"
    about = f"{_FORMAT} {subject.checkpoint.weights_digest()} {subject.images.digest()} {torch.__version__}"
    about += f" {settings.steps} {settings.random_orders} {settings.blur} {settings.seed}"
    found: list[Mapping[str, Array]] = []
    for done, row in enumerate(rows.tolist()):
        around.check()
        around.tell("Blurring", done, len(rows))
        saliency = {name: values[row] for name, values in maps.items()}
        found.append(
            kept_or_made(folder, f"{about} {row}", lambda row=row, own=saliency: _one(subject, row, own, settings))  # type: ignore[misc]
        )
    around.tell("Blurring", len(rows), len(rows))
    return {key: np.stack([one[key] for one in found]) for key in found[0]}


def _one(subject: Subject, row: int, maps: Mapping[str, Array], settings: DeletionConfig) -> dict[str, Array]:
    saliency = {"class": class_gradcam(subject, np.array([row]))[0], **maps}
    generator = np.random.default_rng([settings.seed, row])
    orders = [patch_order(values, generator) for values in saliency.values()]
    patches = len(orders[0])
    orders += [generator.permutation(patches) for _ in range(settings.random_orders)]
    wanted = int(subject.found.predicted[row])
    deletion, insertion = image_curves(
        np.asarray(subject.images.data.images[row]),
        orders,
        lambda pictures: _probabilities(subject, pictures)[:, wanted],
        settings.steps,
        settings.blur,
    )
    result: dict[str, Array] = {}
    for kind, curves in zip(KINDS, (deletion, insertion), strict=True):
        result |= {f"{name} {kind}": curves[place] for place, name in enumerate(saliency)}
        result[f"random {kind}"] = curves[len(saliency) :].mean(0)
    return result


@torch.inference_mode()
def _probabilities(subject: Subject, pictures: Pixels) -> Array:
    """(B, C) of pictures (B, S, S, 3)."""
    device, parts = next(subject.network.parameters()).device, []
    for begin in range(0, len(pictures), _BATCH):
        pixels = normalise(pictures[begin : begin + _BATCH], subject.checkpoint.config.preprocessing)
        parts.append(subject.network(pixels.to(device)).logits.double().softmax(-1).cpu().numpy())
    return np.concatenate(parts)


def _points(curve: Array, clusters: NDArray[np.int64], settings: DeletionConfig) -> list[Estimate]:
    def evaluate(weights: Array) -> Array:
        result: Array = (weights @ curve) / weights.sum(1, keepdims=True)
        return result

    return estimates(evaluate, clusters, [len(curve)] * curve.shape[1], settings.resamples, settings.seed)
