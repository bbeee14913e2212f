"""The familiarity experiment: settings, tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from models.experiments.familiarity import corruptions
from models.experiments.familiarity.figures import familiarity
from models.experiments.familiarity.measures import (
    SCORES,
    WORDS,
    Apart,
    FamiliarityResult,
    Kind,
    Seen,
    measure_familiarity,
)
from models.experiments.familiarity.passes import foreign_images, seen_by
from models.experiments.findings import Column, Drawing, Findings, Table, Value
from models.experiments.settings import AnalysisConfig
from models.experiments.spread import Estimate, Spread
from models.experiments.subjects import Subject, subjects
from models.experiments.surroundings import Surroundings

Corruption = Literal["noise", "blur", "contrast", "brightness", "jpeg", "occlusion"]
Strength = Annotated[int, Field(ge=1, le=5)]


class FamiliarityConfig(AnalysisConfig):
    """What to tell the images from.

    Attributes:
        foreign: names or folders of imports, or names of procedural sets, of another kind than the model was made for.
        corruptions: of the own images.
        strengths: of these, 1 to 5.
        most: images at most of every foreign set, evenly spread.
    """

    foreign: tuple[str, ...] = ()
    corruptions: tuple[Corruption, ...] = ("noise", "blur", "contrast", "brightness", "jpeg", "occlusion")
    strengths: tuple[Strength, ...] = (1, 3, 5)
    most: int = Field(default=200, ge=10)


def run(settings: FamiliarityConfig, around: Surroundings) -> Findings:
    """Measures every model against every foreign set.

    Raises:
        CheckpointError, DataError, ExperimentError, ExperimentCancelled: see ``subjects``.
    """
    found: list[tuple[Subject, FamiliarityResult]] = []
    for subject in subjects(settings, around):
        statistics = subject.checkpoint.statistics
        foreign = list(foreign_seen(settings, subject, around))
        around.check()
        result = measure_familiarity(
            own_images(subject), foreign, statistics, resamples=settings.resamples, seed=settings.seed
        )
        found.append((subject, result))
    first = found[0][0]
    document: dict[str, Any] = {
        "test": {"dataset": first.images.dataset, "split": settings.split, "images": len(first.images)},
        "models": [subject.about() | result.to_json() for subject, result in found],
        "spread": _spread([result for _, result in found]),
    }
    drawings = [
        Drawing(
            "familiarity" if number == 0 else f"familiarity-{number + 1}",
            partial(familiarity, result, subject.checkpoint.name),
        )
        for number, (subject, result) in enumerate(found)
    ]
    sentences = [sentence for subject, result in found for sentence in _sentences(subject, result)]
    return Findings(document, [_table(found), _errors_table(found)], drawings, sentences)


def own_images(subject: Subject) -> Seen:
    """The tested images."""
    return Seen(
        subject.images.dataset,
        "own",
        None,
        subject.found.distances.mean(1, dtype=np.float64),
        subject.found.logits.astype(np.float64),
        subject.images.data.classes,
        subject.images.clusters,
    )


def foreign_seen(settings: FamiliarityConfig, subject: Subject, around: Surroundings) -> Iterator[Seen]:
    """Every foreign set, passed through the network."""
    images, most, seed = subject.images, settings.most, settings.seed
    for name in settings.foreign:
        yield _passed(subject, foreign_images(around.find_dataset(name), subject, most, around), (name, "set"), around)
    rows = np.unique(np.linspace(0, len(images) - 1, min(most, len(images))).astype(np.int64))
    own = np.asarray(images.data.images[rows])
    noise = corruptions.uniform_noise(len(rows), subject.network.image_size, seed)
    yield _passed(subject, noise, ("uniform noise", "noise"), around)
    yield _passed(subject, corruptions.flat(own), ("one colour", "noise"), around, rows)
    yield _passed(subject, corruptions.shuffled(own, seed), ("blocks shuffled", "noise"), around, rows)
    for name in settings.corruptions:
        for strength in settings.strengths:
            pixels = corruptions.corrupted(own, name, strength, seed)
            yield _passed(subject, pixels, (name, "corruption"), around, rows, strength)


def _passed(
    subject: Subject,
    pixels: NDArray[np.uint8],
    label: tuple[str, Kind],
    around: Surroundings,
    rows: NDArray[np.int64] | None = None,
    strength: int | None = None,
) -> Seen:
    """What the network says of foreign images; of copies of own ones when these rows are given."""
    name, kind = label
    stage = name if strength is None else f"{name} {strength}"
    distance, logits = seen_by(subject, pixels, f"Passing {stage}", around)
    unknown = np.full(len(pixels), -1, np.int64)
    if rows is None:
        apart = np.arange(len(pixels)) + int(subject.images.clusters.max()) + 1
        return Seen(name, kind, strength, distance, logits, unknown, apart)
    classes = subject.images.data.classes[rows] if kind == "corruption" else unknown
    return Seen(name, kind, strength, distance, logits, classes, subject.images.clusters[rows])


def _spread(results: list[FamiliarityResult]) -> dict[str, Any]:
    """Mean and standard deviation over the models of each AUROC."""
    return {
        one.title: {
            name: Spread.of([result.apart[place].auroc[name].value for result in results]).to_json() for name in SCORES
        }
        for place, one in enumerate(results[0].apart)
    }


def _table(found: list[tuple[Subject, FamiliarityResult]]) -> Table:
    columns = (
        Column("model", "Model"),
        Column("foreign", "Foreign images"),
        Column("kind", "Kind"),
        Column("n", "n", "d"),
        Column("distance", "AUROC, distance (95 %)"),
        Column("either_side", "either side", ".3f"),
        Column("max_probability", "1 - max p (95 %)"),
        Column("energy", "energy", ".3f"),
        Column("missed", "FPR at 95 % TPR (95 %)"),
        Column("flagged", "beyond 95th pct.", ".1%"),
        Column("accuracy", "ACC", ".3f"),
    )
    rows: list[dict[str, Value]] = []
    for subject, result in found:
        name = subject.checkpoint.name
        own: dict[str, Value] = {column.key: None for column in columns}
        own |= {"model": name, "foreign": f"own ({subject.images.dataset})", "kind": "own", "n": result.n}
        rows.append(own | {"flagged": result.beyond["95"].value, "accuracy": result.accuracy.value})
        rows += [_row(one) | {"model": name} for one in result.apart]
    return Table("familiarity", "Foreign images against the model's own", columns, rows)


def _row(one: Apart) -> dict[str, Value]:
    return {
        "foreign": one.title,
        "kind": one.kind,
        "n": one.n,
        "distance": one.auroc["distance"].text(),
        "either_side": one.auroc["either_side"].value,
        "max_probability": one.auroc["max_probability"].text(),
        "energy": one.auroc["energy"].value,
        "missed": one.missed.text(),
        "flagged": one.flagged.value,
        "accuracy": one.accuracy.value,
    }


def _errors_table(found: list[tuple[Subject, FamiliarityResult]]) -> Table:
    columns = (
        Column("model", "Model"),
        Column("score", "Score"),
        Column("wrong", "Wrong", "d"),
        Column("n", "of", "d"),
        Column("auroc", "AUROC (95 %)"),
    )
    rows: list[dict[str, Value]] = [
        {
            "model": subject.checkpoint.name,
            "score": WORDS[name],
            "wrong": result.wrong,
            "n": estimate.n,
            "auroc": estimate.text(),
        }
        for subject, result in found
        for name, estimate in result.errors.items()
    ]
    return Table(
        "familiarity-errors", "Telling the model's errors on its own images from its right answers", columns, rows
    )


def _sentences(subject: Subject, result: FamiliarityResult) -> list[str]:
    name = subject.checkpoint.name
    beyond = result.beyond["95"].text(".1%")
    own = f"{result.n} images of {subject.images.dataset}"
    found = [f"{name}: of {own}, {beyond} lie beyond 95 % of the validation images; 5 % would if they were alike."]
    kinds = {"told apart": "higher", "not told apart": "even", "taken for more familiar than the own": "lower"}
    corrupted = [one for one in result.apart if one.kind == "corruption"]
    for words, side in kinds.items():
        named = [
            _named(one) for one in result.apart if one.kind != "corruption" and _side(one.auroc["distance"]) == side
        ]
        if named:
            found.append(f"By the distance {words}: {'; '.join(named)}.")
    if corrupted:
        counts = {
            words: sum(_side(one.auroc["distance"]) == side for one in corrupted) for words, side in kinds.items()
        }
        found.append(
            f"Of {len(corrupted)} corruptions of the own images (AUROC, interval against 0.5): "
            f"{', '.join(f'{count} {words}' for words, count in counts.items())}."
        )
    ahead = [one.title for one in result.apart if one.gain.low is not None and one.gain.low > 0]
    behind = [one.title for one in result.apart if one.gain.high is not None and one.gain.high < 0]
    found.append(
        f"Of {len(result.apart)} sets the distance tells {len(ahead)} better than the largest probability does "
        f"({', '.join(ahead) or 'none'}) and {len(behind)} worse ({', '.join(behind) or 'none'})."
    )
    errors, sure = result.errors["distance"], result.errors["max_probability"]
    if errors.value is None:
        found.append("The model makes no error on these images, or no class is known: nothing to foretell.")
    else:
        found.append(
            f"Its {result.wrong} errors on {errors.n} images: AUROC {errors.text()} by the distance, {sure.text()} by "
            f"the largest probability. {_advice(errors)}"
        )
    return found


def _named(one: Apart) -> str:
    return f"{one.title} (AUROC {one.auroc['distance'].text('.2f')}, n = {one.n})"


def _advice(errors: Estimate) -> str:
    if errors.low is not None and errors.low > 0.5:
        return "A less familiar image is more often answered wrong."
    return "The distance does not say whether an answer on such an image is right."


def _side(area: Estimate) -> str:
    if area.low is None or area.high is None:
        return "even"
    return "higher" if area.low > 0.5 else "lower" if area.high < 0.5 else "even"
