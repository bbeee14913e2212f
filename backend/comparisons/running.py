"""What a comparison does, in the process of its job. Imports torch, so the server does not import it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from backend.comparisons.orders import RESULT, ComparisonOrder
from backend.jobs.handling import JobRefused
from backend.model_registry.checking import read_registered
from models.checkpoint import CheckpointError
from models.compare.comparison import compare_images
from models.compare.concepts import CompareError
from models.compare.gallery import explain_changes
from models.compare.settings import CompareSettings
from models.data.errors import DataError

Report = Callable[[str, int, int], None]


def run_comparison(content: Mapping[str, Any], report: Report) -> None:
    """Writes result and pictures into the job's folder; the result last.

    Args:
        content: of ``ComparisonOrder``.
        report: called with a stage, and how many of how many are done.

    Raises:
        JobRefused: models and data cannot be read or do not fit each other; the message says why.
    """
    order = ComparisonOrder.of(content)
    out = Path(order.out)
    shutil.rmtree(out, ignore_errors=True)  # of an attempt that was lost
    out.mkdir(parents=True)
    a = read_registered(Path(order.model_a), order.model_a_id)
    b = read_registered(Path(order.model_b), order.model_b_id)
    settings = CompareSettings(order.split, order.drawn, order.seed)  # type: ignore[arg-type]
    try:
        compared = compare_images(a, b, order.dataset, settings, report)
    except (CheckpointError, CompareError, DataError) as error:
        raise JobRefused(f"The models cannot be compared on this data: {error}") from error
    changed = explain_changes(out, compared, lambda done, total: report("Pictures", done, total))
    result = {
        "comparison": compared.comparison.model_dump(mode="json"),
        "changed": changed.model_dump(mode="json"),
    }
    (out / RESULT).write_text(json.dumps(result, allow_nan=False), "utf-8")
