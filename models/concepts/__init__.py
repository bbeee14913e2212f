"""Concept sets: what a model may reason with, as a checked, immutable value."""

from models.concepts.errors import ConceptSetError
from models.concepts.files import (
    available_concept_sets,
    concept_set_yaml,
    dump_concept_set,
    load_concept_set,
    parse_concept_set,
    read_concept_set,
)
from models.concepts.schema import ClassLabel, ConceptSet, Group, Option

__all__ = [
    "ClassLabel",
    "ConceptSet",
    "ConceptSetError",
    "Group",
    "Option",
    "available_concept_sets",
    "concept_set_yaml",
    "dump_concept_set",
    "load_concept_set",
    "parse_concept_set",
    "read_concept_set",
]
