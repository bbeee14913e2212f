"""Roles and what they permit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What somebody is here for. Each account has one."""

    ADMINISTRATOR = "administrator"
    RESEARCHER = "researcher"
    COORDINATOR = "coordinator"
    READER = "reader"


class Permission(StrEnum):
    """A kind of thing to do. Which objects it may be done to, ``rules`` decides."""

    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    PREDICTIONS_WRITE = "predictions:write"
    INTERVENTIONS_WRITE = "interventions:write"
    LABELS_WRITE = "labels:write"
    LABELS_READ = "labels:read"
    EXPERIMENTS_WRITE = "experiments:write"
    MODELS_READ = "models:read"
    MODELS_ACTIVATE = "models:activate"
    TRAINING_WRITE = "training:write"
    CONCEPTS_WRITE = "concepts:write"
    DATASETS_READ = "datasets:read"
    DATASETS_WRITE = "datasets:write"
    STUDIES_READ = "studies:read"
    STUDIES_WRITE = "studies:write"
    STUDIES_ANSWER = "studies:answer"
    AUDIT_READ = "audit:read"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    ACCOUNT = "account"


_EVERYBODY = frozenset(
    {
        Permission.CASES_READ,
        Permission.CASES_WRITE,
        Permission.PREDICTIONS_WRITE,
        Permission.INTERVENTIONS_WRITE,
        Permission.LABELS_WRITE,
        Permission.MODELS_READ,
        Permission.STUDIES_ANSWER,
        Permission.ACCOUNT,
    }
)

# Readers see no data sets: labels and duplicates there would tell them the truth about what they are asked to read.
# Of the labels that people give they see their own alone, for the same reason: ``labels:read`` is for everybody's.
_RUNS_STUDIES = frozenset({Permission.DATASETS_READ, Permission.LABELS_READ, Permission.STUDIES_READ})
PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset(Permission),
        Role.RESEARCHER: _EVERYBODY
        | _RUNS_STUDIES
        | {Permission.DATASETS_WRITE, Permission.EXPERIMENTS_WRITE, Permission.CONCEPTS_WRITE}
        | {Permission.TRAINING_WRITE, Permission.MODELS_ACTIVATE, Permission.STUDIES_WRITE},
        Role.COORDINATOR: _EVERYBODY | _RUNS_STUDIES | {Permission.STUDIES_WRITE},
        Role.READER: _EVERYBODY,
    }
)


# Nobody can use the left one without the right ones: explaining a case takes seeing it, and seeing the models.
_TAKES: Mapping[Permission, frozenset[Permission]] = MappingProxyType(
    {
        Permission.CASES_WRITE: frozenset({Permission.CASES_READ}),
        Permission.PREDICTIONS_WRITE: frozenset({Permission.CASES_READ, Permission.MODELS_READ}),
        Permission.INTERVENTIONS_WRITE: frozenset({Permission.CASES_READ, Permission.MODELS_READ}),
        Permission.LABELS_WRITE: frozenset({Permission.CASES_READ, Permission.MODELS_READ}),
        Permission.LABELS_READ: frozenset({Permission.CASES_READ, Permission.MODELS_READ}),
        Permission.EXPERIMENTS_WRITE: frozenset({Permission.DATASETS_READ, Permission.MODELS_READ}),
        Permission.DATASETS_WRITE: frozenset({Permission.DATASETS_READ}),
        Permission.CONCEPTS_WRITE: frozenset({Permission.MODELS_READ}),
        Permission.TRAINING_WRITE: frozenset({Permission.DATASETS_READ, Permission.MODELS_READ}),
        Permission.MODELS_ACTIVATE: frozenset({Permission.MODELS_READ}),
        Permission.STUDIES_READ: frozenset({Permission.MODELS_READ}),
        Permission.STUDIES_WRITE: frozenset(
            {Permission.STUDIES_READ, Permission.MODELS_READ, Permission.CASES_READ, Permission.DATASETS_READ}
        ),
    }
)


def with_what_they_take(scopes: Iterable[Permission]) -> frozenset[Permission]:
    """The scopes and those without which they would be of no use."""
    given = frozenset(scopes)
    return given.union(*(_TAKES.get(scope, frozenset()) for scope in given))


def known_permissions(scopes: Iterable[str]) -> list[Permission]:
    """Those that there are still; a later version may have dropped one."""
    return [permission for permission in Permission if permission.value in set(scopes)]


# What an API token can never be given: a stolen one must not make another, nor change who may do what.
NOT_FOR_TOKENS = frozenset({Permission.ACCOUNT, Permission.PEOPLE_WRITE})
