"""Values of elements as they are read, whatever was meant."""

from __future__ import annotations

from typing import Any

from pydicom import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence


def listed(value: Any) -> list[Any]:
    """The values of an element, one or many; none if it is empty."""
    if value is None or value in ("", b""):
        return []
    return list(value) if isinstance(value, MultiValue | list | tuple) else [value]


def stripped(value: Any) -> str:
    """As text, without padding."""
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)
    return text.strip(" \0\t\r\n")


def read(dataset: Dataset, tag: int) -> list[Any]:
    """``listed`` of an element; none if it cannot be read."""
    try:
        return listed(dataset[tag].value)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  (a malformed value fails in as many ways as there are VRs)
        return []


def items(dataset: Dataset, tag: int) -> list[Dataset]:
    """Of a sequence; none if it is no sequence, or cannot be read."""
    try:
        value = dataset[tag].value
        return list(value) if isinstance(value, Sequence) else []
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  (as above)
        return []
