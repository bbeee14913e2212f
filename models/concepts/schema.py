"""What a concept set is: groups of options, a prompt, and the class table.

Shapes: O options in all, K groups, C classes. Columns of score matrices follow the file's order.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from string import Formatter
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
SetName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]

PROMPT_FIELDS = ("group", "option")
MAX_PROBLEMS = 100


class _Record(BaseModel):
    """Immutable, strict about unknown fields: a misspelt key must not pass silently."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(_Record):
    """One finding a reader can name, such as "lacunae"."""

    key: Key
    text: Line
    synonyms: tuple[Line, ...] = ()
    source: Line


class Group(_Record):
    """Options of which one is present; a group with one option is a plain yes-or-no concept.

    ``localizable`` says that the finding has a place in the image that a mask could mark.
    """

    key: Key
    name: Line
    localizable: bool = False
    options: tuple[Option, ...] = Field(min_length=1)

    @property
    def is_binary(self) -> bool:
        """Whether the group has one option only, which is present or absent."""
        return len(self.options) == 1

    @property
    def option_keys(self) -> tuple[str, ...]:
        """Keys of the options, in column order."""
        return tuple(option.key for option in self.options)


class ClassLabel(_Record):
    """One diagnosis."""

    key: Key
    name: Line


class ConceptSet(_Record):
    """Groups of options with a prompt template and, where it exists, the class table.

    An instance has been checked: keys are unique, the table names only what exists, and the prompt
    can be formatted. Raises ``pydantic.ValidationError``; ``load_concept_set`` and
    ``parse_concept_set`` turn that into one readable ``ConceptSetError``.
    """

    name: SetName
    version: int = Field(ge=1)
    title: Line
    modality: Line
    prompt: Line
    classes: tuple[ClassLabel, ...] = Field(min_length=2)
    groups: tuple[Group, ...] = Field(min_length=1)
    class_options: dict[Key, dict[Key, Key]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check(self) -> ConceptSet:
        found = chain(_prompt_problems(self.prompt), _duplicates(self), _table_problems(self))
        # Bounded: each may name everything there is, and a file can hold tens of thousands.
        problems = list(islice(found, MAX_PROBLEMS))
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def option_count(self) -> int:
        """O."""
        return sum(len(group.options) for group in self.groups)

    @property
    def group_count(self) -> int:
        """K."""
        return len(self.groups)

    @property
    def class_keys(self) -> tuple[str, ...]:
        """(C,) keys of the classes, in the order of the logits."""
        return tuple(label.key for label in self.classes)

    @property
    def class_names(self) -> tuple[str, ...]:
        """(C,) names of the classes, in the order of the logits."""
        return tuple(label.name for label in self.classes)

    @property
    def group_keys(self) -> tuple[str, ...]:
        """(K,) keys of the groups."""
        return tuple(group.key for group in self.groups)

    @property
    def option_ids(self) -> tuple[str, ...]:
        """(O,) ids ``"<group>.<option>"`` in column order."""
        return tuple(f"{group.key}.{option.key}" for group in self.groups for option in group.options)

    @property
    def group_slices(self) -> tuple[slice, ...]:
        """(K,) the columns that belong to each group."""
        slices, start = [], 0
        for group in self.groups:
            slices.append(slice(start, start + len(group.options)))
            start += len(group.options)
        return tuple(slices)

    @property
    def group_of_option(self) -> tuple[int, ...]:
        """(O,) index of the group that each column belongs to."""
        return tuple(index for index, group in enumerate(self.groups) for _ in range(len(group.options)))

    def prompts(self) -> tuple[str, ...]:
        """(O,) the text that stands for each option."""
        return tuple(self.prompt_for(group, option.text) for group in self.groups for option in group.options)

    def prompt_variants(self) -> tuple[tuple[str, ...], ...]:
        """(O,) for each option its prompt, then the prompts of its synonyms."""
        return tuple(
            tuple(self.prompt_for(group, text) for text in (option.text, *option.synonyms))
            for group in self.groups
            for option in group.options
        )

    def prompt_for(self, group: Group, text: str) -> str:
        """The prompt template filled with a group's name and any wording of one of its options."""
        return self.prompt.format(group=group.name, option=text)

    def class_table(self) -> list[list[int]]:
        """(C, K) index within the group of each class's typical option, -1 where there is none.

        In a group of one option, 0 says present and -1 absent.
        """
        return [
            [group.option_keys.index(row[group.key]) if group.key in row else -1 for group in self.groups]
            for row in (self.class_options.get(key, {}) for key in self.class_keys)
        ]

    def digest(self) -> str:
        """SHA-256 (hex) of the canonical JSON: equal for equal content, however it was written."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def _prompt_problems(prompt: str) -> Iterator[str]:
    wanted = " and ".join(f"{{{field}}}" for field in PROMPT_FIELDS)
    try:
        parts = list(Formatter().parse(prompt))
    except ValueError as error:
        yield f"prompt: {error}; write literal braces twice and use {wanted}"
        return
    found = set()
    for _, field, spec, conversion in parts:
        if field is None:
            continue
        found.add(field)
        if field not in PROMPT_FIELDS:
            yield f"prompt: {{{field}}} is not a field; use {wanted}"
        elif spec or conversion:
            yield f"prompt: {{{field}}} takes no format of its own; write {{{field}}} alone"
    yield from (f"prompt: {{{name}}} is missing; add it" for name in PROMPT_FIELDS if name not in found)


def _duplicates(concept_set: ConceptSet) -> Iterator[str]:
    yield from _repeated("classes", "class key", concept_set.class_keys)
    yield from _repeated("groups", "group key", concept_set.group_keys)
    for group in concept_set.groups:
        place = f"group '{group.key}'"
        yield from _repeated(place, "option key", group.option_keys)
        wordings = [text for option in group.options for text in (option.text, *option.synonyms)]
        yield from _repeated(place, "wording", [text.casefold() for text in wordings])


def _repeated(place: str, what: str, values: Sequence[str]) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"{place}: {what} '{value}' stands {count} times; make each one different"


def _table_problems(concept_set: ConceptSet) -> Iterator[str]:
    groups = {group.key: group for group in concept_set.groups}
    for class_key, row in concept_set.class_options.items():
        place = f"class_options, class '{class_key}'"
        if class_key not in concept_set.class_keys:
            yield f"{place}: no such class; classes are {', '.join(concept_set.class_keys)}"
        for group_key, option_key in row.items():
            if group_key not in groups:
                yield f"{place}: no group '{group_key}'; groups are {', '.join(groups)}"
            elif option_key not in groups[group_key].option_keys:
                known = ", ".join(groups[group_key].option_keys)
                yield f"{place}, group '{group_key}': no option '{option_key}'; options are {known}"
