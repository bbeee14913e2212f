"""Whether the maps point to the findings, and whether what they mark matters to the decision."""

from __future__ import annotations

from collections.abc import Mapping

from models.experiments.deletion.measures import DeletionResult
from models.experiments.evidence.figures import above, below, change, listed, named, said
from models.experiments.evidence.schema import NamedFigure, TrustTest
from models.experiments.evidence.settings import Rules
from models.experiments.localization.measures import LocalizationResult, Sanity

WORDS = {"gradcam": "Grad-CAM", "magnet": "Magnet"}
# What a reader sees of the concepts, put together for the decision, and the class's own map.
_ORDERS = {"options": "the concepts’ Grad-CAM", "magnet": "Magnet", "class": "the class’s Grad-CAM"}
_LOCALIZATION = "Do the maps point to where the findings are?"
_DELETION = "Does the decision change when the places that the maps mark are blurred?"


def localization(found: LocalizationResult, names: Mapping[str, str], rules: Rules) -> TrustTest:
    """Holds: both maps point into the mask more often than the centre does, and than with random weights, on average.

    And no concept's map does so surely less often than the centre, by ``behind`` or more. Partly: one of the maps
    does, on average. Without masks it is not measured.
    """
    kinds = [kind for kind in WORDS if kind in found.over_centre]
    if found.images == 0 or not kinds:
        answer = "Not measured: these images have no masks that say where the findings are."
        return TrustTest(key="localization", question=_LOCALIZATION, answer=answer, verdict="unmeasured", figures=[])
    good = [
        kind
        for kind in kinds
        if above(found.over_centre[kind].pointing) and all(above(one.gained.pointing) for one in _random(found, kind))
    ]
    told = "; ".join(
        f"{WORDS[kind]} in {said(found.mean[kind].pointing)} of cases, {change(found.over_centre[kind].pointing)} "
        "against always pointing to the centre"
        + "".join(f" and {change(one.gained.pointing)} against random weights" for one in _random(found, kind))
        for kind in kinds
    )
    answer = f"The map’s maximum lies in the mask: {told} ({found.images} images with masks)."
    if all(group.source != "own" for group in found.groups):
        answer += " The masks are of the whole lesion, not of single concepts."
    behind = [
        f"{names[group.key]} ({WORDS[kind]} {said(group.maps[kind].pointing)})"
        for group in found.groups
        for kind in kinds
        if kind in group.maps
        and below(group.maps[kind].pointing, (group.maps["centre"].pointing.value or 0.0) - rules.behind)
    ]
    if behind:
        answer += f" Surely less often than the centre: {listed(behind)}."
    verdict = "partly" if good else "fails"
    if len(good) == len(WORDS) and not behind:
        verdict = "holds"
    figures = [figure for kind in kinds for figure in _map_figures(found, kind)]
    return TrustTest(key="localization", question=_LOCALIZATION, answer=answer, verdict=verdict, figures=figures)


def _random(found: LocalizationResult, kind: str) -> list[Sanity]:
    """Networks of which all weights are random."""
    return [one for one in found.sanity if one.kind == kind and one.depth == "network"]


def _map_figures(found: LocalizationResult, kind: str) -> list[NamedFigure]:
    name, own, centre = WORDS[kind], found.mean[kind], found.mean.get("centre")
    pointing = None if centre is None else centre.pointing.value
    overlap = None if centre is None else centre.iou.value
    apart = ("difference", "higher")
    return [
        named(f"pointing_{kind}", f"{name}: pointing game", ("share", "higher"), own.pointing,
              (pointing, "always the centre, all concepts")),
        named(f"pointing_{kind}_over_centre", f"{name}: pointing game less the centre’s", apart,  # type: ignore[arg-type]
              found.over_centre[kind].pointing, (0.0, "no difference")),
        *(named(f"pointing_{kind}_over_random", f"{name}: pointing game less that with random weights", apart,  # type: ignore[arg-type]
                one.gained.pointing, (0.0, "no difference")) for one in _random(found, kind)),
        named(f"iou_{kind}", f"{name}: overlap with the mask (IoU)", ("share", "higher"), own.iou,
              (overlap, "the centre’s, all concepts")),
    ]  # fmt: skip


def deletion(found: DeletionResult, rules: Rules) -> TrustTest:
    """Holds: blurring first what the concepts' Grad-CAM marks costs more than a random order, and than centre first.

    Partly: some map is ahead of the random order, by deletion or by insertion. Where even blurring everything takes
    nothing away, it is not measured.
    """
    sharp, soft = found.sharp.value, found.soft.value
    ends = f"the probability of the class found is {said(found.sharp)}, all blurred {said(found.soft)}"
    if sharp is None or soft is None or sharp - soft < rules.visible:
        answer = f"Not measured: blurring the whole image takes hardly anything away ({ends}; {found.images} images)."
        return TrustTest(key="deletion", question=_DELETION, answer=answer, verdict="unmeasured", figures=[])
    ahead = [kind for kind in _ORDERS if _ahead(found, kind)]
    first = found.orders["options"]["deletion"]
    holds = below(first.over_random) and below(first.over_centre)
    told = "; ".join(
        f"by {words} {change(found.orders[kind]['deletion'].over_random)} against a random order and "
        f"{change(found.orders[kind]['deletion'].over_centre)} against the centre first"
        for kind, words in _ORDERS.items()
    )
    answer = (
        f"While patches are blurred one after the other, the mean probability is {told} (below zero is good; "
        f"{found.images} images)."
    )
    if not ahead:
        answer += " No map is ahead of a random order."
    elif not holds:
        answer += f" Ahead of a random order by blurring or by sharpening: {listed([_ORDERS[kind] for kind in ahead])}."
    figures = [
        named("probability_sharp", "Probability, nothing blurred", ("probability", "neither"), found.sharp),
        named("probability_blurred", "Probability, all blurred", ("probability", "neither"), found.soft),
        *(figure for kind in _ORDERS for figure in _curve_figures(found, kind)),
    ]
    verdict = "holds" if holds else "partly" if ahead else "fails"
    return TrustTest(key="deletion", question=_DELETION, answer=answer, verdict=verdict, figures=figures)


def _ahead(found: DeletionResult, kind: str) -> bool:
    order = found.orders[kind]
    return below(order["deletion"].over_random) or above(order["insertion"].over_random)


def _curve_figures(found: DeletionResult, kind: str) -> list[NamedFigure]:
    order, words = found.orders[kind], _ORDERS[kind]
    name = f"{words[0].upper()}{words[1:]}"
    return [
        named(f"deletion_{kind}", f"{name}: deletion less a random order", ("difference", "lower"),
              order["deletion"].over_random, (0.0, "no difference")),
        named(f"deletion_{kind}_centre", f"{name}: deletion less the centre first", ("difference", "lower"),
              order["deletion"].over_centre, (0.0, "no difference")),
        named(f"insertion_{kind}", f"{name}: insertion less a random order", ("difference", "higher"),
              order["insertion"].over_random, (0.0, "no difference")),
    ]  # fmt: skip
