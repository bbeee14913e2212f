"""The deletion experiment: every model's curves."""

from __future__ import annotations

from functools import partial

import numpy as np

from models.experiments.deletion import report
from models.experiments.deletion.measures import DeletionResult, curves_of, measure_deletion
from models.experiments.deletion.settings import DeletionConfig
from models.experiments.findings import Drawing, Findings
from models.experiments.subjects import subjects
from models.experiments.surroundings import Surroundings

__all__ = ["DeletionConfig", "run"]


def run(settings: DeletionConfig, around: Surroundings) -> Findings:
    """Deletion and insertion curves of every model's maps, beside a random order and one from the centre outwards.

    Raises:
        ExperimentCancelled: somebody stopped it.
        CheckpointError, DataError, ExperimentError: see ``subjects``.
    """
    found: list[DeletionResult] = []
    about, images = [], {}
    for subject in subjects(settings, around):
        count = len(subject.images)
        rows = np.sort(np.random.default_rng(settings.seed).permutation(count)[: settings.images]).astype(np.int64)
        curves = curves_of(subject, rows, settings, around)
        found.append(measure_deletion(curves, subject.images.clusters[rows], settings))
        about.append(subject.about())
        images = {"dataset": subject.images.dataset, "synthetic": subject.images.synthetic, "images": count}
    names = [str(model["name"]) for model in about]
    return Findings(
        document={
            "test": images,
            "shares": [step / settings.steps for step in range(settings.steps + 1)],
            "models": [model | result.to_json() for model, result in zip(about, found, strict=True)],
            "spread": report.spreads(found),
        },
        tables=report.tables(names, found),
        drawings=[Drawing("deletion", partial(report.draw, names, found))],
        sentences=report.sentences(names, found, images),
    )
