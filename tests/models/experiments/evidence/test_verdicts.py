"""What is said of each question, on made-up figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.experiments.calibration.results import Calibrated, Chance, State
from models.experiments.concept_intervention import ConceptIntervention, InterventionRow
from models.experiments.decisions import Accuracy
from models.experiments.deletion.measures import DeletionResult, OrderCurve
from models.experiments.effective_concepts import EffectiveConcepts
from models.experiments.evidence import confidence, maps, scores
from models.experiments.evidence.settings import Rules
from models.experiments.familiarity.measures import Apart, FamiliarityResult
from models.experiments.intervention_curve import InterventionCurve
from models.experiments.leakage.concepts import BeyondClass
from models.experiments.leakage.measure import Leakage
from models.experiments.localization.measures import GroupLocalization, LocalizationResult, Localized, Sanity
from models.experiments.prototypes.results import CodeFound, CodeGroup, ConceptFound, PrototypesResult
from models.experiments.spread import Estimate

RULES = Rules()
NAMES = {"border": "Border", "colour": "Colour"}


def about(value: float, reach: float = 0.02, n: int = 100) -> Estimate:
    return Estimate(value, value - reach, value + reach, n)


def both(value: float, reach: float = 0.02) -> Accuracy:
    return Accuracy(about(value, reach), about(value, reach))


def located(gradcam: float, magnet: float, random: float = 0.3, images: int = 100) -> LocalizationResult:
    """Whose maps are so much ahead of the centre."""

    def localized(pointing: float) -> Localized:
        return Localized(about(pointing), about(0.5), about(0.4))

    ahead = {"gradcam": gradcam, "magnet": magnet}
    mean = {kind: localized(0.6 + gain) for kind, gain in ahead.items()} | {"centre": localized(0.6)}
    sanity = tuple(Sanity(kind, "network", 1, localized(0.3), localized(random), about(0.0)) for kind in ahead)
    groups = (GroupLocalization("border", "own", images, mean, {}),)
    return LocalizationResult(images, groups, mean, {kind: localized(gain) for kind, gain in ahead.items()}, sanity)


@pytest.mark.parametrize(("gradcam", "magnet", "random", "expected"), [
    (0.2, 0.2, 0.3, "holds"), (0.2, 0.01, 0.3, "partly"), (0.01, 0.2, 0.3, "partly"), (0.01, -0.2, 0.3, "fails"),
    (0.2, 0.2, 0.01, "fails"),
], ids=["both", "grad-cam", "magnet", "neither", "no better than random weights"])  # fmt: skip
def test_localization(gradcam: float, magnet: float, random: float, expected: str) -> None:
    test = maps.localization(located(gradcam, magnet, random), NAMES, RULES)
    assert test.verdict == expected
    assert f"{0.6 + gradcam:.2f} ({0.58 + gradcam:.2f} to {0.62 + gradcam:.2f})" in test.answer
    assert "100 images with masks" in test.answer
    assert {"pointing_gradcam", "pointing_magnet_over_random", "iou_gradcam"} <= {one.key for one in test.figures}


def test_localization_without_masks_is_unmeasured() -> None:
    test = maps.localization(LocalizationResult(0, (), {}, {}, ()), NAMES, RULES)
    assert (test.verdict, test.figures) == ("unmeasured", [])
    assert "no masks" in test.answer


def test_localization_says_when_the_masks_are_of_the_lesion() -> None:
    found = located(0.2, 0.2)
    lent = replace(found, groups=(replace(found.groups[0], source="lesion"),))
    assert "whole lesion" in maps.localization(lent, NAMES, RULES).answer
    assert "whole lesion" not in maps.localization(found, NAMES, RULES).answer


def test_a_good_mean_does_not_hide_a_concept_whose_map_points_elsewhere() -> None:
    found = located(0.2, 0.2)
    own = found.groups[0].maps
    away = own | {"magnet": replace(own["magnet"], pointing=about(0.03))}
    group = GroupLocalization("colour", "own", 100, away, {})
    test = maps.localization(replace(found, groups=(*found.groups, group)), NAMES, RULES)
    assert test.verdict == "partly"
    assert "Surely less often than the centre: Colour (Magnet 0.03 (0.01 to 0.05))." in test.answer
    nearly = own | {"magnet": replace(own["magnet"], pointing=about(0.56, 0.01))}  # the centre has 0.6
    group = GroupLocalization("colour", "own", 100, nearly, {})
    test = maps.localization(replace(found, groups=(*found.groups, group)), NAMES, RULES)
    assert (test.verdict, "Surely less" in test.answer) == ("holds", False)


def blurred(random: float, centre: float, soft: float = 0.3, insertion: float = 0.0) -> DeletionResult:
    def curve(over_random: float, over_centre: float) -> OrderCurve:
        return OrderCurve(about(0.5), about(over_random), about(over_centre), ())

    order = {"deletion": curve(random, centre), "insertion": curve(insertion, 0.0)}
    none = {"deletion": curve(0.0, 0.0), "insertion": curve(0.0, 0.0)}
    return DeletionResult(60, about(0.9), about(soft), {"options": order, "magnet": none, "class": none})


@pytest.mark.parametrize(("found", "expected"), [
    (blurred(-0.1, -0.1), "holds"), (blurred(-0.1, 0.0), "partly"), (blurred(0.0, 0.0, insertion=0.1), "partly"),
    (blurred(0.0, 0.0), "fails"), (blurred(0.1, 0.1), "fails"), (blurred(-0.1, -0.1, soft=0.88), "unmeasured"),
], ids=["ahead of both", "of random", "by insertion", "of none", "behind", "blurring does nothing"])  # fmt: skip
def test_deletion(found: DeletionResult, expected: str) -> None:
    test = maps.deletion(found, RULES)
    assert test.verdict == expected
    assert "60 images" in test.answer


def leaking(
    hard: float = 0.0, labels: float | None = 0.0, shuffled: float = 0.0, p: float = 0.001, follows: bool = False
) -> Leakage:
    group = BeyondClass("border", 100, follows, p_information=None if follows else p)
    return Leakage(
        images=100,
        own=both(0.9),
        permuted=both(0.9),
        change=both(0.0),
        heads={},
        soft_hard=both(hard),
        soft_labels=None if labels is None else both(labels),
        shuffled_chance=both(0.6),
        shuffled_soft_hard=both(shuffled),
        concepts=0.9,
        concepts_shuffled=0.4,
        groups=(group,),
        groups_shuffled=(0.4,),
    )


@pytest.mark.parametrize(("found", "expected"), [
    (leaking(), "holds"), (leaking(hard=0.1), "fails"), (leaking(labels=0.1), "fails"),
    (leaking(hard=0.05), "partly"), (leaking(shuffled=0.4), "partly"), (leaking(p=0.3), "partly"),
    (leaking(follows=True), "partly"), (leaking(follows=True, labels=0.5), "partly"),
    (leaking(follows=True, hard=0.1), "fails"), (leaking(labels=None), "holds"),
], ids=["nothing", "beyond options", "beyond labels", "perhaps", "shuffled", "nothing beyond class", "labels follow",
        "labels follow, head on them", "labels follow and leaks", "labels incomplete"])  # fmt: skip
def test_leakage(found: Leakage, expected: str) -> None:
    test = scores.leakage(found, RULES)
    assert test.verdict == expected
    assert "100 images" in test.answer
    assert ("cannot be measured" in test.answer) == found.trivial
    assert ("soft_labels" in {one.key for one in test.figures}) == (found.soft_labels is not None and not found.trivial)


@pytest.mark.parametrize(("drop", "reach", "expected"), [
    (0.0, 0.02, "holds"), (-0.02, 0.02, "holds"), (-0.1, 0.02, "fails"), (-0.05, 0.02, "partly"),
    (0.0, 0.2, "partly"), (-0.1, 0.2, "partly"),
], ids=["none", "little", "much", "perhaps", "not known", "much, not known"])  # fmt: skip
def test_effective_concepts(drop: float, reach: float, expected: str) -> None:
    found = EffectiveConcepts(34, 5, both(0.9), both(0.9 + drop), both(drop, reach), both(0.3), {}, 15, {})
    test = scores.effective_concepts(found, RULES)
    assert test.verdict == expected
    assert "5 of 34 options" in test.answer
    assert "From 15 options on" in test.answer


def curve(gain: float, following: tuple[str, ...] = ()) -> InterventionCurve:
    own: Any = {"random": [both(0.8), both(0.8 + gain)]}
    return InterventionCurve(
        100, 0, ("border", "colour"), following, 0.25, {"wrong": own}, {"wrong": both(gain)}, {"wrong": {}}
    )


def replaced(*changes: float) -> ConceptIntervention:
    rows = [InterventionRow((), "None (baseline)", about(0.95), None, 0)]
    rows += [
        InterventionRow((key,), key, about(0.95 + each), about(each), 0)
        for key, each in zip(NAMES, changes, strict=True)
    ]
    keys = tuple(f"{row}" for row in range(18))
    return ConceptIntervention("Melanoma", 100, 18, 16, tuple(rows), keys, (), np.zeros((18, 3)))


@pytest.mark.parametrize(("known", "other", "expected"), [
    (curve(0.1), None, "holds"), (curve(0.01), None, "partly"), (curve(-0.1), None, "fails"),
    (curve(0.1, ("border",)), None, "partly"), (curve(0.1), replaced(0.0, 0.0), "holds"),
    (curve(0.1, ("border", "colour")), replaced(-0.4, 0.0), "partly"), (None, replaced(-0.4, 0.0), "partly"),
    (None, replaced(0.0, 0.1), "fails"), (None, None, "unmeasured"),
], ids=["better", "not told apart", "worse", "one follows", "curve first", "all follow", "no curve, moves",
        "no curve, stays", "nothing"])  # fmt: skip
def test_intervention(known: InterventionCurve | None, other: ConceptIntervention | None, expected: str) -> None:
    test = scores.intervention(known, other, NAMES, RULES)
    assert test.verdict == expected
    if expected == "unmeasured":
        assert test.figures == []


def test_intervention_names_what_moves_the_decision() -> None:
    answer = scores.intervention(None, replaced(-0.4, 0.0), NAMES, RULES).answer
    assert "Concepts that surely lower it: Border." in answer
    assert "Border -40% (-42% to -38%)" in answer
    assert "18 images" in answer
    assert "Melanoma" in answer
    assert "surely lower it: none." in scores.intervention(None, replaced(0.0, 0.0), NAMES, RULES).answer


def state(ece: float, p: float, reach: float = 0.02) -> Calibrated:
    figures = {"ece": about(ece, reach), "gap": about(0.0)}
    before = State(figures, Chance(0.03, 0.06, p), ())
    return Calibrated(about(1.2), False, before, before, {})


@pytest.mark.parametrize(("found", "expected"), [
    (state(0.03, 0.5), "holds"), (state(0.03, 0.001), "partly"), (state(0.2, 0.001), "fails"),
    (state(0.2, 0.2), "partly"), (state(0.05, 0.5, 0.1), "partly"), (None, "unmeasured"),
], ids=["well", "small but there", "badly", "may be chance", "not known", "no class"])  # fmt: skip
def test_calibration(found: Calibrated | None, expected: str) -> None:
    test = confidence.calibration(found, "92 images of busi (validation)", RULES)
    assert test.verdict == expected
    keys = {one.key for one in test.figures}
    assert ("ece_after" in keys) == (found is not None)


def test_calibration_says_nothing_of_a_temperature_that_was_not_fitted_elsewhere() -> None:
    test = confidence.calibration(state(0.03, 0.5), None, RULES)
    assert "no other images" in test.answer
    assert {one.key for one in test.figures} == {"ece", "gap"}


def familiar(*areas: tuple[str, float]) -> FamiliarityResult:
    nothing = Estimate(None, None, None, 0)

    def apart(kind: str, area: float, number: int) -> Apart:
        areas_of = {"distance": about(area)}
        return Apart(f"set {number}", kind, None, 50, areas_of, nothing, nothing, nothing, nothing, ())  # type: ignore[arg-type]

    others = tuple(apart(kind, area, number) for number, (kind, area) in enumerate(areas))
    return FamiliarityResult(100, {"95": about(0.05)}, about(0.9), (), {"distance": about(0.5)}, 10, others)


@pytest.mark.parametrize(("found", "expected"), [
    (familiar(("set", 0.95), ("noise", 0.9)), "holds"), (familiar(("set", 0.95), ("noise", 0.7)), "partly"),
    (familiar(("set", 0.5), ("noise", 0.2)), "fails"), (familiar(("set", 0.95), ("corruption", 0.5)), "holds"),
    (familiar(("corruption", 0.99)), "fails"),
], ids=["all", "some", "none", "corruptions do not count", "corruptions only"])  # fmt: skip
def test_familiarity(found: FamiliarityResult, expected: str) -> None:
    test = confidence.familiarity(found, RULES)
    assert test.verdict == expected
    assert {f"foreign_set_{number}" for number in range(len(found.apart))} <= {one.key for one in test.figures}
    assert "does not surely foretell wrong answers" in test.answer


def coded(*sure: bool, masks: bool | None = True, dormant: bool = False) -> PrototypesResult:
    codes = []
    for index, each in enumerate(sure):
        p = 0.001 if each else 0.5
        pair = CodeGroup("border", about(0.4), p, p, 0.4 if masks else None, p if masks else None, p if masks else None)
        codes.append(CodeFound(index, 100, about(0.2), 1.0, 50, dormant, "border", (pair,)))
    groups = (
        ConceptFound("border", 10, about(1.0), 100, None, 0, None),
        ConceptFound("colour", 0, about(0.0), 100, None, 0, "no code is counted to it"),
    )
    return PrototypesResult(100, 1000, tuple(codes), groups, (), about(3.0), None, None, masks)


@pytest.mark.parametrize(("found", "expected"), [
    (coded(True, True), "holds"), (coded(True, False), "partly"), (coded(False, False), "fails"),
    (coded(True, True, masks=False), "partly"), (coded(True, True, masks=None), "partly"),
    (coded(True, True, dormant=True), "fails"),
], ids=["all", "half", "none", "lesion only", "no masks", "unused"])  # fmt: skip
def test_codes(found: PrototypesResult, expected: str) -> None:
    test = confidence.codes(found, NAMES, RULES)
    assert test.verdict == expected
    assert "Concepts without a code of their own: Colour." in test.answer
    assert ("held against the masks" in test.answer) == bool(found.own_masks)
