"""An imported data set as plain text, for terminals and logs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from models.data.records import SPLITS

if TYPE_CHECKING:
    from models.data.prepared import PreparedDataset
    from models.data.report import Cluster, LeakageReport, Pair

_CLASSES = 30
_PAIRS = 12
_FILES = 8


def line(prepared: PreparedDataset) -> str:
    """One line for a list."""
    info = prepared.info
    return f"{info.name:<20} {info.images:>8,} images  {len(info.classes):>4} classes  {info.modality}: {info.title}"


def imported(prepared: PreparedDataset) -> Iterator[str]:
    """What an import ends with."""
    yield ""
    yield from summary(prepared, pairs=False)
    yield ""
    yield f"It lies in {prepared.folder}; contact-sheet.png there shows some images of each class."
    yield f"Train on it with  data: {{kind: imported, folder: {prepared.folder}}}"


def summary(prepared: PreparedDataset, pairs: bool) -> Iterator[str]:
    """Counts, sizes, and what the import found.

    Args:
        prepared: the data set.
        pairs: list all near-duplicates, not only those whose labels disagree.
    """
    info = prepared.info
    concepts = f", concept set {info.concept_set}" if info.concept_set else ", no concept set"
    yield f"{info.name}: {info.title} ({info.modality}{concepts})"
    yield f"{info.images:,} images of {len(info.classes)} classes from {info.source}"
    yield ""
    yield from _counts(prepared)
    yield ""
    yield _sizes(prepared)
    yield from _masks(prepared)
    yield from _leakage(prepared, pairs)
    yield from _unreadable(prepared.report)


def _counts(prepared: PreparedDataset) -> Iterator[str]:
    info = prepared.info
    totals = {split: sum(info.counts[split].values()) for split in SPLITS}
    left_out = info.images - sum(totals.values())
    shown = info.classes[:_CLASSES]
    width = max(12, *(len(label.key) for label in shown))
    yield f"{'':<{width}}" + "".join(f"{name:>12}" for name in (*SPLITS, "all"))
    for label in shown:
        counts = [info.counts[split][label.key] for split in SPLITS]
        yield f"{label.key:<{width}}" + "".join(f"{count:>12,}" for count in (*counts, sum(counts)))
    if len(info.classes) > len(shown):
        yield f"… and {len(info.classes) - len(shown)} more classes"
    yield f"{'all':<{width}}" + "".join(f"{count:>12,}" for count in (*totals.values(), sum(totals.values())))
    if left_out:
        yield f"{left_out:,} images are left out of every split: they show what test or validation images show."


def _sizes(prepared: PreparedDataset) -> str:
    sizes = prepared.info.sizes
    smallest, largest = f"{sizes.min_width} × {sizes.min_height}", f"{sizes.max_width} × {sizes.max_height}"
    if smallest == largest:
        return f"Size: {smallest} pixels, all of them."
    return (
        f"Size: {sizes.median_width} × {sizes.median_height} pixels at the median, widths {sizes.min_width} to"
        f" {sizes.max_width}, heights {sizes.min_height} to {sizes.max_height}."
    )


def _masks(prepared: PreparedDataset) -> Iterator[str]:
    if prepared.info.masks:
        yield f"Masks: {', '.join(prepared.info.masks)}."


def _leakage(prepared: PreparedDataset, pairs: bool) -> Iterator[str]:
    report = prepared.report
    if report.groups:
        yield f"Patients or lesions with several images: {report.groups:,}, each in one split."
    if report.clusters:
        yield (
            f"Near-duplicates: {report.images_in_clusters:,} images in {len(report.clusters):,} clusters,"
            f" {_kept(prepared)}"
        )
    else:
        yield "Near-duplicates: none."
    if report.crossings:
        yield (
            f"The published split is crossed by {len(report.crossings):,} clusters or patients; "
            f"{sum(len(crossing.left_out) for crossing in report.crossings):,} images were left out for it."
        )
    yield from _disagreements(prepared, None if pairs else _PAIRS)
    if pairs:
        yield from _clusters(report.clusters)


def _kept(prepared: PreparedDataset) -> str:
    if not prepared.info.duplicates_ignored:
        return "each in one split."
    tested = sum(prepared.info.counts["test"].values())
    leaking = len(prepared.report.leaking("test", "train"))
    return f"NOT kept in one split (--ignore-duplicates): {leaking:,} of {tested:,} test images have one in training."


def _disagreements(prepared: PreparedDataset, most: int | None) -> Iterator[str]:
    found = prepared.report.disagreements
    if not found:
        return
    yield f"Labels that disagree, one image under two classes; pairs to look at: {len(found):,}"
    labels = {image.key: image.label for cluster in prepared.report.clusters for image in cluster.images}
    for pair in found[:most]:
        yield f"  {_pair(pair)}  ({labels[pair.a]} / {labels[pair.b]})"
    if most is not None and len(found) > most:
        yield f"  … and {len(found) - most:,} more; vitrine data show {prepared.info.name} --pairs lists all"


def _clusters(clusters: Sequence[Cluster]) -> Iterator[str]:
    for cluster in clusters:
        yield ""
        disagree = ", labels disagree" if cluster.disagree else ""
        split = ", ".join(sorted({image.split or "left out" for image in cluster.images}))
        yield f"Cluster {cluster.id}: {len(cluster.images)} images, {split}{disagree}"
        for pair in cluster.pairs:
            yield f"  {_pair(pair)}"


def _pair(pair: Pair) -> str:
    return f"{pair.similarity:.2f}  {pair.a}  ~  {pair.b}{', mirrored' if pair.flipped else ''}"


def _unreadable(report: LeakageReport) -> Iterator[str]:
    for kept, what in ((False, "Files that cannot be read and are left out"), (True, "Masks that cannot be used")):
        found = [file for file in report.unreadable if file.kept == kept]
        if not found:
            continue
        yield f"{what}: {len(found):,}"
        for file in found[:_FILES]:
            yield f"  {file.reason}"
        if len(found) > _FILES:
            yield f"  … and {len(found) - _FILES:,} more; report.json lists all"
