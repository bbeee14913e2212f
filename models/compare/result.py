"""What a comparison says, ready for JSON: there is no NaN in it, a figure that is undefined is null."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Verdict = Literal["better", "worse", "undecided", "same", "unknown"]
Kind = Literal["fixed", "broken", "changed-wrong", "unknown"]
# Part of the JSON: raise it when a field changes its meaning.
FORMAT = 1


class _Record(BaseModel):
    # What has a default is in the JSON all the same, and its schema says so.
    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class Interval(_Record):
    """A 95 % interval."""

    low: float
    high: float


class Figure(_Record):
    """One figure of both models.

    Attributes:
        key: such as "bmac", "sensitivity.mel" or "concept_bmac.border".
        name: in words.
        better: whether a higher or a lower value is.
        n: images that it rests on; for the mean of the concepts, those with any concept known.
        a: of model A; null where undefined.
        b: of model B.
        interval_a: percentile interval of A's.
        interval_b: of B's.
        difference: B − A.
        interval: percentile interval of the difference, images (or clusters) drawn together for both.
        bca: BCa interval of the difference; null where it is not feasible.
        p_value: of the permutation test, clusters swapped as one; null where the figure is no sum over images.
        verdict: of B. "better" and "worse" where the percentile interval excludes 0 and the permutation test, where
            there is one, agrees at 5 %; "same" where no resample differs from 0; "unknown" where there is no interval;
            "undecided" otherwise.
        sentence: the same in words.
    """

    key: str
    name: str
    better: Literal["higher", "lower"]
    n: int
    a: float | None
    b: float | None
    interval_a: Interval | None
    interval_b: Interval | None
    difference: float | None
    interval: Interval | None
    bca: Interval | None
    p_value: float | None
    verdict: Verdict
    sentence: str


class Share(_Record):
    """``count`` of ``of`` images, with Wilson's interval; the value is null of nothing."""

    count: int
    of: int
    value: float | None
    interval: Interval | None


class ClassShares(_Record):
    """One class against the rest.

    Attributes:
        key: of the class.
        name: of the class.
        sensitivity: predicted as it, of the images that are of it.
        specificity: predicted as another one, of the images that are of another one.
        ppv: of it, of the images predicted as it.
    """

    key: str
    name: str
    sensitivity: Share
    specificity: Share
    ppv: Share


class RankHistory(_Record):
    """Effective rank of the tokens while the model was trained; no entries where nothing was recorded.

    Attributes:
        epochs: how many were run and recorded.
        epoch: of each entry, from 1.
        train: mean rank over a sample of the training images.
        validation: over a sample of the validation images.
    """

    epochs: int
    epoch: tuple[int, ...]
    train: tuple[float, ...]
    validation: tuple[float, ...]


class ModelReport(_Record):
    """One of the models.

    Attributes:
        name: of the model.
        weights_digest: SHA-256 of the weights, the identity of the version.
        concept_set: name of its concept set.
        concept_set_digest: SHA-256 of its content.
        trained_on: name of the data set.
        synthetic: whether it learned from drawn images only.
        classes: in A's order.
        confusion: (C, C) images, truth down, prediction across, in A's order.
        concept_bmac: of all its own groups; null for one of which nothing is known.
        concept_bmac_mean: over those groups.
        rank_history: of its training.
    """

    name: str
    weights_digest: str
    concept_set: str
    concept_set_digest: str
    trained_on: str
    synthetic: bool
    classes: tuple[ClassShares, ...]
    confusion: tuple[tuple[int, ...], ...]
    concept_bmac: dict[str, float | None]
    concept_bmac_mean: float | None
    rank_history: RankHistory


class GroupReport(_Record):
    """How a concept group that both have was compared.

    Attributes:
        key: of the group; its figure is "concept_bmac.<key>".
        name: of the group.
        n: images whose option is known to both sets, and the same.
        options: ids of the options of both.
        only_a: ids of options that B lacks.
        only_b: ids of options that A lacks.
    """

    key: str
    name: str
    n: int
    options: tuple[str, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]


class ConceptReport(_Record):
    """What the concept sets have in common.

    Attributes:
        same: whether they are equal in groups and options.
        groups: of both.
        only_a: keys of groups that cannot be compared since B lacks them.
        only_b: since A lacks them.
        from_class: whether the concepts' truth follows from the class alone, since no image is labelled with any.
    """

    same: bool
    groups: tuple[GroupReport, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    from_class: bool


class McNemarReport(_Record):
    """McNemar's test; null ``p_value`` where no class is known. Images count one by one, clusters or not."""

    only_a: int
    only_b: int
    method: Literal["exact", "chi-squared", "none"]
    statistic: float | None
    p_value: float | None


class PermutationReport(_Record):
    """Permutation test of the difference in balanced accuracy: of ``permutations`` swaps, or of all there are."""

    difference: float | None
    units: int
    permutations: int
    exact: bool
    p_value: float | None


class ChangedPrediction(_Record):
    """An image that the two say different classes of.

    Attributes:
        key: of the image.
        truth: key of its class; null where not known.
        class_a: key of the class that A predicts.
        class_b: that B predicts.
        probabilities_a: of the classes, in A's order.
        probabilities_b: the same of B.
        kind: "fixed" where B alone is right, "broken" where A alone is, "changed-wrong" where neither is, "unknown"
            where the class is not known.
    """

    key: str
    truth: str | None
    class_a: str
    class_b: str
    probabilities_a: tuple[float, ...]
    probabilities_b: tuple[float, ...]
    kind: Kind


class DataReport(_Record):
    """The images.

    Attributes:
        name: of the data set.
        split: which part of it.
        synthetic: whether they are drawn.
        images: N.
        known: images whose class is known.
        units: what is drawn in a resample: clusters, or as many as images where none belong together.
        largest_unit: images in the largest of them.
    """

    name: str
    split: str
    synthetic: bool
    images: int
    known: int
    units: int
    largest_unit: int


class SettingsReport(_Record):
    """How the intervals were made."""

    seed: int
    resamples: int
    stratified: bool
    level: float


class Comparison(_Record):
    """Everything.

    Attributes:
        format: of this JSON.
        notice: to be shown with it.
        data: the images.
        settings: of the intervals.
        class_keys: in A's order.
        a: model A.
        b: model B.
        concepts: what the concept sets have in common.
        figures: of the decision, by class, by group.
        mcnemar: of the accuracy.
        permutation: of the balanced accuracy.
        changed: images whose prediction changed.
        summary: one sentence on balanced accuracy.
        cautions: sentences about what the figures do not say.
    """

    format: int = FORMAT
    notice: str = "Research use only. Not for diagnosis."
    data: DataReport
    settings: SettingsReport
    class_keys: tuple[str, ...]
    a: ModelReport
    b: ModelReport
    concepts: ConceptReport
    figures: tuple[Figure, ...]
    mcnemar: McNemarReport
    permutation: PermutationReport
    changed: tuple[ChangedPrediction, ...]
    summary: str
    cautions: tuple[str, ...]

    def figure(self, key: str) -> Figure:
        """The figure of this key; ``KeyError`` if there is none."""
        for figure in self.figures:
            if figure.key == key:
                return figure
        raise KeyError(key)
