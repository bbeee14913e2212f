"""The concept intervention test (appendix J.2, table 7): does the decision hang on the concepts it should hang on?

Of images that are surely predicted as the target class, some groups' scores become what images of a reference class
have on average; what is left of the target's probability is measured.

Shapes: N images, M of them tested, C classes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.checkpoint import Checkpoint, load_network
from models.concepts import ConceptSet
from models.data.records import SPLITS, SplitName
from models.intervene.batch import (
    RESAMPLES,
    Effect,
    Outputs,
    Selection,
    apply_edits,
    bootstrap_means,
    interval,
    select,
)
from models.intervene.images import DRAWN, EncoderInput, LabelledImages, read_images
from models.intervene.loading import read_head
from models.intervene.scores import Array, DecisionHead, Edit, Operation
from models.intervene.scoring import score_images

Tell = Callable[[str, int, int], None]
Names = Annotated[tuple[str, ...], Field(min_length=1)]


class ExperimentError(ValueError):
    """The settings do not fit the model or the images; the message says what there is instead."""


class ConceptInterventionConfig(BaseModel):
    """Settings of the test, from YAML.

    Attributes:
        model: name of a model, or its folder.
        dataset: name or folder of an import, or the name of a procedural set.
        split: "train", "validation", "test" or "all" of them.
        drawn: of a procedural set, how many images of each split are drawn.
        target_class: key of the class whose probability is watched.
        reference_class: key of the class whose mean scores are put in.
        groups: which groups are replaced together, a row of the table each.
        minimum_probability: that the target must have in every image tested.
        images: at most so many, drawn at random from those that pass.
        seed: of that draw and of the bootstrap.
        bootstrap: resamples.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    model: str
    dataset: str
    split: Literal["train", "validation", "test", "all"] = "test"
    drawn: int = Field(default=DRAWN, ge=1)
    target_class: str
    reference_class: str
    groups: Annotated[tuple[Names, ...], Field(min_length=1)]
    minimum_probability: float = Field(default=0.9, ge=0, le=1)
    images: int = Field(default=50, ge=1)
    seed: int = Field(default=0, ge=0)
    bootstrap: int = Field(default=RESAMPLES, ge=100, le=100_000)

    @classmethod
    def load(cls, path: Path) -> ConceptInterventionConfig:
        """Reads a YAML file. Raises ``ExperimentError`` and names the field and the fault."""
        try:
            return cls.model_validate(yaml.safe_load(path.read_text("utf-8")))
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}" for fault in error.errors()
            )
            raise ExperimentError(f"{path}: {faults}") from error
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise ExperimentError(f"{path}: cannot be read ({error})") from error

    @property
    def splits(self) -> tuple[SplitName, ...]:
        """The splits that are meant."""
        return tuple(SPLITS) if self.split == "all" else (self.split,)


@dataclass(frozen=True)
class InterventionRow:
    """A row of the table.

    Attributes:
        groups: keys of those replaced; none for the baseline.
        intervention: the same in words.
        mean: average probability of the target class.
        relative_change: ``(mean - baseline) / baseline``; None for the baseline.
        low: lower end of its 95 % percentile bootstrap interval, over images.
        high: its upper end.
        flipped: images that are no longer predicted as the target class.
    """

    groups: tuple[str, ...]
    intervention: str
    mean: float
    relative_change: float | None
    low: float | None
    high: float | None
    flipped: int


@dataclass(frozen=True, eq=False)
class ConceptInterventionResult:
    """What the test found.

    Attributes:
        scored: N, images of the splits.
        passed: how many of them are surely predicted as the target class.
        right: how many of those tested are of the target class, where their class is known; None if it is of none.
        rows: of the table, the baseline first.
        keys: (M,) of the images tested.
        truth: (M,) class key, or None.
        probabilities: (M, rows) of the target class.
    """

    scored: int
    passed: int
    right: int | None
    rows: tuple[InterventionRow, ...]
    keys: tuple[str, ...]
    truth: tuple[str | None, ...]
    probabilities: Array


def concept_intervention(
    config: ConceptInterventionConfig, checkpoint: Checkpoint, dataset: Path | str, tell: Tell | None = None
) -> ConceptInterventionResult:
    """Runs the test.

    Args:
        config: settings; model and data set are taken from the other arguments.
        checkpoint: of the model.
        dataset: folder of an import, or the name of a procedural set.
        tell: called with a stage, and how many of how many images are done.

    Raises:
        ExperimentError: a class or a group that the model lacks, or has no mean of.
        NothingSelected: no image is predicted so surely; it says what the largest probability is.
        DataError: the data set cannot be read.
        CheckpointError: the weights cannot be read.
    """
    _check(config, checkpoint)
    tell = tell or (lambda _stage, _done, _total: None)
    head, network = read_head(checkpoint), load_network(checkpoint)
    wanted = EncoderInput(network.image_size, checkpoint.config.resize_mode)
    images = read_images(
        dataset, config.splits, checkpoint.concept_set, wanted, drawn=config.drawn, progress=partial(tell, "Preparing")
    )
    found = score_images(network, images.images, checkpoint.config.preprocessing, progress=partial(tell, "Scoring"))
    return measure(config, head, Outputs.of(found.logits, found.scores), images)


def measure(
    config: ConceptInterventionConfig, head: DecisionHead, outputs: Outputs, images: LabelledImages
) -> ConceptInterventionResult:
    """The table, from what the model says of all images. Errors as ``concept_intervention``."""
    concept_set = head.concept_set
    wanted = Selection(config.target_class, config.minimum_probability, None, config.seed)
    passed = select(outputs, concept_set.class_keys, wanted)
    rows = select(outputs, concept_set.class_keys, Selection(**{**asdict(wanted), "limit": config.images}))
    chosen, truth = outputs.take(rows), images.truth[rows]
    target = concept_set.class_keys.index(config.target_class)
    effects = [
        apply_edits(head, chosen, edits_for(concept_set, groups, config.reference_class), truth)
        for groups in ((), *config.groups)
    ]
    probabilities = np.stack([effect.after[:, target] for effect in effects], 1)
    means = bootstrap_means(probabilities, config.bootstrap, config.seed)
    return ConceptInterventionResult(
        scored=len(images.keys),
        passed=len(passed),
        right=int(np.sum(truth == target)) if np.any(truth >= 0) else None,
        rows=tuple(
            _row(concept_set, groups, (probabilities, means), place, effects[place])
            for place, groups in enumerate(((), *config.groups))
        ),
        keys=tuple(images.keys[row] for row in rows),
        truth=_names(truth, concept_set),
        probabilities=probabilities,
    )


def edits_for(concept_set: ConceptSet, groups: Sequence[str], reference_class: str) -> list[Edit]:
    """The edits of an intervention: each group's scores become their mean over images of the reference class."""
    first = [
        f"{group.key}.{group.option_keys[0]}" for key in groups for group in concept_set.groups if group.key == key
    ]
    return [Edit(option_id, Operation.CLASS_MEAN, reference_class=reference_class) for option_id in first]


def _row(
    concept_set: ConceptSet, groups: tuple[str, ...], measured: tuple[Array, Array], place: int, effect: Effect
) -> InterventionRow:
    probabilities, means = measured
    mean, baseline = float(probabilities[:, place].mean()), float(probabilities[:, 0].mean())
    names = {group.key: group.name for group in concept_set.groups}
    if not groups:
        return InterventionRow((), "None (baseline)", mean, None, None, None, 0)
    low, high = interval(means[:, place] / means[:, 0] - 1)
    words = f"Intervene on {_listed([names[key] for key in groups], len(concept_set.groups))}"
    return InterventionRow(groups, words, mean, mean / baseline - 1, low, high, int(effect.flipped.sum()))


def _listed(names: list[str], group_count: int) -> str:
    if len(names) == group_count:
        return f"all {group_count} groups"
    quoted = [f"“{name}”" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _names(truth: NDArray[np.int64], concept_set: ConceptSet) -> tuple[str | None, ...]:
    return tuple(concept_set.class_keys[index] if index >= 0 else None for index in truth.tolist())


def _check(config: ConceptInterventionConfig, checkpoint: Checkpoint) -> None:
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


def document(
    config: ConceptInterventionConfig, checkpoint: Checkpoint, result: ConceptInterventionResult
) -> dict[str, Any]:
    """Everything but the single images, JSON-ready."""
    return {
        "experiment": "concept-intervention",
        "settings": config.model_dump(mode="json"),
        "model": {
            "name": checkpoint.name,
            "weights_digest": checkpoint.weights_digest(),
            "synthetic": checkpoint.synthetic,
        },
        "images_scored": result.scored,
        "images_passed": result.passed,
        "images_tested": len(result.keys),
        "tested_of_target_class": result.right,
        "rows": [asdict(row) for row in result.rows],
    }
