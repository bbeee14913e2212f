"""The rules by which an option is dormant, redundant or not localized. docs/adr/0043-concept-diagnostics.md says why.

Dormant, where at least ``least_labels`` images are labelled with and as many without the option, image by image:
    its AUROC is below ``readable``.
Dormant, elsewhere: its codes get less than ``assignment_floor`` of an even assignment while it is present, and
    it is present in less than ``presence_floor`` of the images, or its margin hardly varies (``variation_floor``), or
    its AUROC against the class table is below ``readable``.
Redundant: the scores of another option correlate by more than ``correlation`` in magnitude (within a group, where
    options exclude each other, only positively), or the cosine of their text embeddings is above ``cosine``.
Not localized, for groups with a place, over ``least_maps`` images: the maps are no more concentrated around their peak
    than the same maps with their patches shuffled, or point to the mask no better than the maps of other images do.

Shapes: N images, O options, T text width.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from models.concepts import ConceptSet
from models.diagnose.results import Flag, OptionDiagnosis
from models.diagnose.settings import DiagnoseSettings


def raise_flags(
    options: Sequence[OptionDiagnosis],
    concept_set: ConceptSet,
    correlations: NDArray[np.float64],
    cosines: NDArray[np.float64],
    settings: DiagnoseSettings,
) -> list[Flag]:
    """All flags, in the order of the options.

    Args:
        options: O of them.
        concept_set: of the model.
        correlations: (O, O) of the scores over images, 0 where one does not vary.
        cosines: (O, O) of the text embeddings.
        settings: thresholds.
    """
    usual = float(np.median([option.margin_deviation for option in options]))
    groups = concept_set.group_of_option
    flags: list[Flag] = []
    for index, option in enumerate(options):
        flags += dormant(option, usual, settings)
        flags += _redundant(index, concept_set, correlations, cosines, settings)
        if concept_set.groups[groups[index]].localizable:
            flags += not_localized(option, settings)
    return flags


def dormant(option: OptionDiagnosis, usual: float, settings: DiagnoseSettings) -> Iterator[Flag]:
    """At most one flag; ``usual`` is the median standard deviation of the margins of the set."""
    labels = {found.source: found for found in option.readability}
    own, table = labels.get("image"), labels.get("class")
    if own is not None and min(own.present, own.absent) >= settings.least_labels:
        if own.auroc < settings.readable:
            yield _flag(
                option.id,
                "unreadable",
                own.auroc,
                settings.readable,
                f"dormant: the score does not tell the {own.present} images labelled with it from the {own.absent} "
                f"without (AUROC {own.auroc:.2f}, 95 % {own.low:.2f} to {own.high:.2f}; below {settings.readable:g})",
            )
        return
    if option.scores.images < settings.least_labels or option.assignment_ratio >= settings.assignment_floor:
        return
    patches = (
        f"dormant: {option.assigned} patches of its group's codes where it is present "
        f"({option.assignment_ratio:.1%} of an even assignment; below {settings.assignment_floor:.0%}), and it "
    )
    variation = option.margin_deviation / usual if usual > 0 else 0.0
    if option.present_share < settings.presence_floor:
        reason = f"is the present option in {option.present} of {option.scores.images} images"
        yield _flag(option.id, "never_present", option.present_share, settings.presence_floor, patches + reason)
    elif variation < settings.variation_floor:
        reason = f"hardly varies ({variation:.1%} of the set's median standard deviation)"
        yield _flag(option.id, "hardly_varies", variation, settings.variation_floor, patches + reason)
    elif (
        table is not None
        and min(table.present, table.absent) >= settings.least_labels
        and table.auroc < settings.readable
    ):
        reason = f"does not follow the class table (AUROC {table.auroc:.2f}; below {settings.readable:g})"
        yield _flag(option.id, "against_table", table.auroc, settings.readable, patches + reason)


def not_localized(option: OptionDiagnosis, settings: DiagnoseSettings) -> Iterator[Flag]:
    """At most one flag for an option of a localizable group."""
    maps = option.localization
    if maps.concentration is not None and maps.shuffled is not None and maps.images >= settings.least_maps:
        gain = maps.concentration / maps.shuffled
        if gain < settings.concentration_gain:
            reason = (
                f"not localized: {maps.concentration:.0%} of its map lies around the peak, {maps.shuffled:.0%} if the "
                f"patches are shuffled ({gain:.2f} times; below {settings.concentration_gain:g})"
            )
            yield Flag(
                option=option.id,
                kind="not_localized",
                sign="scattered",
                value=gain,
                threshold=settings.concentration_gain,
                reason=reason,
            )
            return
    if maps.pointing is None or maps.pointing_others is None or maps.masks < settings.least_maps:
        return
    if maps.pointing_others >= settings.pointing_ceiling:
        return
    gain = maps.pointing - maps.pointing_others
    if gain < settings.pointing_gain:
        reason = (
            f"not localized: its maps point into the mask in {maps.pointing:.0%} of {maps.masks} images, those of "
            f"other images in {maps.pointing_others:.0%} (a gain of {gain:+.3f}; below {settings.pointing_gain:g})"
        )
        yield Flag(
            option=option.id,
            kind="not_localized",
            sign="elsewhere",
            value=gain,
            threshold=settings.pointing_gain,
            reason=reason,
        )


def score_correlations(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    """(O, O) correlations of scores (N, O); 0 where one does not vary."""
    centred = scores.astype(np.float64) - scores.mean(0, dtype=np.float64)
    norms = np.linalg.norm(centred, axis=0)
    product = np.outer(norms, norms)
    found: NDArray[np.float64] = np.divide(
        centred.T @ centred, product, out=np.zeros_like(product), where=product > 1e-12
    )
    return found


def _redundant(
    index: int,
    concept_set: ConceptSet,
    correlations: NDArray[np.float64],
    cosines: NDArray[np.float64],
    settings: DiagnoseSettings,
) -> Iterator[Flag]:
    """At most one flag by scores and one by texts, each with the option that is most alike."""
    groups, ids = np.array(concept_set.group_of_option), concept_set.option_ids
    if len(ids) < 2:
        return
    alike = np.where(groups == groups[index], correlations[index], np.abs(correlations[index]))
    found = (
        ("scores", alike, correlations[index], settings.correlation, "its scores correlate by {:+.3f} with those of"),
        ("texts", cosines[index], cosines[index], settings.cosine, "the cosine of its text embedding is {:.3f} with"),
    )
    for sign, strength, shown, threshold, words in found:
        other = int(np.where(np.arange(len(ids)) == index, -np.inf, strength).argmax())
        if strength[other] > threshold:
            yield Flag(
                option=ids[index],
                kind="redundant",
                sign=sign,
                value=float(shown[other]),
                threshold=threshold,
                other=ids[other],
                reason=f"redundant: {words.format(shown[other])} {ids[other]} (above {threshold:g})",
            )


def _flag(option: str, sign: str, value: float, threshold: float, reason: str) -> Flag:
    return Flag(option=option, kind="dormant", sign=sign, value=value, threshold=threshold, reason=reason)
