"""Examples over HTTP."""

from __future__ import annotations

from typing import Literal

from backend.core.schemas import Read


class ExampleRead(Read):
    """One procedural image that a case can be made from."""

    key: str
    title: str
    class_key: str
    class_name: str
    modality: str
    dataset: str
    synthetic: Literal[True]


class ExampleList(Read):
    """All examples, in the gallery's order."""

    items: list[ExampleRead]
