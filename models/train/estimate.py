"""How long a training will take, from counts and speeds."""

from __future__ import annotations

from dataclasses import dataclass

from models.train.retrain.settings import Mode
from models.train.speeds import Speeds, speeds_of_run
from models.train.trial import measure_speeds

__all__ = ["Estimate", "Speeds", "Work", "estimate", "measure_speeds", "speeds_of_run"]

# Per epoch, as models.train.probe samples: ranks of 32 images of each split, 64 images for codes in half the epochs.
_RANKED, _LOOKED = 64, 96
# How far the truth may lie from a trial of seconds, and from a run at another time beside other work.
_TRIAL, _RECORD = (0.7, 1.5), (0.6, 1.8)


@dataclass(frozen=True)
class Work:
    """What is to be done.

    Attributes:
        train: images to train on.
        validation: images that are measured after every epoch and at the end.
        test: images that are measured at the end.
        epochs: passes over the training images.
        options: O of the concept set.
        mode: "quick" on tokens, or "full"; a training without a parent counts as full.
        auxiliary: different images that are mixed into the batches.
        auxiliary_share: of every batch.
        tokens_cached: whether the tokens lie there already.
        prepared: whether the images do.
    """

    train: int
    validation: int
    test: int
    epochs: int
    options: int
    mode: Mode = "quick"
    auxiliary: int = 0
    auxiliary_share: float = 0.0
    tokens_cached: bool = False
    prepared: bool = False

    def __post_init__(self) -> None:
        if min(self.train, self.validation, self.test, self.epochs, self.options) < 1 or self.auxiliary < 0:
            raise ValueError(f"expected at least one image of each split, one epoch and one option, got {self}")
        if not 0 <= self.auxiliary_share < 1:
            raise ValueError(f"auxiliary_share must be from 0 to below 1, got {self.auxiliary_share}")


@dataclass(frozen=True)
class Estimate:
    """Seconds.

    Attributes:
        stages: "images", "tokens" (quick mode only), "training", "measuring".
        total: of all stages.
        low: what it may take at least.
        high: what it may take at most; neither bound is a promise on a machine that does other work.
    """

    stages: dict[str, float]
    total: float
    low: float
    high: float


def estimate(work: Work, speeds: Speeds) -> Estimate:
    """The time that a training takes; loading the models, some seconds, is not in it.

    Args:
        work: what is to be done.
        speeds: of the machine and the model.

    Raises:
        ValueError: if a speed that the work depends on is not known.
    """
    held, everything = work.validation + work.test, work.train + work.validation + work.test + work.auxiliary
    more = work.options / max(1, speeds.options)
    # Figures of an image from its tokens, and what it takes to have the tokens: nothing in quick mode.
    figures = more * _seconds(speeds, "measuring")
    full = work.mode == "full"
    passed = _seconds(speeds, "encoder") if full or not work.tokens_cached else 0.0
    step = _seconds(speeds, "training" if full else "tokens")
    stages = {"images": 0.0 if work.prepared else everything * _seconds(speeds, "preparing")}
    epoch = work.train / (1 - work.auxiliary_share) * step + work.validation * figures
    epoch += _RANKED * _seconds(speeds, "ranking")
    if full:
        epoch += (work.validation + _LOOKED) * passed
    else:
        stages["tokens"] = everything * passed
    stages["training"] = work.epochs * epoch
    stages["measuring"] = held * (figures + (passed if full else 0.0))
    total = sum(stages.values())
    low, high = _TRIAL if speeds.trial else _RECORD
    return Estimate(stages, total, low * total, high * total)


def _seconds(speeds: Speeds, name: str) -> float:
    """Per image."""
    rate = getattr(speeds, name)
    if rate is None or rate <= 0:
        raise ValueError(f"the speed of {name!r} is not known; measure it with a trial")
    return float(1.0 / rate)
