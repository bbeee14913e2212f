"""How well each concept group, and each option, is read, and where its maps point.

Shapes: N images, K groups, O options, R rows of weights.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.compare.figures import Answers, Figures, Known, RocArea, figure_keys
from models.concepts import Group
from models.diagnose.options import margins
from models.experiments.decisions import follow_class, found_options
from models.experiments.evidence.figures import measured, named
from models.experiments.evidence.rules import Labels, Read, reliability
from models.experiments.evidence.schema import ConceptEvidence, NamedFigure, OptionEvidence
from models.experiments.evidence.settings import EvidenceConfig
from models.experiments.images import ExperimentImages
from models.experiments.localization.measures import GroupLocalization, LocalizationResult
from models.experiments.spread import Estimate, estimates
from models.experiments.subjects import Subject

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


def labels_of(images: ExperimentImages) -> tuple[Indices, tuple[Labels, ...]]:
    """Labels (N, K), -1 where unknown, and of each group (K,) where they come from.

    A group that was read in some images counts only there: the class table fills the others.
    """
    options = images.data.options.copy()
    sources: list[Labels] = []
    for place, own in enumerate(images.per_image.T):
        known = options[:, place] >= 0
        if (own & known).any():
            options[~own, place] = -1
            sources.append("image")
        else:
            sources.append("class" if known.any() else "none")
    return options, tuple(sources)


def decision_and_readings(subject: Subject, config: EvidenceConfig) -> tuple[list[NamedFigure], list[Read]]:
    """Figures of the decision, and how every group was read (K,)."""
    concept_set, images = subject.checkpoint.concept_set, subject.images
    labels, sources = labels_of(images)
    found = found_options(subject.found.scores, concept_set.group_slices)
    sizes = [max(2, group.stop - group.start) for group in concept_set.group_slices]
    figures = Figures(
        Answers(subject.found.logits.astype(np.float64), tuple(found.T)),
        Known(images.data.classes, tuple(labels.T), tuple(sizes)),
    )
    keys = figure_keys(concept_set.class_keys, concept_set.group_keys)
    wanted = ["accuracy", "bmac", "auroc", *(f"concept_bmac.{key}" for key in concept_set.group_keys)]
    columns = [keys.index(key) for key in wanted]
    decided = int((images.data.classes >= 0).sum())
    counts = [decided] * 3 + [int((own >= 0).sum()) for own in labels.T]

    def evaluate(weights: Array) -> Array:
        return figures(weights)[:, columns]

    every = estimates(evaluate, images.clusters, counts, config.resamples, config.seed)
    follows = follow_class(labels, images.data.classes)
    readings = [
        Read(source, bool(same), one, len(np.unique(own[own >= 0])))
        for source, same, one, own in zip(sources, follows, every[3:], labels.T, strict=True)
    ]
    return _decision(every[:3], images), readings


def _decision(found: list[Estimate], images: ExperimentImages) -> list[NamedFigure]:
    classes = images.data.classes
    known = classes[classes >= 0]
    counts = np.bincount(known) if len(known) else np.zeros(1)
    commonest = float(counts.max() / max(len(known), 1)) or None
    occurring = int(np.sum(counts > 0))
    always: tuple[float | None, str] = (commonest, "always the commonest class")
    accuracy, bmac, auroc = found
    return [
        named("accuracy", "Accuracy", ("share", "higher"), accuracy, always),
        named("bmac", "Balanced accuracy", ("share", "higher"), bmac, (1 / occurring if occurring else None, "chance")),
        named("auroc", "Area under the ROC curve, mean over classes", ("auroc", "higher"), auroc, (0.5, "chance")),
    ]


def concept_evidence(
    subject: Subject, readings: list[Read], located: LocalizationResult, config: EvidenceConfig
) -> list[ConceptEvidence]:
    """Every group (K,) of the concept set."""
    concept_set = subject.checkpoint.concept_set
    options = _options(subject, config)
    found = []
    for place, (group, read) in enumerate(zip(concept_set.groups, readings, strict=True)):
        grade, reason = reliability(read, config.rules)
        found.append(
            ConceptEvidence(
                key=group.key,
                name=group.name,
                labels=read.labels,
                reliability=grade,
                reason=reason,
                accuracy=measured(read.accuracy),
                chance=read.chance,
                options=_of_group(group, options[concept_set.group_slices[place]]),
                **_maps(located.groups[place]),
            )
        )
    return found


def _of_group(group: Group, found: list[tuple[Estimate, int, int]]) -> list[OptionEvidence]:
    return [
        OptionEvidence(
            id=f"{group.key}.{option.key}", name=option.text, auroc=measured(one), present=present, absent=absent
        )
        for option, (one, present, absent) in zip(group.options, found, strict=True)
    ]


def _options(subject: Subject, config: EvidenceConfig) -> list[tuple[Estimate, int, int]]:
    """(O,) AUROC of each option's margin over the others of its group, and images with it and without."""
    concept_set, images = subject.checkpoint.concept_set, subject.images
    labels, _ = labels_of(images)
    margin = margins(subject.found.scores, concept_set)
    curves, counts = [], []
    for place, columns in enumerate(concept_set.group_slices):
        seen = labels[:, place] >= 0
        for offset in range(columns.stop - columns.start):
            wanted = 1 if columns.stop - columns.start == 1 else offset
            positive = seen & (labels[:, place] == wanted)
            curves.append(RocArea(margin[:, columns.start + offset], positive, seen))
            counts.append((int(positive.sum()), int((seen & ~positive).sum())))

    def evaluate(weights: Array) -> Array:
        return np.stack([curve(weights) for curve in curves], 1)

    sizes = [present + absent for present, absent in counts]
    found = estimates(evaluate, images.clusters, sizes, config.resamples, config.seed)
    return [(one, *count) for one, count in zip(found, counts, strict=True)]


def _maps(group: GroupLocalization) -> dict[str, Any]:
    gradcam, magnet, centre = (group.maps.get(kind) for kind in ("gradcam", "magnet", "centre"))
    return {
        "pointing_gradcam": measured(None if gradcam is None else gradcam.pointing),
        "pointing_magnet": measured(None if magnet is None else magnet.pointing),
        "pointing_centre": None if centre is None else centre.pointing.value,
        "iou_gradcam": measured(None if gradcam is None else gradcam.iou),
    }
