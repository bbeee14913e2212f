"""How long a training will take: by hand, from a run's record, and from a trial."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from models.checkpoint import read_checkpoint
from models.train.estimate import Speeds, Work, estimate, measure_speeds, speeds_of_run

SPEEDS = Speeds(encoder=10, training=4, tokens=100, measuring=200, ranking=64, preparing=50, options=20)
QUICK = Work(train=300, validation=100, test=200, epochs=5, options=20)


def test_quick_by_hand() -> None:
    found = estimate(QUICK, SPEEDS)
    # An epoch: 300 / 100 of training, 100 / 200 of validation, 64 / 64 of ranks.
    assert found.stages == pytest.approx({"images": 12.0, "tokens": 60.0, "training": 5 * 4.5, "measuring": 1.5})
    assert found.total == pytest.approx(96.0)
    assert found.low < found.total < found.high
    ready = estimate(replace(QUICK, tokens_cached=True, prepared=True), SPEEDS)
    assert (ready.stages["images"], ready.stages["tokens"]) == (0, 0)
    assert ready.total == pytest.approx(24.0)


def test_full_by_hand() -> None:
    found = estimate(replace(QUICK, mode="full", tokens_cached=True), SPEEDS)
    # An epoch: 300 / 4, (100 + 96) / 10 through the encoder, 100 / 200 and 64 / 64 behind it.
    assert found.stages == pytest.approx({"images": 12.0, "training": 5 * 96.1, "measuring": 31.5})
    assert found.total == pytest.approx(524.0)


def test_options_and_auxiliary_images_take_their_time() -> None:
    work = replace(QUICK, options=40, auxiliary=100, auxiliary_share=0.25)
    found = estimate(work, SPEEDS)
    assert found.stages == pytest.approx({"images": 14.0, "tokens": 70.0, "training": 5 * 6.0, "measuring": 3.0})


def test_a_run_of_another_day_is_less_certain() -> None:
    trial, record = (estimate(QUICK, replace(SPEEDS, trial=trial)) for trial in (True, False))
    assert trial.total == record.total
    assert record.high - record.low > trial.high - trial.low


def test_what_is_not_known_is_named() -> None:
    for name in ("encoder", "tokens", "measuring", "ranking", "preparing"):
        with pytest.raises(ValueError, match=f"the speed of '{name}' is not known"):
            estimate(QUICK, replace(SPEEDS, **{name: None}))
    unused = replace(SPEEDS, training=None, encoder=None, preparing=None)
    assert estimate(replace(QUICK, tokens_cached=True, prepared=True), unused).total == pytest.approx(24.0)


@pytest.mark.parametrize("change", [{"train": 0}, {"epochs": 0}, {"auxiliary": -1}, {"auxiliary_share": 1.0}])
def test_work_that_cannot_be(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"expected at least one image|auxiliary_share must be"):
        replace(QUICK, **change)


RECORD: dict[str, Any] = {
    "training": {
        "images": 300,
        "images_per_second": 120.0,
        "settings": {"auxiliary": {"train": 100}},
        "stages": {
            "images": 20.0,
            "tokens_of_train": 5.0,
            "tokens_of_validation": 8.0,
            "tokens_of_test": 25.0,
            "measuring": 2.0,
        },
        "tokens_reused": ["train"],
    },
    "lineage": {"mode": "quick"},
    "validation": {"images": 100},
    "test": {"images": 200},
}


def test_speeds_of_a_quick_run() -> None:
    found = speeds_of_run(RECORD, 20)
    assert (found.tokens, found.measuring, found.preparing) == (120.0, 150.0, 35.0)
    assert (found.encoder, found.training, found.ranking) == (8.0, None, None)  # the slower of two measurements
    assert (found.options, found.trial) == (20, False)
    reused = RECORD | {"training": RECORD["training"] | {"tokens_reused": ["train", "validation", "test"]}}
    assert speeds_of_run(reused, 20).encoder is None
    kept = RECORD["training"]["stages"] | {"images": 0.01}
    assert speeds_of_run(RECORD | {"training": RECORD["training"] | {"stages": kept}}, 20).preparing is None


def test_speeds_of_a_full_run_and_of_an_old_one() -> None:
    full = speeds_of_run(RECORD | {"lineage": {"mode": "full"}}, 20)
    assert (full.training, full.tokens, full.encoder, full.measuring) == (120.0, None, 150.0, None)
    shipped = read_checkpoint(Path("models/zoo/breast-ultrasound"))
    old = speeds_of_run(shipped.metrics, shipped.concept_set.option_count)
    assert old.training == pytest.approx(28.4, abs=0.1)
    assert old.encoder is None
    assert speeds_of_run({}, 3) == Speeds(options=3, trial=False)


def test_a_trial_fills_what_a_run_does_not_say() -> None:
    run = Speeds(training=3.0, options=7, trial=False)
    both = run.filled(SPEEDS)
    assert (both.training, both.encoder, both.measuring, both.options) == (3.0, 10, 200, 20)
    assert not both.trial
    assert SPEEDS.filled(run) == replace(SPEEDS, trial=False)
    assert SPEEDS.filled(replace(SPEEDS, encoder=1.0)) == SPEEDS


def test_a_trial_measures_everything_and_changes_nothing(checkpoint_folder: Path) -> None:
    checkpoint = read_checkpoint(checkpoint_folder)
    before = {path.name: path.read_bytes() for path in checkpoint_folder.iterdir()}
    found = measure_speeds(checkpoint, torch.device("cpu"), seconds=0.2)
    rates = (found.encoder, found.training, found.tokens, found.measuring, found.ranking, found.preparing)
    assert all(rate is not None and rate > 0 for rate in rates)
    assert (found.options, found.trial) == (34, True)
    assert estimate(replace(QUICK, mode="full"), found).total > 0
    assert {path.name: path.read_bytes() for path in checkpoint_folder.iterdir()} == before
    imported = replace(checkpoint, config=checkpoint.config.model_copy(update={"dataset": "busi", "synthetic": False}))
    assert measure_speeds(imported, torch.device("cpu"), seconds=0.1).preparing > 0
