"""Starts and stops the process that draws the gallery."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from backend.core.processes import kill_group

_ROOT = Path(__file__).resolve().parents[2]


class GalleryPainter:
    """The process that draws. ``start`` returns at once."""

    def __init__(self, storage_dir: Path) -> None:
        self._storage_dir = storage_dir
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Draws what is missing."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "backend.examples.drawing", str(self._storage_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            cwd=_ROOT,
            start_new_session=True,
        )

    def stop(self) -> None:
        """Ends it, drawn or not."""
        if self._process is None:
            return
        kill_group(self._process)
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
