"""Reading and writing concept sets as YAML."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from models.concepts.errors import ConceptSetError
from models.concepts.schema import ConceptSet

LIBRARY = Path(__file__).parent / "library"
SUFFIXES = (".yaml", ".yml")
MAX_BYTES = 1024 * 1024
# What PyYAML lets through: a date that is none (2001-99-99), thousands of brackets, tags that do not fit (`!!bool x`).
_UNREADABLE = (ValueError, RecursionError, LookupError, AttributeError, TypeError, ArithmeticError)
SHOWN = 100  # letters of a wrong value that a message quotes


def available_concept_sets() -> tuple[str, ...]:
    """Names of the concept sets that come with Vitrine."""
    return tuple(sorted(path.stem for path in LIBRARY.glob("*.yaml")))


def load_concept_set(name_or_path: str | Path) -> ConceptSet:
    """Read a concept set by the name of a shipped one, or from a YAML file.

    Raises:
        ConceptSetError: no such set, unreadable file, or content that does not hold together.
    """
    path = _locate(name_or_path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConceptSetError(f"{path}: larger than 1 MiB, which no concept set is")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConceptSetError(f"{path}: cannot be read as UTF-8 text ({error})") from error
    return parse_concept_set(text, origin=str(path))


def parse_concept_set(text: str, origin: str = "concept set") -> ConceptSet:
    """Read a concept set from YAML text.

    Args:
        text: the YAML.
        origin: what error messages call it, such as a file name.

    Raises:
        ConceptSetError: all problems at once, one a line, each with its place.
    """
    return read_concept_set(parse_yaml(text, origin), origin)


def parse_yaml(text: str, origin: str = "concept set") -> object:
    """The plain data in a YAML text, which need not be a concept set.

    Raises:
        ConceptSetError: not YAML, or with aliases or a key that stands twice.
    """
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except (yaml.YAMLError, *_UNREADABLE) as error:
        raise ConceptSetError(_at(origin, f"not valid YAML: {_one_line(error)}")) from error


def read_concept_set(data: object, origin: str = "concept set") -> ConceptSet:
    """Check what was read from YAML or JSON.

    Args:
        data: the content.
        origin: what error messages call it; empty: they begin with the place.

    Raises:
        ConceptSetError: all problems at once, one a line, each with its place.
    """
    if not isinstance(data, dict):
        raise ConceptSetError(_at(origin, "expected a mapping with name, classes, groups and prompt"))
    try:
        return ConceptSet.model_validate(data)
    except ValidationError as error:
        raise ConceptSetError(_describe(error, data, origin)) from error


def concept_set_yaml(concept_set: ConceptSet) -> str:
    """YAML that ``parse_concept_set`` reads back to the same digest."""
    return yaml.safe_dump(concept_set.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=110)


def dump_concept_set(concept_set: ConceptSet, path: str | Path) -> None:
    """Write a concept set as YAML that ``load_concept_set`` reads back to the same digest."""
    path = Path(path)
    text = concept_set_yaml(concept_set)
    # Never a half-written file: write beside it, then swap.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _locate(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    if isinstance(name_or_path, Path) or path.suffix in SUFFIXES or len(path.parts) != 1:
        if not path.is_file():
            raise ConceptSetError(f"{path}: no such file; give a YAML file or one of {_names()}")
        return path
    if name_or_path not in available_concept_sets():
        raise ConceptSetError(f"{name_or_path}: no such concept set; shipped are {_names()}, or give a YAML file")
    return LIBRARY / f"{name_or_path}.yaml"


def _names() -> str:
    return ", ".join(available_concept_sets())


class _Loader(yaml.SafeLoader):
    """YAML without the two features that would harm here.

    A key written twice would silently win over the first one, and an alias can blow a small file up
    to gigabytes. Both are errors.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases (*name) are not read", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = str(key_node.value)
            if key in seen:
                problem = f"'{key}' stands twice in one mapping; remove one"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def _one_line(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        return f"line {mark.line + 1}, column {mark.column + 1}: {error.problem}"
    return " ".join(str(error).split())


def _describe(error: ValidationError, data: dict[str, Any], origin: str) -> str:
    lines: list[str] = []
    for problem in error.errors(include_url=False):
        if problem["loc"]:
            lines.append(f"{_place(problem['loc'], data)}: {_advice(problem)}")
        else:  # raised by ConceptSet itself, already with places
            lines.extend(problem["msg"].removeprefix("Value error, ").splitlines())
    return "\n".join(_at(origin, line) for line in lines)


def _at(origin: str, line: str) -> str:
    return f"{origin}: {line}" if origin else line


def _place(location: tuple[int | str, ...], data: object) -> str:
    """Turn ('groups', 2, 'options', 0, 'text') into "group 'border', option 'fading', text"."""
    words: list[str] = []
    value: Any = data
    for step in location:
        # A number may be a field's name in YAML, though none of ours.
        number = None if isinstance(step, str) or isinstance(value, dict) else step + 1
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = None
        if number is None:
            words.append(str(step))
            continue
        singular = {"classes": "class", "groups": "group", "options": "option"}.get(words[-1])
        if singular:
            key = value.get("key") if isinstance(value, dict) else None
            words[-1] = f"{singular} '{key}'" if key else f"{singular} {number}"
        else:
            words[-1] = f"{words[-1]} {number}"
    return ", ".join(word for word in words if word != "[key]")


def _advice(problem: Any) -> str:
    kind, value = problem["type"], problem.get("input")
    if kind == "missing":
        return "is missing; add it"
    if kind == "extra_forbidden":
        return "is not a known field; remove it or mend its spelling"
    if kind == "string_pattern_mismatch":
        return f"'{_shown(value, str)}' is not a key; use lower-case letters, digits and _, a letter first"
    if kind == "too_short":
        return f"has {len(value)}; at least {problem['ctx']['min_length']} needed"
    if kind == "string_type":
        return f"is {_shown(value)}, not text; put it in quotes"
    message: str = problem["msg"]
    return f"{message} (it is {_shown(value)})" if not isinstance(value, dict | list) else message


def _shown(value: object, form: Callable[[object], str] = repr) -> str:
    """Short enough for a sentence, whatever was sent."""
    try:
        text = form(value)
    except (ValueError, RecursionError):  # Python prints no number of more than 4,300 digits
        return "something very long"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
