"""What a measurement does, in the process of its job. Imports torch, so the server does not import it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from backend.evidence.orders import EvidenceOrder
from backend.jobs.handling import JobRefused
from backend.model_registry.checking import read_registered
from models.data.records import SPLITS
from models.experiments.evidence.files import write_evidence
from models.experiments.evidence.measure import measure_evidence
from models.experiments.evidence.settings import EvidenceConfig
from models.experiments.surroundings import Surroundings
from models.intervene.images import is_procedural

Report = Callable[[str, int, int], None]


def run_measurement(content: Mapping[str, Any], report: Report) -> None:
    """Writes ``evidence.json`` into the job's folder.

    Args:
        content: of ``EvidenceOrder``.
        report: called with a stage, and how many of how many are done.

    Raises:
        JobRefused: model and data cannot be read or do not fit each other; the message says why.
    """
    order = EvidenceOrder.of(content)
    out = Path(order.out)
    shutil.rmtree(out, ignore_errors=True)  # of an attempt that was lost
    out.mkdir(parents=True)
    folder = Path(order.model)
    checkpoint = read_registered(folder, order.model_version_id)
    dataset = order.dataset if is_procedural(order.dataset) else Path(order.dataset)
    settings = EvidenceConfig(
        models=(checkpoint.name,),
        dataset=dataset if isinstance(dataset, str) else dataset.name,
        split=order.split,
        drawn=order.drawn,
        seed=order.seed,
    )
    around = Surroundings(lambda _name: folder, lambda _name: dataset, tell=report)
    try:
        found = measure_evidence(settings, around, _told(settings))
    except ValueError as error:
        raise JobRefused(f"The model cannot be measured on this data: {error}") from error
    write_evidence(out, found)


def _told(settings: EvidenceConfig) -> str:
    """What was done, as the card says it."""
    splits = f"all of {', '.join(SPLITS)}" if settings.split == "all" else settings.split
    return f"Measured in the application: {settings.dataset}, split {splits}, seed {settings.seed}."
