"""What a diagnosis does, in the process of its job. Imports torch, so the server does not import it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from backend.diagnoses.orders import RESULT, DiagnosisOrder
from backend.jobs.handling import JobRefused
from backend.model_registry.checking import read_registered
from models.checkpoint import Checkpoint, load_network
from models.devices import choose_device
from models.diagnose.gallery import Gallery, write_gallery
from models.diagnose.images import DiagnosedImages, diagnosed_data, read_diagnosed
from models.diagnose.run import diagnose, input_shape
from models.diagnose.settings import DiagnoseSettings
from models.intervene.images import is_procedural

Report = Callable[[str, int, int], None]


def run_diagnosis(content: Mapping[str, Any], report: Report) -> None:
    """Writes result and pictures into the job's folder; the result last.

    Args:
        content: of ``DiagnosisOrder``.
        report: called with a stage, and how many of how many are done.

    Raises:
        JobRefused: model and data cannot be read or do not fit each other; the message says why.
    """
    order = DiagnosisOrder.of(content)
    out = Path(order.out)
    shutil.rmtree(out, ignore_errors=True)  # of an attempt that was lost
    out.mkdir(parents=True)
    checkpoint = read_registered(Path(order.model), order.model_version_id)
    network = load_network(checkpoint).to(choose_device(order.device))
    try:
        images = read_diagnosed(
            diagnosed_data(order.dataset if is_procedural(order.dataset) else Path(order.dataset), order.drawn),
            order.split,  # type: ignore[arg-type]
            checkpoint.concept_set,
            input_shape(checkpoint, network),
            lambda done, total: report("Preparing", done, total),
        )
    except ValueError as error:
        raise JobRefused(f"The model cannot be diagnosed on this data: {error}") from error
    found = diagnose(
        checkpoint,
        images,
        DiagnoseSettings(seed=order.seed),
        network=network,
        progress=lambda done, total: report("Diagnosing", done, total),
    )
    gallery = write_gallery(
        out, found, images, network, checkpoint, lambda done, total: report("Pictures", done, total)
    )
    result = {
        "diagnosis": found.model_dump(mode="json"),
        "gallery": gallery.model_dump(mode="json"),
        "classes": _classes(gallery, images, checkpoint),
    }
    (out / RESULT).write_text(json.dumps(result, allow_nan=False), "utf-8")


def _classes(gallery: Gallery, images: DiagnosedImages, checkpoint: Checkpoint) -> dict[int, str | None]:
    """Key of the class of every image that a code's pictures show."""
    keys = checkpoint.concept_set.class_keys
    rows = {tile.row for sheet in gallery.codes for tile in sheet.tiles}
    labels = {row: int(images.data.classes[row]) for row in sorted(rows)}
    return {row: keys[label] if label >= 0 else None for row, label in labels.items()}
