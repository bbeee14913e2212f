"""The suite: train what is missing, measure, and lay out the paper's tables and figures."""

from __future__ import annotations

from functools import partial

from models.experiments.findings import Drawing, Findings
from models.experiments.images import ExperimentImages
from models.experiments.suite import tables
from models.experiments.suite.figures import codebook_sizes, rank_dynamics
from models.experiments.suite.measures import Measured, measure
from models.experiments.suite.runs import Run, TestImages, finished
from models.experiments.suite.settings import FULL, TABLES, VARIANTS, SuiteConfig
from models.experiments.surroundings import ExperimentError, Surroundings

__all__ = ["SuiteConfig", "run"]


def run(config: SuiteConfig, around: Surroundings) -> Findings:
    """Trains every variant with every seed, one after the other; finished trainings are not run again.

    Seeds come first: when it is stopped, every variant has about as many. An interrupted training goes on where it was
    saved last.

    Raises:
        ExperimentError: without a folder, or with one that holds other trainings.
        ExperimentCancelled: somebody stopped it.
        DataError, ValueError: see ``models.train.run.train``.
    """
    if around.out is None:
        raise ExperimentError("the trainings need a folder: give --out")
    runs: dict[str, list[Run]] = {name: [] for name in config.names}
    images: ExperimentImages | None = None
    tested = TestImages()
    total = len(config.seeds) * len(config.names)
    for number, (seed, name) in enumerate((seed, name) for seed in config.seeds for name in config.names):
        around.check()
        around.tell("Trainings", number, total)
        folder = around.out / "runs" / f"{name}-seed{seed}"
        one, images = finished(config.training(name, seed), folder, (name, seed), around, tested)
        runs[name].append(one)
    if images is None:
        raise ExperimentError("there is nothing to train")
    measured = {name: measure(name, runs[name], runs[FULL], images, config.resamples) for name in config.names}
    return _findings(config, measured, images)


def _findings(config: SuiteConfig, measured: dict[str, Measured], images: ExperimentImages) -> Findings:
    drawings = []
    if "codebook-size" in config.tables:
        drawings.append(Drawing("codebook-size", partial(codebook_sizes, measured)))
    for table, title in (("ablation", "With and without IVQ"), ("regularizers", "IVQ and other regularizers")):
        if table in config.tables:
            drawings.append(Drawing(f"rank-{table}", partial(rank_dynamics, measured, TABLES[table], title)))
    extra = [name for name in config.variants if name not in VARIANTS]
    found = [tables.table(name, measured) for name in config.tables]
    if extra:
        found.append(tables.variants_table(measured, extra))
    minutes = sum(row["minutes"] for one in measured.values() for row in one.extra)
    return Findings(
        document={
            "test": {"dataset": images.dataset, "synthetic": images.synthetic, "images": len(images)},
            "hours": round(minutes / 60, 2),
            "variants": [one.to_json() for one in measured.values()],
        },
        tables=[*found, tables.runs_table(measured)],
        drawings=drawings,
        sentences=_sentences(measured, images),
    )


def _sentences(measured: dict[str, Measured], images: ExperimentImages) -> list[str]:
    seeds = len(measured[FULL].extra)
    counted = "seed" if seeds == 1 else "seeds"
    found = [
        (
            f"{len(images)} test images, {seeds} {counted} each. ± is the standard deviation over seeds; intervals are "
            "over images, of the mean over seeds, and say nothing about other seeds."
        )
    ]
    for one in measured.values():
        apart = one.difference.get("bmac")
        if apart is None or apart.value is None:
            continue
        name = tables.WORDS.get(one.variant, one.variant)
        told = {"yes, worse": "worse than", "yes, better": "better than", "no": "not told apart from"}
        said = told.get(tables.verdict(one))
        if said is not None:
            found.append(f"{name}: {said} the full model in BMAC, {apart.text('+.3f')}.")
    return found
