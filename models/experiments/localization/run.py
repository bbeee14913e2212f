"""The localization experiment: every model's maps against the masks."""

from __future__ import annotations

from functools import partial

import numpy as np

from models.experiments.findings import Drawing, Findings
from models.experiments.localization import report
from models.experiments.localization.figure import draw
from models.experiments.localization.measures import LocalizationResult, measure_localization
from models.experiments.localization.random_weights import RandomPass, random_passes
from models.experiments.localization.settings import LocalizationConfig
from models.experiments.localization.targets import targets
from models.experiments.subjects import Subject, subjects
from models.experiments.surroundings import Surroundings

__all__ = ["LocalizationConfig", "run"]


def run(settings: LocalizationConfig, around: Surroundings) -> Findings:
    """Pointing game, energy inside the mask and best-threshold IoU of every model's maps.

    Raises:
        ExperimentCancelled: somebody stopped it.
        CheckpointError, DataError, ExperimentError: see ``subjects``.
    """
    found: list[LocalizationResult] = []
    about, images = [], {}
    for subject in subjects(settings, around):
        found.append(measure_localization(subject, settings, random_networks(subject, settings, around)))
        about.append(subject.about())
        images = {
            "dataset": subject.images.dataset,
            "synthetic": subject.images.synthetic,
            "images": len(subject.images),
        }
    names = [str(model["name"]) for model in about]
    measured = found[0].images > 0
    return Findings(
        document={
            "test": images,
            "models": [model | result.to_json() for model, result in zip(about, found, strict=True)],
            "spread": report.spreads(found),
        },
        tables=report.tables(names, found) if measured else (),
        drawings=[Drawing("localization", partial(draw, found))] if measured else (),
        sentences=report.sentences(names, found, images),
    )


def random_networks(subject: Subject, settings: LocalizationConfig, around: Surroundings) -> list[RandomPass]:
    truth = targets(subject.images, subject.checkpoint.concept_set)
    if truth is None or settings.random_seeds == 0:
        return []
    rows = np.flatnonzero(truth.found)
    if len(rows) > settings.random_images:
        drawn = np.random.default_rng(settings.seed).permutation(rows)[: settings.random_images]
        rows = np.sort(drawn)
    seeds = range(settings.seed, settings.seed + settings.random_seeds)
    return random_passes(subject, rows.astype(np.int64), seeds, around)
