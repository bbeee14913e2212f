"""Linear heads fitted to features of the very images that they are tested on, by cross-validation.

Shapes: N images, F features, C classes, T images that are trained on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

FOLDS = 5
_PENALTY = 1.0  # of half the squared weights, beside the sum of the losses over images
_STEPS = 200


def fit(features: Array, classes: Indices, count: int) -> tuple[Array, Array]:
    """Multinomial logistic regression with a ridge penalty, every class that occurs weighing the same.

    Args:
        features: (T, F), of a standard deviation near one.
        classes: (T,) 0 to C - 1.
        count: C.

    Returns:
        Weights (C, F) and bias (C,).

    Raises:
        ValueError: if there is no image.
    """
    if len(features) == 0 or len(features) != len(classes):
        raise ValueError(f"expected features of at least one image with a class each, got {features.shape}")
    size = features.shape[1]
    truth = np.eye(count)[classes]
    support = truth.sum(0)
    weight = (len(classes) / np.sum(support > 0)) / support[classes]

    def loss(values: Array) -> tuple[float, Array]:
        table = values.reshape(count, size + 1)
        logits = features @ table[:, :size].T + table[:, size]
        shifted = logits - logits.max(1, keepdims=True)
        logs = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
        apart = (np.exp(logs) - truth) * weight[:, None]
        slope = np.column_stack([apart.T @ features + _PENALTY * table[:, :size], apart.sum(0)])
        value = -float((weight[:, None] * truth * logs).sum()) + 0.5 * _PENALTY * float((table[:, :size] ** 2).sum())
        return value, slope.reshape(-1)

    found = minimize(loss, np.zeros(count * (size + 1)), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    table = np.asarray(found.x).reshape(count, size + 1)
    return table[:, :size], table[:, size]


def folds(classes: Indices, clusters: Indices, stream: np.random.Generator) -> Indices:
    """(N,) fold of each image, 0 to 4: clusters stay whole, and each class is spread over the folds.

    Args:
        classes: (N,).
        clusters: (N,) equal for images that belong together.
        stream: source of randomness.
    """
    units, first = np.unique(clusters, return_index=True)
    order = stream.permutation(len(units))
    order = order[np.argsort(classes[first[order]], kind="stable")]
    place = np.empty(len(units), np.int64)
    place[order] = np.arange(len(units)) % FOLDS
    result: Indices = place[np.searchsorted(units, clusters)]
    return result


def crossed(features: Array, classes: Indices, clusters: Indices, count: int, stream: np.random.Generator) -> Indices:
    """(N,) class that a head says which was fitted to the other four folds.

    Args:
        features: (N, F); scaled by mean and standard deviation of the images that are fitted.
        classes: (N,) 0 to C - 1.
        clusters: (N,) equal for images that belong together.
        count: C.
        stream: source of randomness.

    Raises:
        ValueError: if there are fewer clusters than folds.
    """
    fold = folds(classes, clusters, stream)
    if len(np.unique(fold)) < FOLDS:
        raise ValueError(f"cross-validation needs at least {FOLDS} images that do not belong together")
    said = np.empty(len(classes), np.int64)
    for number in range(FOLDS):
        inside, outside = fold != number, fold == number
        mean, deviation = features[inside].mean(0), features[inside].std(0)
        scaled = (features - mean) / np.where(deviation > 0, deviation, 1.0)
        weight, bias = fit(scaled[inside], classes[inside], count)
        said[outside] = (scaled[outside] @ weight.T + bias).argmax(1)
    return said
