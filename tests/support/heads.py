"""Linear heads small enough to compute by hand, and random ones."""

from __future__ import annotations

import numpy as np

from models.concepts import ConceptSet
from models.intervene.scores import Array, DecisionHead
from models.statistics import ValidationStatistics


def concept_set(sizes: tuple[int, ...], classes: int) -> ConceptSet:
    """Groups g0, g1 … with so many options o0, o1 … each, and classes c0, c1 …"""
    return ConceptSet.model_validate(
        {
            "name": "small",
            "version": 1,
            "title": "Small",
            "modality": "none",
            "prompt": "{group} {option}",
            "classes": [{"key": f"c{index}", "name": f"Class {index}"} for index in range(classes)],
            "groups": [
                {
                    "key": f"g{index}",
                    "name": f"Group {index}",
                    "options": [
                        {"key": f"o{place}", "text": f"option {place}", "source": "made up"} for place in range(size)
                    ],
                }
                for index, size in enumerate(sizes)
            ],
        }
    )  # fmt: skip


def head(
    sizes: tuple[int, ...],
    weight: Array,
    bias: Array,
    span: tuple[float, float] = (-2.0, 2.0),
    typical: list[list[float] | None] | None = None,
) -> DecisionHead:
    """A head whose scores were between ``span`` in validation; the mean of class c is c everywhere, overall 0.5.

    ``typical``: the mean scores of each option's group where it is the true one, if they were measured.
    """
    classes, options = weight.shape
    statistics = ValidationStatistics.model_validate(
        {
            "images": 10,
            "class_means": [*([float(index)] * options for index in range(classes - 1)), None],
            "means": [0.5] * options,
            "option_means": typical,
            "deviations": [1.0] * options,
            "ranges": [span] * options,
            "codes": [],
            "association_source": "masks",
            "familiarity": [1.0, 2.0],
        }
    )
    return DecisionHead(concept_set(sizes, classes), statistics, weight, bias)


def random_head(seed: int, sizes: tuple[int, ...] = (3, 2, 4, 1, 3), classes: int = 4) -> tuple[DecisionHead, Array]:
    """A head and scores for it; with odd seeds it was measured what scores are like where an option is true."""
    rng = np.random.default_rng(seed)
    options = sum(sizes)
    typical: list[list[float] | None] = [
        None if rng.random() < 0.1 else (rng.normal(size=size) + 1.5 * np.eye(size)[place]).tolist()
        for size in sizes
        for place in range(size)
    ]
    weight, bias = rng.normal(size=(classes, options)), rng.normal(size=classes)
    return head(sizes, weight, bias, typical=typical if seed % 2 else None), rng.normal(size=options)
