"""What an edit of a concept set means for a model that was trained with the set before it.

Groups are found by their keys and options by their ids, so a new key is a new option, whatever its words say: weights
go by keys. ``models.concepts.diff`` tells people what was edited and means something else by the same words. It takes
a new key with old words for a renamed entry, names as few moves as lead from one order to the other, and compares an
option's own text, where this compares the whole prompt, which a group's name and the template change too. Which keys
stay, come and go is the same question in both, and answered in ``models.concepts.matching``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.concepts import ConceptSet
from models.concepts.matching import by_key, displaced
from models.train.retrain.errors import RetrainError


class Rewording(NamedTuple):
    """An option that stays and whose prompt is another: by its own words, its group's name or the template."""

    option: str
    before: str
    after: str


@dataclass(frozen=True)
class Plan:
    """What becomes of every option and group.

    Attributes:
        kept: ids of options whose prompt stays, in the order of the edited set.
        reworded: options that stay with another prompt.
        added: ids that the parent lacks.
        removed: ids that only the parent has.
        reordered: ids that stay, but in another order among those of their group that stay.
        groups_added: keys.
        groups_removed: keys.
        groups_reordered: keys of groups that stay, but in another order among those that stay.
        relabelled: keys of the classes for which the class table says something else of a group and option that stay.
    """

    kept: tuple[str, ...]
    reworded: tuple[Rewording, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    reordered: tuple[str, ...]
    groups_added: tuple[str, ...]
    groups_removed: tuple[str, ...]
    groups_reordered: tuple[str, ...]
    relabelled: tuple[str, ...]

    @property
    def embedded(self) -> tuple[str, ...]:
        """Ids of the options that the text tower is needed for."""
        return (*self.added, *(each.option for each in self.reworded))

    def lines(self) -> tuple[str, ...]:
        """The plan in words, for a preview; what does not occur is left out."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"kept with the parent's weights: {_counted(len(self.kept), 'option')}"
        for each in self.reworded:
            yield f"reworded: {each.option}, from '{each.before}' to '{each.after}'"
        yield from _listed("added, from their text embeddings", self.added)
        yield from _listed("removed", self.removed)
        yield from _listed("groups added, with a Magnet query of their own", self.groups_added)
        yield from _listed("groups removed", self.groups_removed)
        yield from _listed("groups in another order", self.groups_reordered)
        yield from _listed("options in another order", self.reordered)
        yield from _listed("class table changed for", self.relabelled)


def plan(parent: ConceptSet, edited: ConceptSet) -> Plan:
    """Compares two concept sets.

    Args:
        parent: that a model was trained with.
        edited: that it is to be trained with.

    Raises:
        RetrainError: if they have other classes: a diagnosis cannot be added by an edit of concepts.
    """
    _check_classes(parent, edited)
    before = dict(zip(parent.option_ids, parent.prompts(), strict=True))
    after = dict(zip(edited.option_ids, edited.prompts(), strict=True))
    options, groups = by_key(before, after), by_key(parent.group_keys, edited.group_keys)
    return Plan(
        kept=tuple(option for option in options.kept if before[option] == after[option]),
        reworded=tuple(
            Rewording(option, before[option], after[option])
            for option in options.kept
            if before[option] != after[option]
        ),
        added=options.added,
        removed=options.removed,
        reordered=tuple(_displaced_options(parent, edited)),
        groups_added=groups.added,
        groups_removed=groups.removed,
        groups_reordered=tuple(displaced(parent.group_keys, edited.group_keys)),
        relabelled=tuple(key for key in edited.class_keys if _says_otherwise(parent, edited, key)),
    )


def _displaced_options(parent: ConceptSet, edited: ConceptSet) -> Iterator[str]:
    before = {group.key: group.option_keys for group in parent.groups}
    for group in edited.groups:
        yield from (f"{group.key}.{key}" for key in displaced(before.get(group.key, ()), group.option_keys))


def _says_otherwise(parent: ConceptSet, edited: ConceptSet, label: str) -> bool:
    """Whether a class has another option, or none any more, of what both sets have."""
    new = edited.class_options.get(label, {})
    return any(
        f"{group}.{option}" in edited.option_ids and new.get(group) != option
        for group, option in parent.class_options.get(label, {}).items()
    )


def _check_classes(parent: ConceptSet, edited: ConceptSet) -> None:
    _, extra, lacking = by_key(parent.class_keys, edited.class_keys)
    if lacking or extra:
        faults = [
            *([f"it lacks {', '.join(lacking)}"] if lacking else []),
            *([f"the parent does not know {', '.join(extra)}"] if extra else []),
        ]
        raise RetrainError(
            f"concept set {edited.name!r} has other classes than the parent: {' and '.join(faults)}; a retraining "
            "keeps the classes, so train a new model for others"
        )


def _listed(what: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"{what}: {', '.join(names)}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
