"""Which entries of one list are which of another: by key, then by how alike they read; and which have moved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from models.concepts.schema import ClassLabel, Group, Option

Entry = TypeVar("Entry", ClassLabel, Group, Option)
# From which likeness on two entries with different keys are taken for one that was renamed.
ALIKE = 0.6


class Keys(NamedTuple):
    """Keys of two lists: those in both and the new ones in the order of the later list, those gone in the other's."""

    kept: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


def by_key(before: Iterable[str], after: Iterable[str]) -> Keys:
    """What stays, comes and goes when nothing but the key decides."""
    old, new = dict.fromkeys(before), dict.fromkeys(after)
    return Keys(
        tuple(key for key in new if key in old),
        tuple(key for key in new if key not in old),
        tuple(key for key in old if key not in new),
    )


class Pair(NamedTuple):
    """An entry before and after. ``similarity`` is None if they have the same key."""

    before: str
    after: str
    similarity: float | None


def pair(before: Sequence[Entry], after: Sequence[Entry], likeness: Callable[[Entry], Likeness]) -> list[Pair]:
    """Entries that are the same, in the order of ``after``.

    The same key is always the same entry. Of the others, the most alike are paired first.
    """
    old_entries, new_entries = ({entry.key: entry for entry in entries} for entries in (before, after))
    keys = by_key(old_entries, new_entries)
    found = {key: Pair(key, key, None) for key in keys.kept}
    gone = [(key, likeness(old_entries[key])) for key in keys.removed]
    new = [(key, likeness(new_entries[key])) for key in keys.added]
    candidates = [
        Pair(old_key, new_key, similarity)
        for old_key, old in gone
        for new_key, fresh in new
        if (similarity := old.to(fresh)) >= ALIKE
    ]
    taken: set[str] = set()
    for candidate in sorted(candidates, key=lambda each: -(each.similarity or 0)):  # stable: first come, first served
        if candidate.before not in taken and candidate.after not in found:
            taken.add(candidate.before)
            found[candidate.after] = candidate
    return [found[entry.key] for entry in after if entry.key in found]


def moved(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """As few as possible of the keys that must move to bring ``before`` into the order of ``after``.

    Both hold the same keys. What stays is a longest increasing subsequence.
    """
    places = {key: place for place, key in enumerate(before)}
    order = [places[key] for key in after]
    ends: list[int] = []  # the smallest last place of an increasing run of each length
    last: list[int] = []  # index in ``order`` of those
    previous: list[int] = []
    for index, place in enumerate(order):
        length = bisect_left(ends, place)
        previous.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(place)
            last.append(index)
        else:
            ends[length], last[length] = place, index
    stays = set()
    index = last[-1] if last else -1
    while index >= 0:
        stays.add(index)
        index = previous[index]
    return (key for index, key in enumerate(after) if index not in stays)


def displaced(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """All keys that have another place among those that both hold; of two that change places ``moved`` names one."""
    now, formerly = by_key(before, after).kept, by_key(after, before).kept
    return (key for key, other in zip(now, formerly, strict=True) if key != other)


class Likeness:
    """How an entry reads: trigrams of its wording, and for groups the wordings of the options."""

    def __init__(self, text: str, options: Sequence[str] = ()) -> None:
        self._grams = _grams(text)
        self._options = frozenset(_plain(option) for option in options)

    def to(self, other: Likeness) -> float:
        """0 to 1; 1 for the same words."""
        words = 2 * len(self._grams & other._grams) / (len(self._grams) + len(other._grams))
        every = len(self._options | other._options)
        return max(words, len(self._options & other._options) / every) if every else words


def class_likeness(label: ClassLabel) -> Likeness:
    """By its name."""
    return Likeness(label.name)


def option_likeness(option: Option) -> Likeness:
    """By its text."""
    return Likeness(option.text)


def group_likeness(group: Group) -> Likeness:
    """By its name or by its options, whichever is more alike."""
    return Likeness(group.name, [option.text for option in group.options])


def _grams(text: str) -> frozenset[str]:
    padded = f"  {_plain(text)} "
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
