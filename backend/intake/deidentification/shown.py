"""What of a header's texts may stand beside a picture: names of windows and tables, and the unit."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

from pydicom import Dataset
from pydicom import config as pydicom_config

from backend.intake.deidentification.profile import definition
from backend.intake.deidentification.texts import items, read, stripped
from backend.intake.deidentification.values import LONGEST_TEXT
from backend.intake.deidentification.words import Words
from backend.intake.display import Display, VoiTable, WindowPreset

_SOURCES = frozenset({0x00281054, 0x00281055, 0x00283003, 0x00283004, 0x00541001})
_DEEPEST = 24
# Names that the server gives, whatever the file says, and what it adds to tell two of them apart.
_OURS = re.compile(
    r"(Window|As stored|Full range|Lung|Mediastinum|Abdomen|Bone|Brain)( \d+)?( \(frame \d+\))?( \d+)?", re.ASCII
)
_UNITS = frozenset({"HU", "Bq/ml", "counts", "OD", "g/ml", "mm²/s"})


def without_patient(display: Display, dataset: Dataset) -> Display:
    """The same, but without any text of the header once one of them names somebody, or is no text at all.

    They are judged as they stand in the file: what is shown of them may be cut in the middle of a name.
    """
    with warnings.catch_warnings(), pydicom_config.disable_value_validation():  # pydicom's warnings quote values
        warnings.simplefilter("ignore")
        words = Words(dataset)
        is_fit = all(_is_fit(text, words) for text in _texts(dataset, 0))
    if is_fit:
        return display
    return display.model_copy(
        update={
            "windows": [_unnamed(window, place + 1) for place, window in enumerate(display.windows)],
            "table": _table(display.table),
            "unit": display.unit if display.unit in _UNITS else None,
        }
    )


def _is_fit(text: str, words: Words) -> bool:
    return len(text) <= LONGEST_TEXT and text.isprintable() and not words.found_in(text)


def _texts(dataset: Dataset, depth: int) -> Iterator[str]:
    for tag in sorted(int(tag) for tag in list(dataset.keys())):
        entry = definition(tag)
        if tag in _SOURCES:
            yield from (stripped(value) for value in read(dataset, tag))
        elif entry is not None and entry.vr == "SQ" and depth < _DEEPEST:
            for item in items(dataset, tag):
                yield from _texts(item, depth + 1)


def _unnamed(window: WindowPreset, number: int) -> WindowPreset:
    if _OURS.fullmatch(window.name):
        return window
    return window.model_copy(update={"name": f"Window {number}"})


def _table(table: VoiTable | None) -> VoiTable | None:
    return None if table is None else table.model_copy(update={"name": "Table of the file"})
