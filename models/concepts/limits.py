"""What a concept set that somebody sends may not be: too large, or not what it looks like."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.concepts.errors import ConceptSetError
from models.concepts.schema import ConceptSet

MAX_CLASSES = 200
MAX_GROUPS = 100
MAX_OPTIONS = 100  # of one group
MAX_OPTIONS_IN_ALL = 1000
MAX_SYNONYMS = 20
MAX_VERSION = 1_000_000
MAX_JSON_BYTES = 1024 * 1024
# Reading YAML takes time: this much about two seconds. The largest set that ships has 15 kB.
MAX_YAML_BYTES = 128 * 1024

# Joiners are part of how some scripts are written; everything else without a shape only hides something.
_JOINERS = "\u200c\u200d"
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def check_size(data: object) -> None:
    """Refuse what is too large before it is looked at closely. Raises ``ConceptSetError``."""
    if isinstance(data, dict):
        problems = [*_too_many(data), *_version(data.get("version"))]
        if problems:
            raise ConceptSetError("\n".join(problems))


def check_words(concept_set: ConceptSet) -> None:
    """Refuse what reads as something else than it is. Raises ``ConceptSetError``."""
    # Size last: JSON cannot hold everything that is refused before.
    for check in (_invisible, _same_to_the_eye, _too_large):
        problems = list(check(concept_set))
        if problems:
            raise ConceptSetError("\n".join(problems))


def _too_many(data: Mapping[Any, Any]) -> Iterator[str]:
    yield from _count("classes", data.get("classes"), MAX_CLASSES)
    yield from _count("class_options", data.get("class_options"), MAX_CLASSES)
    yield from _count("groups", data.get("groups"), MAX_GROUPS)
    groups, rows = data.get("groups"), data.get("class_options")
    options = [group.get("options") for group in groups if isinstance(group, dict)] if isinstance(groups, list) else []
    for place, each in enumerate(options[:MAX_GROUPS], start=1):
        yield from _count(f"group {place}, options", each, MAX_OPTIONS)
    total = sum(len(each) for each in options if isinstance(each, list))
    if total > MAX_OPTIONS_IN_ALL:
        yield f"groups: have {total} options in all; at most {MAX_OPTIONS_IN_ALL} are taken"
    for place, row in enumerate(list(rows.values())[:MAX_CLASSES] if isinstance(rows, dict) else [], start=1):
        yield from _count(f"class_options, row {place}", row, MAX_GROUPS)


def _count(place: str, entries: object, most: int) -> Iterator[str]:
    if isinstance(entries, list | dict) and len(entries) > most:
        yield f"{place}: has {len(entries)}; at most {most} are taken"


def _version(version: object) -> Iterator[str]:
    if isinstance(version, int) and abs(version) > MAX_VERSION:
        yield f"version: is too large; count from 1, up to {MAX_VERSION}"


def _too_large(concept_set: ConceptSet) -> Iterator[str]:
    size = len(concept_set.model_dump_json().encode())
    if size > MAX_JSON_BYTES:
        yield f"the set is {size} bytes of JSON; at most {MAX_JSON_BYTES} are taken, so shorten its texts"
    for group in concept_set.groups:
        for option in group.options:
            place = f"group '{group.key}', option '{option.key}', synonyms"
            yield from _count(place, list(option.synonyms), MAX_SYNONYMS)


def _invisible(concept_set: ConceptSet) -> Iterator[str]:
    for place, text in _texts(concept_set):
        for letter in text:
            if unicodedata.category(letter) in _INVISIBLE and letter not in _JOINERS:
                yield f"{place}: has a character that cannot be seen (U+{ord(letter):04X}); remove it"
                break


def _same_to_the_eye(concept_set: ConceptSet) -> Iterator[str]:
    yield from _repeated("classes", [(label.key, label.name) for label in concept_set.classes])
    yield from _repeated("groups", [(group.key, group.name) for group in concept_set.groups])
    for group in concept_set.groups:
        words = [(each.key, text) for each in group.options for text in (each.text, *each.synonyms)]
        yield from _repeated(f"group '{group.key}'", words)


def _repeated(place: str, named: Sequence[tuple[str, str]]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for key, text in named:
        plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
        if plain in seen:
            yield f"{place}: '{seen[plain]}' and '{key}' are both called “{text}”; give one of them other words"
        seen.setdefault(plain, key)


def _texts(concept_set: ConceptSet) -> Iterator[tuple[str, str]]:
    for field in ("title", "modality", "prompt"):
        yield field, getattr(concept_set, field)
    for label in concept_set.classes:
        yield f"class '{label.key}', name", label.name
    for group in concept_set.groups:
        yield f"group '{group.key}', name", group.name
        for option in group.options:
            place = f"group '{group.key}', option '{option.key}'"
            yield f"{place}, text", option.text
            yield f"{place}, source", option.source
            yield from ((f"{place}, synonyms", synonym) for synonym in option.synonyms)
