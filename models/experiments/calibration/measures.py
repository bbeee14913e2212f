"""One model's calibration, and what a temperature fitted on other images makes of it.

The temperature T divides the logits (Guo et al. 2017): ``p = softmax(z / T)``; it changes no decision. ECE and its bins
are those of ``models.compare.figures``. Of n images even a perfectly calibrated model has an ECE above 0; how large it
would be is drawn by *consistency resampling* (Bröcker and Smith 2007): ``right_i ~ Bernoulli(confidence_i)``.

Shapes: N tested images, V fitted ones, R resamples or draws, C classes or options, F figures, T temperatures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.compare.figures import BINS, Answers, Figures, Known, even_bins, figure_keys, one_hot
from models.compare.intervals import wilson
from models.compare.resampling import Units
from models.experiments.calibration.results import FIGURES, Bin, Calibrated, CalibrationResult, Chance, State
from models.experiments.images import ExperimentImages
from models.experiments.spread import Estimate, estimate
from models.experiments.subjects import Subject

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

LOWEST, HIGHEST = 0.05, 20.0
_BIASED = ("ece", "ece_mass")
_FINE = 0.005  # of ln T, in resamples: far finer than T is known
_STEPS = 241  # 2.5 % apart; the parabola through three of them is exact to far less


@dataclass(frozen=True, eq=False)
class Decisions:
    """Logits and truth of one decision: the class, or the option of a group.

    Attributes:
        logits: (N, C) float64.
        truth: (N,), none unknown.
        clusters: (N,) equal for images that are drawn together.
    """

    logits: Array
    truth: Indices
    clusters: Indices

    def __len__(self) -> int:
        return len(self.truth)


def measure_calibration(subject: Subject, validation: Subject, *, resamples: int, seed: int) -> CalibrationResult:
    """Calibration of a model.

    Args:
        subject: the model over the tested images.
        validation: the same model over the images that the temperatures are fitted on, none of which is tested.
        resamples: R.
        seed: of the resamples and draws.
    """
    groups: dict[str, Calibrated | None] = {}
    by_class = []
    for place, key in enumerate(subject.checkpoint.concept_set.group_keys):
        groups[key] = _calibrated(group_decisions(subject, place), group_decisions(validation, place), resamples, seed)
        known = subject.images.data.options[:, place] >= 0
        if known.any() and not subject.images.per_image[known, place].any():
            by_class.append(key)
    decision = _calibrated(class_decisions(subject), class_decisions(validation), resamples, seed)
    return CalibrationResult(decision, groups, tuple(by_class))


def class_decisions(subject: Subject) -> Decisions:
    """Of the class, over the images where it is known."""
    return _known(subject.found.logits, subject.images.data.classes, subject.images)


def group_decisions(subject: Subject, place: int) -> Decisions:
    """Of a group, as the application shows it: softmax over its options, sigmoid for a single one."""
    columns = subject.checkpoint.concept_set.group_slices[place]
    logits = subject.found.scores[:, columns]
    if logits.shape[1] == 1:
        logits = np.concatenate([np.zeros_like(logits), logits], 1)
    return _known(logits, subject.images.data.options[:, place], subject.images)


def calibrated(tested: Decisions, fitted: Decisions, *, resamples: int, seed: int) -> Calibrated:
    """One decision before and after the temperature.

    Args:
        tested: N > 0 images.
        fitted: V > 0 others.
        resamples: R, of each of the two, independently.
        seed: of both.
    """
    losses = temperature_losses(fitted)
    ones = np.ones((1, len(tested)))
    temperature = float(best_temperatures(losses, np.ones((1, len(fitted))))[0])
    plain, scaled = _figures(tested, 1.0), _figures(tested, temperature)
    before, after, temperatures = [], [], []
    draws = zip(
        Units.of(tested.clusters).draws(resamples, seed),
        Units.of(fitted.clusters).draws(resamples, seed + 1),
        strict=True,
    )
    for weights, others in draws:
        own = best_temperatures(losses, others)
        temperatures.append(own)
        before.append(plain(weights))
        after.append(_each(tested, own, weights))
    drawn, drawn_after, count = np.concatenate(before), np.concatenate(after), len(tested)
    values, values_after = plain(ones)[0], scaled(ones)[0]
    estimates = zip(FIGURES, values, drawn.T, values_after, drawn_after.T, strict=True)
    first, second, change = {}, {}, {}
    for name, value, column, later, later_column in estimates:
        first[name] = _estimate(name, value, column, count)
        second[name] = _estimate(name, later, later_column, count)
        difference = later_column - column
        change[name] = estimate(float(later - value), difference - _bias(name, later - value, difference), count)
    return Calibrated(
        estimate(temperature, np.concatenate(temperatures), len(fitted)),
        not LOWEST * 1.01 < temperature < HIGHEST / 1.01,
        State(first, by_chance(tested.logits, first["ece"].value or 0.0, resamples, seed), bins_of(tested)),
        State(
            second,
            by_chance(tested.logits / temperature, second["ece"].value or 0.0, resamples, seed),
            bins_of(Decisions(tested.logits / temperature, tested.truth, tested.clusters)),
        ),
        change,
    )


def temperature_losses(fitted: Decisions) -> Array:
    """(V, T) negative log-likelihood of each image at each temperature of the grid."""
    rows = np.arange(len(fitted))
    columns = [-Answers(fitted.logits / each).log_probabilities[rows, fitted.truth] for each in _grid()]
    return np.stack(columns, 1)


def best_temperatures(losses: Array, weights: Array) -> Array:
    """(R,) temperatures of least mean loss for weights (R, V): of the grid's best, refined by a parabola in ln T."""
    mean = weights @ losses / weights.sum(1, keepdims=True)
    best = mean.argmin(1)
    middle = np.clip(best, 1, _STEPS - 2)
    rows, step = np.arange(len(mean)), np.log(HIGHEST / LOWEST) / (_STEPS - 1)
    left, here, right = (mean[rows, middle + offset] for offset in (-1, 0, 1))
    bend = left - 2 * here + right
    shift = np.divide(left - right, 2 * bend, out=np.zeros_like(bend), where=bend > 0)
    refined = np.log(_grid())[middle] + step * np.clip(shift, -1, 1)
    result: Array = np.clip(np.where(best == middle, np.exp(refined), _grid()[best]), LOWEST, HIGHEST)
    return result


def by_chance(logits: Array, ece: float, draws: int, seed: int) -> Chance:
    """What ECE a perfectly calibrated model with logits (N, C) would show, and how often at least ``ece``."""
    confidence = Answers(logits).probabilities.max(1)
    bins = one_hot(even_bins(confidence), BINS)
    generator = np.random.default_rng(seed)
    found = np.empty(draws)
    for draw in range(draws):
        right = generator.random(len(confidence)) < confidence
        found[draw] = np.abs((right - confidence) @ bins).sum() / len(confidence)
    p = (1 + int(np.sum(found >= ece - 1e-12))) / (1 + draws)
    return Chance(float(found.mean()), float(np.percentile(found, 95)), p)


def bins_of(tested: Decisions) -> tuple[Bin, ...]:
    """The bins of equal width that have images."""
    confidence = Answers(tested.logits).probabilities.max(1)
    right, bins = tested.logits.argmax(1) == tested.truth, even_bins(confidence)
    found = []
    for place in np.unique(bins).tolist():
        own = bins == place
        bounds = wilson(int(right[own].sum()), int(own.sum()))
        if bounds is not None:
            found.append(
                Bin(
                    place / BINS,
                    (place + 1) / BINS,
                    int(own.sum()),
                    float(confidence[own].mean()),
                    float(right[own].mean()),
                    bounds.low,
                    bounds.high,
                )
            )
    return tuple(found)


def _each(tested: Decisions, temperatures: Array, weights: Array) -> Array:
    """(R, F) figures of each row of weights (R, N) at its own temperature (R,), to half a per cent of it.

    Rows whose temperatures are as good as equal are done at once.
    """
    steps = np.rint(np.log(temperatures) / _FINE).astype(np.int64)
    found = np.empty((len(weights), len(FIGURES)))
    for step in np.unique(steps):
        rows = steps == step
        found[rows] = _figures(tested, float(np.exp(step * _FINE)))(weights[rows])
    return found


def _figures(tested: Decisions, temperature: float) -> Callable[[Array], Array]:
    """Weights (R, N) to FIGURES (R, F) at a temperature."""
    answers = Answers(tested.logits / temperature)
    figures = Figures(answers, Known(tested.truth))
    keys = figure_keys(tuple(map(str, range(tested.logits.shape[1]))), ())
    columns = [keys.index(name) for name in FIGURES[:-1]]
    gap = answers.probabilities.max(1) - (answers.predicted == tested.truth)

    def evaluate(weights: Array) -> Array:
        return np.column_stack([figures(weights)[:, columns], weights @ gap / weights.sum(1)])

    return evaluate


def _estimate(name: str, value: float, drawn: Array, count: int) -> Estimate:
    drawn = drawn - _bias(name, value, drawn)
    return estimate(float(value), np.maximum(drawn, 0) if name in _BIASED else drawn, count)


def _bias(name: str, value: float, drawn: Array) -> float:
    """By how much resamples (R,) lie above the figure of the images themselves, where that is known to happen.

    An image drawn twice agrees with itself: the ECE of a resample is larger than that of the images, so that the plain
    percentile interval may lie wholly above it.
    """
    return float(np.nanmean(drawn) - value) if name in _BIASED else 0.0


def _grid() -> Array:
    return np.geomspace(LOWEST, HIGHEST, _STEPS)


def _known(logits: NDArray[np.float32], truth: Indices, images: ExperimentImages) -> Decisions:
    known = truth >= 0
    return Decisions(logits[known].astype(np.float64), truth[known], images.clusters[known])


def _calibrated(tested: Decisions, fitted: Decisions, resamples: int, seed: int) -> Calibrated | None:
    if len(tested) == 0 or len(fitted) == 0:
        return None
    return calibrated(tested, fitted, resamples=resamples, seed=seed)
