"""What is seen of a training, the average of weights, and batches that are prepared ahead."""

from __future__ import annotations

import itertools
import json
import math
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from models.concepts import load_concept_set
from models.encoders.loading import Preprocessing
from models.train import train
from models.train.averaging import WeightAverage
from models.train.batches import BatchSource, to_device
from models.train.bookkeeping import Tally
from models.train.building import prepare_network
from models.train.data import InputShape, Split, load_split
from models.train.evaluate import SplitOutput, lesion_localization
from models.train.metrics import energy_inside
from models.train.monitor import METRICS_FILE, Monitor, finite, flatten
from models.train.optimizer import build_optimizer, set_rates
from models.train.state import FOLDER
from tests.models.train.conftest import SIDE, Tiny


def test_a_training_leaves_lines_and_curves(tiny: Tiny, tmp_path: Path) -> None:
    checkpoint = train(tiny.config(epochs=2, localization_weight=0.1), tmp_path)
    lines = [json.loads(line) for line in (tmp_path / FOLDER / METRICS_FILE).read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2]
    numbers = dict(flatten(lines[1]))
    wanted = {
        *(f"losses/{name}" for name in ("total", "classification", "concept", "ivq", "localization")),
        *(f"validation/{name}" for name in ("class_accuracy", "class_bmac", "concept_bmac", "assignment_entropy")),
        *("validation/codes_used", "validation/code_perplexity", "rank/train", "rank/validation"),
        *(f"validation/losses/{name}" for name in ("classification", "concept", "ivq")),
        *(
            "train/class_accuracy",
            "train/class_bmac",
            "train/concept_bmac",
            "images_per_second",
            "waiting_seconds",
            "learning_rate",
        ),
        *("validation/lesion/gradcam_mean", "validation/lesion/magnet_mean", "validation/lesion/centre_prior"),
    }
    assert wanted <= set(numbers)
    weighted = numbers["losses/classification"] + numbers["losses/concept"] + numbers["losses/ivq"]
    assert numbers["losses/total"] == pytest.approx(weighted + 0.1 * numbers["losses/localization"])
    assert checkpoint.metrics["training"]["images_per_second"] > 0

    events = EventAccumulator(str(tmp_path / FOLDER / "tensorboard")).Reload()
    assert wanted <= set(events.Tags()["scalars"])
    points = events.Scalars("losses/total")
    assert [point.step for point in points] == [1, 2]
    assert points[1].value == pytest.approx(numbers["losses/total"], rel=1e-5)


def test_the_lines_start_over_with_the_epochs_before_an_interruption(tmp_path: Path) -> None:
    earlier = [{"epoch": 1, "epochs": 3, "loss": math.nan}]
    monitor = Monitor(tmp_path, earlier)
    monitor.end_epoch({"epoch": 2, "epochs": 3, "loss": 1.0})
    monitor.close()
    lines = (tmp_path / FOLDER / METRICS_FILE).read_text().splitlines()
    assert [json.loads(line)["loss"] for line in lines] == [None, 1.0]


def test_undefined_figures_become_null() -> None:
    assert finite({"a": [math.inf, 1.0, (math.nan,)], "b": "x"}) == {"a": [None, 1.0, [None]], "b": "x"}


def test_an_average_of_weights_by_hand_and_back() -> None:
    network = torch.nn.Linear(1, 1)
    network.weight.data.fill_(0.0)
    average = WeightAverage(network, 0.5)
    network.weight.data.fill_(1.0)
    average.update(network)  # the decay is 2 / 11 at first
    assert average.weights["weight"].item() == pytest.approx(1 - 2 / 11)
    with average.applied(network):
        assert network.weight.item() == pytest.approx(1 - 2 / 11)
    assert network.weight.item() == 1.0
    for _ in range(200):
        average.update(network)
    assert average.weights["weight"].item() == pytest.approx(1.0)


def test_each_part_of_the_network_has_its_rate(tiny: Tiny) -> None:
    config = tiny.config(learning_rate=1.0, encoder_rate=0.1, bottleneck_rate=2.0, prototype_rate=5.0, warmup=0.0)
    network, _ = prepare_network(config, load_concept_set("isic2018"))
    optimizer = build_optimizer(network, config)
    for step in (0, 0, 50):
        set_rates(optimizer, config, step, 100)
    factor = 0.5 * (1 + math.cos(math.pi * 49 / 99))
    rates = {group["kind"]: group["lr"] for group in optimizer.param_groups}
    expected = {"encoder": 0.1 * factor, "bottleneck": 2 * factor, "prototypes": 5 * factor}
    assert rates == pytest.approx(expected)


def _source(tiny: Tiny, **changes: Any) -> tuple[BatchSource, Split]:
    concept_set = load_concept_set("isic2018")
    config = tiny.config(**changes)
    split = load_split(config.data, "train", concept_set, InputShape(SIDE, "shortest", 4))
    return BatchSource(split, None, concept_set, config, torch.ones(len(concept_set.classes))), split


def test_batches_are_the_same_however_many_threads_prepare_them(tiny: Tiny) -> None:
    one, many = (_source(tiny, workers=workers, augment="ultrasound")[0] for workers in (1, 4))
    for (first, _), (second, _) in zip(one.epoch(3), many.epoch(3), strict=True):
        assert np.array_equal(first[0].images, second[0].images)
        assert np.array_equal(first[0].classes, second[0].classes)
    resumed = [parts[0] for parts, _ in one.epoch(3, first_step=4)]
    assert [part.step for part in resumed] == [4, 5]


def test_no_thread_is_left_when_an_epoch_is_abandoned(tiny: Tiny) -> None:
    batches = _source(tiny)[0].epoch(1)
    next(batches)
    batches.close()
    for thread in threading.enumerate():
        if thread.name.startswith("batches"):
            thread.join(5)
            assert not thread.is_alive()


def test_a_fault_while_preparing_reaches_the_training(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    source, _ = _source(tiny)
    monkeypatch.setattr("models.train.batches.augment", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        list(source.epoch(1))


def test_a_batch_becomes_the_encoders_input(tiny: Tiny) -> None:
    source, split = _source(tiny, augment=False)
    (part, *_), _ = next(source.epoch(1))
    batch = to_device(part, Preprocessing((0.5, 0.5, 0.5), (0.25, 0.25, 0.25), "shortest"), torch.device("cpu"))
    expected = (torch.from_numpy(part.images).permute(0, 3, 1, 2) / 255 - 0.5) / 0.25
    torch.testing.assert_close(batch.images, expected)
    assert part.totals.images == 10
    assert split.images.flags.writeable is False  # augmentation works on copies of the mapped file


def _concepts(*sizes: int, classes: int = 3) -> Any:
    starts = np.cumsum([0, *sizes])
    slices = tuple(slice(*bounds) for bounds in itertools.pairwise(starts.tolist()))
    return SimpleNamespace(classes=range(classes), group_slices=slices)


def test_training_accuracy_by_hand() -> None:
    tally = Tally(_concepts(2, 1))
    sums = {"seen/class/0": 8.0, "hit/class/0": 6.0, "seen/class/1": 2.0, "hit/class/1": 2.0}
    sums |= {"seen/option/0": 4.0, "hit/option/0": 1.0, "seen/option/1": 2.0, "hit/option/1": 2.0}
    sums |= {"seen/option/3": 5.0, "hit/option/3": 4.0}  # the group of one option was always present
    found = tally.figures(sums)
    assert found == pytest.approx({"class_accuracy": 0.8, "class_bmac": 0.875, "concept_bmac": (0.625 + 0.8) / 2})
    assert math.isnan(tally.figures({})["concept_bmac"])


def test_what_a_batch_adds_to_the_counts() -> None:
    tally = Tally(_concepts(2, 1, classes=2))
    logits = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    scores = torch.tensor([[1.0, 0.0, 2.0], [0.0, 1.0, -2.0], [1.0, 0.0, 2.0]])
    options = torch.tensor([[0, 1], [0, 1], [-1, 0]])
    counts = tally.count(logits, scores, torch.tensor([0, 1, 1]), options)
    found = {key: value for key, value in zip(tally.keys, counts.tolist(), strict=True) if value}
    assert found == {
        "seen/class/0": 1,
        "seen/class/1": 2,
        "hit/class/0": 1,
        "hit/class/1": 1,
        "seen/option/0": 2,
        "hit/option/0": 1,
        "seen/option/2": 1,  # absent, and taken for present
        "seen/option/3": 2,
        "hit/option/3": 1,
    }


def test_energy_inside_by_hand() -> None:
    maps = np.array([[[3.0, 1.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]], np.float32)
    masks = np.array([[[1.0, 0.0], [0.0, 0.0]]] * 2, np.float32)
    assert energy_inside(maps, masks) == pytest.approx(0.375)  # an empty map counts as none


def test_lesion_figures_by_hand() -> None:
    """Two groups on a 6 x 6 grid: one map in the lesion, one in the far corner; an image without one is left out."""
    lesion = np.zeros((2, 6, 6), np.float32)
    lesion[0, 1, 1] = 1.0
    gradcam = np.zeros((2, 2, 6, 6), np.float32)
    gradcam[:, 0, 1, 1] = 1.0
    gradcam[:, 1, 5, 5] = 1.0
    assignment = np.full((2, 36, 2), 0.5, np.float32)
    assignment[:, 0] = [0.9, 0.1]
    empty = np.zeros((2, 1), np.float32)
    output = SplitOutput(empty, empty, np.zeros((2, 36), np.int64), empty[:, 0], assignment, gradcam, gradcam, 1.0)
    found = lesion_localization(output, lesion, ("shape", "margin"))
    assert found["images"] == 1
    assert found["gradcam"] == {"shape": 1.0, "margin": 0.0}
    assert found["gradcam_energy"] == {"shape": 1.0, "margin": 0.0}
    assert found["magnet"]["shape"] == 1.0  # the corner next to the lesion
    assert found["centre_prior"] == 0.0
    assert found["even_energy"] == pytest.approx(1 / 36)
