"""What changed between two concept sets, as a list of steps that lead from one to the other.

This is for people who read what was edited. What an edit means for a trained model goes by keys alone, without guesses:
``models.train.retrain.changes.plan``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from models.concepts.changes import Change, Kind, Part
from models.concepts.matching import (
    Entry,
    Likeness,
    class_likeness,
    group_likeness,
    moved,
    option_likeness,
    pair,
)
from models.concepts.schema import ConceptSet

Table = dict[str, dict[str, str]]
_SET_FIELDS = ("name", "version", "title", "modality", "prompt")
_FIELDS: Mapping[Part, tuple[str, ...]] = {
    Part.CLASS: ("name",),
    Part.GROUP: ("name", "localizable"),
    Part.OPTION: ("text", "synonyms", "source"),
}
# What is not wording: a change of it means something else to programs.
_PLAIN = frozenset({"version", "localizable"})


def diff(before: ConceptSet, after: ConceptSet) -> tuple[Change, ...]:
    """The changes that lead from one to the other; empty if and only if both have the same content.

    Entries are the same if they have the same key. An entry that is gone and a new one that reads alike are taken for
    one that was renamed, which its ``similarity`` marks as a guess. ``apply(before, diff(before, after)) == after``.
    """
    steps = [*_of_set(before, after), *_of_list(Part.CLASS, None, before.classes, after.classes, class_likeness)]
    groups = list(_of_list(Part.GROUP, None, before.groups, after.groups, group_likeness))
    steps += groups
    old = {group.key: group for group in before.groups}
    formerly = _renamed(groups, Part.GROUP, backwards=True)
    added = {step.key for step in groups if step.kind is Kind.ADDED}
    for group in after.groups:
        if group.key not in added:
            was = old[formerly.get(group.key, group.key)]
            steps += _of_list(Part.OPTION, group.key, was.options, group.options, option_likeness)
    return (*steps, *_of_table(_carried(_table(before), steps), after))


def apply(before: ConceptSet, changes: Sequence[Change]) -> ConceptSet:
    """The concept set that the changes lead to.

    Raises:
        pydantic.ValidationError: the changes are of another set, so that the result does not hold together.
    """
    content: dict[str, Any] = before.model_dump(mode="json")
    for step in changes:
        if step.part is Part.SET and step.field:
            content[step.field] = step.after
    content["classes"] = _applied(content["classes"], [step for step in changes if step.part is Part.CLASS])
    content["groups"] = _applied(content["groups"], [step for step in changes if step.part is Part.GROUP])
    for group in content["groups"]:
        own = [step for step in changes if step.part is Part.OPTION and step.group == group["key"]]
        group["options"] = _applied(group["options"], own)
    content["class_options"] = _filled(_carried(_table(before), changes), changes)
    return ConceptSet.model_validate(content)


def _of_set(before: ConceptSet, after: ConceptSet) -> Iterator[Change]:
    for field in _SET_FIELDS:
        was, now = getattr(before, field), getattr(after, field)
        if was != now:
            yield Change(_kind(field), Part.SET, field=field, before=was, after=now)


def _of_list(
    part: Part,
    group: str | None,
    before: Sequence[Entry],
    after: Sequence[Entry],
    likeness: Callable[[Entry], Likeness],
) -> Iterator[Change]:
    pairs = pair(before, after, likeness)
    kept = {each.before: each.after for each in pairs}
    old = {kept[entry.key]: entry for entry in before if entry.key in kept}
    for entry in before:
        if entry.key not in kept:
            yield Change(Kind.REMOVED, part, entry.key, group, before=entry.model_dump(mode="json"))
    for was, now, similarity in pairs:
        if similarity is not None:
            yield Change(Kind.RENAMED, part, now, group, before=was, after=now, similarity=similarity)
    for entry in after:
        if entry.key in old:
            yield from _of_fields(part, group, old[entry.key], entry)
    places = {entry.key: place for place, entry in enumerate(after)}
    for key, place in places.items():
        if key not in old:
            whole = after[place].model_dump(mode="json")
            yield Change(Kind.ADDED, part, key, group, after=whole, position=place)
    former = {kept.get(entry.key): place for place, entry in enumerate(before)}
    for key in moved([key for key in former if key is not None], [key for key in places if key in old]):
        place = places[key]
        yield Change(Kind.MOVED, part, key, group, before=former[key], after=place, position=place)


def _of_fields(part: Part, group: str | None, before: Entry, after: Entry) -> Iterator[Change]:
    was, now = before.model_dump(mode="json"), after.model_dump(mode="json")
    for field in _FIELDS[part]:
        if was[field] != now[field]:
            yield Change(_kind(field), part, after.key, group, field, was[field], now[field])


def _kind(field: str) -> Kind:
    return Kind.CHANGED if field in _PLAIN else Kind.REWORDED


def _of_table(carried: Table, after: ConceptSet) -> Iterator[Change]:
    for class_key in after.class_keys:
        was, now = carried.get(class_key, {}), after.class_options.get(class_key, {})
        for group_key in after.group_keys:
            old, new = was.get(group_key), now.get(group_key)
            if old != new:
                kind = Kind.ADDED if old is None else Kind.REMOVED if new is None else Kind.CHANGED
                yield Change(kind, Part.TABLE, class_key, group_key, before=old, after=new)
        # A row without cells is not the same content as no row.
        has, wanted = class_key in carried or bool(now), class_key in after.class_options
        if has != wanted:
            yield Change(Kind.ADDED if wanted else Kind.REMOVED, Part.TABLE, class_key)


def _applied(entries: Sequence[dict[str, Any]], steps: Sequence[Change]) -> list[dict[str, Any]]:
    """A list of classes, groups or options after the steps that are about it."""
    removed = {step.key for step in steps if step.kind is Kind.REMOVED}
    renamed = {step.before: step.after for step in steps if step.kind is Kind.RENAMED}
    kept = [
        {**entry, "key": renamed.get(entry["key"], entry["key"])} for entry in entries if entry["key"] not in removed
    ]
    by_key = {entry["key"]: entry for entry in kept}
    for step in steps:
        if step.field and step.key:
            by_key[step.key][step.field] = step.after
    placed = {
        step.position: step.after if step.kind is Kind.ADDED else by_key[step.key]
        for step in steps
        if step.key is not None and step.position is not None
    }
    going = {step.key for step in steps if step.kind is Kind.MOVED}
    order = [entry for entry in kept if entry["key"] not in going]
    for position in sorted(placed):
        order.insert(position, dict(placed[position]))
    return order


def _table(concept_set: ConceptSet) -> Table:
    return {class_key: dict(row) for class_key, row in concept_set.class_options.items()}


def _carried(table: Table, steps: Sequence[Change]) -> Table:
    """The table with the keys as they are afterwards, without the classes and groups that are gone.

    An option that is gone still stands there: that its cell changes is a change of its own.
    """
    gone = {part: _removed(steps, part) for part in (Part.CLASS, Part.GROUP)}
    classes, groups = _renamed(steps, Part.CLASS), _renamed(steps, Part.GROUP)
    options = {
        (step.group, step.before): step.after
        for step in steps
        if step.part is Part.OPTION and step.kind is Kind.RENAMED
    }
    carried: Table = {}
    for class_key, row in table.items():
        if class_key in gone[Part.CLASS]:
            continue
        cells = carried.setdefault(classes.get(class_key, class_key), {})
        for group_key, option in row.items():
            if group_key not in gone[Part.GROUP]:
                now = groups.get(group_key, group_key)
                cells[now] = options.get((now, option), option)
    return carried


def _filled(table: Table, steps: Sequence[Change]) -> Table:
    for step in steps:
        if step.part is not Part.TABLE or step.key is None:
            continue
        if step.group is not None:
            row = table.setdefault(step.key, {})
            row.pop(step.group, None)
            if step.after is not None:
                row[step.group] = step.after
        elif step.kind is Kind.ADDED:
            table.setdefault(step.key, {})
        else:
            table.pop(step.key, None)
    return table


def _removed(steps: Sequence[Change], part: Part) -> set[str | None]:
    return {step.key for step in steps if step.part is part and step.kind is Kind.REMOVED}


def _renamed(steps: Sequence[Change], part: Part, *, backwards: bool = False) -> dict[str, str]:
    found = {step.before: step.after for step in steps if step.part is part and step.kind is Kind.RENAMED}
    return {after: before for before, after in found.items()} if backwards else found
