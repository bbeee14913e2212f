"""Values of a header, read without trust: what cannot be read is as if it were absent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pydicom.dataset import Dataset


def raw(dataset: Dataset, keyword: str) -> Any:
    """The element's value; None where it is absent, empty or not to be understood."""
    try:
        value = dataset.get(keyword)
    except Exception:  # noqa: BLE001 - elements are parsed when first read, and fail in any way
        return None
    return None if value is None or (isinstance(value, str | bytes | Sequence) and len(value) == 0) else value


def numbers(dataset: Dataset, keyword: str) -> list[float]:
    """All values that are finite numbers; empty if one of them is not."""
    value = raw(dataset, keyword)
    if value is None:
        return []
    listed = list(value) if isinstance(value, Sequence) and not isinstance(value, str | bytes) else [value]
    try:
        found = [float(one) for one in listed]
    except (TypeError, ValueError, OverflowError):
        return []
    return found if all(math.isfinite(one) for one in found) else []


def number(dataset: Dataset, keyword: str) -> float | None:
    """The first value, if it is a finite number."""
    found = numbers(dataset, keyword)
    return found[0] if found else None


def texts(dataset: Dataset, keyword: str) -> list[str]:
    """All values as text, without spaces around."""
    value = raw(dataset, keyword)
    if value is None:
        return []
    listed = list(value) if isinstance(value, Sequence) and not isinstance(value, str | bytes) else [value]
    return [str(one).strip() for one in listed]


def text(dataset: Dataset, keyword: str) -> str:
    """The first value as text; empty where there is none."""
    found = texts(dataset, keyword)
    return found[0] if found else ""


def items(dataset: Dataset, keyword: str) -> list[Dataset]:
    """Of a sequence; empty where it is absent or damaged."""
    value = raw(dataset, keyword)
    try:
        return [item for item in (value or []) if isinstance(item, Dataset)]
    except Exception:  # noqa: BLE001 - items are parsed when first read, and fail in any way
        return []


def group(dataset: Dataset, keyword: str, frame: int) -> Dataset | None:
    """A functional group of an enhanced file: the frame's own, or else the one that all frames share."""
    for holders, place in (("PerFrameFunctionalGroupsSequence", frame), ("SharedFunctionalGroupsSequence", 0)):
        holder = _item(dataset, holders, place)
        found = None if holder is None else _item(holder, keyword, 0)
        if found is not None:
            return found
    return None


def _item(dataset: Dataset, keyword: str, place: int) -> Dataset | None:
    value = raw(dataset, keyword)
    if not isinstance(value, Sequence) or place >= len(value):
        return None
    item = value[place]
    return item if isinstance(item, Dataset) else None
