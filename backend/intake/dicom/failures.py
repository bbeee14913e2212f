"""Whatever a parser or a decoder raises on a crafted file becomes one sentence."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pydicom import config

from backend.intake.errors import Damaged, IntakeError

# Not about the file: these end the process, or a generator.
_OURS: Final = (IntakeError, MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit)


@contextmanager
def damaged_on_failure(what: str) -> Iterator[None]:
    """Turns any failure inside into ``Damaged``, also what is no ``Exception`` (pyo3's PanicException).

    pydicom's warnings about odd values are silenced: they are the file's, and nobody reads them.
    """
    try:
        with warnings.catch_warnings(), config.disable_value_validation():
            warnings.simplefilter("ignore")
            yield
    except _OURS:
        raise
    except BaseException as error:
        raise Damaged(f"{what} is damaged or incomplete; export the image again, if possible uncompressed.") from error
