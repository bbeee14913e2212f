"""The report of a comparison, from what both models said and what is known.

Shapes: N images, K groups, O options, C classes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from models.checkpoint import Checkpoint
from models.compare import words
from models.compare.changes import changed_predictions
from models.compare.concepts import Matching
from models.compare.evaluation import Named, compare_figures, interval_of, number_of
from models.compare.figures import Answers, Indices, Known
from models.compare.images import ComparedImages
from models.compare.intervals import LEVEL, Bounds, wilson
from models.compare.paired import PermutationTest, mcnemar
from models.compare.ranks import rank_history
from models.compare.result import (
    ClassShares,
    Comparison,
    ConceptReport,
    DataReport,
    GroupReport,
    McNemarReport,
    ModelReport,
    PermutationReport,
    SettingsReport,
    Share,
)
from models.compare.settings import CompareSettings
from models.train.metrics import concept_accuracies, mean_of_known


@dataclass(frozen=True, eq=False)
class Side:
    """One of the models with what it said.

    Attributes:
        checkpoint: of the model.
        answers: in A's order of classes, with the groups that both have.
        scores: (N, O) of its own options.
        options: (N, K) truth in terms of its own concept set.
    """

    checkpoint: Checkpoint
    answers: Answers
    scores: NDArray[np.float32]
    options: Indices


def report(
    sides: tuple[Side, Side], matching: Matching, images: ComparedImages, known: Known, settings: CompareSettings
) -> Comparison:
    """Puts all of it together."""
    concept_set = sides[0].checkpoint.concept_set
    data = _data(images, known, settings)
    named = Named(
        concept_set.class_keys,
        concept_set.class_names,
        tuple(group.key for group in matching.shared),
        tuple(group.name for group in matching.shared),
    )
    answers = (sides[0].answers, sides[1].answers)
    figures, tests = compare_figures(answers, known, images.clusters, named, settings)
    support = [(key, int(np.sum(known.classes == label))) for label, key in enumerate(concept_set.class_keys)]
    from_class = not images.labelled and any(np.any(group >= 0) for group in known.groups)
    bmac = next(figure for figure in figures if figure.key == "bmac")
    bounds = None if bmac.interval is None else Bounds(bmac.interval.low, bmac.interval.high)
    compared = sum(figure.interval is not None for figure in figures)
    return Comparison(
        data=data,
        settings=SettingsReport(
            seed=settings.seed, resamples=settings.resamples, stratified=settings.stratify, level=LEVEL
        ),
        class_keys=concept_set.class_keys,
        a=_model(sides[0], known.classes, concept_set.class_keys, concept_set.class_names),
        b=_model(sides[1], known.classes, concept_set.class_keys, concept_set.class_names),
        concepts=_concepts(sides, matching, known, from_class),
        figures=figures,
        mcnemar=_mcnemar(sides, known.classes),
        permutation=_permutation(tests.get("bmac")),
        changed=changed_predictions(images.keys, known.classes, *answers, concept_set.class_keys),
        summary=words.summarise(bmac.verdict, bmac.difference, bounds, data),
        cautions=words.cautions(data, support, from_class, compared),
    )


def _model(side: Side, truth: Indices, class_keys: tuple[str, ...], class_names: tuple[str, ...]) -> ModelReport:
    checkpoint, rows = side.checkpoint, truth >= 0
    confusion = np.zeros((len(class_keys), len(class_keys)), np.int64)
    np.add.at(confusion, (truth[rows], side.answers.predicted[rows]), 1)
    own = checkpoint.concept_set
    concepts = concept_accuracies(side.scores, side.options, own.group_slices)
    return ModelReport(
        name=checkpoint.name,
        weights_digest=checkpoint.weights_digest(),
        concept_set=own.name,
        concept_set_digest=own.digest(),
        trained_on=checkpoint.dataset,
        synthetic=checkpoint.synthetic,
        classes=tuple(
            class_shares(confusion, label, key, name)
            for label, (key, name) in enumerate(zip(class_keys, class_names, strict=True))
        ),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        concept_bmac={key: number_of(value) for key, value in zip(own.group_keys, concepts, strict=True)},
        concept_bmac_mean=number_of(mean_of_known(concepts)),
        rank_history=rank_history(checkpoint.metrics),
    )


def class_shares(confusion: NDArray[np.int64], label: int, key: str, name: str) -> ClassShares:
    """Sensitivity, specificity and positive predictive value of a class, from the confusion matrix (C, C)."""
    total, own, said = int(confusion.sum()), int(confusion[label].sum()), int(confusion[:, label].sum())
    hits = int(confusion[label, label])
    return ClassShares(
        key=key,
        name=name,
        sensitivity=_share(hits, own),
        specificity=_share(total - own - said + hits, total - own),
        ppv=_share(hits, said),
    )


def _concepts(sides: tuple[Side, Side], matching: Matching, known: Known, from_class: bool) -> ConceptReport:
    a, b = (side.checkpoint.concept_set for side in sides)
    return ConceptReport(
        same=a.option_ids == b.option_ids,
        groups=tuple(
            GroupReport(
                key=group.key,
                name=group.name,
                n=int(np.sum(truth >= 0)),
                options=tuple(
                    f"{group.key}.{option}"
                    for option in a.groups[group.column_a].option_keys
                    if option in b.groups[group.column_b].option_keys
                ),
                only_a=group.only_a,
                only_b=group.only_b,
            )
            for group, truth in zip(matching.shared, known.groups, strict=True)
        ),
        only_a=matching.only_a,
        only_b=matching.only_b,
        from_class=from_class,
    )


def _mcnemar(sides: tuple[Side, Side], truth: Indices) -> McNemarReport:
    if not np.any(truth >= 0):
        return McNemarReport(only_a=0, only_b=0, method="none", statistic=None, p_value=None)
    a, b = (side.answers.predicted == truth for side in sides)
    return McNemarReport(**asdict(mcnemar(int(np.sum(a & ~b)), int(np.sum(b & ~a)))))


def _permutation(test: PermutationTest | None) -> PermutationReport:
    if test is None:
        return PermutationReport(difference=None, units=0, permutations=0, exact=True, p_value=None)
    return PermutationReport(**asdict(test))


def _data(images: ComparedImages, known: Known, settings: CompareSettings) -> DataReport:
    sizes = np.unique(images.clusters, return_counts=True)[1]
    return DataReport(
        name=images.name,
        split=settings.split,
        synthetic=images.synthetic,
        images=len(images.keys),
        known=int(np.sum(known.classes >= 0)),
        units=len(sizes),
        largest_unit=int(sizes.max()),
    )


def _share(count: int, of: int) -> Share:
    return Share(count=count, of=of, value=count / of if of else None, interval=interval_of(wilson(count, of)))
