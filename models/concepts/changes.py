"""One change between two concept sets, and how to say it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Part(StrEnum):
    """What changed. ``table``: the typical option of a class in a group."""

    SET = "set"
    CLASS = "class"
    GROUP = "group"
    OPTION = "option"
    TABLE = "table"


class Kind(StrEnum):
    """How. ``renamed``: another key for what reads alike, which is a guess; ``reworded``: another text, same key."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    REWORDED = "reworded"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Change:
    """One step from a concept set to another one.

    Args:
        kind: what happened.
        part: to what.
        key: of the class, group or option, as it is afterwards; as it was, if it was removed. None: the set itself.
        group: key of the group of an option or of a cell of the table, as it is afterwards. In the table, None: the
            whole row of the class, which has no cells.
        field: that was reworded or changed.
        before: what was; of what was removed, all of it. Places count from 0.
        after: what is; of what was added, all of it.
        position: of what was added or moved, among its like, from 0.
        similarity: of the wording of what was renamed, 0 to 1.
    """

    kind: Kind
    part: Part
    key: str | None = None
    group: str | None = None
    field: str | None = None
    before: Any = None
    after: Any = None
    position: int | None = None
    similarity: float | None = None

    @property
    def sentence(self) -> str:
        """The change in words."""
        if self.part is Part.TABLE:
            return _table(self)
        match self.kind:
            case Kind.ADDED:
                return f"{_place(self)} was added{_what(self.part, self.after)}, as number {(self.position or 0) + 1}."
            case Kind.REMOVED:
                return f"{_place(self)} was removed{_what(self.part, self.before)}."
            case Kind.RENAMED:
                alike = f"{round(100 * (self.similarity or 0))} %"
                return f"{_place(self, self.before)} seems to be '{self.after}' now: the wording is {alike} alike."
            case Kind.MOVED:
                return f"{_place(self)} moved from place {self.before + 1} to place {self.after + 1}."
        return f"{_place(self)}: {self.field} was {_value(self.before)}, now {_value(self.after)}."


def sentences(changes: tuple[Change, ...], at_most: int | None = None) -> list[str]:
    """All in words, or the first ones and how many more there are."""
    told = [change.sentence for change in changes[:at_most]]
    left = len(changes) - len(told)
    return [*told, f"And {left} more."] if left else told


def _place(change: Change, key: str | None = None) -> str:
    name = key or change.key
    match change.part:
        case Part.SET:
            return "The set"
        case Part.OPTION:
            return f"Group '{change.group}': option '{name}'"
    return f"{change.part.value.capitalize()} '{name}'"


def _what(part: Part, item: Any) -> str:
    if part is Part.OPTION:
        return f" (“{item['text']}”)"
    if part is Part.GROUP:
        options = ", ".join(f"'{option['key']}'" for option in item["options"])
        return f" (“{item['name']}”, options {options})"
    return f" (“{item['name']}”)"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(f"“{each}”" for each in value) or "none"
    return f"“{value}”" if isinstance(value, str) else str(value)


def _table(change: Change) -> str:
    if change.group is None:
        done = "has a row in the table now, without options" if change.kind is Kind.ADDED else "has no row any more"
        return f"Class '{change.key}' {done}."
    was = "was not given" if change.before is None else f"was '{change.before}'"
    now = "not given" if change.after is None else f"'{change.after}'"
    return f"Class '{change.key}': the typical option of group '{change.group}' {was}, now {now}."
