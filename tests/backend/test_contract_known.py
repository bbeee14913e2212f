"""As ``test_contract``, about what exists: most random ids end at "not found". Routes without an id are all there."""

from __future__ import annotations

import pytest
import schemathesis

from tests.backend.test_contract import CHECKS, CONTRACT, ROLES, bounded, data_dir, headers, known, live, name_of
from tests.support.people import Person

__all__ = ["data_dir", "headers", "known", "live"]  # fixtures


@pytest.mark.parametrize("person", ROLES, ids=name_of)
@CONTRACT.include(path_regex=r"\{\w+\}").exclude(method="DELETE").parametrize()
@bounded(6)
def test_any_request_on_what_exists(
    case: schemathesis.Case, live: str, headers: dict[str, str], known: dict[str, str], person: Person
) -> None:
    for name, value in known.items():
        if name in case.path_parameters:
            case.path_parameters[name] = value
    case.call_and_validate(base_url=live, checks=CHECKS, headers=headers, timeout=20)
