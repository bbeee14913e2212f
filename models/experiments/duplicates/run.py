"""The duplicates experiment: trainings on two imports of the same images."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from models.data.prepared import PreparedDataset
from models.experiments.duplicates.figures import duplicates
from models.experiments.duplicates.measures import DuplicatesResult, Side, SideResult, measure_duplicates
from models.experiments.duplicates.settings import SIDES, DuplicatesConfig, SideName
from models.experiments.findings import Column, Drawing, Findings, Table, Value
from models.experiments.images import ExperimentImages
from models.experiments.spread import Estimate
from models.experiments.suite.runs import Run, TestImages, finished
from models.experiments.surroundings import ExperimentError, Surroundings

__all__ = ["DuplicatesConfig", "run"]


def run(settings: DuplicatesConfig, around: Surroundings) -> Findings:
    """Trains the design with every seed on both imports; finished trainings are not run again.

    Raises:
        ExperimentError: without a folder, or the two imports do not fit each other.
        ExperimentCancelled: somebody stopped it.
        DataError, ValueError: see ``models.train.run.train``.
    """
    if around.out is None:
        raise ExperimentError("the trainings need a folder: give --out")
    imports = settings.imports()
    runs: dict[SideName, list[Run]] = {side: [] for side in SIDES}
    tested: dict[SideName, ExperimentImages] = {}
    known = TestImages()
    total = len(settings.seeds) * len(SIDES)
    for number, (seed, side) in enumerate((seed, side) for seed in settings.seeds for side in SIDES):
        around.check()
        around.tell("Trainings", number, total)
        folder = around.out / "runs" / f"{side}-seed{seed}"
        one, tested[side] = finished(settings.training(side, seed), folder, (side, seed), around, known)
        runs[side].append(one)
    sides = {side: _side(imports[side], tested[side], runs[side]) for side in SIDES}
    result = measure_duplicates(sides["apart"], sides["leaking"], resamples=settings.resamples)
    return _findings(settings, imports, runs, result)


def marked_keys(prepared: PreparedDataset) -> frozenset[str]:
    """Test images with a near-duplicate: in training where that may be, else anywhere."""
    if prepared.info.duplicates_ignored:
        return prepared.report.leaking("test", "train")
    return prepared.report.leaking("test", "test")


def _side(prepared: PreparedDataset, images: ExperimentImages, runs: list[Run]) -> Side:
    marked = marked_keys(prepared)
    return Side(
        images.keys,
        images.data.classes,
        images.clusters,
        np.array([key in marked for key in images.keys], np.bool_),
        tuple(one.logits.astype(np.float64) for one in runs),
    )


def _findings(
    settings: DuplicatesConfig,
    imports: dict[SideName, PreparedDataset],
    runs: dict[SideName, list[Run]],
    result: DuplicatesResult,
) -> Findings:
    minutes = sum(one.minutes for own in runs.values() for one in own)
    document: dict[str, Any] = {
        "imports": {
            side: {"name": one.info.name, "digest": one.info.digest, "counts": one.info.counts}
            for side, one in imports.items()
        },
        "images_with_near_duplicates": imports["apart"].report.images_in_clusters,
        "hours": round(minutes / 60, 2),
        **result.to_json(),
    }
    return Findings(
        document,
        [_table(result), _parts_table(result), _runs_table(settings, runs, result)],
        [Drawing("duplicates", partial(duplicates, result))],
        _sentences(result, len(settings.seeds), imports),
    )


def _table(result: DuplicatesResult) -> Table:
    columns = (
        Column("split", "Split"),
        Column("images", "Test images", "d"),
        Column("marked", "leaking", "d"),
        Column("acc", "ACC %"),
        Column("acc_interval", "ACC (95 %)"),
        Column("bmac", "BMAC %"),
        Column("bmac_interval", "BMAC (95 %)"),
        Column("bmac_without", "BMAC without leaking (95 %)"),
    )
    rows: list[dict[str, Value]] = []
    for words, side, leaks in (
        ("near-duplicates kept apart", result.apart, False),
        ("random, near-duplicates leak", result.leaking, True),
    ):
        rows.append(
            {
                "split": words,
                "images": side.images,
                "marked": side.marked if leaks else 0,
                "acc": side.spread["accuracy"].text(),
                "acc_interval": side.all["accuracy"].text(),
                "bmac": side.spread["bmac"].text(),
                "bmac_interval": side.all["bmac"].text(),
                "bmac_without": side.without["bmac"].text() if leaks else "–",
            }
        )
    last: dict[str, Value] = {column.key: None for column in columns}
    last["split"] = "difference"
    last["acc_interval"] = result.difference["accuracy"].text("+.3f")
    last["bmac_interval"] = result.difference["bmac"].text("+.3f")
    rows.append(last)
    return Table("duplicates", "One design, two splits of the same images (mean ± sd over seeds)", columns, rows)


def _parts_table(result: DuplicatesResult) -> Table:
    columns = (Column("part", "Test images"), Column("n", "n", "d"), Column("accuracy", "Accuracy (95 %)"))
    leads = "their lead over the others"
    rows: list[dict[str, Value]] = []
    for words, side, marked in (
        ("kept apart", result.apart, "with a near-duplicate, not in training"),
        ("leaking", result.leaking, "with a near-duplicate in training"),
    ):
        for name, part in (("marked", marked), ("others", "the others"), ("gain", leads)):
            one, form = side.parts[name], "+.3f" if name == "gain" else ".3f"
            rows.append({"part": f"{words}: {part}", "n": one.n, "accuracy": one.text(form)})
    for words, one in (
        ("lead with leaking minus lead without", result.excess),
        ("same images, leaking in one: with minus without", result.same_leaking),
        ("same images, leaking in neither: with minus without", result.same_others),
    ):
        rows.append({"part": words, "n": one.n, "accuracy": one.text("+.3f")})
    return Table("duplicates-parts", "Which test images the difference comes from", columns, rows)


def _runs_table(settings: DuplicatesConfig, runs: dict[SideName, list[Run]], result: DuplicatesResult) -> Table:
    columns = (
        Column("side", "Split"),
        Column("seed", "Seed", "d"),
        Column("accuracy", "ACC", ".4f"),
        Column("bmac", "BMAC", ".4f"),
        Column("minutes", "Minutes", ".1f"),
    )
    found: dict[SideName, SideResult] = {"apart": result.apart, "leaking": result.leaking}
    rows: list[dict[str, Value]] = [
        {
            "side": side,
            "seed": seed,
            "accuracy": found[side].seeds["accuracy"][place],
            "bmac": found[side].seeds["bmac"][place],
            "minutes": runs[side][place].minutes,
        }
        for side in SIDES
        for place, seed in enumerate(settings.seeds)
    ]
    return Table("duplicates-runs", "All trainings", columns, rows, shown=False)


def _sentences(result: DuplicatesResult, seeds: int, imports: dict[SideName, PreparedDataset]) -> list[str]:
    leaking, gain = result.leaking, result.leaking.parts["gain"]
    apart, counted = imports["apart"], f"{seeds} {'seed' if seeds == 1 else 'seeds'}"
    share = f"{leaking.marked} of {leaking.images} test images ({leaking.marked / leaking.images:.0%})"
    found = [
        (
            f"{apart.report.images_in_clusters} of {apart.info.images} images have a near-duplicate. With a random "
            f"split {share} have one in training. {counted} each."
        ),
        (
            f"Leaking is worth {result.difference['bmac'].text('+.3f')} in BMAC and "
            f"{result.difference['accuracy'].text('+.3f')} in accuracy: {_told(result.difference['bmac'])} in BMAC."
        ),
        (
            f"Accuracy on leaking images less that on the others: {gain.text('+.3f')}; where nothing leaks, on images "
            f"with near-duplicates less that on the others: {result.apart.parts['gain'].text('+.3f')}. What is due to "
            f"leaking is the difference of the two, {result.excess.text('+.3f')}: {_told(result.excess)}."
        ),
    ]
    if result.same_leaking.value is not None:
        found.append(
            f"On {result.same_leaking.n} images that both test and that leak in one, accuracy with leaking less that "
            f"without: {result.same_leaking.text('+.3f')}."
        )
    found.append("Intervals are over test images, of the mean over seeds, and say nothing about other seeds.")
    return found


def _told(one: Estimate) -> str:
    if one.low is None or one.high is None:
        return "no interval"
    return "told apart from nothing" if one.low > 0 or one.high < 0 else "not told apart from nothing"
