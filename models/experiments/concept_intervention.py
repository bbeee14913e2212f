"""The concept intervention test (appendix J.2, table 7): does the decision hang on the concepts it should hang on?

Of images that are surely predicted as the target class, some groups' scores become what images of a reference class
have on average; what is left of the target's probability is measured.

Shapes: N images, M of them tested, C classes, I interventions with the baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from models.checkpoint import Checkpoint
from models.concepts import ConceptSet
from models.experiments.concept_intervention_report import findings
from models.experiments.findings import Findings
from models.experiments.settings import AnalysisConfig
from models.experiments.spread import Estimate, estimates
from models.experiments.subjects import Subject, subjects
from models.experiments.surroundings import ExperimentError, Surroundings
from models.intervene.batch import Effect, Outputs, Selection, apply_edits, select
from models.intervene.loading import read_head
from models.intervene.scores import Array, DecisionHead, Edit, Operation

Names = Annotated[tuple[str, ...], Field(min_length=1)]
_OLD_NAMES = {"model": "models", "bootstrap": "resamples"}


class ConceptInterventionConfig(AnalysisConfig):
    """Settings. ``model: NAME`` is the same as ``models: [NAME]``, and ``bootstrap`` as ``resamples``.

    Attributes:
        target_class: key of the class whose probability is watched.
        reference_class: key of the class whose mean scores are put in.
        groups: which groups are replaced together, a row of the table each.
        minimum_probability: that the target must have in every image tested.
        images: at most so many, drawn at random from those that pass.
    """

    target_class: str
    reference_class: str
    groups: Annotated[tuple[Names, ...], Field(min_length=1)]
    minimum_probability: float = Field(default=0.9, ge=0, le=1)
    images: int = Field(default=50, ge=1)

    @model_validator(mode="before")
    @classmethod
    def _older(cls, values: Any) -> Any:
        """Files written before there were several models still work."""
        if not isinstance(values, dict):
            return values
        renamed = dict(values)
        for old, new in _OLD_NAMES.items():
            if old in renamed:
                if new in renamed:
                    raise ValueError(f"{old} and {new} mean the same; give one of them")
                found = renamed.pop(old)
                renamed[new] = [found] if new == "models" else found
        return renamed


@dataclass(frozen=True, eq=False)
class Images:
    """What is known of the images.

    Attributes:
        keys: (N,) names.
        classes: (N,) class index, negative where it is not known.
        clusters: (N,) equal for images that are drawn together in the bootstrap.
    """

    keys: tuple[str, ...]
    classes: NDArray[np.int64]
    clusters: NDArray[np.int64]


@dataclass(frozen=True)
class InterventionRow:
    """A row of the table.

    Attributes:
        groups: keys of those replaced; none for the baseline.
        intervention: the same in words.
        mean: average probability of the target class.
        relative_change: ``mean / baseline - 1``; None for the baseline.
        flipped: images that are no longer predicted as the target class.
    """

    groups: tuple[str, ...]
    intervention: str
    mean: Estimate
    relative_change: Estimate | None
    flipped: int

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return asdict(self) | {"groups": list(self.groups)}


@dataclass(frozen=True, eq=False)
class ConceptIntervention:
    """What the test found.

    Attributes:
        class_name: the target's.
        scored: N, images of the splits.
        passed: how many of them are surely predicted as the target class.
        right: how many of those tested are of the target class, where their class is known; None if it is of none.
        rows: of the table, the baseline first.
        keys: (M,) of the images tested.
        truth: (M,) class key, or None.
        probabilities: (M, I) of the target class.
    """

    class_name: str
    scored: int
    passed: int
    right: int | None
    rows: tuple[InterventionRow, ...]
    keys: tuple[str, ...]
    truth: tuple[str | None, ...]
    probabilities: Array

    def to_json(self) -> dict[str, Any]:
        """Everything but the single images."""
        return {
            "images_scored": self.scored,
            "images_passed": self.passed,
            "images_tested": len(self.keys),
            "tested_of_target_class": self.right,
            "rows": [row.to_json() for row in self.rows],
        }


def run(config: ConceptInterventionConfig, around: Surroundings) -> Findings:
    """Tests every model of the settings. Errors as ``subjects`` and ``measure_concept_intervention``."""
    measured: list[tuple[dict[str, Any], ConceptIntervention]] = []
    about: dict[str, Any] = {}
    for subject in subjects(config, around):
        measured.append((subject.about(), measure_concept_intervention(subject, config)))
        about = {"dataset": subject.images.dataset, "synthetic": subject.images.synthetic}
    return findings(measured, about, config)


def measure_concept_intervention(subject: Subject, config: ConceptInterventionConfig) -> ConceptIntervention:
    """The test of one model.

    Raises:
        ExperimentError: a class or a group that the model lacks, or has no mean of.
        NothingSelected: no image is predicted so surely; it says what the largest probability is.
        CheckpointError: the head cannot be read.
    """
    check(config, subject.checkpoint)
    images = Images(subject.images.keys, subject.images.data.classes, subject.images.clusters)
    return measure(
        config, read_head(subject.checkpoint), Outputs.of(subject.found.logits, subject.found.scores), images
    )


def measure(
    config: ConceptInterventionConfig, head: DecisionHead, outputs: Outputs, images: Images
) -> ConceptIntervention:
    """The same from what the model says of all images.

    Raises:
        NothingSelected: no image is predicted so surely.
    """
    concept_set = head.concept_set
    wanted = Selection(config.target_class, config.minimum_probability, None, config.seed)
    passed = select(outputs, concept_set.class_keys, wanted)
    rows = select(outputs, concept_set.class_keys, Selection(**{**asdict(wanted), "limit": config.images}))
    chosen, truth = outputs.take(rows), images.classes[rows]
    target = concept_set.class_keys.index(config.target_class)
    effects = [
        apply_edits(head, chosen, edits_for(concept_set, groups, config.reference_class), truth)
        for groups in ((), *config.groups)
    ]
    probabilities = np.stack([effect.after[:, target] for effect in effects], 1)
    return ConceptIntervention(
        class_name=concept_set.class_names[target],
        scored=len(images.keys),
        passed=len(passed),
        right=int(np.sum(truth == target)) if np.any(truth >= 0) else None,
        rows=_rows(config, concept_set, probabilities, images.clusters[rows], effects),
        keys=tuple(images.keys[row] for row in rows),
        truth=tuple(concept_set.class_keys[index] if index >= 0 else None for index in truth.tolist()),
        probabilities=probabilities,
    )


def edits_for(concept_set: ConceptSet, groups: Sequence[str], reference_class: str) -> list[Edit]:
    """The edits of an intervention: each group's scores become their mean over images of the reference class."""
    first = [
        f"{group.key}.{group.option_keys[0]}" for key in groups for group in concept_set.groups if group.key == key
    ]
    return [Edit(option_id, Operation.CLASS_MEAN, reference_class=reference_class) for option_id in first]


def _rows(
    config: ConceptInterventionConfig,
    concept_set: ConceptSet,
    probabilities: Array,
    clusters: NDArray[np.int64],
    effects: Sequence[Effect],
) -> tuple[InterventionRow, ...]:
    def evaluate(weights: Array) -> Array:
        means = weights @ probabilities / weights.sum(1, keepdims=True)
        result: Array = np.concatenate([means, means / means[:, :1] - 1], 1)
        return result

    interventions = ((), *config.groups)
    count, size = len(probabilities), len(interventions)
    found = estimates(evaluate, clusters, [count] * 2 * size, config.resamples, config.seed)
    names = {group.key: group.name for group in concept_set.groups}
    rows = []
    for place, groups in enumerate(interventions):
        words = "None (baseline)"
        if groups:
            words = f"Intervene on {_listed([names[key] for key in groups], len(concept_set.groups))}"
        change = found[size + place] if groups else None
        rows.append(InterventionRow(groups, words, found[place], change, int(effects[place].flipped.sum())))
    return tuple(rows)


def _listed(names: list[str], group_count: int) -> str:
    if len(names) == group_count:
        return f"all {group_count} groups"
    quoted = [f"“{name}”" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def check(config: ConceptInterventionConfig, checkpoint: Checkpoint) -> None:
    """Whether the settings fit the model.

    Raises:
        ExperimentError: a class or a group that it lacks, or has no mean of.
    """
    concept_set, name = checkpoint.concept_set, checkpoint.name
    for field in ("target_class", "reference_class"):
        if getattr(config, field) not in concept_set.class_keys:
            known = ", ".join(concept_set.class_keys)
            raise ExperimentError(f"{field}: {name} has no class {getattr(config, field)!r}; there are {known}")
    if config.target_class == config.reference_class:
        raise ExperimentError(f"target_class and reference_class are both {config.target_class!r}; name two classes")
    for groups in config.groups:
        for key in groups:
            if key not in concept_set.group_keys:
                known = ", ".join(concept_set.group_keys)
                raise ExperimentError(f"groups: {name} has no concept group {key!r}; there are {known}")
        if len(set(groups)) < len(groups):
            raise ExperimentError(f"groups: {', '.join(groups)} names a group twice")
    if checkpoint.statistics.class_means[concept_set.class_keys.index(config.reference_class)] is None:
        raise ExperimentError(
            f"reference_class: the validation images of {name} hold none of class {config.reference_class!r}, "
            "so there is no average to put in"
        )
