"""Whether probabilities, familiarity and codes mean what a reader takes them for."""

from __future__ import annotations

from models.experiments.calibration.results import Calibrated
from models.experiments.evidence.figures import above, below, listed, named, plain, said
from models.experiments.evidence.schema import NamedFigure, TrustTest
from models.experiments.evidence.settings import Rules
from models.experiments.familiarity.measures import Apart, FamiliarityResult
from models.experiments.prototypes.results import CodeFound, PrototypesResult

_CALIBRATION = "Do the probabilities say how often the model is right?"
_FAMILIARITY = "Does the familiarity tell images that the model was not made for?"
_CODES = "Is each code about one concept?"


def calibration(found: Calibrated | None, fitted_on: str | None, rules: Rules) -> TrustTest:
    """Holds: the error is no more than chance gives a perfect model, and surely below ``miscalibrated``.

    Fails: it is more than chance gives, and itself above ``miscalibrated``. Partly: anything between.

    Args:
        found: of the decision; None where no class is known.
        fitted_on: images that the temperature was fitted on, in words; None: there are none, and what is said of the
            probabilities after it does not count.
        rules: thresholds.
    """
    if found is None:
        answer = "Not measured: the class of these images is not known."
        return TrustTest(key="calibration", question=_CALIBRATION, answer=answer, verdict="unmeasured", figures=[])
    before, ece, gap = found.before, found.before.figures["ece"], found.before.figures["gap"]
    off = before.chance.p < rules.level
    lean = (
        "too sure" if above(gap) else "less sure than it could be" if below(gap) else "neither too sure nor too unsure"
    )
    answer = (
        f"Expected calibration error {said(ece)} on {ece.n} images, where a perfectly calibrated model would show "
        f"{before.chance.mean:.2f} on average (p = {before.chance.p:.3f}); the model is {lean}."
    )
    figures = [
        named("ece", "Expected calibration error", ("probability", "lower"), ece,
              (before.chance.mean, "a perfectly calibrated model on so many images")),
        named("gap", "Mean probability less accuracy", ("difference", "neither"), gap, (0.0, "neither way")),
    ]  # fmt: skip
    if fitted_on is not None:
        after = found.after.figures["ece"]
        answer += f" With a temperature of {found.temperature.value:.2f}, fitted on {fitted_on}, it is {said(after)}."
        figures.append(named("ece_after", "The same after one temperature", ("probability", "lower"), after,
                             (found.after.chance.mean, "a perfectly calibrated model on so many images")))  # fmt: skip
    else:
        answer += " There were no other images to fit a temperature on."
    much = ece.value is not None and ece.value > rules.miscalibrated
    verdict = "fails" if off and much else "holds" if not off and below(ece, rules.miscalibrated) else "partly"
    return TrustTest(key="calibration", question=_CALIBRATION, answer=answer, verdict=verdict, figures=figures)


def familiarity(found: FamiliarityResult, rules: Rules) -> TrustTest:
    """By other sets and noise: holds, if all have an AUROC surely of ``foreign`` or more.

    Partly: some are surely told apart at all. Corrupted copies are shown and do not count: some still look alike.
    """
    foreign = [one for one in found.apart if one.kind in ("set", "noise")]
    told = [one for one in foreign if above(one.auroc["distance"], rules.foreign)]
    some = [one for one in foreign if above(one.auroc["distance"], 0.5)]
    missed = [one for one in foreign if one not in told]
    errors = found.errors["distance"]
    parts = []
    if told:
        parts.append(f"Told apart well: {_named(told)}.")
    if missed:
        parts.append(f"Not, or not well: {_named(missed)}.")
    parts.append(f"Each against {found.n} images of its own kind.")
    if errors.value is not None:
        foretells = "does" if above(errors, 0.5) else "does not surely"
        parts.append(f"It {foretells} foretell wrong answers (AUROC {said(errors)}, {found.wrong} wrong).")
    figures = [_apart(one) for one in found.apart]
    figures.append(named("errors", "Wrong answers against right ones", ("auroc", "higher"), errors, (0.5, "chance")))
    beyond = found.beyond["95"]
    figures.append(
        named(
            "beyond", "Own images beyond 95 % of validation", ("share", "neither"), beyond, (0.05, "if they are alike")
        )
    )
    verdict = "holds" if foreign and not missed else "partly" if some else "fails"
    answer = " ".join(parts)
    return TrustTest(key="familiarity", question=_FAMILIARITY, answer=answer, verdict=verdict, figures=figures)


def _named(found: list[Apart]) -> str:
    return "; ".join(f"{one.title} (AUROC {said(one.auroc['distance'])}, {one.n} images)" for one in found)


def _apart(one: Apart) -> NamedFigure:
    key = one.title.replace(" ", "_").replace("-", "_")
    return named(f"foreign_{key}", one.title.capitalize(), ("auroc", "higher"), one.auroc["distance"], (0.5, "chance"))


def codes(found: PrototypesResult, names: dict[str, str], rules: Rules) -> TrustTest:
    """Holds: of the codes at least ``codes_most`` are surely about a group by its masks; partly: ``codes_some``.

    A code is about a group that it is counted to, beyond chance after Holm's correction. Groups without masks of
    their own are held against the Magnet, which reads the same tokens: where no group has any, it is partly at best.
    """
    every = len(found.codes)
    own = bool(found.own_masks)
    about = [code for code in found.codes if _sure(code, rules.level, masks=own)]
    groups = [one for one in found.groups if one.dormant is None]
    without = [names[one.id] for one in found.groups if one.dormant is not None]
    source = "the masks of those with a place" if own else "the Magnet, which reads the same tokens"
    share = len(about) / every
    answer = (
        f"{len(about)} of {every} codes surely go with one concept, held against {source} ({found.images} images); "
        f"{len(found.dormant_codes)} are hardly used."
    )
    if without:
        answer += f" Concepts without a code of their own: {listed(without)}."
    verdict = "holds" if share >= rules.codes_most and own else "partly" if share >= rules.codes_some else "fails"
    figures = [
        named("about", "Codes that go with one concept", ("share", "higher"), plain(share, found.images)),
        named(
            "dormant", "Codes hardly used", ("share", "lower"), plain(len(found.dormant_codes) / every, found.images)
        ),
        named("perplexity", "Codes as good as in use", ("number", "neither"), found.perplexity, (every, "all codes")),
        named(
            "groups", "Concepts with a code", ("share", "higher"), plain(len(groups) / len(found.groups), found.images)
        ),
    ]
    return TrustTest(key="codes", question=_CODES, answer=answer, verdict=verdict, figures=figures)


def _sure(code: CodeFound, level: float, *, masks: bool) -> bool:
    """Whether the group that it is counted to is so beyond chance."""
    for one in code.associations:
        if one.group != code.group or code.dormant:
            continue
        if masks and one.mask_p_holm is not None:
            return one.mask_p_holm <= level and (one.mask_phi or 0.0) > 0
        return one.p_holm <= level
    return False
