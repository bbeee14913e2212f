"""What several people together say of one case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Marks = Mapping[str, str | None]


@dataclass(frozen=True)
class Consensus:
    """A case's labels, by majority.

    Attributes:
        class_key: that most say; None if nobody names one, or as many name another.
        class_tied: whether it is None because of that.
        options: option id by group key, None for "absent"; only groups that somebody marked and that are not tied.
        tied: keys of the groups where as many say something else.
    """

    class_key: str | None
    class_tied: bool
    options: dict[str, str | None]
    tied: tuple[str, ...]


def agree(classes: Sequence[str | None], marked: Sequence[Marks]) -> Consensus:
    """The majority of each, among those who said anything about it.

    Args:
        classes: of each person; None where they name none.
        marked: of each person, option id (None: absent) by group key.
    """
    named = [key for key in classes if key is not None]
    chosen, class_tied = _majority(named)
    options: dict[str, str | None] = {}
    tied = []
    for group in dict.fromkeys(key for marks in marked for key in marks):
        option, split = _majority(marks[group] for marks in marked if group in marks)
        if split:
            tied.append(group)
        else:
            options[group] = option
    return Consensus(chosen, class_tied, options, tuple(tied))


def _majority(said: Iterable[str | None]) -> tuple[str | None, bool]:
    """What most say, and whether there is a tie (or None and no tie, if nobody says anything)."""
    counts = Counter(said).most_common(2)
    if not counts:
        return None, False
    if len(counts) > 1 and counts[0][1] == counts[1][1]:
        return None, True
    return counts[0][0], False
