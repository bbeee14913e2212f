"""What the panels show of one model, and which images.

Shapes: N images, n chosen ones, K groups, L patches, S pixels a side, M codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from models.experiments.images import ExperimentImages
from models.experiments.localization.targets import group_maps, owners, strongest_options, targets
from models.experiments.saliency import decision_maps
from models.experiments.subjects import Subject
from models.experiments.surroundings import ExperimentError

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shown:
    """The images.

    Attributes:
        keys: (n,) names.
        classes: (n,) names of the true classes; "?" where unknown.
        pixels: (n, S, S, 3) uint8.
        masks: (n, L) share of each patch that any mask covers; None without masks.
    """

    keys: tuple[str, ...]
    classes: tuple[str, ...]
    pixels: NDArray[np.uint8]
    masks: Array | None


@dataclass(frozen=True, eq=False)
class ModelPanels:
    """What one model says of them.

    Attributes:
        name: of the model.
        predicted: (n,) names of the predicted classes.
        probabilities: (n,) theirs.
        index_maps: (n, L) codes.
        codes: (M,) what each code is: the group that it goes with and phi, or that it goes with none.
        decision: (n, L) Grad-CAM of the present options, weighted by what they say for the predicted class.
        groups: (K,) names.
        options: (n, K) ids of each group's strongest option.
        gradcam: (n, K, L) of these.
    """

    name: str
    predicted: tuple[str, ...]
    probabilities: Array
    index_maps: NDArray[np.int64]
    codes: tuple[str, ...]
    decision: Array
    groups: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]
    gradcam: Array

    def to_json(self) -> dict[str, Any]:
        """Without the maps; of each image the share of its patches that each code has."""
        counts = [np.bincount(row, minlength=len(self.codes)) for row in self.index_maps]
        return {
            "codes": list(self.codes),
            "images": [
                {
                    "predicted": self.predicted[row],
                    "probability": float(self.probabilities[row]),
                    "options": list(self.options[row]),
                    "code_shares": (counts[row] / self.index_maps.shape[1]).tolist(),
                }
                for row in range(len(self.predicted))
            ],
        }


def chosen_rows(images: ExperimentImages, keys: Sequence[str], count: int, seed: int) -> NDArray[np.int64]:
    """(n,) the images of these names, or drawn by chance from every class in turn.

    Raises:
        ExperimentError: if a name is not among the images; it says which there are.
    """
    if keys:
        known = {key: row for row, key in enumerate(images.keys)}
        missing = [key for key in keys if key not in known]
        if missing:
            raise ExperimentError(f"keys: {missing[0]} is not among the images; they are named like {images.keys[0]}")
        return np.array([known[key] for key in keys], np.int64)
    order = np.random.default_rng(seed).permutation(len(images))
    classes = images.data.classes[order]
    turn = np.zeros(len(order), np.int64)
    for label in np.unique(classes):
        turn[classes == label] = np.arange(np.sum(classes == label))
    rows: NDArray[np.int64] = order[np.lexsort((classes, turn))][:count].astype(np.int64)
    return rows


def shown(subject: Subject, rows: NDArray[np.int64]) -> Shown:
    """The chosen images as the subject's encoder takes them."""
    images, concept_set = subject.images.take(rows), subject.checkpoint.concept_set
    truth = targets(images, concept_set)
    names = concept_set.class_names
    return Shown(
        images.keys,
        tuple("?" if label < 0 else names[label] for label in images.data.classes),
        np.asarray(images.data.images),
        None if truth is None else truth.masks.max(1),
    )


def model_panels(subject: Subject, rows: NDArray[np.int64]) -> ModelPanels:
    """What a model says of the chosen images."""
    concept_set, found = subject.checkpoint.concept_set, subject.found
    statistics = subject.checkpoint.statistics
    weight = subject.network.bottleneck.head.weight.detach().cpu().numpy()
    strongest = strongest_options(found.scores[rows], concept_set)
    predicted = found.predicted[rows]
    return ModelPanels(
        subject.checkpoint.name,
        tuple(concept_set.class_names[label] for label in predicted),
        softmax(found.logits[rows].astype(np.float64), axis=1).max(1),
        found.index_map[rows],
        tuple(
            f"{code.group_key} (φ {code.association:.2f})" if code.group_key else "no group"
            for code in statistics.codes
        ),
        decision_maps(found, weight, concept_set)["options"][rows],
        tuple(group.name for group in concept_set.groups),
        tuple(tuple(concept_set.option_ids[option] for option in row) for row in strongest),
        group_maps(found, owners(statistics.codes), concept_set)["gradcam"][rows],
    )
