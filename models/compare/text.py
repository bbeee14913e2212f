"""A comparison as plain text, for terminals, logs and pipes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from models.compare.figures import PER_CLASS
from models.compare.result import ClassShares, Comparison, Figure, Interval, Share

_NONE = "–"
_SHOWN = 10  # changed predictions of each kind
_KINDS = {
    "fixed": "B alone right",
    "broken": "A alone right",
    "changed-wrong": "both wrong",
    "unknown": "class not known",
}


def comparison_lines(found: Comparison) -> list[str]:
    """All of it but the confusion matrices and the intervals of each model's own figures, which the JSON has."""
    return [line.rstrip() for part in _parts(found) for line in (*part, "")][:-1]


def _parts(found: Comparison) -> Iterator[Sequence[str]]:
    yield _head(found)
    by_class = tuple(f"{name}." for name in PER_CLASS)
    yield _table([figure for figure in found.figures if not figure.key.startswith(by_class)])
    yield _classes(found)
    yield _tests(found)
    yield _changed(found)
    if not found.concepts.same:
        yield _concept_sets(found)
    yield [found.summary, *(f"- {caution}" for caution in found.cautions), "", found.notice]


def _head(found: Comparison) -> list[str]:
    lines = [
        f"{letter}: {model.name}, trained on {model.trained_on}{' (drawings)' if model.synthetic else ''}, "
        f"weights {model.weights_digest[:12]}"
        for letter, model in (("A", found.a), ("B", found.b))
    ]
    data, settings = found.data, found.settings
    units = "" if data.units == data.images else f" in {data.units} units that are drawn as one"
    drawn = ", by class" if settings.stratified else ""
    return [
        *lines,
        f"on {data.name}, split {data.split}: {data.images} images{units}, class known of {data.known}",
        f"95 % bootstrap intervals: {settings.resamples} resamples{drawn}, seed {settings.seed}",
    ]


def _table(figures: Sequence[Figure]) -> list[str]:
    rows = [
        (
            f"{figure.name}{' (lower is better)' if figure.better == 'lower' else ''}",
            str(figure.n),
            _number(figure.a),
            _number(figure.b),
            _number(figure.difference, signed=True),
            _ends(figure.interval),
            _ends(figure.bca),
            _chance(figure),
            {"undecided": "not told apart", "unknown": _NONE}.get(figure.verdict, f"B {figure.verdict}")
            if figure.verdict != "same"
            else "same",
        )
        for figure in figures
    ]
    return _aligned(("", "n", "A", "B", "B − A", "percentile", "BCa", "p", ""), rows)


def _classes(found: Comparison) -> list[str]:
    rows = []
    for a, b in zip(found.a.classes, found.b.classes, strict=True):
        for name in PER_CLASS:
            figure = found.figure(f"{name}.{a.key}")
            rows.append(
                (
                    a.name if name == PER_CLASS[0] else "",
                    {"sensitivity": "sensitivity", "specificity": "specificity", "ppv": "PPV"}[name],
                    _of(_pick(a, name)),
                    _of(_pick(b, name)),
                    _number(figure.difference, signed=True),
                    _ends(figure.interval),
                    _chance(figure),
                )
            )
    return _aligned(("Class", "", "A (Wilson)", "B (Wilson)", "B − A", "percentile", "p"), rows, left=2)


def _pick(shares: ClassShares, name: str) -> Share:
    share: Share = getattr(shares, name)
    return share


def _of(share: Share) -> str:
    if share.value is None or share.interval is None:
        return _NONE
    return f"{share.count}/{share.of} {share.value:.3f} ({share.interval.low:.3f} to {share.interval.high:.3f})"


def _tests(found: Comparison) -> list[str]:
    test, swap = found.mcnemar, found.permutation
    how = {"exact": "exact", "chi-squared": "chi-squared, corrected", "none": "nothing to test"}[test.method]
    lines = [
        f"McNemar, accuracy: A alone right {test.only_a}, B alone right {test.only_b} ({how}), {_p(test.p_value)}",
    ]
    kind = "all" if swap.exact else "random"
    lines.append(f"Permutation, balanced accuracy: {swap.permutations} {kind} swaps, {_p(swap.p_value)}")
    return lines


def _changed(found: Comparison) -> list[str]:
    counts = Counter(change.kind for change in found.changed)
    lines = [f"Prediction changed: {len(found.changed)} of {found.data.images} images"]
    for kind, meaning in _KINDS.items():
        if not counts[kind]:  # type: ignore[index]
            continue
        lines.append(f"  {kind} ({meaning}): {counts[kind]}")  # type: ignore[index]
        shown = [change for change in found.changed if change.kind == kind][:_SHOWN]
        for change in shown:
            a = change.probabilities_a[found.class_keys.index(change.class_a)]
            b = change.probabilities_b[found.class_keys.index(change.class_b)]
            truth = "" if change.truth is None else f", is {change.truth}"
            lines.append(f"    {change.key}: {change.class_a} {a:.2f} → {change.class_b} {b:.2f}{truth}")
        more = counts[kind] - len(shown)  # type: ignore[index]
        if more:
            lines.append(f"    and {more} more; the JSON has all")
    return lines


def _concept_sets(found: Comparison) -> list[str]:
    concepts = found.concepts
    lines = ["The concept sets differ; concepts are compared where both have the group and know the same of the image."]
    options = {
        "A": [
            *(f"group {key}" for key in concepts.only_a),
            *(key for group in concepts.groups for key in group.only_a),
        ],
        "B": [
            *(f"group {key}" for key in concepts.only_b),
            *(key for group in concepts.groups for key in group.only_b),
        ],
    }
    lines += [f"  only in {letter}: {', '.join(keys)}" for letter, keys in options.items() if keys]
    for letter, model, keys in (("A", found.a, concepts.only_a), ("B", found.b, concepts.only_b)):
        lines += [f"  concept BMAC of {key}, {letter} alone: {_number(model.concept_bmac[key])}" for key in keys]
    return lines


def _aligned(header: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> list[str]:
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    lines = [
        "  ".join(
            cell.ljust(width) if column < left or column == len(header) - 1 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (header, *rows)
    ]
    return [lines[0], "-" * max(len(line.rstrip()) for line in lines), *lines[1:]]


def _number(value: float | None, signed: bool = False) -> str:
    if value is None:
        return _NONE
    return f"{value:+.3f}".replace("-", "−") if signed else f"{value:.3f}"


def _ends(interval: Interval | None) -> str:
    if interval is None:
        return _NONE
    return f"{_number(interval.low, signed=True)} to {_number(interval.high, signed=True)}"


def _chance(figure: Figure) -> str:
    return _NONE if figure.p_value is None else f"{figure.p_value:.3f}"


def _p(value: float | None) -> str:
    if value is None:
        return "no class is known"
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"
