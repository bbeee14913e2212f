"""How long a training waits for its images, and where the time goes before the model sees them.

    .venv/bin/python -m benchmarks.training_input            # procedural dermoscopy
    .venv/bin/python -m benchmarks.training_input --import data/datasets/busi

Three parts of one run: each stage by itself; the whole pipeline without a model; and short trainings. What counts is
the share of the time that the training waited, and how the processor time of an image divides between the two.
"""

# ruff: noqa: T201 (its output)

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import torch

from models.concepts import ConceptSet, load_concept_set
from models.encoders.loading import Preprocessing
from models.train import TrainConfig
from models.train.augment import POLICIES, augment
from models.train.batches import BatchSource, HostBatch, to_device
from models.train.building import prepare_network
from models.train.data import Split, load_split
from models.train.engine import Engine, Surroundings
from models.train.localization import group_masks
from models.train.run import concept_set_name, input_shape

REPEATS = 3
STAGE_IMAGES = 64
CPU = torch.device("cpu")


def seconds_each(work: Callable[[], object], images: int, clock: Callable[[], float] = time.process_time) -> float:
    """Median seconds per image of several repeats, after one that is not counted.

    Of processor time, unless another clock is given: a neighbour on a busy machine changes it little.
    """
    work()
    taken = []
    for _ in range(REPEATS):
        begun = clock()
        work()
        taken.append((clock() - begun) / images)
    return statistics.median(taken)


def stages(split: Split, concept_set: ConceptSet, preprocessing: Preprocessing) -> dict[str, float]:
    """Seconds of processor time per image of every stage."""
    cv2.setNumThreads(1)  # as in a training
    rows = np.arange(min(STAGE_IMAGES, len(split)))
    images = np.array(split.images[rows])
    labels = split.options[rows]
    masks = None if split.masks is None else split.masks[rows]
    lesion = None if split.lesion is None else split.lesion[rows]
    by_group = group_masks(masks, lesion, labels, concept_set)

    def augmented(policy: str, *, with_masks: bool) -> Callable[[], None]:
        def work() -> None:
            for index, image in enumerate(images):
                own = by_group[index] if with_masks and by_group is not None else None
                augment(image, own, POLICIES[policy], np.random.default_rng(index))

        return work

    host = HostBatch(0, images, split.classes[rows], labels, None, None, 0.0)  # type: ignore[arg-type]
    found = {"read from the cache": seconds_each(lambda: np.array(split.images[rows]), len(rows))}
    if by_group is not None:
        found["masks by group"] = seconds_each(lambda: group_masks(masks, lesion, labels, concept_set), len(rows))
    for policy in ("dermoscopy", "ultrasound", "histology"):
        found[f"augment: {policy}"] = seconds_each(augmented(policy, with_masks=False), len(rows))
        if by_group is not None:
            found[f"augment: {policy}, with its masks"] = seconds_each(augmented(policy, with_masks=True), len(rows))
    found["normalise (in the model's thread)"] = seconds_each(lambda: to_device(host, preprocessing, CPU), len(rows))
    return found


def pipeline_alone(split: Split, concept_set: ConceptSet, config: TrainConfig, workers: int) -> tuple[float, float]:
    """Images per second, and per second of processor time, out of the pipeline when nobody computes on them."""
    own = config.model_copy(update={"workers": workers})
    source = BatchSource(split, None, concept_set, own, torch.ones(len(concept_set.classes)))

    def drain() -> None:
        for _ in source.epoch(1):
            pass

    images = len(split) // config.batch_size * config.batch_size
    return 1 / seconds_each(drain, images, time.perf_counter), 1 / seconds_each(drain, images)


class Meter:
    """Stands in for a training's monitor and counts the processor time of its steps, all threads together."""

    def __init__(self) -> None:
        self.begun = self.last = 0.0

    def begin_epoch(self, *_: int) -> None:
        """The first step begins."""
        self.begun = time.process_time()

    def step(self, _: float) -> None:
        """One more step is done."""
        self.last = time.process_time()

    def end_epoch(self, _: object) -> None:
        """What comes after the steps does not count."""


def trained(splits: tuple[Split, Split], config: TrainConfig) -> dict[str, float]:
    """One epoch: figures of its report, and milliseconds of processor time an image."""
    torch.manual_seed(0)
    concept_set = load_concept_set(concept_set_name(config))
    network, model_config = prepare_network(config, concept_set)
    engine = Engine(network, concept_set, model_config.preprocessing, config, CPU)
    meter = Meter()
    (report,) = engine.fit(*splits, around=Surroundings(monitor=meter))  # type: ignore[arg-type]
    images = report["images_per_second"] * report["seconds"]
    figures = {name: float(report[name]) for name in ("images_per_second", "seconds", "waiting_seconds")}
    return figures | {"processor": 1000 * (meter.last - meter.begun) / images}


def prepare(config: TrainConfig) -> tuple[tuple[Split, Split], ConceptSet, Preprocessing]:
    """The images as a training gets them: memory-mapped."""
    concept_set = load_concept_set(concept_set_name(config))
    network, model_config = prepare_network(config, concept_set)
    shape = input_shape(network, model_config)
    for name in ("train", "validation"):
        load_split(config.data, name, concept_set, shape)  # drawn or decoded, and kept
    splits = tuple(load_split(config.data, name, concept_set, shape) for name in ("train", "validation"))
    return (splits[0], splits[1]), concept_set, model_config.preprocessing


def settings(given: argparse.Namespace, cache: Path) -> TrainConfig:
    """A short training with masks moved along, the most that the pipeline is asked for."""
    procedural = {"train": given.images, "validation": 64, "test": 64, "cache": cache}
    imported = {"kind": "imported", "folder": given.folder}
    return TrainConfig.model_validate(
        {
            "name": "benchmark",
            "data": procedural if given.folder is None else imported,
            "encoder": given.encoder,
            "epochs": 1,
            "batch_size": 16,
            "localization_weight": 0.5,
            "device": "cpu",
        }
    )


def main() -> None:
    """One run, and its tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--import", dest="folder", type=Path, help="folder of an import, instead of drawn images")
    parser.add_argument("--images", type=int, default=96, help="drawn images a training epoch has")
    parser.add_argument("--encoder", default="vitrine_small")
    parser.add_argument("--repeats", type=int, default=4, help="trainings")
    given = parser.parse_args()
    with TemporaryDirectory() as cache:
        config = settings(given, Path(cache))
        splits, concept_set, preprocessing = prepare(config)
        load = os.getloadavg()[0]
        print(
            f"{len(splits[0])} images, batches of {config.batch_size}, {torch.get_num_threads()} threads for torch, "
            f"{os.cpu_count()} cores, load of the machine before the run {load:.1f}\n"
        )
        print("| stage | ms of processor time an image |\n| --- | --- |")
        for name, seconds in stages(splits[0], concept_set, preprocessing).items():
            print(f"| {name} | {1000 * seconds:.2f} |", flush=True)
        print("\n| pipeline without a model | images/s | images per second of processor time |\n| --- | --- | --- |")
        for workers in (2, 1):
            wall, processor = pipeline_alone(splits[0], concept_set, config, workers)
            print(f"| {workers} thread{'s' * (workers > 1)} | {wall:.0f} | {processor:.0f} |")
        runs = [trained(splits, config) for _ in range(given.repeats)]
        names = ("images_per_second", "seconds", "waiting_seconds", "processor")
        middle = {name: statistics.median(run[name] for run in runs) for name in names}
        waited = statistics.median(run["waiting_seconds"] / run["seconds"] for run in runs)
        steps = given.repeats * (len(splits[0]) // config.batch_size)
        print(f"\n| training, {given.encoder}, {steps} steps in {given.repeats} runs | median |\n| --- | --- |")
        print(f"| images/s | {middle['images_per_second']:.1f} |")
        print(f"| seconds of an epoch | {middle['seconds']:.1f} |")
        print(f"| of these spent waiting for a batch | {middle['waiting_seconds']:.3f} ({waited:.1%}) |")
        print(f"| ms of processor time an image, pipeline included | {middle['processor']:.1f} |")
        print(f"| share of it that the pipeline takes (one thread) | {1000 / processor / middle['processor']:.1%} |")


if __name__ == "__main__":
    main()
