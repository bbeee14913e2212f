"""What an experiment has to do with the world around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Tell = Callable[[str, int, int], None]


class ExperimentError(ValueError):
    """The settings do not fit the model or the images; the message says what there is instead."""


class ExperimentCancelled(Exception):
    """Somebody stopped it. What was kept stays, and the next run goes on with it."""


def _silent(_stage: str, _done: int, _total: int) -> None:
    return None


@dataclass(frozen=True)
class Surroundings:
    """Given to every experiment.

    Attributes:
        find_model: folder of a model, by name or path; raises or ends the command where there is none.
        find_dataset: folder of an import by name or path, or the name of a procedural set.
        out: folder of the files; None writes none and keeps nothing.
        tell: called with a stage, and how many of how many are done.
        cancelled: asked now and then whether to stop.
        command: that was given, for what is written; empty where there was none.
    """

    find_model: Callable[[str], Path]
    find_dataset: Callable[[str], Path | str]
    out: Path | None = None
    tell: Tell = _silent
    cancelled: Callable[[], bool] = lambda: False
    command: str = ""

    @property
    def kept(self) -> Path | None:
        """Folder for what a second run need not compute again."""
        return None if self.out is None else self.out / "kept"

    def check(self) -> None:
        """Raises ``ExperimentCancelled`` if somebody asked to stop."""
        if self.cancelled():
            raise ExperimentCancelled
