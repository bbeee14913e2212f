"""A diagnosis as a JSON file."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import ValidationError

from models.diagnose.results import Diagnosis


class DiagnosisError(ValueError):
    """The file holds no diagnosis that this version reads."""


def write_diagnosis(path: Path, diagnosis: Diagnosis) -> None:
    """Writes the JSON file, in one step."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(diagnosis.model_dump_json(indent=1) + "\n", "utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_diagnosis(path: Path) -> Diagnosis:
    """Reads what ``write_diagnosis`` wrote.

    Raises:
        DiagnosisError: if the file cannot be read or holds something else.
    """
    try:
        return Diagnosis.model_validate_json(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        detail = f"{error.error_count()} fields do not fit" if isinstance(error, ValidationError) else str(error)
        raise DiagnosisError(f"{path}: holds no diagnosis ({detail})") from error
