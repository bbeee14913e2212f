"""What came of the loop, as Markdown. Every number is the server's; intervals are 95 %."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from benchmarks.refinement.concepts import option_ids
from benchmarks.refinement.drawing import UNSEEN
from benchmarks.refinement.steps import Outcome, Record

_Z = 1.959964


def markdown(out: Outcome, command: str, machine: str) -> str:
    """The whole report.

    Args:
        out: what the server answered.
        command: that this was made with.
        machine: in words.
    """
    parts = (_head(out, command, machine), _flags(out), _replaced(out), _decision(out), _use(out), _time(out))
    return "\n".join(line for part in parts for line in part) + "\n"


def widest_interval(bmac: float, counts: list[int]) -> tuple[float, float]:
    """An interval for a balanced accuracy of which only the mean of the recalls is known.

    Recalls of O options with n images each vary by r (1 − r) / n; for a given mean their sum is largest where all are
    equal, and taking the fewest images for all options makes it larger still. So the normal interval is at least this
    good: [b − z s, b + z s] with s² = b (1 − b) / (O min n), cut at 0 and 1.

    Args:
        bmac: b, the mean of the recalls.
        counts: images with each option; those that no image has do not count.
    """
    known = [count for count in counts if count]
    if not known:
        raise ValueError("no image has any of the options")
    half = _Z * sqrt(bmac * (1 - bmac) / (len(known) * min(known)))
    return max(0.0, bmac - half), min(1.0, bmac + half)


def _head(out: Outcome, command: str, machine: str) -> Iterator[str]:
    counts = out.dataset["counts"]
    images = ", ".join(f"{sum(by_class.values())} {split}" for split, by_class in counts.items())
    left_out = sum(out.drawn.counts.values()) - sum(sum(by_class.values()) for by_class in counts.values())
    yield "# The refinement loop: from a concept that cannot be seen to one that can"
    yield ""
    yield "Synthetic images. Research use only, not for diagnosis."
    yield ""
    yield f"    {command}"
    yield ""
    yield (
        f"Procedural dermoscopy, {images} images ({left_out} left out as near-duplicates across splits). Parent "
        f"{out.plan.parent}, {out.plan.mode} mode, seed {out.plan.seed} (retrainings, diagnoses, comparison, coin). "
        f"{machine}. Everything through the HTTP API with a token."
    )
    yield ""
    yield "1. The table of the images labels all drawn groups, and *roughness* by the throw of a coin."
    yield f"2. A model is retrained without *{out.plan.visible}* and with *{UNSEEN}*: {_sentences(out.changes[0])}"
    yield f"3. Its diagnosis is looked at, and the set is edited: {_sentences(out.changes[1])}"
    yield "4. That model is retrained with the edited set, diagnosed, and held against the first."
    yield ""


def _sentences(changes: list[str]) -> str:
    return " ".join(changes) or "nothing changed."


def _flags(out: Outcome) -> Iterator[str]:
    yield "## What the diagnosis finds"
    yield ""
    for which in ("before", "after"):
        diagnosis = out.diagnoses[which]
        flags = diagnosis["result"]["flags"]
        options = len(diagnosis["result"]["options"])
        images = f"{diagnosis['images']} {diagnosis['split']} images"
        yield f"**{which.capitalize()}** the edit, {images}, {options} options:"
        yield ""
        if not flags:
            yield "no flag."
        else:
            yield "| option | flag | rule | number | threshold |"
            yield "| --- | --- | --- | --- | --- |"
            yield from (_flag_row(flag) for flag in flags)
        yield ""
    found = out.dormant("before")
    others = sorted(set(found) - {UNSEEN})
    if out.found_it:
        yield f"*{UNSEEN}* is found dormant, and no group that is drawn."
    elif UNSEEN not in found:
        yield f"**The diagnosis does not find *{UNSEEN}* dormant**" + (f", but {', '.join(others)}." if others else ".")
    else:
        yield f"*{UNSEEN}* is found dormant, **and so are drawn groups: {', '.join(others)}.**"
    yield ""


def _flag_row(flag: Record) -> str:
    kind = flag["kind"].replace("_", " ")
    return f"| {flag['option']} | {kind} | {flag['reason']} | {flag['value']:.3f} | {flag['threshold']:g} |"


def _replaced(out: Outcome) -> Iterator[str]:
    yield "## The replaced group"
    yield ""
    yield "| model | group | concept BMAC, test | chance | AUROC per option, validation |"
    yield "| --- | --- | --- | --- | --- |"
    for which, group in (("before", UNSEEN), ("after", out.plan.visible)):
        yield f"| {out.models[which]['name']} | {group} | {_bmac(out, which, group)} | {_aurocs(out, which, group)} |"
    yield ""
    yield (
        "Intervals of BMAC are the widest that its value and the number of images allow; those of AUROC are Hanley and "
        "McNeil's."
    )
    yield ""


def _bmac(out: Outcome, which: str, group: str) -> str:
    value = out.models[which]["metrics"]["test"]["concept_bmac_per_group"].get(group)
    options = option_ids(out.content, group)
    chance = f"{1 / len(options):.2f}"
    if value is None:
        return f"not known | {chance}"
    # The import says how many images it left out, not which: as if all of them had each of the options.
    left_out = out.drawn.counts["test"] - sum(out.dataset["counts"]["test"].values())
    counts = [max(1, count - left_out) for option in options if (count := out.drawn.labels["test"].get(option, 0))]
    low, high = widest_interval(value, counts)
    return f"{value:.3f} ({low:.3f} to {high:.3f}) | {chance}"


def _aurocs(out: Outcome, which: str, group: str) -> str:
    told = []
    for option in out.diagnoses[which]["result"]["options"]:
        own = next((one for one in option["readability"] if one["source"] == "image"), None)
        if option["id"].partition(".")[0] == group and own is not None:
            name = option["id"].partition(".")[2]
            told.append(f"{name} {own['auroc']:.2f} ({own['low']:.2f} to {own['high']:.2f})")
    return ", ".join(told) or "not known"


def _decision(out: Outcome) -> Iterator[str]:
    result = out.comparison["result"]["comparison"]
    yield f"## The diagnosis, before and after, on {result['data']['images']} test images"
    yield ""
    yield "| figure | before | after | difference | p | verdict on after |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for figure in result["figures"]:
        if "." not in figure["key"] or figure["key"].startswith("concept_bmac."):
            yield _figure_row(figure)
    mcnemar = result["mcnemar"]
    p_value = "not computed" if mcnemar["p_value"] is None else f"p = {mcnemar['p_value']:.3f}"
    yield ""
    yield (
        f"McNemar: before alone right in {mcnemar['only_a']} images, after alone in {mcnemar['only_b']}; {p_value}. "
        f"{len(result['changed'])} predictions changed."
    )
    yield ""
    yield result["summary"]
    yield ""
    yield _verdict(out)
    yield ""


def _figure_row(figure: Record) -> str:
    p_value = "" if figure["p_value"] is None else f"{figure['p_value']:.3f}"
    sides = " | ".join(
        _with(figure[value], figure[interval], sign)
        for value, interval, sign in (("a", "interval_a", ""), ("b", "interval_b", ""), ("difference", "interval", "+"))
    )
    return f"| {figure['name']} | {sides} | {p_value} | {figure['verdict']} |"


def _with(value: float | None, interval: Record | None, sign: str) -> str:
    if value is None:
        return "not known"
    between = "" if interval is None else f" ({interval['low']:{sign}.3f} to {interval['high']:{sign}.3f})"
    return f"{value:{sign}.3f}{between}"


def _verdict(out: Outcome) -> str:
    """Whether it helped the diagnosis, in a sentence that does not say more than the figures."""
    figure = out.figure("bmac")
    words = {
        "better": "Replacing the concept made the diagnosis better.",
        "worse": "**Replacing the concept made the diagnosis worse, so the second model was not promoted.**",
        "same": "Replacing the concept left the diagnosis as it was.",
        "undecided": "**Replacing the concept is not shown to help the diagnosis**, nor to harm it.",
        "unknown": "**Whether replacing the concept helps the diagnosis cannot be told from these images.**",
    }
    return f"{words[figure['verdict']]} {figure['sentence']}"


def _use(out: Outcome) -> Iterator[str]:
    yield "## Promotion"
    yield ""
    if not out.activations:
        yield "None: the second model is worse."
        yield ""
        return
    yield "| kind | model | in the place of | reason |"
    yield "| --- | --- | --- | --- |"
    for one in out.activations:
        previous = one["previous"]["name"] if one["previous"] else "none"
        yield f"| {one['kind']} | {one['model']['name']} | {previous} | {one['reason']} |"
    yield ""


def _time(out: Outcome) -> Iterator[str]:
    yield "## Time"
    yield ""
    yield "| step | wall time |"
    yield "| --- | --- |"
    for step, seconds in out.seconds.items():
        yield f"| {step} | {seconds:.1f} s |"
