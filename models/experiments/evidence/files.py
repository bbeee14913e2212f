"""``evidence.json``: written so that a reader never finds half of it."""

from __future__ import annotations

import os
from pathlib import Path

from models.experiments.evidence.schema import FILE, Evidence


def write_evidence(folder: Path, evidence: Evidence) -> Path:
    """Writes the file into a checkpoint's folder, or a job's.

    Raises:
        OSError: it cannot be written.
    """
    path = folder / FILE
    temporary = path.with_name(f".{FILE}.{os.getpid()}")
    try:
        temporary.write_text(evidence.model_dump_json(indent=1) + "\n", "utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path
