"""The concept metrics of every model."""

from __future__ import annotations

from functools import partial

from models.experiments.concept_metrics import report
from models.experiments.concept_metrics.measures import ConceptMetricsResult, measure_concept_metrics
from models.experiments.concept_metrics.settings import ConceptMetricsConfig
from models.experiments.findings import Drawing, Findings
from models.experiments.subjects import subjects
from models.experiments.surroundings import Surroundings

__all__ = ["ConceptMetricsConfig", "run"]


def run(settings: ConceptMetricsConfig, around: Surroundings) -> Findings:
    """Concept global importance (CGIM), existence (CEM) and location (CLM).

    Raises:
        ExperimentCancelled: somebody stopped it.
        CheckpointError, DataError, ExperimentError: see ``subjects``.
    """
    found: list[ConceptMetricsResult] = []
    about, images = [], {}
    for subject in subjects(settings, around):
        found.append(measure_concept_metrics(subject, settings))
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
        drawings=[Drawing("concept-metrics", partial(report.draw, found))] if measured else (),
        sentences=report.sentences(names, found, images),
    )
