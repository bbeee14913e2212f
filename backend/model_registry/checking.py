"""Reading a registered version's files in another process. Imports torch, so the server does not import it."""

from __future__ import annotations

from pathlib import Path

from backend.jobs.handling import JobRefused
from backend.model_registry.errors import CHANGED
from backend.model_registry.ids import version_id
from models.checkpoint import Checkpoint, CheckpointError, read_checkpoint


def read_registered(folder: Path, model_version_id: str) -> Checkpoint:
    """The checkpoint of a version, with all its files checked.

    Args:
        folder: of the checkpoint.
        model_version_id: that it was registered as.

    Raises:
        JobRefused: it cannot be read, or holds another model by now.
    """
    try:
        checkpoint = read_checkpoint(folder)
        found = version_id(checkpoint.weights_digest())
    except (CheckpointError, OSError) as error:
        raise JobRefused(f"The model's files cannot be read: {error}") from error
    if found != model_version_id:
        raise JobRefused(CHANGED.format(folder=folder))
    return checkpoint
