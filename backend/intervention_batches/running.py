"""What a batch does, whoever runs it: a process of its own today. Imports torch, so the server does not import it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from backend.intervention_batches.jobs import RESULT, ROWS, BatchJob
from backend.intervention_batches.rows import pack
from models.checkpoint import Checkpoint, load_network, read_checkpoint
from models.data.records import SPLITS, SplitName
from models.devices import choose_device
from models.intervene.batch import Effect, Outputs, Selection, apply_edits, select, summarise
from models.intervene.images import EncoderInput, LabelledImages, read_images
from models.intervene.loading import read_head
from models.intervene.scores import Edit, Operation
from models.intervene.scoring import score_images


def run_batch(job: BatchJob, progress: Callable[[str, int, int], None]) -> None:
    """Writes the figures and the rows into the job's folder.

    Args:
        job: what to do.
        progress: called with the stage (``preparing``, ``scoring``), and how many of how many images are done.

    Raises:
        DataError, CheckpointError, NothingSelected, EditError: the message says what is wrong.
    """
    checkpoint = read_checkpoint(Path(job.model))
    network = load_network(checkpoint).to(choose_device(job.device))
    wanted = EncoderInput(network.image_size, checkpoint.config.resize_mode)
    splits: tuple[SplitName, ...] = tuple(split for split in SPLITS if job.split in (split, "all"))
    images = read_images(
        job.dataset, splits, checkpoint.concept_set, wanted, progress=lambda *_: progress("preparing", 0, 0)
    )
    found = score_images(
        network,
        images.images,
        checkpoint.config.preprocessing,
        progress=lambda done, total: progress("scoring", done, total),
    )
    outputs = Outputs.of(found.logits, found.scores)
    selection = Selection(job.predicted_class, job.minimum_probability or 0.0, job.limit, job.seed)
    rows = select(outputs, checkpoint.concept_set.class_keys, selection)
    edits = [Edit(**{**edit, "operation": Operation(edit["operation"])}) for edit in job.edits]
    effect = apply_edits(read_head(checkpoint), outputs.take(rows), edits, images.truth[rows])
    out = Path(job.out)
    (out / ROWS).write_bytes(pack(_rows(images, rows.tolist(), effect, checkpoint)))
    result = _result(effect, checkpoint, job.seed)
    (out / RESULT).write_text(json.dumps(result, allow_nan=False), "utf-8")


def _result(effect: Effect, checkpoint: Checkpoint, seed: int) -> dict[str, Any]:
    summary = asdict(summarise(effect, seed))
    labels = checkpoint.concept_set.classes
    classes = [
        {"key": label.key, "name": label.name, **change}
        for label, change in zip(labels, summary["classes"], strict=True)
    ]
    return summary | {"classes": classes}


def _rows(
    images: LabelledImages, chosen: list[int], effect: Effect, checkpoint: Checkpoint
) -> Iterator[dict[str, Any]]:
    keys = checkpoint.concept_set.class_keys
    for place, row in enumerate(chosen):
        truth = int(effect.truth[place])
        yield {
            "image": images.keys[row],
            "class": keys[truth] if truth >= 0 else None,
            "predicted_before": keys[effect.predicted_before[place]],
            "predicted_after": keys[effect.predicted_after[place]],
            "flipped": bool(effect.flipped[place]),
            "before": dict(zip(keys, effect.before[place].tolist(), strict=True)),
            "after": dict(zip(keys, effect.after[place].tolist(), strict=True)),
        }
