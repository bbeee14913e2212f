"""Progress of long work on standard error: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_WIDTH = 24
_REDRAW_SECONDS = 0.1
_LOG_SECONDS = 30.0
_LOG_APART = 5.0


class Progress:
    """Shows one stage after the other. A stage that is done leaves one line with what it took.

    In a log, a long stage leaves a line each tenth, at least 5 seconds apart, or every half minute where that
    comes first.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._stage = ""
        self._begun = self._shown_at = 0.0
        self._tenth = 0
        self._open = False

    def __call__(self, stage: str, done: int, total: int, counted: str = "") -> None:
        """Takes note.

        Args:
            stage: what is being done.
            done: how far it is.
            total: 0 while it is not known.
            counted: what is counted; empty where only the share means something.
        """
        moment = time.monotonic()
        if stage != self._stage:
            self.close()
            self._stage, self._begun, self._shown_at, self._tenth, self._open = stage, moment, moment, 0, True
            self._draw(stage, done, total, counted)
        elif not self._open:
            return
        if total and done >= total:
            self._end(total, counted, moment - self._begun)
        elif self._live and moment - self._shown_at >= _REDRAW_SECONDS:
            self._draw(stage, done, total, counted)
        elif not self._live and self._is_due(done, total, moment):
            print(f"{stage}: {_share(done, total)}{_numbers(done, total, counted)}", file=self._stream, flush=True)
            self._shown_at = moment

    def close(self) -> None:
        """Leaves the line of a stage that did not come to its end."""
        if self._open and self._live:
            print(file=self._stream, flush=True)
        self._open = False

    def _draw(self, stage: str, done: int, total: int, counted: str) -> None:
        if not self._live:
            return
        moment = self._shown_at = time.monotonic()
        filled = _WIDTH * done // total if total else 0
        bar = f"[{'#' * filled}{'-' * (_WIDTH - filled)}] " if total else ""
        line = f"{stage:<11}{bar}{_share(done, total):>5}{_numbers(done, total, counted)}"
        spent = moment - self._begun
        if total and done and spent > 2:
            line += f", {_duration(spent * (total - done) / done)} left"
        print(f"\r\x1b[K{line}", end="", file=self._stream, flush=True)

    def _end(self, total: int, counted: str, seconds: float) -> None:
        line = f"{self._stage:<11}{f'{total:,} {counted}, ' if counted else ''}{_duration(seconds)}"
        print(f"\r\x1b[K{line}" if self._live else line, file=self._stream, flush=True)
        self._open = False

    def _is_due(self, done: int, total: int, moment: float) -> bool:
        tenth = 10 * done // total if total else 0
        quiet = moment - self._shown_at
        if (tenth > self._tenth and quiet >= _LOG_APART) or quiet >= _LOG_SECONDS:
            self._tenth = tenth
            return True
        return False


def _share(done: int, total: int) -> str:
    return f"{100 * done // total} %" if total else ""


def _numbers(done: int, total: int, counted: str) -> str:
    if not counted:
        return ""
    return f"  {done:,} of {total:,} {counted}" if total else f"{done:,} {counted}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 90:
        return f"{whole} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"
