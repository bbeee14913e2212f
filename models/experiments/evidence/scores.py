"""What the concept scores carry, how many of them a decision needs, and whether correcting them helps."""

from __future__ import annotations

from models.experiments.concept_intervention import ConceptIntervention, InterventionRow
from models.experiments.effective_concepts import RETAINED, EffectiveConcepts
from models.experiments.evidence.figures import above, below, change, listed, named, plain, said
from models.experiments.evidence.schema import NamedFigure, TrustTest
from models.experiments.evidence.settings import Rules
from models.experiments.intervention_curve import InterventionCurve
from models.experiments.leakage.measure import Leakage

_LEAKAGE = "Do the scores tell no more of the class than the concepts they are named after?"
_EFFECTIVE = "Do a few concepts carry the decision?"
_INTERVENTION = "Does the decision get better when concepts are corrected?"
_ORDERS = {"uncertainty": "The most uncertain", "decision": "The most decisive", "random": "Any"}
_ANYTHING: tuple[float | None, str] = (0.0, "no difference")
# Where the images do not allow it; who asks puts the reason in.
UNMEASURED = {
    test.key: test
    for test in (
        TrustTest(key="leakage", question=_LEAKAGE, answer="", verdict="unmeasured", figures=[]),
        TrustTest(key="effective_concepts", question=_EFFECTIVE, answer="", verdict="unmeasured", figures=[]),
    )
}


def leakage(found: Leakage, rules: Rules) -> TrustTest:
    """Fails: the scores surely add more than ``leaked`` to what the options found say of the class, or the true ones.

    Holds: they surely do not, neither on the images nor on shuffled ones, where most concepts are gone; and most
    groups tell more of their label than the class does. Partly: anything between, and at best this where the labels
    follow the class.
    """
    hard, labels, shuffled = found.soft_hard.bmac, found.soft_labels, found.shuffled_soft_hard.bmac
    true = None if found.trivial or labels is None else labels.bmac
    measurable = [group for group in found.groups if not group.follows]
    beyond = [g for g in measurable if g.p_information is not None and g.p_information <= rules.level]
    told = [
        f"The scores tell {change(hard)} more of the class (balanced accuracy) than the options found do",
        *([f"{change(true)} more than the true options"] if true is not None else []),
        (
            f"on images cut into tiles that change places, which leaves colours and texture but no shapes or borders, "
            f"{change(shuffled)} more"
        ),
    ]
    answer = f"{'; '.join(told)} ({found.images} images)."
    if measurable:
        answer += f" {len(beyond)} of {len(measurable)} concepts tell more of their label than the class does."
    else:
        answer += " What concepts tell beyond the class cannot be measured: their labels follow from it."
    if above(hard, rules.leaked) or above(true, rules.leaked):
        verdict = "fails"
    else:
        tight = all(below(one, rules.leaked) for one in (hard, shuffled) if one.value is not None)
        apart = true is None or below(true, rules.leaked)
        most = bool(measurable) and 2 * len(beyond) > len(measurable)
        verdict = "holds" if tight and apart and most else "partly"
    figures = [
        named("soft_hard", "Scores less options found, balanced accuracy", ("difference", "lower"), hard, _ANYTHING),
        *([named("soft_labels", "Scores less true options", ("difference", "lower"), true, _ANYTHING)]
          if true is not None else []),
        named("shuffled_soft_hard", "The same on shuffled images", ("difference", "lower"), shuffled, _ANYTHING),
        named("shuffled", "Scores of shuffled images less chance", ("difference", "lower"),
              found.shuffled_chance.bmac, _ANYTHING),
        named("permuted", "Decision when each concept is another image’s of the class", ("difference", "neither"),
              found.change.bmac, _ANYTHING),
        *([named("beyond_class", "Concepts that tell more than the class", ("share", "higher"),
                 plain(len(beyond) / len(measurable), found.images))] if measurable else []),
    ]  # fmt: skip
    return TrustTest(key="leakage", question=_LEAKAGE, answer=answer, verdict=verdict, figures=figures)


def effective_concepts(found: EffectiveConcepts, rules: Rules) -> TrustTest:
    """Holds: with five options a class the accuracy surely falls by less than ``lost``; fails: surely by more."""
    drop, full, pruned = found.drop.accuracy, found.full.accuracy, found.pruned.accuracy
    answer = (
        f"With {found.effective} of {found.options} options for each class the accuracy is {said(pruned)}, with all "
        f"{said(full)}, a change of {change(drop)} ({full.n} images). From {found.enough} options on it stays at "
        f"{RETAINED:.0%} of the full one or above."
    )
    verdict = "holds" if above(drop, -rules.lost) else "fails" if below(drop, -rules.lost) else "partly"
    figures = [
        named("accuracy_few", f"Accuracy with {found.effective} options", ("share", "higher"), pruned,
              (full.value, "with all")),
        named("drop", f"Change with {found.effective} options", ("difference", "higher"), drop, _ANYTHING),
        named("above_chance", f"Against {found.effective} options by chance", ("difference", "higher"),
              found.above_chance.accuracy, _ANYTHING),
        named("enough", f"Options for {RETAINED:.0%} of the accuracy", ("number", "lower"),
              plain(found.enough, full.n), (found.options, "all")),
    ]  # fmt: skip
    return TrustTest(key="effective_concepts", question=_EFFECTIVE, answer=answer, verdict=verdict, figures=figures)


def intervention(
    curve: InterventionCurve | None, replaced: ConceptIntervention | None, names: dict[str, str], rules: Rules
) -> TrustTest:
    """By the curve where labels of single images say what is right, else by the replacement of single groups.

    Curve: holds, if correcting the groups that are wrong surely raises the accuracy; fails, if it surely lowers it.
    Replacement: partly, if some single group surely moves the probability by ``moved``, else fails; it never holds,
    for it shows that the decision hangs on a concept, not that the concept is right.
    """
    if curve is not None and not curve.trivial:
        return _by_curve(curve, names)
    if replaced is None:
        answer = (
            "Not measured: no concept was read in these images, so nobody knows which ones to correct, and no class is "
            "predicted surely enough to replace concepts."
        )
        return TrustTest(key="intervention", question=_INTERVENTION, answer=answer, verdict="unmeasured", figures=[])
    rows = [row for row in replaced.rows if row.groups]
    moving = [row for row in rows if below(row.relative_change, -rules.moved)]
    told = "; ".join(f"{names[row.groups[0]]} {_percent(row)}" for row in sorted(rows, key=_by_change)[:3])
    answer = (
        f"Whether correcting helps is not known: the concepts’ labels follow from the class. Where single concepts "
        f"are replaced by another class’s average, the probability of “{replaced.class_name}” changes by: {told} "
        f"({len(replaced.keys)} images predicted so surely). "
    )
    words = listed([names[row.groups[0]] for row in moving]) if moving else "none"
    answer += f"Concepts that surely lower it: {words}."
    figures = [
        named(f"replaced_{row.groups[0]}", f"{names[row.groups[0]]} replaced: relative change",
              ("difference", "neither"), row.relative_change, _ANYTHING)
        for row in rows
    ]  # fmt: skip
    verdict = "partly" if moving else "fails"
    return TrustTest(key="intervention", question=_INTERVENTION, answer=answer, verdict=verdict, figures=figures)


def _by_curve(curve: InterventionCurve, names: dict[str, str]) -> TrustTest:
    gain, start = curve.gain["wrong"].accuracy, curve.curves["wrong"]["random"][0].accuracy
    answer = (
        f"{curve.wrong:.0%} of the concepts are read wrong. With all of these corrected, the accuracy of "
        f"{said(start)} changes by {change(gain)} ({curve.images} images)."
    )
    if curve.following:
        keys = listed([names[key] for key in curve.following])
        answer += f" The labels of {keys} only repeat the class, which correcting them gives away."
    verdict = "holds" if above(gain) else "fails" if below(gain) else "partly"
    if verdict == "holds" and curve.following:
        verdict = "partly"
    figures: list[NamedFigure] = [
        named("gain", "Accuracy gained by correcting wrong concepts", ("difference", "higher"), gain, _ANYTHING),
        *(
            named(f"gain_{order}", f"{_ORDERS[order]} first, less a random order", ("difference", "higher"),
                  ahead.accuracy, _ANYTHING)
            for order, ahead in curve.ahead["wrong"].items()
        ),
        named("wrong", "Concepts read wrong", ("share", "lower"), plain(curve.wrong, curve.images)),
    ]  # fmt: skip
    return TrustTest(key="intervention", question=_INTERVENTION, answer=answer, verdict=verdict, figures=figures)


def _percent(row: InterventionRow) -> str:
    one = row.relative_change
    if one is None or one.value is None:
        return "–"
    ends = "" if one.low is None or one.high is None else f" ({one.low:+.0%} to {one.high:+.0%})"
    return f"{one.value:+.0%}{ends}"


def _by_change(row: InterventionRow) -> float:
    one = row.relative_change
    return 0.0 if one is None or one.value is None else one.value
