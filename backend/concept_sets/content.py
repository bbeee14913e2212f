"""Reading what people send: nothing too large, nothing hidden, every fault by its place."""

from __future__ import annotations

from backend.concept_sets.errors import BadConceptSet
from backend.concept_sets.schemas import ContentCreate
from models.concepts import ConceptSet, ConceptSetError, read_concept_set
from models.concepts.files import parse_yaml
from models.concepts.limits import MAX_YAML_BYTES, check_size, check_words

MOST_PROBLEMS = 30
_LINE = 400


def read_content(body: ContentCreate) -> ConceptSet:
    """A checked concept set. Raises ``BadConceptSet``."""
    problems, found = examine(body)
    if found is None:
        raise BadConceptSet("\n".join(problems))
    return found


def examine(body: ContentCreate) -> tuple[list[str], ConceptSet | None]:
    """What is wrong with it, or the concept set."""
    try:
        return [], _read(body)
    except ConceptSetError as error:
        return _problems(error), None


def _read(body: ContentCreate) -> ConceptSet:
    data: object = body.content
    if body.yaml is not None:
        if len(body.yaml.encode()) > MAX_YAML_BYTES:
            raise ConceptSetError(f"the YAML is larger than {MAX_YAML_BYTES // 1024} KiB, which no concept set is")
        data = parse_yaml(body.yaml, origin="")
    check_size(data)
    found = read_concept_set(data, origin="")
    check_words(found)
    return found


def _problems(error: ConceptSetError) -> list[str]:
    lines = [line if len(line) <= _LINE else f"{line[:_LINE]}…" for line in str(error).splitlines() if line.strip()]
    if len(lines) > MOST_PROBLEMS:
        lines = [*lines[:MOST_PROBLEMS], f"and {len(lines) - MOST_PROBLEMS} more"]
    # Keys come from the sender and may hold what UTF-8 cannot carry.
    return [line.encode("utf-8", "replace").decode() for line in lines]
