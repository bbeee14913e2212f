"""What a long command says while it runs, beside a progress bar that may stand on the terminal."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_OWN = ("models", "backend", "worker")


def say(text: str, file: TextIO | None = None) -> None:
    """Prints a line at once, above a progress bar if there is one."""
    from tqdm import tqdm

    stream = file or sys.stdout
    tqdm.write(text, file=stream)
    stream.flush()


class _Handler(logging.Handler):
    """Our own messages, and of libraries what went wrong: how they load a model is nobody's business."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.name.partition(".")[0] in _OWN or record.levelno >= logging.ERROR

    def emit(self, record: logging.LogRecord) -> None:
        say(self.format(record), file=sys.stderr)


@contextmanager
def own_messages(*, quiet: bool = False) -> Iterator[None]:
    """Shows messages of Vitrine's own loggers on standard error while the context lasts.

    Args:
        quiet: warnings only.
    """
    level = logging.WARNING if quiet else logging.INFO
    # On the handler too: a logger with a level of its own does not ask the root's.
    root, handler = logging.getLogger(), _Handler(level)
    before = root.level
    root.addHandler(handler)
    root.setLevel(level)
    try:
        yield
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
