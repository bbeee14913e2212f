"""Leakage of the models of the settings."""

from __future__ import annotations

from typing import Any

import numpy as np

from models.experiments.decisions import Resampling
from models.experiments.findings import Findings
from models.experiments.leakage.measure import Evidence, Leakage, measure
from models.experiments.leakage.report import findings
from models.experiments.leakage.settings import LeakageConfig
from models.experiments.leakage.shuffling import shuffled_images
from models.experiments.subjects import Pass, Subject, pass_over, subjects
from models.experiments.surroundings import Surroundings
from models.intervene.loading import read_head

__all__ = ["LeakageConfig", "run"]


def run(config: LeakageConfig, around: Surroundings) -> Findings:
    """Measures every model of the settings. Errors as ``subjects`` and ``measure_leakage``."""
    measured: list[tuple[dict[str, Any], Leakage]] = []
    about: dict[str, Any] = {}
    for subject in subjects(config, around):
        mixed = shuffled_images(subject.images, config.tiles, config.seed)
        shuffled = pass_over(subject.checkpoint, subject.network, mixed, around)
        around.check()
        measured.append((subject.about(), measure_leakage(subject, shuffled, config)))
        about = {"dataset": subject.images.dataset, "synthetic": subject.images.synthetic}
    return findings(measured, about, config)


def measure_leakage(subject: Subject, shuffled: Pass, config: LeakageConfig) -> Leakage:
    """The tests of one model.

    Args:
        subject: model, images and its pass over them.
        shuffled: its pass over the same images with their tiles in another order.
        config: settings.

    Raises:
        ExperimentError: too few images have a known class.
        CheckpointError: the head cannot be read.
    """
    images = subject.images
    evidence = Evidence(
        read_head(subject.checkpoint),
        subject.found.logits.astype(np.float64),
        subject.found.scores.astype(np.float64),
        shuffled.scores.astype(np.float64),
        images.data.classes,
        images.data.options,
        Resampling(images.clusters, config.resamples, config.seed),
    )
    return measure(evidence, config)
