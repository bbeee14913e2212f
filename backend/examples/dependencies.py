"""Dependencies on examples."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path

from backend.examples.catalogue import Example, all_examples
from backend.examples.errors import ExampleNotFound


def get_example(key: Annotated[str, Path(max_length=80)]) -> Example:
    try:
        return all_examples()[key]
    except KeyError:
        raise ExampleNotFound from None


ExampleDep = Annotated[Example, Depends(get_example)]
