"""Draws what the gallery shows before somebody asks: ``python -m backend.examples.drawing <storage folder>``.

In a process of its own at the lowest priority: drawing takes seconds of computing, which would slow requests down.
What is asked for before it is there, the request draws itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from PIL import Image

from backend.core.errors import StorageFull
from backend.core.processes import end_with_parent
from backend.core.storage import LocalStorage, Storage, StoredFileMissing
from backend.datasets.pictures import sheet_key
from backend.datasets.procedural import PROCEDURAL, edition
from backend.examples.catalogue import all_examples
from backend.examples.service import image_key, render
from backend.intake.encoding import encode_png

FOLDER = "examples"
NICENESS = 19


def draw_missing(storage: Storage) -> int:
    """Draws what the storage lacks, and removes what older generators drew.

    Returns:
        How many pictures were drawn.
    """
    for old in list(storage.list_owners(FOLDER, older_than=0)):
        if old != edition():
            storage.delete_all(f"{FOLDER}/{old}")
    drawn = 0
    for key, draw in _pictures():
        try:
            storage.read(key)
        except StoredFileMissing:
            storage.write(key, draw())
            drawn += 1
    return drawn


def _pictures() -> Iterator[tuple[str, Callable[[], bytes]]]:
    for example in all_examples().values():
        yield image_key(example), lambda example=example: render(example)  # type: ignore[misc]
    for drawn in PROCEDURAL.values():
        yield (
            sheet_key(drawn),
            lambda drawn=drawn: encode_png(Image.fromarray(drawn.contact_sheet())),  # type: ignore[misc]
        )


def main() -> None:
    """Draws once."""
    end_with_parent()
    os.nice(NICENESS)
    with suppress(StorageFull):  # then each picture is drawn when it is asked for
        draw_missing(LocalStorage(Path(sys.argv[1])))


if __name__ == "__main__":
    main()
