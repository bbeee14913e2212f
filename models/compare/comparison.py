"""Two checkpoints on the same images, image by image (docs/adr/0044-comparing-models.md).

Shapes: N images, C classes, O options, F figures, U units, R resamples.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.cbm.network import IVQCBM
from models.checkpoint import Checkpoint, load_network
from models.compare.concepts import Matching, found_options, match, shared_truth
from models.compare.figures import Answers, Known
from models.compare.images import ComparedImages, Wanted, read_compared
from models.compare.report import Side, report
from models.compare.result import Comparison
from models.compare.settings import CompareSettings
from models.intervene.images import EncoderInput
from models.intervene.scoring import ImageScores, score_images

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Compared:
    """A comparison, and what it was made from: for the pictures of ``models.compare.gallery``.

    Attributes:
        comparison: the result.
        checkpoints: A and B.
        networks: theirs.
        images: as each encoder takes them.
    """

    comparison: Comparison
    checkpoints: tuple[Checkpoint, Checkpoint]
    networks: tuple[IVQCBM, IVQCBM]
    images: ComparedImages


def compare(
    a: Checkpoint, b: Checkpoint, dataset: Path | str, settings: CompareSettings, tell: Tell | None = None
) -> Comparison:
    """Runs both over the images and compares what they say. Arguments and errors as ``compare_images``."""
    return compare_images(a, b, dataset, settings, tell).comparison


def compare_images(
    a: Checkpoint, b: Checkpoint, dataset: Path | str, settings: CompareSettings, tell: Tell | None = None
) -> Compared:
    """Runs both over the images, compares what they say, and keeps networks and images.

    Args:
        a: the one, to which the other is held.
        b: the other.
        dataset: folder of an import, or the name of a procedural set.
        settings: how.
        tell: called with a stage, and how many of how many images are done.

    Raises:
        CompareError: if the models tell other classes apart.
        DataError: if the data set cannot be read.
        CheckpointError: if weights cannot be read.
    """
    matching = match(a.concept_set, b.concept_set)
    tell = tell or (lambda _stage, _done, _total: None)
    networks = (load_network(a), load_network(b))
    wanted = (
        Wanted(a.concept_set, EncoderInput(networks[0].image_size, a.config.resize_mode)),
        Wanted(b.concept_set, EncoderInput(networks[1].image_size, b.config.resize_mode)),
    )
    images = read_compared(dataset, settings.splits, wanted, drawn=settings.drawn, progress=partial(tell, "Preparing"))
    scores = (
        score_images(networks[0], images.images[0], a.config.preprocessing, progress=partial(tell, "Scoring A")),
        score_images(networks[1], images.images[1], b.config.preprocessing, progress=partial(tell, "Scoring B")),
    )
    return Compared(compare_scores((a, b), matching, images, scores, settings), (a, b), networks, images)


def compare_scores(
    checkpoints: tuple[Checkpoint, Checkpoint],
    matching: Matching,
    images: ComparedImages,
    scores: tuple[ImageScores, ImageScores],
    settings: CompareSettings,
) -> Comparison:
    """The comparison, from what both networks said.

    Raises:
        ValueError: if the scores are of another number of images.
    """
    if any(len(part.logits) != len(images.keys) for part in scores):
        raise ValueError(f"expected scores of {len(images.keys)} images, got {[len(part.logits) for part in scores]}")
    known = Known(
        images.classes,
        tuple(shared_truth(*images.options, group) for group in matching.shared),
        tuple(len(group.options) for group in matching.shared),
    )
    logits = (_wide(scores[0].logits), _wide(scores[1].logits)[:, list(matching.classes_b)])
    sides = []
    for place, checkpoint in enumerate(checkpoints):
        slices = checkpoint.concept_set.group_slices
        found = tuple(
            found_options(scores[place].scores, slices[column], to)
            for column, to in (
                (group.column_b, group.to_b) if place else (group.column_a, group.to_a) for group in matching.shared
            )
        )
        sides.append(Side(checkpoint, Answers(logits[place], found), scores[place].scores, images.options[place]))
    return report((sides[0], sides[1]), matching, images, known, settings)


def _wide(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    return logits.astype(np.float64)
