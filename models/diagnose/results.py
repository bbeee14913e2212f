"""The typed result of a diagnosis of a model's concepts.

Rows count the images of the split from 0; ``keys`` says which image each row that is named belongs to.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from models.diagnose.settings import DiagnoseSettings

FlagKind = Literal["dormant", "redundant", "not_localized"]
LabelSource = Literal["image", "class"]


class _Part(BaseModel):
    # What has a default is in the JSON all the same, and its schema says so.
    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, json_schema_serialization_defaults_required=True
    )


class Flag(_Part):
    """Something wrong with an option.

    Attributes:
        option: its id.
        kind: what is wrong.
        sign: which part of the rule raised it.
        value: the number behind it.
        threshold: the setting that it was held against.
        other: the option that it is redundant with.
        reason: the rule and the number in words.
    """

    option: str
    kind: FlagKind
    sign: str
    value: float
    threshold: float
    other: str | None = None
    reason: str


class Association(_Part):
    """How a code goes with a group, over patches.

    Attributes:
        group: its key.
        phi: coefficient of "patch has the code" and "the Magnet gives the group more than its even share".
        p: chance of such a phi if the maps of one image were laid over those of another.
        mask_phi: the same of "patch has the code" and "patch lies in the group's mask"; None without masks.
        mask_p: its p-value.
    """

    group: str
    phi: float
    p: float
    mask_phi: float | None
    mask_p: float | None


class NearPatch(_Part):
    """A patch near a code: row of the image, index of the patch, squared distance per channel."""

    row: int
    patch: int
    distance: float


class CodeDiagnosis(_Part):
    """A code of the codebook.

    Attributes:
        index: row of the codebook.
        patches: whose nearest code it is.
        share: of all patches.
        images: with at least one such patch.
        group: that it is counted to: the one with the largest phi, if that reaches the floor.
        associations: with every group.
        nearest: the nearest patches, one of an image at most, the nearest first.
    """

    index: int
    patches: int
    share: float
    images: int
    group: str | None
    associations: list[Association]
    nearest: list[NearPatch]


class GroupDiagnosis(_Part):
    """A group.

    Attributes:
        key: of the group.
        magnet_mass: mean share of the Magnet's attention that it takes; 1 / K is even.
        magnet_entropy: mean entropy of its attention over the patches of an image, as a share of its maximum.
        codes: counted to it.
        assigned: patches of these codes.
        assignment_ratio: the same as a share of an even assignment, N L / K.
    """

    key: str
    magnet_mass: float
    magnet_entropy: float
    codes: list[int]
    assigned: int
    assignment_ratio: float


class Distribution(_Part):
    """Scores of an option: how many images, mean, standard deviation, and quantiles (1, 5, 25, 50, 75, 95, 99 %)."""

    images: int
    mean: float
    deviation: float
    quantiles: list[float]


class Readability(_Part):
    """AUROC against labels of one source.

    Attributes:
        source: labels of single images, or of their classes by the class table.
        auroc: of the option's margin within its group.
        low: lower end of its 95 % interval (Hanley and McNeil).
        high: upper end.
        auroc_score: of the plain score.
        present: images with the option.
        absent: images known to be without.
    """

    source: LabelSource
    auroc: float
    low: float
    high: float
    auroc_score: float
    present: int
    absent: int


class Localization(_Part):
    """Grad-CAM of an option over the images where it is present (by the image's label, else the model's strongest).

    Attributes:
        images: whose map has a positive value.
        empty: images whose map has none.
        peak: largest value over the mean of the map; 1 for an even map.
        energy: share of the map's sum in its strongest tenth of the patches, over that of an even map.
        concentration: share of the map's sum within two patches of its peak.
        shuffled: the same, expected with the patches of each map shuffled.
        pointing: hit rate of the pointing game, over images with a mask; None without.
        pointing_others: the same with the maps of the other images, expected.
        pointing_centre: the same for a map that always points to the centre.
        masks: images that the pointing game rests on.
    """

    images: int
    empty: int
    peak: float | None
    energy: float | None
    concentration: float | None
    shuffled: float | None
    pointing: float | None
    pointing_others: float | None
    pointing_centre: float | None
    masks: int


class Extreme(_Part):
    """An image at an end of an option's scores."""

    row: int
    score: float


class OptionDiagnosis(_Part):
    """An option.

    Attributes:
        id: ``group.option``.
        scores: over all images.
        by_class: per class key; None for a class without images.
        margin_deviation: standard deviation of the score minus the log-sum-exp of the group's other scores.
        readability: per source of labels that has any with and without the option.
        present: images where it is the group's strongest (a score above 0 in a group of one).
        present_share: of all images.
        assigned: patches of its group's codes in the images where it is present.
        assignment_ratio: the same as a share of N L / O.
        weight_norm: of its column of the head.
        contribution: mean absolute contribution to a class's logit.
        contribution_spread: the same of the score's deviation from its mean, which alone tells images apart.
        localization: of its maps.
        top: images with the largest scores, largest first.
        bottom: images with the smallest scores, smallest first.
    """

    id: str
    scores: Distribution
    by_class: dict[str, Distribution | None]
    margin_deviation: float
    readability: list[Readability]
    present: int
    present_share: float
    assigned: int
    assignment_ratio: float
    weight_norm: float
    contribution: float
    contribution_spread: float
    localization: Localization
    top: list[Extreme]
    bottom: list[Extreme]


class Point(_Part):
    """A token of the embedding: where it is from, its nearest code, and its place."""

    row: int
    patch: int
    code: int
    place: tuple[float, float, float]


class Embedding(_Part):
    """Tokens and codes in three dimensions.

    Attributes:
        method: "pca" places them on the tokens' principal axes; "umap" keeps neighbours together, in units of its own.
        explained: share of the tokens' variance along each axis; None for "umap", whose axes mean nothing.
        tokens: a sample of them.
        codes: (M,) places.
    """

    method: Literal["pca", "umap"]
    explained: tuple[float, float, float] | None
    tokens: list[Point]
    codes: list[tuple[float, float, float]]


class Diagnosis(_Part):
    """What a model shows about its concepts over a split.

    Attributes:
        format: version of the file's layout.
        model: its name.
        weights: SHA-256 of its weights file.
        concept_set: digest of its concept set.
        dataset: name of the images' set.
        synthetic: whether these are drawn.
        split: which.
        images: N.
        grid: rows and columns of the patches.
        settings: thresholds and samples.
        flags: what is wrong, in the order of the options.
        codes: in the codebook's order.
        groups: in the concept set's order.
        options: in the concept set's order.
        embeddings: the same tokens and all codes in three dimensions: "pca", then "umap" where it was made.
        keys: of the images that any row above names.
    """

    format: Literal[2] = 2
    model: str
    weights: str
    concept_set: str
    dataset: str
    synthetic: bool
    split: str
    images: int
    grid: tuple[int, int]
    settings: DiagnoseSettings
    flags: list[Flag]
    codes: list[CodeDiagnosis]
    groups: list[GroupDiagnosis]
    options: list[OptionDiagnosis]
    embeddings: list[Embedding]
    keys: dict[int, str]

    def flagged(self, kind: FlagKind) -> set[str]:
        """Ids of the options with such a flag."""
        return {flag.option for flag in self.flags if flag.kind == kind}
