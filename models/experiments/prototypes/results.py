"""What is found of a model's codes and of the concepts that they are counted to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from models.experiments.spread import Estimate

SURE = 0.05


@dataclass(frozen=True)
class CodeGroup:
    """A code and a group.

    Attributes:
        group: its key.
        phi: of "patch has the code" and "the Magnet gives the group more than its even share".
        p: of the permutation test over images.
        p_holm: the same, corrected for all pairs of code and group (Holm 1979).
        mask_phi: of "patch has the code" and "patch lies in the group's mask"; None without masks.
        mask_p: its p-value.
        mask_p_holm: corrected for all pairs with a mask.
    """

    group: str
    phi: Estimate
    p: float
    p_holm: float
    mask_phi: float | None
    mask_p: float | None
    mask_p_holm: float | None

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {**asdict(self), "phi": self.phi.to_json()}


@dataclass(frozen=True)
class CodeFound:
    """A code.

    Attributes:
        index: in the codebook.
        patches: whose nearest code it is.
        share: of all patches.
        ratio: share over an even one, 1 / M.
        images: with any such patch.
        dormant: whether the ratio is below the floor.
        group: that it is counted to; None without an association that reaches the floor.
        associations: with every group.
    """

    index: int
    patches: int
    share: Estimate
    ratio: float
    images: int
    dormant: bool
    group: str | None
    associations: tuple[CodeGroup, ...]

    @property
    def best(self) -> CodeGroup:
        """The group with the largest phi."""
        return max(self.associations, key=lambda one: -1.0 if one.phi.value is None else one.phi.value)

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        found = {**asdict(self), "share": self.share.to_json()}
        return {**found, "associations": [one.to_json() for one in self.associations]}


@dataclass(frozen=True)
class ConceptFound:
    """A group, or an option of one.

    Attributes:
        id: key of the group, or id of the option.
        assigned: patches of the group's codes; of an option, in the images where the model finds it.
        ratio: the same over an even assignment, N L / K or N L / O.
        present: images where the model finds the option; all for a group.
        auroc: of the option's margin against labels of single images; None for a group and without such labels.
        labelled: images labelled with the option.
        dormant: reason, where a rule of ``models.diagnose.flags`` says so; of a group, that no code is counted to it.
    """

    id: str
    assigned: int
    ratio: Estimate
    present: int
    auroc: Estimate | None
    labelled: int
    dormant: str | None

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        auroc = None if self.auroc is None else self.auroc.to_json()
        return {**asdict(self), "ratio": self.ratio.to_json(), "auroc": auroc}


@dataclass(frozen=True)
class Rank:
    """Spearman's correlation over options.

    Attributes:
        rho: the coefficient.
        p: two-sided, by permutation.
        n: options.
    """

    rho: float
    p: float
    n: int


@dataclass(frozen=True)
class PrototypesResult:
    """Of one model.

    Attributes:
        images: N.
        patches: N L.
        codes: in the codebook's order.
        groups: in the concept set's order.
        options: in the concept set's order.
        perplexity: exp of the entropy of the shares: how many codes are as good as used.
        visibility: of patches assigned and AUROC: what K.3 takes for granted; None where options have no own labels.
        prevalence: of patches assigned and how often the option is found, which the count holds by its making.
        own_masks: whether the masks are of the groups; otherwise of the whole lesion, for all of them; None without.
    """

    images: int
    patches: int
    codes: tuple[CodeFound, ...]
    groups: tuple[ConceptFound, ...]
    options: tuple[ConceptFound, ...]
    perplexity: Estimate
    visibility: Rank | None
    prevalence: Rank | None
    own_masks: bool | None

    @property
    def dormant_codes(self) -> list[int]:
        """Codes that are hardly used."""
        return [one.index for one in self.codes if one.dormant]

    @property
    def dormant_options(self) -> list[str]:
        """Options with a flag."""
        return [one.id for one in self.options if one.dormant]

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "images": self.images,
            "patches": self.patches,
            "codes": [one.to_json() for one in self.codes],
            "groups": [one.to_json() for one in self.groups],
            "options": [one.to_json() for one in self.options],
            "perplexity": self.perplexity.to_json(),
            "assigned_and_auroc": None if self.visibility is None else asdict(self.visibility),
            "assigned_and_prevalence": None if self.prevalence is None else asdict(self.prevalence),
            "masks": {True: "groups", False: "lesion", None: None}[self.own_masks],
        }
