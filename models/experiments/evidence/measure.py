"""Everything that is measured of a model, in one go: the other experiments' functions on a bounded number of images."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np

from models.checkpoint import read_checkpoint
from models.concepts import load_concept_set
from models.data.synthetic.generators import GENERATORS
from models.experiments.calibration.measures import calibrated, class_decisions
from models.experiments.calibration.run import check_apart
from models.experiments.concept_intervention import (
    ConceptIntervention,
    ConceptInterventionConfig,
    measure_concept_intervention,
)
from models.experiments.deletion.measures import curves_of, measure_deletion
from models.experiments.deletion.settings import DeletionConfig
from models.experiments.effective_concepts import EffectiveConceptsConfig, measure_effective_concepts
from models.experiments.evidence import confidence, maps, scores
from models.experiments.evidence.concepts import concept_evidence, decision_and_readings
from models.experiments.evidence.limits import limits_of
from models.experiments.evidence.schema import Evidence, NamedFigure, TestedOn, TrustTest
from models.experiments.evidence.settings import EvidenceConfig
from models.experiments.familiarity.measures import measure_familiarity
from models.experiments.familiarity.run import FamiliarityConfig, foreign_seen, own_images
from models.experiments.intervention_curve import InterventionCurve, InterventionCurveConfig, measure_intervention_curve
from models.experiments.leakage.run import measure_leakage
from models.experiments.leakage.settings import LeakageConfig
from models.experiments.leakage.shuffling import shuffled_images
from models.experiments.localization.measures import LocalizationResult, measure_localization
from models.experiments.localization.run import random_networks
from models.experiments.localization.settings import LocalizationConfig
from models.experiments.prototypes.measures import measure_prototypes
from models.experiments.subjects import Subject, pass_over, read_subject
from models.experiments.surroundings import ExperimentError, Surroundings

_PERMUTATIONS = 499  # of options found
_CODE_PERMUTATIONS = 1999  # of images: the smallest p-value must survive Holm's correction for all codes and groups
_SURE = 0.9  # probability of the class whose concepts are replaced, as in the paper's table 7


def measure_evidence(settings: EvidenceConfig, around: Surroundings, command: str) -> Evidence:
    """Measures one model.

    Args:
        settings: which model on which images, and the rules.
        around: where models and images are, and who is told.
        command: how to do it again, in words.

    Raises:
        CheckpointError, DataError, ExperimentError, ExperimentCancelled: see ``subjects``.
    """
    (name,) = settings.models
    checkpoint = read_checkpoint(around.find_model(name))
    subject = read_subject(checkpoint, around.find_dataset(settings.dataset), settings, around, settings.most)
    around.tell("Concepts", 0, 1)
    decision, readings = decision_and_readings(subject, settings)
    located = _located(subject, settings, around)
    images = subject.images
    tests = []
    for number, test in enumerate(_tests(subject, settings, located, around), 1):
        around.check()
        around.tell("Questions", number, 8)
        tests.append(test)
    return Evidence(
        weights_digest=checkpoint.weights_digest(),
        made_on=datetime.now(UTC).date().isoformat(),
        command=command,
        tested_on=TestedOn(
            dataset=images.dataset,
            synthetic=images.synthetic,
            split=settings.split,
            images=len(images),
            clusters=len(np.unique(images.clusters)),
        ),
        limits=limits_of(subject, settings, readings, around.find_dataset(settings.dataset)),
        decision=[*decision, *_calibration_error(tests)],
        concepts=concept_evidence(subject, readings, located, settings),
        tests=tests,
    )


def _calibration_error(tests: list[TrustTest]) -> list[NamedFigure]:
    """As the question has it: its interval is corrected for the bias of resamples."""
    return [figure for test in tests for figure in test.figures if (test.key, figure.key) == ("calibration", "ece")]


def _shared(settings: EvidenceConfig, **more: Any) -> dict[str, Any]:
    """What the settings of every experiment have in common, and more."""
    names = ("models", "dataset", "split", "drawn", "seed", "resamples")
    return {name: getattr(settings, name) for name in names} | more


def _located(subject: Subject, settings: EvidenceConfig, around: Surroundings) -> LocalizationResult:
    more = {"random_seeds": settings.random_seeds, "random_images": settings.random_images}
    own = LocalizationConfig(**_shared(settings, **more))
    return measure_localization(subject, own, random_networks(subject, own, around))


def _tests(
    subject: Subject, settings: EvidenceConfig, located: LocalizationResult, around: Surroundings
) -> Iterator[TrustTest]:
    """The eight questions, in the order of the page."""
    rules = settings.rules
    yield maps.localization(located, _names(subject), rules)
    yield _deletion(subject, settings, around)
    yield _or_unmeasured(scores.UNMEASURED["leakage"], lambda: _leakage(subject, settings, around))
    yield _or_unmeasured(
        scores.UNMEASURED["effective_concepts"],
        lambda: scores.effective_concepts(measure_effective_concepts(subject, _effective(subject, settings)), rules),
    )
    yield _intervention(subject, settings)
    yield _calibration(subject, settings, around)
    yield _familiarity(subject, settings, around)
    found = measure_prototypes(
        subject, permutations=_CODE_PERMUTATIONS, resamples=settings.resamples, seed=settings.seed
    )
    yield confidence.codes(found, _names(subject), rules)


def _or_unmeasured(nothing: TrustTest, measure: Callable[[], TrustTest]) -> TrustTest:
    """The test, or where these images do not allow it the same unmeasured, with the reason."""
    try:
        return measure()
    except ExperimentError as error:
        return nothing.model_copy(update={"answer": f"Not measured: {error}."})


def _names(subject: Subject) -> dict[str, str]:
    return {group.key: group.name for group in subject.checkpoint.concept_set.groups}


def _deletion(subject: Subject, settings: EvidenceConfig, around: Surroundings) -> TrustTest:
    own = DeletionConfig(**_shared(settings, images=settings.deletion_images))
    order = np.random.default_rng(settings.seed).permutation(len(subject.images))
    rows = np.sort(order[: settings.deletion_images]).astype(np.int64)
    curves = curves_of(subject, rows, own, around)
    return maps.deletion(measure_deletion(curves, subject.images.clusters[rows], own), settings.rules)


def _leakage(subject: Subject, settings: EvidenceConfig, around: Surroundings) -> TrustTest:
    own = LeakageConfig(**_shared(settings, permutations=_PERMUTATIONS))
    mixed = shuffled_images(subject.images, own.tiles, settings.seed)
    shuffled = pass_over(subject.checkpoint, subject.network, mixed, around)
    return scores.leakage(measure_leakage(subject, shuffled, own), settings.rules)


def _effective(subject: Subject, settings: EvidenceConfig) -> EffectiveConceptsConfig:
    few = min(EffectiveConceptsConfig.model_fields["effective"].default, subject.checkpoint.concept_set.option_count)
    return EffectiveConceptsConfig(**_shared(settings, draws=20, effective=few))


def _intervention(subject: Subject, settings: EvidenceConfig) -> TrustTest:
    return scores.intervention(_curve(subject, settings), _replaced(subject, settings), _names(subject), settings.rules)


def _curve(subject: Subject, settings: EvidenceConfig) -> InterventionCurve | None:
    """None where the labels do not say what is right in single images."""
    if not subject.images.per_image.any():
        return None
    try:
        return measure_intervention_curve(subject, InterventionCurveConfig(**_shared(settings, permutations=20)))
    except ExperimentError:
        return None


def _replaced(subject: Subject, settings: EvidenceConfig) -> ConceptIntervention | None:
    """Table 7 with every group alone, for the class most often surely predicted; None where there is none."""
    concept_set, statistics = subject.checkpoint.concept_set, subject.checkpoint.statistics
    logits = subject.found.logits.astype(np.float64)
    shifted = np.exp(logits - logits.max(1, keepdims=True))
    probabilities = shifted / shifted.sum(1, keepdims=True)
    sure = probabilities.max(1) >= _SURE
    if not sure.any():
        return None
    target = int(np.bincount(probabilities[sure].argmax(1)).argmax())
    others = [place for place, mean in enumerate(statistics.class_means) if mean is not None and place != target]
    if not others:
        return None
    nearest = probabilities[sure & (probabilities.argmax(1) == target)].mean(0)
    reference = max(others, key=lambda place: nearest[place])
    own = ConceptInterventionConfig(
        **_shared(settings),
        target_class=concept_set.class_keys[target],
        reference_class=concept_set.class_keys[reference],
        groups=tuple((key,) for key in concept_set.group_keys),
        minimum_probability=_SURE,
        images=200,
    )
    return measure_concept_intervention(subject, own)


def _calibration(subject: Subject, settings: EvidenceConfig, around: Surroundings) -> TrustTest:
    tested = class_decisions(subject)
    if len(tested) == 0:
        return confidence.calibration(None, None, settings.rules)
    others, words = _fitting(subject, settings, around)
    # Without other images nothing is said of the temperature; what is said of the probabilities as they are stays.
    fitted = tested if others is None else class_decisions(others)
    found = calibrated(tested, fitted, resamples=settings.resamples, seed=settings.seed)
    return confidence.calibration(found, words, settings.rules)


def _fitting(subject: Subject, settings: EvidenceConfig, around: Surroundings) -> tuple[Subject | None, str | None]:
    """Images to fit a temperature on, with words for them; None where all there are would be tested too."""
    name = settings.fitted_on or settings.dataset
    if settings.fitted_on is None and settings.split in ("all", settings.fitted_split):
        return None, None
    other = settings.model_copy(update={"dataset": name, "split": settings.fitted_split})
    try:
        found = read_subject(subject.checkpoint, around.find_dataset(name), other, around, settings.most)
        check_apart(subject.images, found.images)
    except ExperimentError:  # an import may have no such images, or the same ones
        return None, None
    if len(class_decisions(found)) == 0:
        return None, None
    return found, f"{len(found.images)} images of {found.images.dataset} ({settings.fitted_split})"


def _familiarity(subject: Subject, settings: EvidenceConfig, around: Surroundings) -> TrustTest:
    foreign = _foreign_sets(subject) if settings.foreign is None else settings.foreign
    own = FamiliarityConfig(**_shared(settings, foreign=foreign, strengths=(3,), most=settings.foreign_images))
    found = measure_familiarity(
        own_images(subject),
        list(foreign_seen(own, subject, around)),
        subject.checkpoint.statistics,
        resamples=settings.resamples,
        seed=settings.seed,
    )
    return confidence.familiarity(found, settings.rules)


def _foreign_sets(subject: Subject) -> tuple[str, ...]:
    """The procedural sets of another modality."""
    own = subject.checkpoint.concept_set.modality
    return tuple(name for name, (_, concepts) in GENERATORS.items() if load_concept_set(concepts).modality != own)
