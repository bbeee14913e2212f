"""What the figures of a model do not say, in words: they stand first on its card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from models.data.prepared import PreparedDataset
from models.experiments.evidence.figures import listed
from models.experiments.evidence.rules import Read
from models.experiments.evidence.settings import EvidenceConfig
from models.experiments.subjects import Subject

_FEW = 200


def limits_of(subject: Subject, settings: EvidenceConfig, readings: Sequence[Read], dataset: Path | str) -> list[str]:
    """One sentence each.

    Args:
        subject: the model and the images.
        settings: which images these are.
        readings: of each group.
        dataset: folder of the import, or name of the procedural set.
    """
    return [
        *_of_images(subject),
        *_learnt(subject, settings, dataset),
        *_of_labels(subject, readings, settings),
        *_of_masks(subject),
        "The intervals are over these images only: other scanners, hospitals and patients are not in them.",
        "Many figures are shown at once and not corrected for their number: one interval in twenty misses by chance.",
    ]


def _of_images(subject: Subject) -> Iterator[str]:
    images = subject.images
    if images.synthetic:
        yield "All images are drawn by a program. The figures say nothing about real images."
    elif subject.checkpoint.synthetic:
        yield "The model was trained on drawn images only, and is tested here on others."
    clusters = len(np.unique(images.clusters))
    if len(images) < _FEW:
        yield f"There are only {len(images)} images, so that the intervals are wide."
    if clusters < len(images):
        yield f"{len(images)} images fall into {clusters} groups of one patient or of near-duplicates, drawn together."


def _learnt(subject: Subject, settings: EvidenceConfig, dataset: Path | str) -> Iterator[str]:
    """Whether the model has seen these images before."""
    training = subject.checkpoint.metrics.get("training") or {}
    if isinstance(dataset, str):
        drawn_from = (training.get("settings") or {}).get("data") or {}
        if settings.split in ("train", "all") and drawn_from.get("name") == dataset:
            yield "The model was trained on some of these images, so that the figures are too good."
        return
    digest = PreparedDataset.open(dataset).info.digest
    if (training.get("origin") or {}).get("digest") == digest:
        if settings.split in ("train", "all"):
            yield "The model was trained on some of these images, so that the figures are too good."
        elif settings.split == "validation":
            yield "The model was chosen by these images (its validation), so that the figures are somewhat too good."
    elif not _tested_on(training, dataset):
        yield "Whether the model has learnt from some of these images is not recorded: they are of another import."


def _tested_on(training: dict[str, object], dataset: Path) -> bool:
    """Whether its training names this set as the one that it was tested on."""
    settings = training.get("settings")
    data = settings.get("data") if isinstance(settings, dict) else None
    folder = data.get("test_folder") if isinstance(data, dict) else None
    return isinstance(folder, str) and Path(folder).name == dataset.name


def _of_labels(subject: Subject, readings: Sequence[Read], settings: EvidenceConfig) -> Iterator[str]:
    names = [group.name for group in subject.checkpoint.concept_set.groups]
    by_class = [name for name, read in zip(names, readings, strict=True) if read.labels == "class"]
    none = [name for name, read in zip(names, readings, strict=True) if read.labels == "none"]
    if len(by_class) == len(names):
        yield (
            "Nobody read the concepts in these images: their labels come from a table by class. Whether a concept is "
            "read right in a single image is not known for any of them."
        )
    elif by_class:
        yield f"Nobody read {listed(by_class)} in these images: their labels come from a table by class."
    if none:
        yield f"No image has a label for {listed(none)}."
    few = [
        name
        for name, read in zip(names, readings, strict=True)
        if read.labels == "image" and read.accuracy.n < settings.rules.labelled
    ]
    if few:
        yield f"Fewer than {settings.rules.labelled} images are labelled with {listed(few)}."


def _of_masks(subject: Subject) -> Iterator[str]:
    data = subject.images.data
    if data.masks is None and data.lesion is None:
        yield "No image has a mask, so that where the maps point cannot be checked."
    elif data.masks is None:
        yield (
            "The masks are of the whole lesion: a map that points into it need not point to what a concept is "
            "recognised by."
        )
